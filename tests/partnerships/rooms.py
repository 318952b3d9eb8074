"""Shorthands of the tests of a room."""

import re
from datetime import date, timedelta

from django.utils import timezone

from proxeny.kernel.tenancy import WEB, acting_as
from tests.conftest import reader_of

#: The day in UTC, where the people of these tests live.
TODAY = timezone.now().date()


def day(offset: int) -> date:
    """Return the day so many days from today."""
    return TODAY + timedelta(days=offset)


def words(html: str) -> str:
    """Return what a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def do(person, operation, **given):
    """Run an operation as a request of that person would."""
    reader = reader_of(person)
    given.setdefault("now", timezone.now())
    with acting_as(WEB, reader):
        return operation(actor=reader, **given)


def party(world, side):
    """Return the party of a side of the world's partnership."""
    return world.partnership.parties.get(organisation=side.cluster)


def team(world):
    """Everybody who writes in the room, by name; the first two steer it."""
    return {
        "manager of A": world.a.manager,
        "manager of B": world.b.manager,
        "ambassador of A": world.a.ambassador,
        "ambassador of B": world.b.ambassador,
    }


def others(world):
    """Everybody whom the room is closed to."""
    return {
        "member of A": world.a.representatives[0],
        "member of B": world.b.representatives[0],
        "manager of C": world.c.manager,
        "stranger": world.nobody_special,
    }
