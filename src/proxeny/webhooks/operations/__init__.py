"""Operations on webhooks: managed by managers, filled from the audit trail, delivered."""

from proxeny.webhooks.operations.collect import collect_news
from proxeny.webhooks.operations.deliver import deliver_due
from proxeny.webhooks.operations.keep import (
    add_webhook,
    change_webhook,
    pause_webhook,
    remove_webhook,
    resume_webhook,
    rotate_secret,
)
from proxeny.webhooks.operations.resend import send_again, send_failed_again, send_test

__all__ = [
    "add_webhook",
    "change_webhook",
    "collect_news",
    "deliver_due",
    "pause_webhook",
    "remove_webhook",
    "resume_webhook",
    "rotate_secret",
    "send_again",
    "send_failed_again",
    "send_test",
]
