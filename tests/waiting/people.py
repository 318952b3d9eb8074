"""Whom something may wait for, and what waits for them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils import timezone

from proxeny.accounts.models import Person, Role
from proxeny.kernel.kinds import read_kinds
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.kernel.waiting import WAITING, Find, Waiting, list_waiting
from tests.conftest import reader_of
from tests.factories.accounts import SeatFactory
from tests.factories.world import World
from tests.partnerships.rooms import others, team

A, B = "manager of A", "manager of B"
DESK_A, DESK_B = "ambassador of A", "ambassador of B"
ADVISER = "adviser of A"
MEMBER_A, MEMBER_B = "member of A", "member of B"
C = "manager of C"
MANAGERS = {A, B}
#: Who works in the room, and at A's desk.
TEAM_A, TEAM_B = {A, DESK_A, ADVISER}, {B, DESK_B}
TEAMS = TEAM_A | TEAM_B
AT_DESK_A = {A, DESK_A}


@dataclass(frozen=True)
class Case:
    """A state in which something waits: its key, for whom, and how it is done."""

    key: str
    who: set[str]
    finish: Callable[[], Any]


def change(row: Any, **values: Any) -> Callable[[], Any]:
    """Return what changes a row past all rules."""
    return partial(type(row).objects.filter(pk=row.pk).update, **values)


def everybody(world: World) -> dict[str, Person]:
    """Return who has to do with the room in any way, and who has not."""
    adviser = SeatFactory(organisation=world.a.cluster, role=Role.ADVISER).person
    juror = SeatFactory(organisation=world.a.cluster, role=Role.JUROR).person
    return {
        **team(world),
        **others(world),
        ADVISER: adviser,
        "juror of A": juror,
        "other member of A": world.a.representatives[2],
        "ambassador of C": world.c.ambassador,
    }


def waits_for(person: Person, *, room: int | None = None) -> list[Waiting]:
    """Return what waits for somebody, as they may see it."""
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return list_waiting(reader, timezone.now(), room=room)


def find_key(key: str, person: Person) -> tuple[Find, Waiting]:
    """Return what waits for somebody by its key, and which capability says so."""
    reader = reader_of(person)
    with acting_as(WEB, reader):
        for find in WAITING:
            for one in read_kinds(find(reader, timezone.now(), None)):
                if one.key == key:
                    return find, one
    raise AssertionError(f"{key} does not wait for {person.name}.")


def holders(
    find: Find, key: str, people: dict[str, Person], *, room: int | None = None
) -> set[str]:
    """Return for whom the thing of a key waits, as a capability says it, once each."""
    found = set()
    for name, person in people.items():
        reader = reader_of(person)
        with acting_as(WEB, reader):
            told = [
                one.key
                for one in read_kinds(find(reader, timezone.now(), room), room=room)
                if room in (None, one.partnership_id)
            ]
        assert len(told) == len(set(told))
        if key in told:
            found.add(name)
    return found
