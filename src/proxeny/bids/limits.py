"""Limits on strangers requesting new links, or writing to a room through one."""

from proxeny.accounts.guests import RENEWALS, may_by_link
from proxeny.kernel.requests import Request

_ASKED = "20/h/ip,5/d/key"


def may_renew(request: Request, token: str) -> bool:
    """Count a wish for a new link; False when there were too many."""
    return may_by_link(request, token, app="proxeny.bids", action="renew", rate=RENEWALS)


def may_ask(request: Request, token: str) -> bool:
    """Count a question to the room; False when there were too many."""
    return may_by_link(request, token, app="proxeny.bids", action="ask", rate=_ASKED)
