"""Limits on verifications by strangers."""

from allauth.core.internal import ratelimit
from django.http import HttpRequest

#: From one network address, behind which a whole bank may stand.
_CHECKS = "120/m/ip,3000/d/ip"


def may_check(request: HttpRequest) -> bool:
    """Count a check of an award; False when there were too many from this network address."""
    usage = ratelimit.consume(
        request, app="proxeny.labels", action="check", config={"check": _CHECKS}
    )
    return usage is not None
