"""A participant's own day: people, times, places and reasons."""

from dataclasses import dataclass
from datetime import datetime

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from proxeny.events.models import AgendaEntry, Event, MeetingRequest, Participation
from proxeny.events.queries.agenda.places import get_event, live_entries
from proxeny.events.queries.participants import own_participations_in
from proxeny.kernel.calendar import write_agenda
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.models import Meeting
from proxeny.meetings.queries import make_appointment, with_parties


@dataclass(frozen=True, slots=True)
class MyMeeting:
    """One of the reader's meetings. `note` is what the reader's side wrote when it asked."""

    entry_id: int
    starts_at: datetime
    ends_at: datetime
    place: str
    other: str
    contact: str
    country: str
    city: str
    side: str
    pitch: str
    note: str
    kind: str
    languages: tuple[str, ...]
    by_video: bool
    is_past: bool
    own: str


@dataclass(frozen=True, slots=True)
class CalledOff:
    """A meeting that was called off, with the reason given."""

    starts_at: datetime
    other: str
    reason: str


@dataclass(frozen=True, slots=True)
class MyAgenda:
    """The reader's agenda of one event; `next` is the meeting that is on or comes next.

    `later` holds those after it, `past` those that are over.
    """

    event: Event
    own_names: tuple[str, ...]
    next: MyMeeting | None
    meetings: tuple[MyMeeting, ...]
    later: tuple[MyMeeting, ...]
    past: tuple[MyMeeting, ...]
    called_off: tuple[CalledOff, ...]


def get_my_agenda(reader: Reader, event_id: int, *, now: datetime) -> MyAgenda:
    """Read the reader's own agenda; six queries, whatever the number of meetings.

    Meetings that are not shown yet are hidden by the database; see `Meeting.tenancy`.

    Raises
    ------
    NotFound
        No such event, or the reader does not take part in it.
    """
    event = get_event(event_id)
    own = {one.pk: one for one in own_participations_in(reader, [event_id])}
    if not own:
        raise NotFound(_("You’re not taking part in this event."))
    entries = [
        entry
        for entry in live_entries(event_id).exclude(meeting__state=Meeting.State.DRAFT)
        if entry.first_id in own or entry.second_id in own
    ]
    said = {
        (source, target): (kind, note)
        for source, target, kind, note in MeetingRequest.objects.filter(
            source_id__in=own
        ).values_list("source_id", "target_id", "kind", "note")
    }
    meetings = tuple(_mine(entry, own, said, now) for entry in entries)
    ahead = tuple(one for one in meetings if not one.is_past)
    return MyAgenda(
        event=event,
        own_names=tuple(one.organisation.name for one in own.values()),
        next=ahead[0] if ahead else None,
        meetings=meetings,
        later=ahead[1:],
        past=tuple(one for one in meetings if one.is_past),
        called_off=_called_off(event, own, reader),
    )


def _mine(
    entry: AgendaEntry,
    own: dict[int, Participation],
    said: dict[tuple[int, int], tuple[str, str]],
    now: datetime,
) -> MyMeeting:
    sides = (entry.first, entry.second)
    mine, other = sides if entry.first_id in own else sides[::-1]
    kind, note = said.get((mine.pk, other.pk), ("", ""))
    return MyMeeting(
        entry_id=entry.pk,
        starts_at=entry.meeting.starts_at,
        ends_at=entry.meeting.ends_at,
        place=entry.meeting.place,
        other=other.organisation.name,
        contact=other.contact,
        country=other.organisation.country,
        city=other.organisation.city,
        side=other.group.side.lower(),
        pitch=other.pitch,
        note=note,
        kind=kind,
        languages=tuple(_language(code) for code in mine.languages if code in other.languages),
        by_video=mine.by_video or other.by_video,
        is_past=entry.meeting.ends_at <= now,
        own=mine.organisation.name,
    )


def _language(code: str) -> str:
    known = LANG_INFO.get(code)
    return gettext(known["name"]) if known and "name" in known else code


def _own_meetings(event: Event, own: dict[int, Participation], reader: Reader) -> list[Meeting]:
    """Return the event's meetings of the reader's participants, called off ones included."""
    ids = {one.organisation_id for one in own.values()}
    found = Meeting.objects.filter(
        agenda_entry__event=event, organisations__overlap=sorted(ids)
    ).exclude(state=Meeting.State.DRAFT)
    return list(with_parties(found).order_by("starts_at", "pk"))


def _called_off(
    event: Event, own: dict[int, Participation], reader: Reader
) -> tuple[CalledOff, ...]:
    ids = {one.organisation_id for one in own.values()}
    return tuple(
        CalledOff(
            meeting.starts_at,
            ", ".join(
                p.organisation.name for p in meeting.parties.all() if p.organisation_id not in ids
            ),
            meeting.cancel_reason,
        )
        for meeting in _own_meetings(event, own, reader)
        if meeting.state == Meeting.State.CANCELLED
    )


def read_my_calendar(reader: Reader, event_id: int) -> str:
    """Return the reader's meetings of an event as an iCalendar file.

    Raises
    ------
    NotFound
        As `get_my_agenda`.
    """
    event = get_event(event_id)
    own = {one.pk: one for one in own_participations_in(reader, [event_id])}
    if not own:
        raise NotFound(_("You’re not taking part in this event."))
    ids = [one.organisation_id for one in own.values()]
    return write_agenda(
        make_appointment(meeting, own=ids) for meeting in _own_meetings(event, own, reader)
    )
