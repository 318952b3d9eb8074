"""Collection of new entries in the audit trail as messages for delivery."""

import json
from datetime import datetime

from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.webhooks import queries, rules
from proxeny.webhooks.models import Webhook, WebhookDelivery


def collect_news(*, now: datetime) -> int:
    """Write a delivery for every action that webhooks have not been sent; return their number.

    The messages and the position up to which the trail was read commit together, for each webhook
    on its own: after an interruption nothing is lost and nothing is sent twice. Runs outside any
    transaction, as the service role.
    """
    with acting_as(SERVICE):
        last = queries.last_position()
        behind = Webhook.objects.exclude(state=Webhook.State.PAUSED).filter(position__lt=last)
        ids = list(behind.order_by("position", "pk").values_list("pk", flat=True))
    return sum(_catch_up(webhook_id, now=now) for webhook_id in ids)


def _catch_up(webhook_id: int, *, now: datetime) -> int:
    written, is_all = 0, False
    while not is_all:
        with acting_as(SERVICE):
            webhook = (
                Webhook.objects.select_for_update(skip_locked=True)
                .filter(pk=webhook_id)
                .exclude(state=Webhook.State.PAUSED)
                .first()
            )
            if webhook is None:
                break
            news = queries.read_trail(webhook, since=now - rules.KEPT)
            deliveries = [
                _message(webhook, position, entry, now=now) for position, entry in news.entries
            ]
            WebhookDelivery.objects.bulk_create(deliveries)
            Webhook.objects.filter(pk=webhook_id).update(position=news.read_to)
        written, is_all = written + len(deliveries), news.is_all
    return written


def _message(
    webhook: Webhook, position: int, entry: AuditEntry, *, now: datetime
) -> WebhookDelivery:
    body = write_body(
        entry.verb,
        at=entry.at,
        target=entry.target,
        target_id=entry.target_id,
        organisation_id=entry.organisation_id,
        partnership_id=entry.partnership_id,
    )
    return WebhookDelivery(
        webhook=webhook,
        message_id=f"msg_{webhook.pk}_{position}",
        position=position,
        verb=entry.verb,
        body=body,
        due_at=now,
    )


def write_body(
    verb: str,
    *,
    at: datetime,
    target: str,
    target_id: int | None,
    organisation_id: int | None,
    partnership_id: int | None,
) -> str:
    """Return a message: the event and its record, never the record's content.

    The receiver reads the rest over the API, with a token that sees what its seat may see.
    """
    data = {
        "target": target,
        "id": target_id,
        "organisation": organisation_id,
        "partnership": partnership_id,
    }
    message = {"type": verb, "timestamp": at.isoformat(), "data": data}
    return json.dumps(message, separators=(",", ":"))
