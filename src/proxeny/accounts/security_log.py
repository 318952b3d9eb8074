"""Sign-in events in the log: the event and its request, without person or place.

The request's own log line has the person's number once they are signed in; an address that somebody
tried is never logged.
"""

import logging
from collections.abc import Callable
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed

logger = logging.getLogger("proxeny.security")

_KEPT: list[Callable[..., None]] = []


def listen() -> None:
    """Follow the signals of Django and allauth; called when Django is ready."""
    told = {
        "sign_in": (user_logged_in, "done"),
        "sign_out": (user_logged_out, "done"),
        "sign_in_failed": (user_login_failed, "refused"),
        "password_changed": (account.password_changed, "done"),
        "password_set": (account.password_set, "done"),
        "password_reset": (account.password_reset, "done"),
        "address_changed": (account.email_changed, "done"),
        "factor_added": (mfa.authenticator_added, "done"),
        "factor_removed": (mfa.authenticator_removed, "done"),
        "factor_reset": (mfa.authenticator_reset, "done"),
    }
    for kind, (signal, outcome) in told.items():
        follow = _telling(kind, outcome)
        _KEPT.append(follow)
        signal.connect(follow, dispatch_uid=f"proxeny.security.{kind}")


def _telling(kind: str, outcome: str) -> Callable[..., None]:
    def tell(sender: Any, **_: Any) -> None:
        logger.info("security", extra={"kind": kind, "outcome": outcome})

    return tell
