"""iCalendar texts, read back by another program's parser rules."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
import vobject
from icalendar import Calendar

from proxeny.kernel.calendar import (
    Appointment,
    Attendee,
    answer_calendar,
    write_agenda,
    write_feed,
    write_invitation,
)

ATHENS = ZoneInfo("Europe/Athens")
ONE = Appointment(
    uid="one@example.org",
    sequence=0,
    starts_at=datetime(2027, 3, 10, 10, 0, tzinfo=ATHENS),
    ends_at=datetime(2027, 3, 10, 10, 20, tzinfo=ATHENS),
    summary="Meeting with Müller, Söhne; 株式会社",
    stamp=datetime(2027, 1, 1, tzinfo=UTC),
    place="Athens, Table 1",
    description="First line\nsecond line",
    organiser_name="Spring fair",
    organiser_email="fair@example.org",
    attendees=(Attendee("Ada", "ada@example.org"),),
)


def only_event(text: str):
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    return event


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_an_invitation_has_all_that_itip_asks_for(method):
    text = write_invitation(ONE, method=method)
    event = only_event(text)
    assert Calendar.from_ical(text)["method"] == method
    for name in ("uid", "sequence", "dtstamp", "dtstart", "dtend", "organizer", "attendee"):
        assert name in event, name
    assert str(event["organizer"]) == "mailto:fair@example.org"
    assert event["attendee"].params["RSVP"] == "TRUE"


def test_who_has_accepted_is_not_asked_again():
    accepted = replace(ONE, attendees=(Attendee("Ada", "ada@example.org", "ACCEPTED"),))
    event = only_event(write_invitation(accepted, method="REQUEST"))
    assert event["attendee"].params["RSVP"] == "FALSE"
    assert event["attendee"].params["PARTSTAT"] == "ACCEPTED"


def test_other_methods_are_refused():
    with pytest.raises(ValueError, match="REQUEST or CANCEL"):
        write_invitation(ONE, method="REPLY")


@pytest.mark.parametrize("name", ["King, Martin Luther", "Léa d’Arc; PhD", "Παπαδόπουλος: Άρης"])
def test_names_with_signs_of_the_format_stay_one_name(name):
    one = replace(ONE, organiser_name=name, attendees=(Attendee(name, "ada@example.org"),))
    text = write_invitation(one, method="REQUEST")
    event = only_event(text)
    for who in ("attendee", "organizer"):
        assert event[who].params["CN"] == name
    # A second parser, with rules of its own.
    other = vobject.readOne(text).vevent
    assert other.attendee.params["CN"] == [name]
    assert other.attendee.value == "mailto:ada@example.org"


def test_an_appointment_over_two_days_ends_on_the_second():
    one = replace(ONE, ends_at=datetime(2027, 3, 11, 16, 0, tzinfo=ATHENS))
    for text in (
        write_invitation(one, method="REQUEST"),
        write_agenda([one]),
        write_feed("x", [one]),
    ):
        event = only_event(text)
        assert event.decoded("dtstart").astimezone(ATHENS) == one.starts_at
        assert event.decoded("dtend").astimezone(ATHENS) == one.ends_at


def test_text_survives_escaping_and_folding():
    event = only_event(write_invitation(ONE, method="REQUEST"))
    assert event["summary"] == ONE.summary
    assert event["description"] == ONE.description
    lines = write_invitation(ONE, method="REQUEST").encode().split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)


def test_an_agenda_holds_many_uids_and_nobodys_address():
    other = replace(ONE, uid="two@example.org", is_cancelled=True, sequence=1)
    text = write_agenda([ONE, other])
    events = list(Calendar.from_ical(text).walk("VEVENT"))
    assert [str(event["uid"]) for event in events] == ["one@example.org", "two@example.org"]
    assert [str(event["status"]) for event in events] == ["CONFIRMED", "CANCELLED"]
    assert "ada@example.org" not in text
    assert str(events[0]["organizer"]) == "mailto:fair@example.org"


def test_a_feed_has_a_name_and_no_method():
    text = write_feed("Mine", [replace(ONE, is_tentative=True)])
    calendar = Calendar.from_ical(text)
    assert calendar["x-wr-calname"] == "Mine"
    assert "method" not in calendar
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text
    assert only_event(text)["status"] == "TENTATIVE"


def test_times_are_right_on_both_sides_of_the_summer_time():
    # Athens goes from UTC+2 to UTC+3 on 28 March 2027.
    for day, hour_utc in ((27, 8), (29, 7)):
        start = datetime(2027, 3, day, 10, 0, tzinfo=ATHENS)
        event = only_event(write_feed("x", [replace(ONE, starts_at=start)]))
        assert event.decoded("dtstart") == datetime(2027, 3, day, hour_utc, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", [write_agenda([]), write_feed("Proxeny", [])])
def test_a_calendar_without_meetings_is_whole(text):
    read = Calendar.from_ical(text)
    assert [one.name for one in read.subcomponents] == ["VTIMEZONE"]
    assert not read.errors
    assert "METHOD" not in read
    assert [*recurring_ical_events.of(read).between((2020, 1, 1), (2040, 1, 1))] == []
    # A second judge, which checks what RFC 5545 asks of a calendar and of each part.
    other = vobject.readOne(text)
    assert other.validate(raiseException=True)
    assert "vevent" not in other.contents


def test_an_answer_names_the_method_of_its_text():
    assert answer_calendar(write_agenda([]), "a.ics")["Content-Type"] == (
        "text/calendar; charset=utf-8"
    )
    full = answer_calendar(write_agenda([ONE]), "a.ics", inline=True)
    assert full["Content-Type"] == "text/calendar; charset=utf-8; method=PUBLISH"
    assert full["Content-Disposition"] == 'inline; filename="a.ics"'
