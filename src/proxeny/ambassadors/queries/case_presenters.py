"""Presentation of a case on its page: steps so far, the two sides, times, and outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from proxeny.ambassadors import rules
from proxeny.ambassadors.models import Introduction, Side, TimeOption
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import city_of, is_same_clock, load_zone
from proxeny.meetings.models import MeetingParty, Rating

State = Introduction.State
_WAY = (State.NOTED, State.ASKING, State.FINDING, State.BOOKED, State.MET)


def steps_of(case: Introduction) -> list[dict[str, Any]]:
    """Return the way from a note to a meeting, and how far a case has come."""
    now = _WAY.index(State(case.state)) if case.state != State.CLOSED else len(_WAY)
    if case.state == State.CLOSED:
        return []
    return [
        {
            "label": State(one).label,
            "state": "done"
            if at < now or case.state == State.MET
            else "current"
            if at == now
            else "todo",
        }
        for at, one in enumerate(_WAY)
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """One side as the desk's page shows it; an address that may not be read is empty."""

    side: Side
    name: str
    email: str
    is_hidden: bool
    city: str

    @property
    def can_be_asked(self) -> bool:
        """Whether there is a contact to write to."""
        return bool(self.side.person_id or self.side.email)


def tell_sides(case: Introduction, reader: Reader) -> list[Told]:
    """Return the two sides, the member first."""
    ordered = sorted(case.sides.all(), key=lambda one: one.role != Side.Role.MEMBER)
    return [_tell(one, reader) for one in ordered]


def _tell(one: Side, reader: Reader) -> Told:
    may_read = rules.may_read_address(reader, one)
    person = one.person
    name = tell_name(person.name if person else one.name)
    email = (person.email if person else one.email) if may_read else ""
    zone = person.time_zone if person else one.time_zone
    return Told(one, name, email, bool(one.email) and not may_read, city_of(zone))


@dataclass(frozen=True, slots=True)
class Clock:
    """A moment by the clocks of a zone."""

    city: str
    starts_at: datetime
    ends_at: datetime

    @property
    def day(self) -> date:
        """The day on which it begins there."""
        return self.starts_at.date()


@dataclass(frozen=True, slots=True)
class ToldOption:
    """A proposed time: by the clocks of the place, and by those of each side where they differ."""

    option: TimeOption
    clocks: tuple[Clock, ...]
    is_past: bool

    @property
    def needs_desk(self) -> bool:
        """Whether the desk has yet to answer."""
        return self.option.desk is None and not self.is_past

    @property
    def words(self) -> tuple[tuple[str, bool | None], ...]:
        """The answers of the three, in order."""
        one = self.option
        return (("desk", one.desk), ("member", one.member), ("stakeholder", one.stakeholder))


def tell_options(
    case: Introduction, options: Sequence[TimeOption], *, now: datetime
) -> list[ToldOption]:
    """Return proposed times with the clocks of those concerned."""
    zones = [one.person.time_zone if one.person else one.time_zone for one in case.sides.all()]
    return [ToldOption(one, tuple(_clocks(one, zones)), one.starts_at <= now) for one in options]


def _clocks(option: TimeOption, zones: Sequence[str]) -> list[Clock]:
    told = [option.time_zone]
    for zone in zones:
        if not any(is_same_clock(option.starts_at, known, zone) for known in told):
            told.append(zone)
    return [
        Clock(
            city_of(zone),
            option.starts_at.astimezone(load_zone(zone)),
            option.ends_at.astimezone(load_zone(zone)),
        )
        for zone in told
    ]


@dataclass(frozen=True, slots=True)
class Word:
    """Rating of the meeting by one side."""

    name: str
    phase: str
    label: str
    note: str


def words_of(case: Introduction) -> list[Word]:
    """Return what the sides said of the meeting, as far as the reader may know. One query."""
    found = Rating.objects.filter(party__meeting_id=case.meeting_id or 0)
    return [
        Word(
            one.party.organisation.name, one.get_phase_display(), one.get_value_display(), one.note
        )
        for one in found.select_related("party__organisation").order_by("phase", "rated_at")
    ]


def answers_of(case: Introduction) -> list[MeetingParty]:
    """Return the parties that declined or were unsure in their calendar. One query."""
    parties = MeetingParty.objects.filter(meeting_id=case.meeting_id or 0).select_related(
        "organisation"
    )
    return list(parties.exclude(answer=MeetingParty.Answer.ACCEPTED).order_by("pk"))
