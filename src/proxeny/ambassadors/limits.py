"""Rate limit on requests for a new link."""

from proxeny.accounts.guests import RENEWALS, may_by_link
from proxeny.kernel.requests import Request


def may_renew(request: Request, token: str) -> bool:
    """Count a wish for a new link; False when there were too many."""
    return may_by_link(request, token, app="proxeny.ambassadors", action="renew", rate=RENEWALS)
