"""The page of the user's own browsers; it runs in the gate's role, which sees sessions."""

from typing import cast

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from proxeny.accounts import operations, sessions
from proxeny.accounts.models import Account
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import answering


@require_GET
def list_sessions(request: Request) -> HttpResponse:
    """Show where the account is signed in."""
    key, address = _key_of(request), get_adapter(request).get_client_ip(request)
    account = _account_of(request)
    now = timezone.now()
    if not sessions.is_noted(key):
        agent = request.META.get("HTTP_USER_AGENT", "")
        operations.note_visit(account_id=account.pk, key=key, address=address, agent=agent, now=now)
    places = sessions.list_places(account, key=key, address=address, now=now)
    context = {"places": places, "has_others": any(not place.is_here for place in places)}
    return render(request, "accounts/sessions.html", context)


@require_POST
@answering
def end_session(request: Request, pk: int) -> HttpResponse:
    """Sign one browser out; this one too, if it is the one."""
    key = operations.end_session(
        actor=request.reader, account_id=_account_of(request).pk, place_id=pk
    )
    if key == _key_of(request):
        logout(request)
        return redirect("home")
    messages.success(request, _("That browser has been signed out."))
    return redirect("sessions:list")


@require_POST
def end_others(request: Request) -> HttpResponse:
    """Sign all other browsers out."""
    count = operations.end_other_sessions(
        actor=request.reader, account_id=_account_of(request).pk, key=_key_of(request)
    )
    told = ngettext(
        "%(count)d other browser has been signed out.",
        "%(count)d other browsers have been signed out.",
        count,
    )
    messages.success(request, told % {"count": count})
    return redirect("sessions:list")


def _account_of(request: Request) -> Account:
    return cast("Account", request.user)


def _key_of(request: Request) -> str:
    return request.session.session_key or ""
