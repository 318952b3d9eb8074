"""A catch-up of the crowd's room, and how its pages and programs are tried."""

from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from proxeny.meetings.models import CatchUp, CatchUpGuest, Meeting
from tests.factories.meetings import DecisionFactory, make_catch_up
from tests.factories.world import World

#: What a page tells of it, marked; see `records.MARKED`.
MARKED = {"a catch-up": "agenda"}


def plan(world: World) -> None:
    """Let the two managers meet in nine days; something is decided already."""
    made = make_catch_up(
        world.partnership,
        world.a.manager,
        world.b.manager,
        title="Review",
        starts_at=timezone.now() + timedelta(days=9),
    )
    DecisionFactory(catch_up=made)


def held() -> dict[str, list[Model]]:
    """Return the rows that hold it, one a table."""
    one = CatchUp.objects.get()
    return {"a catch-up": [one, one.guests.first(), one.decisions.get()]}


def _put(state: str, days: int) -> dict[str, int]:
    # The same moment each time: tests compare the rows before and after.
    noon = timezone.now().replace(hour=12, minute=0, second=0, microsecond=0)
    one, starts_at = CatchUp.objects.get(), noon + timedelta(days=days)
    Meeting.objects.filter(pk=one.pk).update(
        state=state, starts_at=starts_at, ends_at=starts_at + timedelta(hours=1)
    )
    CatchUpGuest.objects.update(came=True if days < 0 else None)
    return {"pk": one.partnership_id, "catch_up_id": one.pk}


def coming(crowd: Any) -> dict[str, int]:
    """Return the arguments of its routes, while it is to come."""
    return _put(Meeting.State.CONFIRMED, 9)


def over(crowd: Any) -> dict[str, int]:
    """Return them once its time is over."""
    return _put(Meeting.State.CONFIRMED, -9)


def closed(crowd: Any) -> dict[str, int]:
    """Return them once its minutes are closed."""
    return _put(Meeting.State.HELD, -9)


def facts(crowd: Any) -> dict[str, Any]:
    """Return what a program plans."""
    world = crowd.world
    return {
        "starts_at": (timezone.now() + timedelta(days=20)).isoformat(),
        "duration_min": 60,
        "time_zone": "Europe/Athens",
        "guests": [world.a.manager.pk, world.b.manager.pk],
    }


def minutes(crowd: Any) -> dict[str, Any]:
    """Return what a program writes down."""
    return {"text": "We talked.", "came": facts(crowd)["guests"]}
