"""Limits on requests for data by strangers."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

#: Requests from one network address.
_ASKED = "6/h/ip,20/d/ip"
#: Requests for one package by one e-mail address. Further requests are dropped without a notice.
_OF_ADDRESS = "3/d/key"


def may_ask(request: HttpRequest) -> bool:
    """Count a request for data; False when there were too many from this network address."""
    usage = ratelimit.consume(request, app="proxeny.research", action="ask", config={"ask": _ASKED})
    return usage is not None


def may_ask_as(request: HttpRequest, package: int, email: str) -> bool:
    """Count a request for a package by an e-mail address; False when there were too many."""
    usage = ratelimit.consume(
        request,
        app="proxeny.research",
        action="ask-as",
        config={"ask-as": _OF_ADDRESS},
        key=f"{package}:{email.lower()}",
    )
    return usage is not None
