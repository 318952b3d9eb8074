"""Mails of catch-ups over a real SMTP server: invitations that calendars read, and the minutes."""

from datetime import date, timedelta

import pytest
from icalendar import Calendar

from proxeny.accounts.models import Person
from proxeny.kernel.mail import send
from proxeny.kernel.models import Mail
from proxeny.meetings.operations.catch_ups import (
    answer_catch_up,
    call_off_catch_up,
    change_catch_up,
    plan_catch_up,
)
from proxeny.meetings.operations.minutes import Minutes, NewAction, write_minutes
from tests.meetings.catching_up import NOW, STARTS_AT, do, facts

AFTER = STARTS_AT + timedelta(hours=2)
SCRIPT = "<script>alert(1)</script>"


def deliver(inbox) -> dict:
    """Send what waits; return the messages by recipient, each of whom got one."""
    before = len(inbox.messages)
    for pk in Mail.objects.filter(sent_at=None).values_list("pk", flat=True):
        send(pk)
    new = inbox.messages[before:]
    assert len({message["To"] for message in new}) == len(new)
    return {message["To"]: message for message in new}


def event_of(message):
    parts = [part for part in message.walk() if part.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(parts[0].get_payload(decode=True))
    assert {part.get_param("method") for part in parts} == {calendar["method"]}
    (event,) = calendar.walk("VEVENT")
    return str(calendar["method"]), event


def text_of(message) -> str:
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def html_of(message) -> str:
    return message.get_body(("html",)).get_content()


@pytest.fixture
def planned(world, inbox):
    Person.objects.filter(pk=world.b.manager.pk).update(language="fr", time_zone="Europe/Paris")
    Person.objects.filter(pk=world.a.manager.pk).update(time_zone="Europe/Athens")
    return do(world.a.manager, plan_catch_up, world, facts=facts(world))


def test_each_guest_is_invited_in_their_language_and_time(world, planned, inbox):
    mails = deliver(inbox)
    assert set(mails) == {
        world.a.manager.email,
        world.b.manager.email,
        world.b.ambassador.email,
    }
    greek, french = mails[world.a.manager.email], mails[world.b.manager.email]
    assert greek["Subject"] == "Invitation: Half-year review · Athens – Paris"
    assert "10:00–11:00 (Athens)" in text_of(greek)
    assert "Paris)" not in text_of(greek)
    # By call: in one's own time first, then as it was planned.
    assert "09:00–10:00 (Paris)\n" in text_of(french)
    assert "10:00–11:00 (Athènes)\n" in text_of(french)
    assert "https://meet.example.org/room" in text_of(french)
    assert "Who pays for the fair?" in text_of(greek)
    method, event = event_of(french)
    assert method == "REQUEST"
    assert (event["uid"], event["sequence"]) == (planned.meeting.uid, 0)
    assert event.decoded("dtstart") == STARTS_AT
    assert str(event["status"]) == "CONFIRMED"
    assert str(event["location"]) == "https://meet.example.org/room"
    assert str(event["attendee"]) == f"mailto:{world.b.manager.email}"
    assert event["attendee"].params["PARTSTAT"] == "NEEDS-ACTION"
    # Who planned it has accepted; nobody's address travels to anybody else.
    _method, own = event_of(greek)
    assert own["attendee"].params["PARTSTAT"] == "ACCEPTED"
    assert world.b.manager.email not in greek.as_string()


def test_a_move_updates_the_same_entry_of_the_calendar(world, planned, inbox):
    deliver(inbox)
    do(world.b.manager, answer_catch_up, world, catch_up_id=planned.pk, will_come=False)
    later = facts(world, starts_at=STARTS_AT + timedelta(days=1))
    do(world.a.manager, change_catch_up, world, catch_up_id=planned.pk, version=1, facts=later)
    mails = deliver(inbox)
    # A new time asks again, also who had said no.
    assert set(mails) == {
        world.a.manager.email,
        world.b.manager.email,
        world.b.ambassador.email,
    }
    method, event = event_of(mails[world.b.manager.email])
    assert (method, event["uid"], event["sequence"]) == ("REQUEST", planned.meeting.uid, 1)
    assert event.decoded("dtstart") == later.starts_at
    assert mails[world.a.manager.email]["Subject"].startswith("Changed: ")


def test_another_agenda_is_no_mail(world, planned, inbox):
    deliver(inbox)
    do(
        world.a.manager,
        change_catch_up,
        world,
        catch_up_id=planned.pk,
        version=1,
        facts=facts(world, agenda="Money"),
    )
    assert deliver(inbox) == {}


def test_who_is_asked_no_longer_gets_a_cancellation_and_who_is_new_an_invitation(
    world, planned, inbox
):
    deliver(inbox)
    other = (world.a.manager.pk, world.b.manager.pk, world.a.ambassador.pk)
    do(
        world.a.manager,
        change_catch_up,
        world,
        catch_up_id=planned.pk,
        version=1,
        facts=facts(world, guests=other),
    )
    mails = deliver(inbox)
    assert set(mails) == {world.b.ambassador.email, world.a.ambassador.email}
    method, event = event_of(mails[world.b.ambassador.email])
    assert (method, str(event["status"]), event["sequence"]) == ("CANCEL", "CANCELLED", 1)
    assert event_of(mails[world.a.ambassador.email])[0] == "REQUEST"
    # Asked again, the calendar takes them in again: the sequence has risen.
    do(
        world.a.manager,
        change_catch_up,
        world,
        catch_up_id=planned.pk,
        version=2,
        facts=facts(world),
    )
    method, event = event_of(deliver(inbox)[world.b.ambassador.email])
    assert (method, event["sequence"]) == ("REQUEST", 2)


def test_calling_off_cancels_in_each_calendar_with_the_reason(world, planned, inbox):
    deliver(inbox)
    do(world.b.ambassador, answer_catch_up, world, catch_up_id=planned.pk, will_come=False)
    do(world.b.manager, call_off_catch_up, world, catch_up_id=planned.pk, reason="A strike")
    mails = deliver(inbox)
    assert set(mails) == {world.a.manager.email, world.b.manager.email}
    message = mails[world.a.manager.email]
    assert message["Subject"] == "Cancelled: Half-year review · Athens – Paris"
    assert "A strike" in text_of(message)
    method, event = event_of(message)
    assert (method, event["uid"], event["sequence"]) == ("CANCEL", planned.meeting.uid, 1)


def test_what_is_noted_afterwards_invites_nobody(world, inbox):
    do(world.a.manager, plan_catch_up, world, facts=facts(world), now=AFTER)
    assert deliver(inbox) == {}


def test_face_to_face_the_clocks_are_those_of_the_place(world, inbox):
    Person.objects.filter(pk=world.b.manager.pk).update(time_zone="Europe/Paris")
    host = world.partnership.parties.get(side="A").pk
    do(
        world.a.manager,
        plan_catch_up,
        world,
        facts=facts(world, in_person=True, place="Athens, Ermou 5", host_id=host),
    )
    text = text_of(deliver(inbox)[world.b.manager.email])
    assert "10:00–11:00 (Athens)" in text
    assert "Paris)" not in text
    assert "Athens, Ermou 5" in text
    assert "Host: Greek cluster" in text


def test_closed_minutes_go_to_all_who_were_asked_or_came(world, planned, inbox):
    deliver(inbox)
    came = (world.a.manager.pk, world.b.manager.pk, world.a.ambassador.pk)
    do(
        world.a.manager,
        write_minutes,
        world,
        now=AFTER,
        catch_up_id=planned.pk,
        version=1,
        minutes=Minutes("We talked about money.", ("We go to Lyon.",), came),
        actions=[NewAction("Book the stand", date(2083, 4, 1), person_id=world.b.manager.pk)],
        is_final=True,
    )
    mails = deliver(inbox)
    assert set(mails) == {
        world.a.manager.email,
        world.b.manager.email,
        world.b.ambassador.email,
        world.a.ambassador.email,
    }
    text = text_of(mails[world.b.ambassador.email])
    for told in (
        "1. We go to Lyon.",
        "Book the stand (French manager, by 1 April 2083)",
        "We talked about money.",
        "Greek manager, ",
    ):
        assert told in text, text


def test_a_script_in_the_minutes_is_text(world, planned, inbox):
    deliver(inbox)
    do(
        world.a.manager,
        write_minutes,
        world,
        now=AFTER,
        catch_up_id=planned.pk,
        version=1,
        minutes=Minutes(
            f"Said: {SCRIPT}", (f"Decided: {SCRIPT}",), (world.a.manager.pk, world.b.manager.pk)
        ),
        actions=[NewAction(f"To do: {SCRIPT}", date(2083, 4, 1))],
        is_final=True,
    )
    message = deliver(inbox)[world.b.manager.email]
    for told in ("Said", "Decided", "To do"):
        assert f"{told}: {SCRIPT}" in text_of(message)
        assert f"{told}: &lt;script&gt;alert(1)&lt;/script&gt;" in html_of(message)
    assert "<script" not in html_of(message)


def test_an_erased_guest_hears_nothing_more(world, planned, inbox):
    deliver(inbox)
    Person.objects.filter(pk=world.b.manager.pk).update(erased_at=NOW, email="")
    do(world.a.manager, call_off_catch_up, world, catch_up_id=planned.pk, reason="A strike")
    assert set(deliver(inbox)) == {world.a.manager.email, world.b.ambassador.email}
