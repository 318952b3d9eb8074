"""Figures of A and B in the crowd's world: a row of every table of insight."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from proxeny.insight.models import DigestChoice, Snapshot, Trend, TrendEvidence, TrendView
from proxeny.kernel.models import Job
from tests.factories import insight as made
from tests.factories.world import World

Arguments = Callable[[Any], dict]
#: Outcome figures of a year in which nothing happened.
OUTCOMES: dict[str, Any] = {
    "currency": "EUR",
    "today": "2026-06-30",
    "balances": [],
    "periods": {
        "recent": {
            "since": "2025-07-01",
            "until": "2026-06-30",
            "waits": {},
            "costs": None,
            "tally": {"requests": 0, "invitations": 0, "chains": {}, "worths": []},
        }
    },
}


def fill(world: World) -> None:
    """Give A's team figures of its own and of the room of A and B, and that room a trend."""
    a, room = world.a.cluster, world.partnership
    made.SnapshotFactory(organisation=a, kind="network", content={})
    for side in (a, world.b.cluster):
        made.SnapshotFactory(organisation=side, partnership=room, kind="outcomes", content=OUTCOMES)
    Job.objects.create(
        kind="insight.refresh",
        key="insight.refresh:a",
        organisation_id=a.pk,
        partnership_id=room.pk,
        state=Job.State.RUNNING,
    )
    for side in (a, world.b.cluster):
        made.SnapshotFactory(
            organisation=side,
            partnership=room,
            kind="board",
            period="2026-Q2",
            content={"values": {"risks_open": {"value": 3}}},
        )
    trend = made.TrendFactory(
        partnership=room, title="Digital twins", details="Twins of ports.", words="digital twin"
    )
    made.TrendEvidenceFactory(trend=trend)
    made.TrendViewFactory(trend=trend, organisation=a, person=world.a.manager)
    made.DigestChoiceFactory(partnership=room, person=world.a.manager)


def trend() -> Trend:
    """Return the trend of the room."""
    return Trend.objects.earliest("pk")


def topic_of_both(crowd: Any) -> str:
    """Return the key of a topic that A's and B's figures of their room both hold."""
    world, key = crowd.world, "digit passport"
    figures = {"counts": [1, 2], "texts": 3, "share": 0.3, "interval": [0.1, 0.6], "bursts": []}
    topic = {
        "key": key,
        "label": "digital passport",
        "concept": None,
        "texts": 3,
        "main": "call",
        "views": {"call": figures},
        "movers": [],
    }
    content = {
        "documents": {"call": 10},
        "years": {"call": [2025, 2026]},
        "totals": {"call": [5, 5]},
        "topics": [topic],
        "trends": {},
        "table": [],
    }
    for side in (world.a, world.b):
        Snapshot.objects.get_or_create(
            organisation=side.cluster,
            partnership=world.partnership,
            kind="foresight",
            period="",
            defaults={"content": content, "digest": "0" * 64, "method": "1"},
        )
    return key


def refresh_of_a(crowd: Any) -> dict:
    """Return the work behind A's figures."""
    return {"job_id": Job.objects.get(state=Job.State.RUNNING).pk}


def held() -> dict[str, list[Model]]:
    """Return the rows that hold each record, one a table."""
    return {
        "figures of A's team": [Snapshot.objects.order_by("pk").first()],
        "a trend of A and B": [
            Trend.objects.get(),
            TrendEvidence.objects.get(),
            TrendView.objects.get(),
        ],
        "whether A's manager gets a mail of it": [DigestChoice.objects.get()],
    }


#: What a page tells of each, marked; see `records.MARKED`.
MARKED: dict[str, str] = {"a trend of A and B": "details"}
