"""How often a stranger may ask for a new link."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from proxeny.accounts.queries import hash_token

#: New links asked for: from one network address, and by one old link. Nobody is told when no more
#: are sent.
_RENEWALS = "20/h/ip,3/d/key"


def may_renew(request: HttpRequest, token: str) -> bool:
    """Count a wish for a new link; False when there were too many."""
    usage = ratelimit.consume(
        request, app="proxeny.ambassadors", action="renew", config={"renew": _RENEWALS},
        key=hash_token(token),
    )  # fmt: skip
    return usage is not None
