"""How often a stranger may ask for a new link, or write to a room by one."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from proxeny.accounts.queries import hash_token

#: From one network address, and by one link. Nobody is told when no more links are sent.
_RATES = {"renew": "20/h/ip,3/d/key", "ask": "20/h/ip,5/d/key"}


def may_renew(request: HttpRequest, token: str) -> bool:
    """Count a wish for a new link; False when there were too many."""
    return _may(request, "renew", token)


def may_ask(request: HttpRequest, token: str) -> bool:
    """Count a question to the room; False when there were too many."""
    return _may(request, "ask", token)


def _may(request: HttpRequest, what: str, token: str) -> bool:
    usage = ratelimit.consume(
        request, app="proxeny.bids", action=what, config={what: _RATES[what]},
        key=hash_token(token),
    )  # fmt: skip
    return usage is not None
