"""Actions at the two desks of a demo partnership, and look-up of the organisations they know."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from proxeny.ambassadors.queries.cases import Contact
from proxeny.demo.catch_ups import working_day
from proxeny.demo.guests import GuestBook
from proxeny.demo.in_room import InRoom
from proxeny.demo.members import Member
from proxeny.demo.texts import read_content
from proxeny.demo.world import World
from proxeny.kernel.zones import load_zone


class AtDesks(InRoom):
    """The desks of both sides, their members by slug, and the stakeholders they noted abroad."""

    def __init__(self, world: World, guests: GuestBook, content: Mapping[str, Any]) -> None:
        super().__init__(world, content["partnership"])
        self.guests, self.content = guests, content
        self.members: dict[str, tuple[int, str, Member]] = {
            member.slug: (pk, letter, member)
            for letter, side in self.sides.items()
            for pk, member in side.members
        }
        self.noted: dict[str, int] = {}
        self.mandates: dict[str, int] = {}

    def ambassador(self, side: str) -> int:
        """Return the ambassador at a side's desk."""
        return self.people[self.content["desks"][side]["ambassador"]]

    def moment(self, told: str, zone: str) -> datetime:
        """Return a time by a zone's clocks, on a working day counted from that of loading."""
        days, at = told.split()
        day = self.day(working_day(int(days), today=self.world.today))
        return datetime.combine(day, time.fromisoformat(at), tzinfo=load_zone(zone))

    def representative(self, slug: str) -> int:
        """Return the person who answers for a member on its own pages."""
        pk, side, _member = self.members[slug]
        return self.guests.guest(self.sides[side].slug, pk).person_id

    def find(self, key: str) -> tuple[int, Contact]:
        """Return an organisation, by its slug or the key of its note, and its contact person."""
        if key in self.noted:
            told = self.content["noted"][key]
            return self.noted[key], Contact(
                told["contact"], told["email"], told["language"], told["zone"]
            )
        pk, side, member = self.members[key]
        zone = read_content("clusters")[self.sides[side].slug]["time_zone"]
        if key not in self.content["seats"]:
            return pk, Contact(member.contact, member.email, member.language, zone)
        return pk, Contact(member.contact, "", member.language, zone, self.representative(key))
