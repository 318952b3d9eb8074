"""How often a stranger may ask for a new link."""

from django.http import HttpRequest

from proxeny.accounts.guests import RENEWALS, may_by_link


def may_renew(request: HttpRequest, token: str) -> bool:
    """Count a wish for a new link; False when there were too many."""
    return may_by_link(request, token, app="proxeny.ambassadors", action="renew", rate=RENEWALS)
