"""Messages that a manager asks for: a test, and one more attempt."""

import secrets
from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from procrastinate.exceptions import AlreadyEnqueued

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict
from proxeny.kernel.queue import put
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.webhooks import queries
from proxeny.webhooks.models import Webhook, WebhookDelivery
from proxeny.webhooks.operations.collect import write_body
from proxeny.webhooks.operations.keep import get_own


@transaction.atomic
def send_test(*, actor: Reader, webhook_id: int, now: datetime) -> WebhookDelivery:
    """Send a message of type `test_webhook`, so that a receiver can be tried.

    Raises
    ------
    NotFound, NotAllowed
        As for `change_webhook`.
    Conflict
        The webhook is paused, or a test waits to be sent.
    """
    webhook = get_own(actor, webhook_id)
    _expect_awake(webhook)
    tests = WebhookDelivery.objects.filter(webhook=webhook, position=None)
    if tests.filter(due_at__isnull=False, attempts=0).exists():
        raise Conflict(_("A test is already on its way."))
    body = write_body(
        queries.TEST_VERB,
        at=now,
        target=webhook._meta.label_lower,
        target_id=webhook.pk,
        organisation_id=webhook.organisation_id,
        partnership_id=None,
    )
    with as_service("A manager may ask for a test, but only the product writes deliveries."):
        delivery = WebhookDelivery.objects.create(
            webhook=webhook,
            message_id=f"msg_{webhook.pk}_test_{secrets.token_hex(8)}",
            verb=queries.TEST_VERB,
            body=body,
            due_at=now,
            created_at=now,
        )
    _wake_sender()
    return delivery


@transaction.atomic
def send_again(
    *, actor: Reader, webhook_id: int, delivery_id: int, now: datetime
) -> WebhookDelivery:
    """Send a message again at once, with the same id, so the receiver can detect a duplicate.

    Its attempts are counted from zero again.

    Raises
    ------
    NotFound, NotAllowed
        As for `change_webhook`; no such delivery.
    Conflict
        The webhook is paused, or the message is being sent.
    """
    webhook = get_own(actor, webhook_id)
    delivery = queries.get_delivery(webhook_id, delivery_id)
    _expect_awake(webhook)
    with as_service("The right to the webhook was checked; only the product writes deliveries."):
        free = WebhookDelivery.objects.filter(pk=delivery.pk).exclude(taken_until__gt=now)
        renewed = free.update(
            due_at=now, attempts=0, delivered_at=None, dropped_at=None, taken_until=None
        )
    if not renewed:
        raise Conflict(_("This message is being sent right now."))
    audit.record(
        actor,
        "resend_webhook",
        delivery,
        organisation_id=webhook.organisation_id,
        changes={"message": delivery.message_id},
    )
    _wake_sender()
    return queries.get_delivery(webhook_id, delivery_id)


@transaction.atomic
def send_failed_again(*, actor: Reader, webhook_id: int, now: datetime) -> int:
    """Send all messages that were given up once more; return how many.

    Raises
    ------
    NotFound, NotAllowed
        As for `change_webhook`.
    Conflict
        The webhook is paused, or nothing was given up.
    """
    webhook = get_own(actor, webhook_id)
    _expect_awake(webhook)
    with as_service("The right to the webhook was checked; only the product writes deliveries."):
        failed = webhook.deliveries.filter(dropped_at__isnull=False, position__isnull=False)
        count = failed.update(due_at=now, attempts=0, dropped_at=None, taken_until=None)
    if not count:
        raise Conflict(_("There are no failed messages to resend."))
    audit.record(
        actor,
        "resend_webhook",
        webhook,
        organisation_id=webhook.organisation_id,
        changes={"messages": count},
    )
    _wake_sender()
    return count


def _expect_awake(webhook: Webhook) -> None:
    if webhook.state == Webhook.State.PAUSED:
        raise Conflict(_("This webhook is paused. Resume it first."))


def _wake_sender() -> None:
    with (
        suppress(AlreadyEnqueued),
        as_service("A manager may hurry the sender, but only the product may write the queue."),
    ):
        put("webhooks.deliver", timestamp=0)
