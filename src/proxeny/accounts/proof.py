"""Renewed proof of identity, before an action with effects beyond the visit."""

from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from proxeny.kernel.tenancy import GATE, acting_as


def ask_for_proof(request: HttpRequest, *, back: str) -> HttpResponse | None:
    """Return a redirect to "Is it you?" that leads `back`; None when it was asked just now.

    allauth's own decorator keeps the posted form and runs it later, in the gate's role; here the
    address it comes back to says all. Passwords and second factors are the gate's to read.
    """
    with acting_as(GATE):
        if not is_reauthentication_required(request, app=""):
            return None
        ways = get_adapter().get_reauthentication_methods(request.user)
    address = ways[0]["url"] if ways else reverse("account_login")
    return redirect(f"{address}?{urlencode({'next': back})}")
