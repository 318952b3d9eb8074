"""Rules for managing webhooks, and for retrying a delivery."""

from datetime import datetime, timedelta

from proxeny.kernel.tenancy import Reader
from proxeny.webhooks.models import Webhook

#: An organisation's webhooks at most.
MOST_WEBHOOKS = 20
#: Delays after each failed attempt; after the last one the message is given up.
WAITS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)
#: A webhook that has not answered for so long is paused.
PATIENCE = timedelta(days=5)
#: For so long after a new secret the former one signs too.
ROTATION = timedelta(days=1)
#: Deliveries are kept, and caught up with, for so long.
KEPT = timedelta(days=30)


def can_manage(reader: Reader, organisation_id: int) -> bool:
    """Whether the reader may see and change an organisation's webhooks."""
    return organisation_id in reader.managed


def next_attempt(attempts: int, *, now: datetime) -> datetime | None:
    """Return when a message that has failed `attempts` times is tried again; None when never."""
    return now + WAITS[attempts - 1] if attempts <= len(WAITS) else None


def is_worn_out(webhook: Webhook, *, now: datetime) -> bool:
    """Whether a webhook has failed for so long that it is to be paused."""
    return webhook.failing_since is not None and now - webhook.failing_since >= PATIENCE
