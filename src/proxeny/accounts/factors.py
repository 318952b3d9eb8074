"""Second factors that a cluster requires: accounts without one are led to the set-up page.

Nothing else can be reached until then. The requirement covers the whole account, whichever of its
seats lies in the cluster, because another page of the same session could show the data of that
seat.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers

#: Sign-in, factors, sessions and sign-out; the language; what becomes of people's data.
_REACHED = ("/accounts/", "/i18n/", "/health/")


def is_reached_without_factor(path: str) -> bool:
    """Whether the address may be opened before a required second factor is set up."""
    return path.startswith(_REACHED) or path == reverse("privacy:notice")


def lead_to_factor(request: HttpRequest) -> HttpResponse:
    """Redirect to the page for setting up a second factor, which names the requiring cluster."""
    address = reverse("mfa_index")
    is_part = request.headers.get("HX-Request") == "true"
    response = HttpResponse(headers={"HX-Redirect": address}) if is_part else redirect(address)
    add_never_cache_headers(response)
    return response
