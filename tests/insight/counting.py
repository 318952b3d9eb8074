"""Shorthands of the tests of outcomes: meetings with what was said of them, and their figures."""

from datetime import UTC, date, datetime, timedelta

from proxeny.insight.models import Snapshot
from proxeny.insight.operations import outcomes
from proxeny.insight.operations.refreshing import refresh
from proxeny.insight.pipeline import eyes_of
from proxeny.meetings.models import Rating
from tests.factories.meetings import RatingFactory, make_meeting

TODAY = date(2026, 11, 27)


def meet(world, at, left=0, right=0, *, state="held", day=(), later=(), **more):
    """A member of A meets one of B; each said this of it, the one of A first."""
    made = make_meeting(
        world.partnership,
        (world.a.members[left], world.a.representatives[left]),
        (world.b.members[right], world.b.representatives[right]),
        starts_at=at,
        ends_at=at + timedelta(minutes=20),
        state=state,
        **more,
    )
    for party_, value in zip(made.parties.order_by("pk"), day, strict=False):
        RatingFactory(party=party_, value=value)
    for party_, value in zip(made.parties.order_by("pk"), later, strict=False):
        terms = {"agreed": "sale", "worth": 1000, "currency": "EUR"} if value == "agreement" else {}
        RatingFactory(party=party_, value=value, phase=Rating.Phase.LATER, **terms)
    return made


def at(year, month, day_=10):
    """Return noon of a day."""
    return datetime(year, month, day_, 12, tzinfo=UTC)


def tell_two_quarters(world):
    """Five held with two cooperations and one agreement; one held, one missed."""
    meet(world, at(2026, 2), day=("possible", "informative"), later=("agreement", "contact"))
    meet(world, at(2026, 2), 0, 1, day=("possible", "possible"), later=("negotiating",))
    meet(world, at(2026, 2), 0, 2, day=("informative",), later=("no-contact",))
    meet(world, at(2026, 3), 1, 2, day=("no-interest",), later=("contact",), desk=world.a.cluster)
    meet(world, at(2026, 3, 31), 1, 1, later=("knowledge",))
    meet(world, at(2025, 11), 1, 0)
    meet(world, at(2025, 11), 2, 0, state="missed")
    meet(world, at(2026, 2), 2, 0, state="draft")


def work_out(world, side=None, *, today=TODAY):
    """Work out the outcomes of a side of the room as the job does; return the figures."""
    side = side or world.a
    eyes = eyes_of(side.cluster.pk, world.partnership.pk, today=today)
    refresh(eyes, outcomes.PART, report=lambda _step, _percent: None)
    return Snapshot.objects.get(organisation=side.cluster, kind="outcomes")
