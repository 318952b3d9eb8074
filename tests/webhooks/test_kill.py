"""`kill -9` while messages are sent: each arrives at least once with its id, none is lost."""

import time

import pytest

from proxeny.kernel import audit
from proxeny.kernel.tenancy import SERVICE, Reader, acting_as
from proxeny.webhooks.models import WebhookDelivery
from tests.factories.webhooks import WebhookFactory
from tests.factories.world import make_world
from tests.kernel.workers import kill, worker

pytestmark = pytest.mark.slow
COUNT = 5


def _wait(until, timeout_s: float = 60) -> None:
    deadline = time.monotonic() + timeout_s
    while not until():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def _delivered() -> int:
    with acting_as(SERVICE):
        return WebhookDelivery.objects.filter(delivered_at__isnull=False).count()


def _linger(handler) -> None:
    """Take the message, and do not answer before the sender is dead."""
    time.sleep(9)


@pytest.mark.django_db(transaction=True)
def test_a_sender_killed_in_the_middle_loses_nothing(receiver, monkeypatch):
    monkeypatch.setenv("PROXENY_WEBHOOKS_TO_LOOPBACK", "1")
    with acting_as(SERVICE):
        world = make_world()
        hook = WebhookFactory(organisation=world.a.cluster, url=receiver.url)
    for number in range(COUNT):
        with acting_as(SERVICE):
            audit.record(
                Reader(person=world.a.manager.pk),
                f"verb_{number}",
                world.a.cluster,
                organisation_id=world.a.cluster.pk,
            )
    receiver.answers = [204, 204, _linger, 204]
    with worker() as first:
        _wait(lambda: len(receiver.got) == 3)
        kill(first)
    assert _delivered() == 2
    with worker():
        _wait(lambda: _delivered() == COUNT)
    ids = [one.id for one in receiver.got]
    assert sorted(set(ids)) == [f"msg_{hook.pk}_{number}" for number in range(1, COUNT + 1)]
    assert len(ids) == COUNT + 1
    assert ids[2] == ids[3], "the one that was in hand came again, with its id"
    kinds = [one.message["type"] for one in receiver.got]
    assert set(kinds) == {f"verb_{number}" for number in range(COUNT)}
