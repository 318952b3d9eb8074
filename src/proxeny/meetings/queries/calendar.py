"""Meetings as calendars show them: a person's private feed, and single appointments."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.accounts.queries import get_person_of_feed, get_reader_of_person
from proxeny.kernel.calendar import Appointment, Attendee, LastDay, write_feed
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import GATE, WEB, Reader, acting_as
from proxeny.meetings.models import Meeting
from proxeny.meetings.queries.meetings import own_meetings, with_parties
from proxeny.notices.deadlines import days_in_calendar

FEED_PAST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A calendar feed as it travels: the text, its tag, and when it last changed."""

    text: str
    etag: str
    modified_at: datetime


def read_feed(token: str, *, now: datetime) -> FeedFile:
    """Return the calendar behind a secret address, read as the person it belongs to.

    Raises
    ------
    NotFound
        No such address, or its person owes a second factor first.
    """
    with acting_as(GATE):
        person = get_person_of_feed(token)
        if person is None:
            raise NotFound(_("There’s no calendar at this address."))
        reader = get_reader_of_person(person.pk, today=now.date())
        if reader.lacks_factor:
            raise NotFound(_("There’s no calendar at this address."))
    with acting_as(WEB, reader), translation.override(reader.language or "en"):
        meetings = _in_calendar(reader, now=now)
        days = days_in_calendar(reader, now=now, stamp=person.created_at)
        text = _write_calendar(meetings, reader, days)
    modified = max((meeting.updated_at for meeting in meetings), default=person.created_at)
    etag = hashlib.sha256(text.encode()).hexdigest()[:32]
    return FeedFile(text, f'"{etag}"', modified)


def write_calendar(reader: Reader, *, now: datetime) -> str:
    """Return the reader's meetings of the last year and all to come, and their last days, as an
    iCalendar text.
    """
    person = Person.objects.filter(pk=reader.own_id).first()
    days = days_in_calendar(reader, now=now, stamp=person.created_at if person else now)
    return _write_calendar(_in_calendar(reader, now=now), reader, days)


def _in_calendar(reader: Reader, *, now: datetime) -> list[Meeting]:
    own = with_parties(own_meetings(reader)).filter(ends_at__gte=now - FEED_PAST)
    return list(own.order_by("starts_at", "pk"))


def _write_calendar(meetings: list[Meeting], reader: Reader, days: Iterable[LastDay]) -> str:
    appointments = [
        make_appointment(meeting, own=own_organisations(meeting, reader)) for meeting in meetings
    ]
    return write_feed(_("Meetings · Proxeny"), appointments, days)


def own_organisations(meeting: Meeting, reader: Reader) -> set[int]:
    """Return the organisations the reader represents at a meeting (parties must be loaded).

    Empty for a reader who arranged it for others.
    """
    parties = meeting.parties.all()
    named = {party.organisation_id for party in parties if party.person_id == reader.person}
    return named or set(meeting.organisations) & set(reader.organisations)


def make_appointment(
    meeting: Meeting,
    *,
    own: Iterable[int],
    attendee: Attendee | None = None,
    description: str = "",
    url: str = "",
) -> Appointment:
    """Return a meeting as one side's calendar shows it, in the language in force.

    Parameters
    ----------
    meeting : Meeting
        With its parties loaded; a catch-up with `catch_up__partnership`.
    own : iterable of int
        The organisations that the reader represents; the summary names the others, or all of them
        if the reader represents none.
    attendee : Attendee, optional
        The invited person; the other side's address is never given.
    """
    if meeting.kind == Meeting.Kind.CATCH_UP:
        summary = title_of_catch_up(meeting)
        description = description or meeting.catch_up.agenda
    elif meeting.kind == Meeting.Kind.HAND_OVER:
        summary = title_of_hand_over(meeting)
    else:
        summary = _("Meeting with %(names)s") % {"names": _names_at(meeting, set(own))}
    return Appointment(
        uid=meeting.uid,
        sequence=meeting.sequence,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        summary=summary,
        stamp=meeting.updated_at,
        description=description or meeting.title,
        place=where_of(meeting),
        url=url,
        organiser_name=meeting.title or "Proxeny",
        organiser_email=settings.REPLY_ADDRESS,
        attendees=(attendee,) if attendee else (),
        is_cancelled=meeting.state == Meeting.State.CANCELLED,
        is_tentative=meeting.state in (Meeting.State.DRAFT, Meeting.State.PROVISIONAL),
    )


def _names_at(meeting: Meeting, own: set[int]) -> str:
    parties = list(meeting.parties.all())
    others = [party for party in parties if party.organisation_id not in own] or parties
    return ", ".join(f"{party.organisation.name} ({party.name})" for party in others)


def title_of_catch_up(meeting: Meeting) -> str:
    """Return what a catch-up (loaded with its partnership) is called, in the language in force."""
    words = {"name": meeting.catch_up.partnership.title, "title": meeting.title}
    if meeting.title:
        return _("%(title)s · %(name)s") % words
    return _("Catch-up · %(name)s") % words


def title_of_hand_over(meeting: Meeting) -> str:
    """Return what the handover of a report is called, in the language in force."""
    return _("Handover of the report · %(title)s") % {"title": meeting.title}


def where_of(meeting: Meeting) -> str:
    """Return where a meeting is, or by which link."""
    if meeting.kind == Meeting.Kind.CATCH_UP and not meeting.place:
        return meeting.catch_up.video_url
    return meeting.place
