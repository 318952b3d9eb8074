"""iCalendar (RFC 5545, RFC 5546): invitations by mail, whole agendas, and private feeds.

Times are written in UTC: every calendar shows them in its own zone, daylight saving included, and
no zone table has to travel along.
"""

import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from icalendar import Calendar, Event, Timezone, TimezoneStandard, vCalAddress, vDuration, vText

from proxeny.kernel.downloads import disposition

PRODUCT = "-//Proxeny//Proxeny 0.1//EN"


def make_uid(*parts: object) -> str:
    """Return the name by which calendars know an appointment; the same parts give the same."""
    name = "/".join(map(str, (settings.BASE_URL, *parts)))
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return f"{uuid.uuid5(uuid.NAMESPACE_URL, name)}@{host}"


@dataclass(frozen=True, slots=True)
class Attendee:
    """One person asked to come: name, address, and answer (`NEEDS-ACTION`, `ACCEPTED`, …)."""

    name: str
    email: str
    answer: str = "NEEDS-ACTION"


@dataclass(frozen=True, slots=True)
class Appointment:
    """The content of one VEVENT.

    Times are aware; `sequence` rises with each change that matters.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    stamp: datetime
    description: str = ""
    place: str = ""
    url: str = ""
    organiser_name: str = ""
    organiser_email: str = ""
    attendees: tuple[Attendee, ...] = ()
    is_cancelled: bool = False
    is_tentative: bool = False


@dataclass(frozen=True, slots=True)
class LastDay:
    """A due date: in a calendar it takes up no time."""

    uid: str
    on: date
    summary: str
    stamp: datetime
    description: str = ""
    url: str = ""


def write_invitation(appointment: Appointment, *, method: str) -> str:
    """Return the iCalendar text of one invitation.

    Parameters
    ----------
    appointment : Appointment
        The meeting; it needs an organiser's address (RFC 5546 §3.2.2).
    method : {"REQUEST", "CANCEL"}
        RFC 5546 §3.2.2 and §3.2.5. Both allow one UID in a message, hence one appointment.
    """
    if method not in {"REQUEST", "CANCEL"}:
        raise ValueError(f"method must be REQUEST or CANCEL, not {method!r}.")
    calendar = _calendar()
    calendar.add("method", method)
    calendar.add_component(_event(appointment))
    return str(calendar.to_ical().decode("utf-8"))


def write_agenda(appointments: Iterable[Appointment]) -> str:
    """Return one iCalendar text with several meetings, using the method PUBLISH.

    PUBLISH is the one method that allows events with different UIDs (RFC 5546 §3.2.1). The text
    names the organiser but no attendees, so that no address is passed on to anyone else. Without a
    meeting nothing is published, and no method is set.
    """
    appointments = list(appointments)
    calendar = _calendar()
    if appointments:
        calendar.add("method", "PUBLISH")
    for appointment in appointments:
        event = _event(appointment, with_people=False)
        _add_organiser(event, appointment)
        calendar.add_component(event)
    return _text_of(calendar)


def write_feed(name: str, appointments: Iterable[Appointment], days: Iterable[LastDay] = ()) -> str:
    """Return the iCalendar text of a person's feed; no method, no addresses."""
    calendar = _calendar()
    calendar.add("x-wr-calname", name)
    calendar.add("name", name)
    # RFC 7986 §5.7: how often a program should ask again.
    hourly = vDuration(timedelta(hours=1))
    hourly.params["VALUE"] = "DURATION"
    calendar.add("refresh-interval", hourly, encode=False)
    for appointment in appointments:
        calendar.add_component(_event(appointment, with_people=False))
    for day in days:
        calendar.add_component(_day(day))
    return _text_of(calendar)


def answer_calendar(text: str, name: str, *, inline: bool = False) -> HttpResponse:
    """Return a calendar as a download; its type names the method that the text names."""
    method = re.search(r"^METHOD:(\w+)", text, re.MULTILINE)
    kind = f"text/calendar; charset=utf-8{f'; method={method[1]}' if method else ''}"
    response = HttpResponse(text, content_type=kind)
    response["Content-Disposition"] = disposition(name, inline=inline)
    return response


def _text_of(calendar: Calendar) -> str:
    """Return the text of a calendar, which needs at least one component (RFC 5545 §3.6).

    One without events describes the zone that all times here are in, so that programs read an
    empty calendar and no broken file.
    """
    if not calendar.subcomponents:
        zone, standard = Timezone(), TimezoneStandard()
        zone.add("tzid", "UTC")
        standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - local to the zone
        standard.add("tzoffsetfrom", timedelta())
        standard.add("tzoffsetto", timedelta())
        standard.add("tzname", "UTC")
        zone.add_component(standard)
        calendar.add_component(zone)
    return str(calendar.to_ical().decode("utf-8"))


def _day(day: LastDay) -> Event:
    event = Event()
    event.add("uid", day.uid)
    event.add("dtstamp", day.stamp.astimezone(UTC))
    event.add("dtstart", day.on)
    event.add("dtend", day.on + timedelta(days=1))
    event.add("summary", day.summary)
    if day.description:
        event.add("description", day.description)
    if day.url:
        event.add("url", day.url)
    # Nobody is busy because something is due (RFC 5545 §3.8.2.7).
    event.add("transp", "TRANSPARENT")
    return event


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    return calendar


def _event(appointment: Appointment, *, with_people: bool = True) -> Event:
    event = Event()
    event.add("uid", appointment.uid)
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", appointment.stamp.astimezone(UTC))
    event.add("last-modified", appointment.stamp.astimezone(UTC))
    event.add("dtstart", appointment.starts_at.astimezone(UTC))
    event.add("dtend", appointment.ends_at.astimezone(UTC))
    event.add("summary", appointment.summary)
    for name in ("description", "place", "url"):
        value = getattr(appointment, name)
        if value:
            event.add("location" if name == "place" else name, value)
    event.add("status", _status(appointment))
    if with_people:
        _add_organiser(event, appointment)
        _add_attendees(event, appointment)
    return event


def _status(appointment: Appointment) -> str:
    if appointment.is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if appointment.is_tentative else "CONFIRMED"


def _add_organiser(event: Event, appointment: Appointment) -> None:
    organiser = vCalAddress(f"mailto:{appointment.organiser_email}")
    organiser.params["CN"] = vText(appointment.organiser_name)
    event["organizer"] = organiser


def _add_attendees(event: Event, appointment: Appointment) -> None:
    for attendee in appointment.attendees:
        address = vCalAddress(f"mailto:{attendee.email}")
        address.params["CN"] = vText(attendee.name)
        address.params["ROLE"] = vText("REQ-PARTICIPANT")
        address.params["PARTSTAT"] = vText(attendee.answer)
        address.params["RSVP"] = vText("TRUE" if attendee.answer == "NEEDS-ACTION" else "FALSE")
        event.add("attendee", address, encode=False)
