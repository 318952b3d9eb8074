"""The private calendar: by its secret address alone, and of one person alone."""

import pytest
from django.urls import reverse
from icalendar import Calendar

from proxeny.accounts.queries import hash_token
from proxeny.kernel.tenancy import STRANGER
from proxeny.meetings.models import Meeting
from proxeny.meetings.queries import count_open_questions, list_questions, own_meetings
from tests.conftest import reader_of
from tests.factories.accounts import CalendarFeedFactory
from tests.factories.meetings import make_meeting
from tests.stages import staged

TOKEN = "a-long-secret-address"


@staged
def address(world) -> str:
    """The feed of member 1's representative on side A."""
    CalendarFeedFactory(person=world.a.representatives[0], token_hash=hash_token(TOKEN))
    return reverse("meetings:feed", args=[TOKEN])


def events_of(response) -> list:
    return list(Calendar.from_ical(response.content).walk("VEVENT"))


def test_the_address_shows_the_own_meetings_without_a_sign_in(meeting, address, client):
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert not response.cookies
    (event,) = events_of(response)
    assert event["uid"] == meeting.uid
    assert "French member 1" in event["summary"]
    assert event["location"] == "Athens, Table 1"
    assert event.decoded("dtstart") == meeting.starts_at
    assert "attendee" not in event
    calendar = Calendar.from_ical(response.content)
    assert calendar["refresh-interval"].to_ical() == b"PT1H"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in response.content


def test_an_unknown_address_is_not_found(meeting, address, client):
    assert client.get(reverse("meetings:feed", args=["guessed"])).status_code == 404


def test_meetings_of_others_and_drafts_stay_out(world, meeting, address, client):
    make_meeting(
        world.partnership,
        (world.a.members[1], world.a.representatives[1]),
        (world.b.members[0], world.b.representatives[0]),
    )
    Meeting.objects.filter(pk=meeting.pk).update(state=Meeting.State.DRAFT)
    assert events_of(client.get(address)) == []


def test_a_managers_feed_holds_only_meetings_they_go_to(world, meeting, client):
    CalendarFeedFactory(person=world.a.manager, token_hash=hash_token("manager"))
    assert events_of(client.get(reverse("meetings:feed", args=["manager"]))) == []


def test_a_colleague_named_for_the_meeting_has_it_and_others_of_the_firm_do_not(
    world, meeting, client
):
    from tests.factories.accounts import PersonFactory, SeatFactory

    colleague = PersonFactory()
    SeatFactory(person=colleague, organisation=world.a.members[0])
    CalendarFeedFactory(person=colleague, token_hash=hash_token("colleague"))
    address = reverse("meetings:feed", args=["colleague"])
    assert events_of(client.get(address)) == []
    meeting.parties.filter(organisation=world.a.members[0]).update(person=None)
    assert len(events_of(client.get(address))) == 1


@pytest.mark.parametrize(
    ("state", "status"),
    [("provisional", "TENTATIVE"), ("confirmed", "CONFIRMED"), ("cancelled", "CANCELLED")],
)
def test_the_status_follows_the_meeting(meeting, address, client, state, status):
    Meeting.objects.filter(pk=meeting.pk).update(state=state, sequence=3)
    (event,) = events_of(client.get(address))
    assert (event["status"], event["sequence"]) == (status, 3)


def test_unchanged_is_answered_with_304(meeting, address, client):
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Last-Modified"]
    assert "no-store" not in first["Cache-Control"]
    Meeting.objects.filter(pk=meeting.pk).update(place="Athens, Table 2")
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_feed_costs_the_same_with_more_meetings(
    world, meeting, address, client, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    for other in world.b.members[1:]:
        make_meeting(
            world.partnership, (world.a.members[0], world.a.representatives[0]), (other, None)
        )
    with django_assert_num_queries(len(seen)):
        assert len(events_of(client.get(address))) == 3


@staged
def arranged(world, meeting):
    """The meeting, as A's ambassador arranged it."""
    Meeting.objects.filter(pk=meeting.pk).update(
        desk=world.a.cluster, arranged_by=world.a.ambassador
    )
    return meeting


def test_who_arranged_a_meeting_has_it_with_the_names_of_both(
    world, arranged, client, call, reading, sign_in
):
    CalendarFeedFactory(person=world.a.ambassador, token_hash=hash_token("ambassador"))
    feed = reverse("meetings:feed", args=["ambassador"])
    (event,) = events_of(client.get(feed))
    first, second = (party.name for party in arranged.parties.order_by("pk"))
    assert event["summary"] == f"Meeting with Greek member 1 ({first}), French member 1 ({second})"
    (one,) = call(world.a.ambassador).get("/meetings").json()["results"]
    assert one["id"] == arranged.pk
    page = sign_in(world.a.ambassador).get("/").content.decode()
    assert "Greek member 1" in page
    assert "French member 1" in page
    for person, count in (
        (world.a.ambassador, 1),
        (world.a.representatives[0], 1),
        (world.b.representatives[0], 1),
        (world.a.manager, 0),
        (world.b.ambassador, 0),
        (world.c.manager, 0),
    ):
        with reading(person):
            assert own_meetings(reader_of(person)).count() == count, person
    with reading(None):
        assert own_meetings(STRANGER).count() == 0
    Meeting.objects.filter(pk=arranged.pk).update(state=Meeting.State.DRAFT)
    assert events_of(client.get(feed)) == []


def test_a_meeting_whose_arranger_has_gone_is_nobody_elses(world, arranged, reading):
    Meeting.objects.filter(pk=arranged.pk).update(arranged_by=None)
    with reading(world.a.ambassador):
        assert own_meetings(reader_of(world.a.ambassador)).count() == 0
        assert own_meetings(STRANGER).count() == 0


def test_who_arranged_a_meeting_is_not_asked_how_it_went(world, arranged, reading):
    after = arranged.ends_at
    for person, count in ((world.a.ambassador, 0), (world.a.representatives[0], 1)):
        with reading(person):
            assert len(list_questions(reader_of(person), now=after)) == count
            assert count_open_questions(reader_of(person), now=after) == count
