"""Pages of webhooks."""

from proxeny.webhooks.views.actions import (
    pause,
    remove,
    resend,
    resend_failed,
    resume,
    rotate,
    test,
)
from proxeny.webhooks.views.reading import list_webhooks, show
from proxeny.webhooks.views.writing import create, edit

__all__ = [
    "create",
    "edit",
    "list_webhooks",
    "pause",
    "remove",
    "resend",
    "resend_failed",
    "resume",
    "rotate",
    "show",
    "test",
]
