"""How often a stranger may try addresses of links, and ask for new ones."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

from proxeny.accounts.queries import hash_token

#: Links that open nothing, from one network address. A company stands behind one.
_WRONG = "30/m/ip,300/h/ip"
#: New links asked for: from one network address, and by one old link. Nobody is told when no more
#: are sent.
_RENEWALS = "20/h/ip,3/d/key"


def may_try(request: HttpRequest) -> bool:
    """Count a link that opened nothing; False when there were too many from this address."""
    usage = ratelimit.consume(
        request, app="proxeny.ambassadors", action="link", config={"link": _WRONG}, limit_get=True
    )
    return usage is not None


def may_renew(request: HttpRequest, token: str) -> bool:
    """Count a wish for a new link; False when there were too many."""
    usage = ratelimit.consume(
        request, app="proxeny.ambassadors", action="renew", config={"renew": _RENEWALS},
        key=hash_token(token),
    )  # fmt: skip
    return usage is not None
