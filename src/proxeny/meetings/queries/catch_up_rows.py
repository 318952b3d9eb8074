"""Catch-ups as pages and programs show them: by side, with the reader's own place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import city_of, is_same_clock, load_zone
from proxeny.meetings.models import CatchUp, CatchUpGuest, Meeting, MeetingParty
from proxeny.meetings.queries.calendar import where_of
from proxeny.meetings.queries.catch_ups import (
    Tally,
    count_actions,
    day_of,
    name_of_guest,
    title_of,
)
from proxeny.partnerships.models import Party

Answer = MeetingParty.Answer


@dataclass(frozen=True, slots=True)
class Guest:
    """Guest, as far as the reader may know them."""

    name: str
    answer: str
    came: bool | None
    is_reader: bool

    @property
    def is_coming(self) -> bool:
        """Whether they accepted."""
        return self.answer == Answer.ACCEPTED

    @property
    def is_absent(self) -> bool:
        """Whether they declined."""
        return self.answer == Answer.DECLINED


@dataclass(frozen=True, slots=True)
class SideOfGuests:
    """Guests on one side."""

    party: Party
    guests: tuple[Guest, ...]

    @property
    def came(self) -> int:
        """The number of guests who came."""
        return sum(guest.came is True for guest in self.guests)


@dataclass(frozen=True, slots=True)
class Row:
    """One catch-up on a page.

    Attributes
    ----------
    own_zone : str
        The reader's zone, where its clocks show another time; else empty.
    mine : Guest or None
        The reader's own place.
    """

    one: CatchUp
    title: str
    day: date
    where: str
    sides: tuple[SideOfGuests, ...]
    mine: Guest | None
    tally: Tally
    own_zone: str = ""

    @property
    def meeting(self) -> Meeting:
        """The meeting that it is."""
        return self.one.meeting

    @property
    def last_day(self) -> date:
        """The day on which it ends, where it takes place."""
        return self.meeting.ends_at.astimezone(load_zone(self.meeting.time_zone)).date()

    @property
    def city(self) -> str:
        """The zone in which it is planned, as people read it."""
        return city_of(self.one.meeting.time_zone)

    @property
    def owncity_of(self) -> str:
        """The reader's zone, as people read it."""
        return city_of(self.own_zone)

    @property
    def is_link(self) -> bool:
        """Whether the place is a link."""
        return not self.one.meeting.place and bool(self.one.video_url)


def tell_rows(found: Iterable[CatchUp], reader: Reader) -> list[Row]:
    """Return catch-ups of one room as rows, in their order. One query."""
    rows = list(found)
    tallies = count_actions([one.pk for one in rows], rows[0].partnership_id) if rows else {}
    return [_tell(one, reader, tallies.get(one.pk, Tally())) for one in rows]


def tell_row(one: CatchUp, reader: Reader) -> Row:
    """Return one catch-up as a row. One query."""
    return tell_rows([one], reader)[0]


def _tell(one: CatchUp, reader: Reader, tally: Tally) -> Row:
    meeting = one.meeting
    meeting.catch_up = one
    sides: dict[int, list[CatchUpGuest]] = {}
    parties: dict[int, Party] = {}
    for guest in one.guests.all():
        parties[guest.party_id] = guest.party
        sides.setdefault(guest.party_id, []).append(guest)
    told = tuple(
        SideOfGuests(parties[pk], tuple(_guest(guest, reader) for guest in guests))
        for pk, guests in sides.items()
    )
    mine = next((guest for side in told for guest in side.guests if guest.is_reader), None)
    return Row(
        one=one,
        title=title_of(one),
        day=day_of(meeting),
        where=where_of(meeting),
        sides=told,
        mine=mine,
        tally=tally,
        own_zone=_own_zone(meeting, reader, one.in_person),
    )


def _guest(guest: CatchUpGuest, reader: Reader) -> Guest:
    is_reader = guest.person_id is not None and guest.person_id == reader.person
    return Guest(name_of_guest(guest), guest.answer, guest.came, is_reader)


def _own_zone(meeting: Meeting, reader: Reader, in_person: bool) -> str:
    # Guests who travel there need the local time there.
    if in_person or not reader.time_zone:
        return ""
    is_same = is_same_clock(meeting.starts_at, meeting.time_zone, reader.time_zone)
    return "" if is_same else reader.time_zone


def is_over(one: CatchUp, *, now: datetime) -> bool:
    """Whether its time is over."""
    return one.meeting.ends_at <= now
