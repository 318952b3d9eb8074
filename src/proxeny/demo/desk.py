"""The two desks of one demo partnership: a stay abroad, mandates, and introductions."""

from collections.abc import Callable, Mapping
from datetime import time, timedelta
from functools import partial
from typing import Any

from icalendar import Calendar, Event

from proxeny.accounts.operations import change_profile
from proxeny.accounts.queries import get_profile
from proxeny.ambassadors.operations.calendars import bring_calendar, set_working_hours
from proxeny.ambassadors.operations.mandates import MandateFacts, answer_mandate, ask_mandate
from proxeny.ambassadors.operations.stakeholders import note_stakeholder
from proxeny.demo.at_desks import AtDesks
from proxeny.demo.guests import GuestBook
from proxeny.demo.introductions import Case
from proxeny.demo.texts import read_content
from proxeny.demo.world import World
from proxeny.partnerships.operations.placements import agree_placement, close_placement

type Told = Mapping[str, Any]

#: The desks met their contacts abroad first, this many days ago.
_MET_DAYS, _BROUGHT_DAYS = -233, -3


def build_desk(world: World, guests: GuestBook) -> None:
    """Agree on a stay, ask for mandates, and introduce members to stakeholders abroad."""
    content = read_content("desk")
    desk = _Desk(world, guests, content)
    for told in content["placements"]:
        desk.agree_on_stay(told)
    desk.settle_in(content["calendar"])
    for key, told in content["noted"].items():
        desk.meet_abroad(key, told)
    # In the order in which they began: a mandate covers what is asked after it.
    begun: list[tuple[int, Callable[[], None]]] = [
        (one["asked"], partial(desk.ask_mandate, one)) for one in content["mandates"]
    ]
    begun += [(one["noted"], Case(desk, one).live) for one in content["cases"]]
    for _days, live in sorted(begun, key=lambda row: row[0]):
        live()
    world.say(f"  Two desks with {len(content['cases'])} introductions")


class _Desk(AtDesks):
    """The contents of the desks besides introductions."""

    def agree_on_stay(self, told: Told) -> None:
        """Agree on a stay of the Greek ambassador in Paris, and close it if it is over."""
        starts_on, ends_on = (self.day(days) for days in told["days"])
        who = self.content["desks"]["a"]["ambassador"]
        made = self.add(
            "a",
            told["written"],
            "placement",
            kind=told["kind"],
            person=self.people[who],
            sender=self.parties["a"],
            host=self.parties["b"],
            borne_by=self.parties["a"],
            starts_on=starts_on,
            ends_on=ends_on,
            place=told["place"],
            hours=told["hours"],
            goals=told["goals"].strip(),
            costs=told["costs"],
            report_due_on=self.day(told["report_due"]) if "report_due" in told else None,
        )
        agreed = self.act(
            "b", told["agreed"], agree_placement, placement_id=made.pk, version=made.version
        )
        if "closed" in told:
            self.act(
                who,
                told["closed"],
                close_placement,
                placement_id=made.pk,
                version=agreed.version,
                report=told["report"].strip(),
                proof_url=told["proof_url"],
                closed_on=ends_on,
            )

    def settle_in(self, told: Told) -> None:
        """Let the ambassador live by the clocks of Paris, and say when one can meet him."""
        zone = self.content["desks"]["a"]["zone"]
        at = self.world.moment(self.content["placements"][-1]["days"][0])
        opens, closes = (time.fromisoformat(told[name]) for name in ("opens", "closes"))
        with self.world.acting(self.ambassador("a"), at=at) as actor:
            mine = get_profile(actor)
            change_profile(actor=actor, name=mine.name, language=mine.language, time_zone=zone)
            set_working_hours(
                actor=actor,
                weekdays=told["weekdays"],
                opens_min=opens.hour * 60 + opens.minute,
                closes_min=closes.hour * 60 + closes.minute,
            )
        self.deed(
            self.ambassador("a"),
            _BROUGHT_DAYS,
            bring_calendar,
            content=self.write_calendar(told["busy"], zone),
        )

    def write_calendar(self, busy: list[Told], zone: str) -> bytes:
        """Return a calendar file as the ambassador would upload it."""
        calendar = Calendar()
        for number, one in enumerate(busy):
            starts_at = self.moment(f"{one['days']} {one['at']}", zone)
            event = Event()
            event.add("uid", f"{number}@desk.example")
            event.add("summary", one["what"])
            event.add("dtstart", starts_at)
            event.add("dtend", starts_at + timedelta(minutes=one["minutes"]))
            if "weeks" in one:
                event.add("rrule", {"freq": "weekly", "count": one["weeks"]})
            calendar.add_component(event)
        content: bytes = calendar.to_ical()
        return content

    def meet_abroad(self, key: str, told: Told) -> None:
        """Note a contact abroad that the directory does not have."""
        at = self.world.moment(_MET_DAYS)
        facts = {name: told[name] for name in ("name", "kind", "country", "city", "website")}
        with self.world.acting(self.ambassador(told["desk"]), at=at) as actor:
            self.noted[key] = note_stakeholder(
                actor=actor, partnership_id=self.pk, today=at.date(), **facts
            ).pk

    def ask_mandate(self, told: Told) -> None:
        """Let a member ask its ambassador to act, and the ambassador answer."""
        member, side, _facts = self.members[told["member"]]
        texts = ("seeks", "material", "material_url", "no_go")
        facts = MandateFacts(
            until=self.day(told["until"]),
            **{name: told[name].strip() for name in texts if name in told},
        )
        made = self.deed(
            self.representative(told["member"]),
            told["asked"],
            ask_mandate,
            partnership_id=self.pk,
            member_id=member,
            facts=facts,
        )
        self.mandates[told["key"]] = made.pk
        if "answered" in told:
            self.deed(
                self.ambassador(side),
                told["answered"],
                answer_mandate,
                mandate_id=made.pk,
                state=told["state"],
                answer=told["answer"],
                seen=made.version,
            )
