"""How often a stranger may ask for data, and try addresses of links."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

#: Requests from one network address, and for one package by one e-mail address.
_ASKED = "6/h/ip,20/d/ip,3/d/key"
#: Links that open nothing, from one network address.
_WRONG = "30/m/ip,300/h/ip"


def may_ask(request: HttpRequest, key: str) -> bool:
    """Count a request for data; False when there were too many."""
    usage = ratelimit.consume(
        request, app="proxeny.research", action="ask", config={"ask": _ASKED}, key=key
    )
    return usage is not None


def may_try(request: HttpRequest) -> bool:
    """Count a link that opened nothing; False when there were too many from this address."""
    usage = ratelimit.consume(
        request, app="proxeny.research", action="link", config={"link": _WRONG}, limit_get=True
    )
    return usage is not None
