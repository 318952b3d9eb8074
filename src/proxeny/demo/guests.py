"""Choice of the guests at the demo's events, each with a representative."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import Any

from proxeny.accounts.models import Role
from proxeny.accounts.operations import create_holder
from proxeny.demo.members import Member
from proxeny.demo.texts import read_content
from proxeny.demo.world import Side, World


@dataclass(frozen=True, slots=True)
class Guest:
    """A member that attends an event, and the person who represents it."""

    organisation_id: int
    member: Member
    person_id: int
    side: str


class GuestBook:
    """Members with a representative. A member asked again keeps the same representative."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._known: dict[int, Guest] = {}

    def choose(self, slug: str, count: int, rng: Random) -> list[Guest]:
        """Return this many members of a cluster; the one with a published sign-in comes first."""
        side = self._world.sides[slug]
        first = next(self._shown(side))
        others = [entry for entry in side.members if entry[0] != first[0]]
        chosen = [first[:2], *rng.sample(others, count - 1)]
        return [self._guest(side, *entry) for entry in chosen]

    def guest(self, slug: str, organisation_id: int) -> Guest:
        """Return a member of a cluster with its representative."""
        side = self._world.sides[slug]
        return self._guest(side, organisation_id, dict(side.members)[organisation_id])

    def _shown(self, side: Side) -> Iterator[tuple[int, Member, dict[str, Any]]]:
        for wanted in read_content("people")["members"]:
            for pk, member in side.members:
                if (
                    wanted["cluster"] == side.slug
                    and member.field == wanted["field"]
                    and (member.kind == "company")
                ):
                    yield pk, member, wanted

    def _guest(self, side: Side, organisation_id: int, member: Member) -> Guest:
        if organisation_id not in self._known:
            shown = {pk: wanted for pk, _member, wanted in islice(self._shown(side), 1)}
            known = shown.get(organisation_id)
            person = create_holder(
                email=known["email"] if known else f"office@{member.slug}.example",
                name=member.contact,
                organisation_id=organisation_id,
                role=Role.REPRESENTATIVE,
                today=self._world.since,
                language=member.language,
                time_zone=read_content("clusters")[side.slug]["time_zone"],
                password=read_content("people")["password"] if known else None,
            )
            self._known[organisation_id] = Guest(organisation_id, member, person.pk, side.slug)
        return self._known[organisation_id]
