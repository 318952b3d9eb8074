"""How often a stranger may ask for a new link, or write to a room by one."""

from django.http import HttpRequest

from proxeny.accounts.guests import RENEWALS, may_by_link

_ASKED = "20/h/ip,5/d/key"


def may_renew(request: HttpRequest, token: str) -> bool:
    """Count a wish for a new link; False when there were too many."""
    return may_by_link(request, token, app="proxeny.bids", action="renew", rate=RENEWALS)


def may_ask(request: HttpRequest, token: str) -> bool:
    """Count a question to the room; False when there were too many."""
    return may_by_link(request, token, app="proxeny.bids", action="ask", rate=_ASKED)
