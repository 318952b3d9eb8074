"""When somebody can be met: what they say of it, what is read from a calendar, and who sees it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.ambassadors.models import BusyTime, WorkingHours
from proxeny.ambassadors.operations.calendars import (
    bring_calendar,
    forget_calendar,
    set_working_hours,
)
from proxeny.ambassadors.queries.calendars import busy_of, hours_of
from proxeny.kernel.errors import InvalidInput, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import STRANGER, WEB, acting_as
from proxeny.meetings.models import Meeting, MeetingParty
from tests.ambassadors.desk import FIRST, NOW, agree, ask, book, do, note
from tests.conftest import reader_of
from tests.factories.meetings import make_catch_up, make_meeting

pytestmark = pytest.mark.django_db
PAGE = reverse("ambassadors:calendar")
WEEK = NOW + timedelta(days=7)


def calendar(*events: tuple[datetime, int], more: str = "") -> bytes:
    """Return a calendar with an event for each moment and its minutes."""
    lines = [
        f"BEGIN:VEVENT\r\nUID:{number}@x.example\r\nSUMMARY:Secret of {number}\r\n"
        f"DTSTART:{start.astimezone(UTC):%Y%m%dT%H%M%SZ}\r\n"
        f"DTEND:{start.astimezone(UTC) + timedelta(minutes=minutes):%Y%m%dT%H%M%SZ}\r\n"
        "END:VEVENT\r\n"
        for number, (start, minutes) in enumerate(events)
    ]
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{more}{''.join(lines)}END:VCALENDAR\r\n".encode()


def hours(person, **changes):
    values = {"weekdays": [4, 0, 0], "opens_min": 480, "closes_min": 960, **changes}
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return set_working_hours(actor=reader, **values)


def forget(person) -> int:
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return forget_calendar(actor=reader)


def busy(person, *people, since=NOW, until=NOW + timedelta(days=30)):
    """Return what a person reads of when people are busy."""
    reader = reader_of(person) if person else STRANGER
    with acting_as(WEB, reader):
        return busy_of([one.pk for one in people], since, until)


def test_hours_are_said_once_and_changed(world):
    person = world.a.representatives[0]
    assert hours(person).weekdays == [0, 4]
    assert hours(person, opens_min=540).opens_min == 540
    hours(person, opens_min=540)
    assert WorkingHours.objects.count() == 1
    entries = AuditEntry.objects.filter(verb="set_working_hours").order_by("pk")
    assert [one.changes.get("opens_min") for one in entries] == [[None, 480], [480, 540]]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"weekdays": []}, "weekdays"),
        ({"weekdays": [7]}, "weekdays"),
        ({"opens_min": 960}, "closes"),
        ({"closes_min": 1441}, "closes"),
        ({"opens_min": -1}, "closes"),
    ],
)
def test_hours_that_nobody_can_keep_are_refused(world, changes, field):
    with pytest.raises(InvalidInput) as refused:
        hours(world.a.ambassador, **changes)
    assert refused.value.field == field
    assert not WorkingHours.objects.exists()


def test_a_calendar_takes_the_place_of_the_one_before_and_keeps_times_alone(world):
    person = world.a.representatives[0]
    first = do(person, bring_calendar, content=calendar((WEEK, 90), (WEEK + timedelta(days=1), 30)))
    assert (first.events, first.times, first.hours) == (2, 2, 2.0)
    again = do(person, bring_calendar, content=calendar((WEEK + timedelta(days=2), 60)))
    assert again.hours == 1.0
    assert list(BusyTime.objects.values_list("starts_at", "ends_at")) == [
        (WEEK + timedelta(days=2), WEEK + timedelta(days=2, hours=1))
    ]
    entries = AuditEntry.objects.filter(verb="bring_calendar").order_by("pk")
    assert [one.changes for one in entries] == [{"times": 2}, {"times": 1}]
    assert "Secret" not in str(list(AuditEntry.objects.values()))


def test_whole_days_are_those_of_the_persons_own_zone(world):
    person = world.a.representatives[0]
    person.time_zone = "Asia/Tokyo"
    person.save()
    day = (
        "BEGIN:VEVENT\r\nUID:d\r\nDTSTART;VALUE=DATE:20830310\r\nDTEND;VALUE=DATE:20830311\r\n"
        "END:VEVENT\r\n"
    )
    do(person, bring_calendar, content=calendar(more=day))
    assert BusyTime.objects.get().starts_at == datetime(2083, 3, 10, tzinfo=ZoneInfo("Asia/Tokyo"))


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"%PDF-1.7", b"BEGIN:VCALENDAR\r\n"])
def test_what_is_no_calendar_leaves_the_one_before(world, content):
    person = world.a.representatives[0]
    do(person, bring_calendar, content=calendar((WEEK, 60)))
    with pytest.raises(InvalidInput):
        do(person, bring_calendar, content=content)
    with pytest.raises(InvalidInput, match="larger than 5 MB"):
        do(person, bring_calendar, content=b"x" * (5 * 1024 * 1024 + 1))
    assert BusyTime.objects.count() == 1


def test_all_of_it_is_deleted_and_no_more_than_ones_own(world):
    for person in (world.a.representatives[0], world.a.representatives[1]):
        do(person, bring_calendar, content=calendar((WEEK, 60)))
    assert forget(world.a.representatives[0]) == 1
    assert forget(world.a.representatives[0]) == 0
    assert BusyTime.objects.get().person_id == world.a.representatives[1].pk
    assert AuditEntry.objects.filter(verb="forget_calendar").count() == 1


def test_a_stranger_has_no_times(world):
    with acting_as(WEB, STRANGER):
        for operation, values in (
            (forget_calendar, {}),
            (bring_calendar, {"content": calendar(), "now": NOW}),
            (set_working_hours, {"weekdays": [0], "opens_min": 0, "closes_min": 60}),
        ):
            with pytest.raises(NotFound):
                operation(actor=STRANGER, **values)


def test_the_desk_sees_who_is_busy_once_they_have_said_yes_and_no_other_desk(world):
    member, colleague = world.a.representatives[0], world.a.ambassador
    for person in (member, colleague):
        do(person, bring_calendar, content=calendar((WEEK, 60)))
        hours(person)
    case = note(world)
    ask(case, world)
    at = [(WEEK, WEEK + timedelta(hours=1))]
    assert busy(world.a.manager, member, colleague) == {colleague.pk: at}
    agree(case, world)
    everybody = {member.pk: at, colleague.pk: at}
    assert busy(world.a.ambassador, member, colleague) == everybody
    assert busy(member, member, colleague) == {member.pk: at}
    for person in (world.b.ambassador, world.a.representatives[1], world.c.manager, None):
        assert busy(person, member, colleague) == {}
    with acting_as(WEB, reader_of(world.a.manager)):
        assert set(hours_of([member.pk, colleague.pk])) == {member.pk, colleague.pk}
    with acting_as(WEB, reader_of(world.b.manager)):
        assert hours_of([member.pk, colleague.pk]) == {}


def test_meetings_and_catch_ups_count_as_busy_and_what_is_off_does_not(world):
    person = world.a.representatives[0]
    case = book(note(world), world)
    booked = (FIRST, FIRST + timedelta(minutes=45))
    assert busy(world.a.ambassador, person) == {person.pk: [booked]}
    do(person, bring_calendar, content=calendar((FIRST - timedelta(hours=3), 60)))
    before = (FIRST - timedelta(hours=3), FIRST - timedelta(hours=2))
    assert busy(world.a.ambassador, person) == {person.pk: [before, booked]}
    assert busy(world.a.ambassador, person, since=FIRST, until=FIRST) == {}
    assert busy(world.a.ambassador, person, since=booked[1]) == {}
    Meeting.objects.filter(pk=case.meeting_id).update(state=Meeting.State.CANCELLED)
    assert busy(world.a.ambassador, person) == {person.pk: [before]}
    one = make_catch_up(world.partnership, world.a.manager, world.b.manager, starts_at=WEEK)
    assert list(busy(world.a.ambassador, world.a.manager, world.b.manager)) == [
        world.a.manager.pk,
        world.b.manager.pk,
    ]
    one.guests.filter(person=world.b.manager).update(answer=MeetingParty.Answer.DECLINED)
    assert list(busy(world.a.ambassador, world.a.manager, world.b.manager)) == [world.a.manager.pk]


def test_many_peoples_times_are_one_query(world):
    people = [*world.a.representatives, world.a.ambassador, world.a.manager]
    for person in people:
        do(person, bring_calendar, content=calendar((WEEK, 60), (WEEK + timedelta(days=1), 60)))
        hours(person)
    reader = reader_of(world.a.manager)
    counts = []
    with acting_as(WEB, reader):
        for some in (people[-1:], people):
            ids = [one.pk for one in some]
            with CaptureQueriesContext(connection) as queries:
                busy_of(ids, NOW, NOW + timedelta(days=30))
                hours_of(ids)
            counts.append(len(queries))
    assert counts == [2, 2]


def test_the_page_says_what_was_read_and_forgets_it(world, sign_in):
    client = sign_in(world.a.representatives[0])
    assert "weekdays from nine to five" in client.get(PAGE).content.decode()
    soon = timezone.now() + timedelta(days=3)
    file = SimpleUploadedFile("whatever.txt", calendar((soon, 90)), content_type="image/png")
    text = client.post(reverse("ambassadors:calendar-bring"), {"file": file}, follow=True)
    text = text.content.decode()
    assert "Imported: 1.5 busy hours until" in text
    assert "Known: 1.5 busy hours until" in text
    assert "Secret" not in text
    client.post(reverse("ambassadors:calendar-forget"))
    assert "No busy times are known" in client.get(PAGE).content.decode()
    free = SimpleUploadedFile("old.ics", calendar((timezone.now() - timedelta(days=9), 60)))
    answer = client.post(reverse("ambassadors:calendar-bring"), {"file": free}, follow=True)
    assert "1 event was read, but it doesn’t take up any time" in answer.content.decode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "Choose your calendar file."),
        (b"", "This file is empty."),
        (b"PK\x03\x04", "This isn’t a calendar."),
        (b"x" * (5 * 1024 * 1024 + 1), "larger than 5 MB"),
    ],
)
def test_a_wrong_file_is_told_at_its_field(world, sign_in, content, sentence):
    client = sign_in(world.a.representatives[0])
    values = {} if content is None else {"file": SimpleUploadedFile("a.ics", content)}
    answer = client.post(reverse("ambassadors:calendar-bring"), values)
    assert answer.status_code == 422
    assert sentence in str(answer.context["bring_form"].errors["file"])


def test_hours_are_set_on_the_page(world, sign_in):
    client, url = sign_in(world.a.representatives[0]), reverse("ambassadors:calendar-hours")
    answer = client.post(url, {"weekdays": ["0"], "opens": "10:00", "closes": "09:00"})
    assert answer.status_code == 422
    assert "Enter an end time after the start time." in answer.content.decode()
    assert client.post(url, {"weekdays": ["9"], "opens": "x"}).status_code == 422
    client.post(url, {"weekdays": ["1", "6"], "opens": "20:30", "closes": "00:00"})
    made = WorkingHours.objects.get(person=world.a.representatives[0])
    assert (made.weekdays, made.opens_min, made.closes_min) == ([1, 6], 1230, 1440)
    form = client.get(PAGE).context["hours_form"]
    assert (str(form["closes"].value()), form["weekdays"].value()) == ("00:00:00", [1, 6])


def test_a_meeting_is_busy_for_who_goes_and_for_no_colleague(world):
    sides = [(side.members[0], side.representatives[0]) for side in (world.a, world.b)]
    make_meeting(world.partnership, *sides, starts_at=WEEK, ends_at=WEEK + timedelta(hours=1))
    found = busy(world.a.ambassador, *world.a.representatives, *world.b.representatives)
    assert sorted(found) == sorted(person.pk for _member, person in sides)
    assert busy(world.c.manager, *world.a.representatives) == {}
