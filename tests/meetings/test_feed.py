"""The private calendar: by its secret address alone, and of one person alone."""

import pytest
from django.urls import reverse
from icalendar import Calendar

from proxeny.accounts.queries import hash_token
from proxeny.meetings.models import Meeting
from tests.factories.accounts import CalendarFeedFactory
from tests.factories.meetings import make_meeting

TOKEN = "a-long-secret-address"


@pytest.fixture
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
