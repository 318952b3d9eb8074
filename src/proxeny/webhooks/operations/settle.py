"""Consequences of a response: delivered, retried or given up; and for the webhook as a whole."""

from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.urls import reverse

from proxeny.accounts.queries import managers_of
from proxeny.kernel import audit
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as
from proxeny.notices.operations import tell
from proxeny.webhooks import rules
from proxeny.webhooks.models import Webhook, WebhookDelivery
from proxeny.webhooks.outbound import Answer

Outcome = WebhookDelivery.Outcome
State = Webhook.State
_GONE = 410


def settle(delivery_id: int, answer: Answer, *, now: datetime) -> int | None:
    """Record the result of an attempt; return the webhook's id, or None when it is removed.

    Side effects: a webhook that has not answered for five days, or answers that it is gone, is
    paused; its managers get a mail, and the trail a row.
    """
    with acting_as(SERVICE):
        delivery = (
            WebhookDelivery.objects.select_related("webhook__organisation")
            .select_for_update(of=("self", "webhook"))
            .filter(pk=delivery_id)
            .first()
        )
        if delivery is None:
            return None
        delivery.outcome, delivery.status_code = answer.outcome, answer.status_code
        delivery.answer, delivery.taken_until = answer.text, None
        if answer.outcome == Outcome.DELIVERED:
            delivery.due_at, delivery.delivered_at = None, now
            _note_success(delivery.webhook)
        else:
            _plan_next(delivery, now=now)
            _note_failure(delivery, now=now)
        delivery.save()
        return delivery.webhook_id


def _plan_next(delivery: WebhookDelivery, *, now: datetime) -> None:
    # A test is tried once: somebody waits before the page.
    is_test = delivery.position is None
    delivery.due_at = None if is_test else rules.next_attempt(delivery.attempts, now=now)
    if delivery.due_at is None:
        delivery.dropped_at = now


def _note_success(webhook: Webhook) -> None:
    if webhook.failing_since is None and webhook.state != State.FAILING:
        return
    values: dict[str, object] = {"failing_since": None}
    if webhook.state == State.FAILING:
        values["state"] = State.ACTIVE
    Webhook.objects.filter(pk=webhook.pk).update(**values)


def _note_failure(delivery: WebhookDelivery, *, now: datetime) -> None:
    webhook = delivery.webhook
    if delivery.position is None or webhook.state == State.PAUSED:
        return
    webhook.failing_since = webhook.failing_since or now
    if delivery.status_code == _GONE:
        _halt(webhook, Webhook.Halt.GONE, now=now)
    elif rules.is_worn_out(webhook, now=now):
        _halt(webhook, Webhook.Halt.FAILURES, now=now)
    else:
        webhook.state = State.FAILING if delivery.dropped_at else webhook.state
        webhook.save(update_fields=["state", "failing_since"])


def _halt(webhook: Webhook, halt: str, *, now: datetime) -> None:
    Webhook.objects.filter(pk=webhook.pk).update(
        state=State.PAUSED,
        halt=halt,
        failing_since=webhook.failing_since,
        version=F("version") + 1,
    )
    webhook.version += 1
    audit.record(
        STRANGER,
        "halt_webhook",
        webhook,
        organisation_id=webhook.organisation_id,
        changes={"halt": [None, halt]},
    )
    path = reverse("webhooks:detail", kwargs={"pk": webhook.pk})
    for person in managers_of([webhook.organisation_id], today=now.date()):
        tell(
            person,
            topic="programs",
            key=f"webhook-halted:{webhook.pk}:{webhook.version}:{person.pk}",
            template="webhooks/mail/halted",
            context={
                "name": person.name,
                "url": webhook.url,
                "organisation": webhook.organisation.name,
                "is_gone": halt == Webhook.Halt.GONE,
                "action_url": f"{settings.BASE_URL}{path}",
            },
        )
