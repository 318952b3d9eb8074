"""Mails of an agenda, over a real SMTP server: one each, with a calendar others can read."""

import email
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from icalendar import Calendar

from proxeny.accounts.models import Person
from proxeny.directory.models import Details
from proxeny.events.models import Participation, Slot
from proxeny.events.operations.agenda import add_entry, move_entry
from proxeny.events.operations.publish import publish_agenda, show_provisional
from proxeny.events.operations.repair import cancel_meeting
from proxeny.events.queries.agenda.places import find_places
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.mail import send
from proxeny.kernel.models import Mail
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.meetings.models import Meeting
from tests.conftest import reader_of
from tests.events.agenda.conftest import run_waiting_jobs


def deliver(inbox) -> dict[str, email.message.EmailMessage]:
    """Send what waits; return the messages by recipient, each of whom got one."""
    before = len(inbox.messages)
    for pk in Mail.objects.filter(sent_at=None).values_list("pk", flat=True):
        send(pk)
    new = inbox.messages[before:]
    assert len({message["To"] for message in new}) == len(new)
    return {message["To"]: message for message in new}


def calendar_of(message) -> Calendar:
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(parts[0].get_payload(decode=True))
    assert {part.get_param("method") for part in parts} == {calendar["method"]}
    return calendar


def as_manager(fair, operation, **arguments):
    reader = reader_of(fair.manager)
    with acting_as(WEB, reader):
        return operation(actor=reader, event_id=fair.id, now=timezone.now(), **arguments)


def addresses(*people) -> set[str]:
    return {person.email for person in people}


def everybody(fair) -> set[str]:
    """The participants, and the manager of the other side, who hears of each step."""
    world = fair.world
    return addresses(*world.a.representatives, *world.b.representatives, world.b.manager)


def test_publishing_sends_everyone_one_mail_with_all_their_meetings(published, inbox):
    mails = deliver(inbox)
    assert set(mails) == everybody(published)
    person = published.world.a.representatives[0]
    message = mails[person.email]
    assert message["Subject"] == f"Your meetings at {published.event.title}"
    text = message.get_body(("plain",)).get_content()
    for name in ("French member 1", "French member 2", "French member 3", "Table"):
        assert name in text
    assert "Greek member 2" not in message.as_string()
    calendar = calendar_of(message)
    assert calendar["method"] == "PUBLISH"
    events = list(calendar.walk("VEVENT"))
    assert len({event["uid"] for event in events}) == 3
    assert all("attendee" not in event for event in events)
    assert {str(event["status"]) for event in events} == {"CONFIRMED"}


def test_who_comes_without_a_seat_is_told_at_the_members_address(solved, inbox):
    first, second = solved.world.a.members[:2]
    for member in (first, second):
        Participation.objects.filter(event=solved.id, organisation=member).update(person=None)
        member.seats.all().delete()
    Details.objects.filter(organisation=first).update(email="desk@member.example")
    as_manager(solved, publish_agenda)
    run_waiting_jobs()
    told = set(deliver(inbox))
    # A member without an address is told nothing, and keeps nobody else from being told.
    gone = addresses(*solved.world.a.representatives[:2])
    assert told == everybody(solved) - gone | {"desk@member.example"}


def test_publishing_twice_tells_once(published, inbox):
    with pytest.raises(Conflict):
        as_manager(published, publish_agenda)
    run_waiting_jobs()
    assert len(deliver(inbox)) == 6 + 1


def test_a_provisional_agenda_is_told_once_and_without_a_calendar(solved, inbox):
    as_manager(solved, show_provisional)
    as_manager(solved, show_provisional)
    run_waiting_jobs()
    mails = deliver(inbox)
    assert set(mails) == everybody(solved) | addresses(solved.world.b.ambassador)
    assert not any(
        part.get_content_type() == "text/calendar" for m in mails.values() for part in m.walk()
    )


def test_before_publication_changes_are_told_to_nobody(solved):
    as_manager(solved, cancel_meeting, entry_id=solved.entries()[0].pk, reason="By phone")
    assert Mail.objects.count() == 0


def test_a_move_is_told_to_the_two_and_to_nobody_else(published, inbox):
    deliver(inbox)
    greek, french = published.of.greek[1], published.of.french[1]
    entry = published.entry_of(greek, french)
    places = find_places(published.id, greek, french, ignoring=entry.pk)
    place = next(one for one in places if one.slot.pk != entry.slot_id)
    as_manager(
        published, move_entry, entry_id=entry.pk, slot_id=place.slot.pk, table_id=place.table.pk
    )
    mails = deliver(inbox)
    assert set(mails) == addresses(greek.person, french.person)
    calendar = calendar_of(mails[greek.person.email])
    (event,) = calendar.walk("VEVENT")
    entry.meeting.refresh_from_db()
    assert (calendar["method"], event["sequence"]) == ("REQUEST", 1)
    assert event["uid"] == entry.meeting.uid
    assert event.decoded("dtstart") == place.slot.starts_at
    assert event["organizer"].params["CN"] == published.event.title
    assert str(event["attendee"]) == f"mailto:{greek.person.email}"
    assert french.person.email not in mails[greek.person.email].as_string()


def test_a_cancellation_is_a_cancel_with_the_reason(published, inbox):
    deliver(inbox)
    greek, french = published.of.greek[0], published.of.french[2]
    entry = published.entry_of(greek, french)
    as_manager(published, cancel_meeting, entry_id=entry.pk, reason="Asked by phone")
    mails = deliver(inbox)
    assert set(mails) == addresses(greek.person, french.person)
    message = mails[french.person.email]
    assert "Reason: Asked by phone" in message.get_body(("plain",)).get_content()
    calendar = calendar_of(message)
    (event,) = calendar.walk("VEVENT")
    assert (calendar["method"], event["status"], event["sequence"]) == ("CANCEL", "CANCELLED", 1)


def test_a_meeting_added_by_hand_is_a_request(published, inbox):
    deliver(inbox)
    entry = published.entry_of(published.of.greek[0], published.of.french[0])
    as_manager(published, cancel_meeting, entry_id=entry.pk, reason="Wrong person")
    deliver(inbox)
    pair = (published.of.greek[0], published.of.french[0])
    place = find_places(published.id, *pair)[0]
    new = as_manager(
        published,
        add_entry,
        first_id=pair[0].pk,
        second_id=pair[1].pk,
        slot_id=place.slot.pk,
        table_id=place.table.pk,
    )
    mails = deliver(inbox)
    assert set(mails) == addresses(pair[0].person, pair[1].person)
    calendar = calendar_of(mails[pair[0].person.email])
    assert calendar["method"] == "REQUEST"
    assert Meeting.objects.get(pk=new.meeting_id).state == Meeting.State.CONFIRMED


def test_mails_speak_the_persons_language_and_time_of_the_place(solved, inbox):
    person = solved.world.b.representatives[0]
    Person.objects.filter(pk=person.pk).update(language="ar")
    # Clocks in Athens go forward on 28 March 2083 at 03:00.
    start = datetime(2083, 3, 28, 0, 40, tzinfo=UTC)
    for number, slot in enumerate(Slot.objects.filter(event=solved.event)):
        minutes = timedelta(minutes=20 * number)
        Slot.objects.filter(pk=slot.pk).update(
            starts_at=start + minutes, ends_at=start + minutes + timedelta(minutes=20)
        )
    for entry in solved.entries():
        Meeting.objects.filter(pk=entry.meeting_id).update(
            starts_at=entry.slot.starts_at, ends_at=entry.slot.ends_at
        )
    as_manager(solved, publish_agenda)
    run_waiting_jobs()
    mails = deliver(inbox)
    assert 'dir="rtl"' in mails[person.email].get_body(("html",)).get_content()
    message = mails[solved.world.a.representatives[0].email]
    text = message.get_body(("plain",)).get_content()
    athens = ZoneInfo("Europe/Athens")
    for event in calendar_of(message).walk("VEVENT"):
        local = event.decoded("dtstart").astimezone(athens)
        assert f"{local:%H:%M}" in text
        assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=20)


def test_an_agenda_of_two_days_names_each_day_in_mail_and_calendar(solved, inbox):
    event = solved.event
    event.ends_on += timedelta(days=1)
    event.save()
    later = Slot.objects.filter(event=event, number__gt=3)
    later.update(starts_at=F("starts_at") + timedelta(1), ends_at=F("ends_at") + timedelta(1))
    for entry in solved.entries():
        Meeting.objects.filter(pk=entry.meeting_id).update(
            starts_at=entry.slot.starts_at, ends_at=entry.slot.ends_at
        )
    as_manager(solved, publish_agenda)
    run_waiting_jobs()
    days = set()
    for message in deliver(inbox).values():
        parts = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
        if not parts:
            continue
        text = message.get_body(("plain",)).get_content()
        for one in calendar_of(message).walk("VEVENT"):
            local = one.decoded("dtstart").astimezone(ZoneInfo("Europe/Athens"))
            days.add(local.day)
            day = date_format(local, "MONTH_DAY_FORMAT")
            assert f"{local:%A} {day}, {local:%H:%M}" in text
    assert days == {10, 11}


def test_publication_needs_an_agenda_and_a_manager(fair, solved):
    reader = reader_of(fair.world.a.representatives[0])
    with pytest.raises(NotAllowed), acting_as(WEB, reader):
        publish_agenda(actor=reader, event_id=fair.id, now=timezone.now())
    Meeting.objects.all().delete()
    with pytest.raises(InvalidInput, match="no meetings yet"):
        as_manager(fair, publish_agenda)
