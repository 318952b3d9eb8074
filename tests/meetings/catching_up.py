"""What tests of catch-ups share: a moment, facts to plan, and doing things as somebody."""

from datetime import UTC, datetime
from typing import Any

from proxeny.accounts.models import Person
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.meetings.operations.catch_up_facts import CatchUpFacts
from tests.conftest import reader_of
from tests.factories.world import World

#: In the year of `tests.factories.events.DAY`.
NOW = datetime(2083, 3, 1, 9, 0, tzinfo=UTC)
#: Ten in Athens, nine in Paris.
STARTS_AT = datetime(2083, 3, 15, 8, 0, tzinfo=UTC)


def facts(world: World, **changes: Any) -> CatchUpFacts:
    """Return an hour by call of a manager and an ambassador of each side."""
    values: dict[str, Any] = {
        "starts_at": STARTS_AT,
        "duration_min": 60,
        "time_zone": "Europe/Athens",
        "guests": (world.a.manager.pk, world.b.manager.pk, world.b.ambassador.pk),
        "title": "Half-year review",
        "video_url": "https://meet.example.org/room",
        "agenda": "– Who pays for the fair?",
    }
    return CatchUpFacts(**{**values, **changes})


def do(person: Person, operation: Any, world: World, *, now: datetime = NOW, **values: Any) -> Any:
    """Call an operation on the world's partnership as the web role of a person."""
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return operation(actor=reader, partnership_id=world.partnership.pk, now=now, **values)
