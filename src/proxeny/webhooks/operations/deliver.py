"""Sending of due messages: one of each webhook at a time, several webhooks in parallel."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.webhooks import queries, signing
from proxeny.webhooks.models import Webhook, WebhookDelivery
from proxeny.webhooks.operations.settle import settle
from proxeny.webhooks.outbound import Answer, send

#: Webhooks that are delivered to beside each other.
LANES = 8
#: For so long one run begins with further messages; the next run goes on.
BUDGET = timedelta(seconds=20)
#: A message that its sender has not settled by then is sent again, with the same id.
LEASE = timedelta(seconds=20)

Clock = Callable[[], datetime]


def deliver_due(*, clock: Clock) -> int:
    """Send the due messages; return the number of attempts.

    A webhook whose message failed gets no other in this run, so that a dead receiver holds up
    nobody. Messages leave in the order of their due times, which is not promised to receivers. Runs
    outside any transaction, as the service role; nothing is open while a request is under way. What
    a killed run had in hand is sent again once its lease is over: at least once, same id.
    """
    with acting_as(SERVICE):
        lanes = queries.list_due_webhooks(now=clock())
    return _Run(clock, deque(lanes)).run()


@dataclass(slots=True)
class _Run:
    clock: Clock
    lanes: deque[int]
    tried: int = 0
    under_way: dict[Future[Answer], int] = field(default_factory=dict)

    def run(self) -> int:
        end = self.clock() + BUDGET
        with ThreadPoolExecutor(LANES, thread_name_prefix="webhook") as pool:
            while True:
                while self.lanes and len(self.under_way) < LANES and self.clock() < end:
                    self._begin(pool, self.lanes.popleft())
                if not self.under_way:
                    return self.tried
                done, _ = wait(self.under_way, return_when=FIRST_COMPLETED)
                for future in done:
                    self._end(future)

    def _begin(self, pool: ThreadPoolExecutor, webhook_id: int) -> None:
        now = self.clock()
        delivery = _take(webhook_id, now=now)
        if delivery is None:
            return
        body = delivery.body.encode()
        headers = signing.headers_of(
            delivery.webhook, message_id=delivery.message_id, body=body, now=now
        )
        future = pool.submit(send, delivery.webhook.url, body=body, headers=headers)
        self.under_way[future] = delivery.pk
        self.tried += 1

    def _end(self, future: Future[Answer]) -> None:
        delivery_id, answer = self.under_way.pop(future), future.result()
        webhook_id = settle(delivery_id, answer, now=self.clock())
        if webhook_id is not None and answer.outcome == WebhookDelivery.Outcome.DELIVERED:
            self.lanes.append(webhook_id)


def _take(webhook_id: int, *, now: datetime) -> WebhookDelivery | None:
    """Take a webhook's next message in hand, or none when there is none, or one is under way."""
    with acting_as(SERVICE):
        webhook = (
            Webhook.objects.select_for_update(skip_locked=True)
            .filter(pk=webhook_id)
            .exclude(state=Webhook.State.PAUSED)
            .first()
        )
        if webhook is None or webhook.deliveries.filter(taken_until__gt=now).exists():
            return None
        due = webhook.deliveries.filter(due_at__lte=now)
        delivery = due.order_by("due_at", "pk").first()
        if delivery is None:
            return None
        delivery.attempts = min(delivery.attempts + 1, 30_000)
        delivery.tried_at, delivery.taken_until = now, now + LEASE
        delivery.save(update_fields=["attempts", "tried_at", "taken_until"])
        delivery.webhook = webhook
        return delivery
