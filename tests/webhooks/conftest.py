"""A receiver on this host, which only these tests may reach, and a clock that can be set."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from proxeny.webhooks import operations
from proxeny.webhooks.models import Webhook
from tests.factories.webhooks import WebhookFactory
from tests.webhooks.receiver import Receiver, receiving


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.WEBHOOKS_TO_LOOPBACK = True
    with receiving() as found:
        yield found


@pytest.fixture
def hook(world, receiver) -> Webhook:
    """A webhook of cluster A that hears of everything."""
    return WebhookFactory(organisation=world.a.cluster, url=receiver.url)


def link_trail() -> None:
    """Link the audit rows written so far; in the product each commit does."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = timezone.now()

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def go_round(clock) -> Callable[[], int]:
    """Read the trail, write what is new, send what is due; returns how many were tried."""

    def round_() -> int:
        link_trail()
        operations.collect_news(now=clock())
        return operations.deliver_due(clock=clock)

    return round_
