"""The catch-ups of one demo partnership: a year of calls, two visits, and one to come."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from proxeny.demo.in_room import InRoom
from proxeny.demo.texts import read_content
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.kernel.zones import load_zone
from proxeny.meetings.operations.catch_up_facts import CatchUpFacts
from proxeny.meetings.operations.catch_ups import (
    answer_catch_up,
    call_off_catch_up,
    plan_catch_up,
)
from proxeny.meetings.operations.minutes import (
    Minutes,
    NewAction,
    miss_catch_up,
    write_minutes,
)
from proxeny.partnerships.models import Action
from proxeny.partnerships.operations.plan import set_state

#: Invitees answer this many days after the invitation; the minutes are written at this hour.
_ANSWERED_AFTER, _EVENING = 1, 18

type Content = Mapping[str, Any]


def keep_in_touch(room: InRoom) -> None:
    """Plan, answer and hold the catch-ups, and do most of the agreed actions."""
    for told in read_content("catch-ups")["catch_ups"]:
        _CatchUp(room, told).live()


class _CatchUp:
    """One catch-up, from the invitation to its follow-up."""

    def __init__(self, room: InRoom, told: Content) -> None:
        self.room, self.told = room, told
        self.days = working_day(told["days"], today=room.world.today)
        self.pk = 0

    def live(self) -> None:
        """Go through its life."""
        self.plan()
        self.answer()
        if off := self.told.get("called_off"):
            self.act(off["by"], off["days"], call_off_catch_up, reason=off["why"])
        elif self.told.get("missed"):
            self.write_down(is_final=False)
            self.act(self.told["minutes"]["by"], self.days, miss_catch_up)
        elif "minutes" in self.told:
            self.write_down(is_final=True)
            self.do_what_was_taken_on()

    def act(self, who: str, days: int, operation: Any, **given: Any) -> Any:
        """Do something with it as a person, in the evening."""
        return self.room.act(who, days, operation, hour=_EVENING, catch_up_id=self.pk, **given)

    def plan(self) -> None:
        """Ask all four."""
        told, zone = self.told, load_zone(self.told["zone"])
        at = time.fromisoformat(told["at"])
        facts = CatchUpFacts(
            starts_at=datetime.combine(self.room.day(self.days), at, tzinfo=zone),
            duration_min=told["duration_min"],
            time_zone=told["zone"],
            guests=tuple(self.room.people.values()),
            title=told["title"],
            in_person="host" in told,
            host_id=self.room.parties.get(told.get("host", "")),
            place=told.get("place", ""),
            video_url=told.get("video_url", ""),
            agenda=told["agenda"],
        )
        made = self.room.act(told["by"], told["asked"], plan_catch_up, facts=facts)
        self.pk = made.pk

    def answer(self) -> None:
        """Record the answers of all invitees who responded."""
        silent = {self.told["by"], *self.told.get("silent", ())}
        for who in self.room.people:
            if who not in silent:
                self.act(
                    who,
                    self.told["asked"] + _ANSWERED_AFTER,
                    answer_catch_up,
                    will_come=who not in self.told.get("declined", ()),
                )

    def write_down(self, *, is_final: bool) -> None:
        """Write the minutes, and close them; then everybody who had not declined was present."""
        told, people = self.told["minutes"], self.room.people
        absent = self.told.get("declined", ()) if is_final else people
        self.act(
            told["by"],
            self.days,
            write_minutes,
            version=1,
            is_final=is_final,
            minutes=Minutes(
                text=told["text"].strip(),
                decisions=tuple(told.get("decisions", ())),
                came=tuple(pk for who, pk in people.items() if who not in absent),
            ),
            actions=[self.taken_on(one) for one in told.get("actions", ())],
        )

    def taken_on(self, told: Content) -> NewAction:
        """Return an action taken on by somebody, or by all together."""
        who = told.get("who", "")
        return NewAction(
            title=told["title"],
            due_on=self.room.day(told["due"]),
            party_id=self.room.parties.get(self.room.side_of.get(who, "")),
            person_id=self.room.people.get(who),
        )

    def do_what_was_taken_on(self) -> None:
        """Mark finished actions as done, on their day."""
        with acting_as(SERVICE):
            found = Action.objects.filter(origin=Action.Origin.CATCH_UP, origin_id=self.pk)
            actions = {one.title: one for one in found}
        for told in self.told["minutes"].get("actions", ()):
            if "done" in told:
                one = actions[told["title"]]
                self.room.act(
                    told.get("who", self.told["minutes"]["by"]),
                    told["done"],
                    set_state,
                    kind="action",
                    record_id=one.pk,
                    version=one.version,
                    state="done",
                )


def working_day(days: int, *, today: date) -> int:
    """Return the day this many days from today, moved to Monday from a weekend.

    >>> working_day(-1, today=date(2026, 11, 2)), working_day(1, today=date(2026, 11, 2))
    (0, 1)
    """
    weekday = (today + timedelta(days=days)).weekday()
    return days + (7 - weekday if weekday > 4 else 0)
