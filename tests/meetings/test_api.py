"""Meetings over the API: each side's own, and nothing of what the other side said."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from proxeny.meetings.models import Meeting, MeetingParty, Rating
from tests.factories.meetings import RatingFactory, make_meeting

PAST = datetime(2026, 3, 10, 8, tzinfo=UTC)
RATE = {"phase": "day", "value": "possible"}


def held(meeting, *values: str) -> Meeting:
    """The meeting has begun, and its parties in order said this of it."""
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=PAST, ends_at=PAST + timedelta(minutes=20)
    )
    for party, value in zip(meeting.parties.order_by("pk"), values, strict=False):
        RatingFactory(party=party, value=value, note="Said in private")
    meeting.refresh_from_db()
    return meeting


def rows(program, **query) -> list[dict]:
    answer = program.get("/meetings", query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_each_lists_the_meetings_they_go_to(world, call, meeting):
    for person, count in (
        (world.a.representatives[0], 1),
        (world.b.representatives[0], 1),
        (world.a.representatives[1], 0),
        (world.a.manager, 0),
        (world.c.manager, 0),
        (world.c.representatives[0], 0),
    ):
        assert len(rows(call(person))) == count, person
    (one,) = rows(call(world.a.representatives[0]))
    assert one == {
        "id": meeting.pk,
        "partnership_id": world.partnership.pk,
        "kind": "business",
        "uid": meeting.uid,
        "sequence": 0,
        "title": "Spring fair",
        "starts_at": "2083-03-10T08:00:00Z",
        "ends_at": "2083-03-10T08:20:00Z",
        "time_zone": "Europe/Athens",
        "place": "Athens, Table 1",
        "state": "confirmed",
        "cancel_reason": "",
        "parties": [
            {
                "organisation": {"id": side.members[0].pk, "name": side.members[0].name},
                "name": "Person at the table",
                "is_own": side is world.a,
                "words": [],
            }
            for side in (world.a, world.b)
        ],
    }


def test_one_meeting_is_for_who_meets_and_for_the_staff_of_both(world, call, meeting):
    path = f"/meetings/{meeting.pk}"
    for person, status in (
        (world.a.representatives[0], 200),
        (world.b.representatives[0], 200),
        (world.a.manager, 200),
        (world.a.ambassador, 200),
        (world.b.manager, 200),
        (world.a.representatives[1], 404),
        (world.c.manager, 404),
        (world.c.representatives[0], 404),
    ):
        assert call(person).get(path).status_code == status, person
    Meeting.objects.update(state=Meeting.State.DRAFT)
    assert call(world.a.representatives[0]).get(path).status_code == 404
    assert rows(call(world.a.representatives[0])) == []
    assert call(world.a.manager).get(path).json()["state"] == "draft"


def test_filters(world, call, meeting):
    program = call(world.a.representatives[0])
    at = meeting.starts_at
    assert len(rows(program, since=at.isoformat())) == 1
    assert rows(program, since=meeting.ends_at.isoformat()) == []
    assert len(rows(program, until=(at + timedelta(seconds=1)).isoformat())) == 1
    assert rows(program, until=at.isoformat()) == []
    assert len(rows(program, partnership=world.partnership.pk)) == 1
    assert rows(program, partnership=world.partnership.pk + 1) == []
    assert len(rows(program, state="confirmed")) == 1
    assert rows(program, state="provisional") == []
    Meeting.objects.update(state=Meeting.State.CANCELLED, cancel_reason="Strike")
    assert rows(program, state="cancelled")[0]["cancel_reason"] == "Strike"


@pytest.mark.parametrize(
    "query",
    [
        {"since": "0001-01-01T00:00:00+14:00"},
        {"until": "9999-12-31T23:59:59-14:00"},
        {"since": "2083-03-10"},
        {"since": "2083-03-10T10:00:00"},
        {"since": "x"},
        {"partnership": "0"},
        {"partnership": str(2**63)},
        {"partnership": "x"},
        {"state": "draft"},
        {"state": "x"},
        {"page_size": "0"},
        {"page_size": "201"},
        {"cursor": "x"},
    ],
)
def test_what_cannot_be_read_is_said(world, call, query):
    answer = call(world.a.representatives[0]).get("/meetings", query)
    assert answer.status_code == 422, (query, answer.content)


def test_a_side_never_learns_what_the_other_said_nor_that_it_did_not_come(world, call, meeting):
    """Neither the words nor the state or the filter that follow from them."""
    held(meeting, Rating.Value.NOT_HELD)
    Meeting.objects.update(state=Meeting.State.MISSED)
    MeetingParty.objects.filter(organisation=world.a.members[0]).update(attended=False)
    own, other = call(world.a.representatives[0]), call(world.b.representatives[0])
    for program in (own, other):
        (one,) = rows(program)
        assert one["state"] == "confirmed"
        assert len(rows(program, state="confirmed")) == 1
        assert rows(program, state="missed") == []
        assert rows(program, state="held") == []
    first, second = own.get(f"/meetings/{meeting.pk}").json()["parties"]
    assert [one["value"] for one in first["words"]] == ["not-held"]
    assert second["words"] == []
    text = other.get(f"/meetings/{meeting.pk}").content.decode()
    assert "not-held" not in text
    assert "private" not in text
    assert "attended" not in text
    # Both clusters' staff know what became of a meeting, and read nobody's words here.
    seen = call(world.b.manager).get(f"/meetings/{meeting.pk}").json()
    assert seen["state"] == "missed"
    assert [one["words"] for one in seen["parties"]] == [[], []]


def test_rating_for_ones_own_side(world, call, meeting):
    held(meeting)
    path = f"/meetings/{meeting.pk}/rate"
    answer = call(world.a.representatives[0]).post(path, RATE | {"note": "A good start"})
    assert answer.status_code == 200
    assert answer.json()["value"] == "possible"
    rating = Rating.objects.get()
    assert (rating.party.organisation, rating.note) == (world.a.members[0], "A good start")
    answer = call(world.a.representatives[0]).post(path, RATE | {"value": "informative"}, key="k")
    assert Rating.objects.get().value == "informative"
    for person, status in (
        (world.a.manager, 403),
        (world.a.ambassador, 403),
        (world.b.manager, 403),
        (world.a.representatives[1], 404),
        (world.c.manager, 404),
        (world.c.representatives[0], 404),
    ):
        assert call(person).post(path, RATE).status_code == status, person
    assert Rating.objects.count() == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"phase": "day"},
        {"phase": "x", "value": "possible"},
        {"phase": "day", "value": "x"},
        {"phase": "day", "value": "agreement"},
        RATE | {"note": "x" * 2001},
        RATE | {"note": "\x00"},
        RATE | {"party": 1},
        RATE | {"rated_at": "2026-01-01T00:00:00Z"},
        RATE | {"attended": False},
        RATE | {"state": "held"},
        [],
    ],
)
def test_a_rating_that_does_not_fit_is_refused(world, call, meeting, body):
    held(meeting)
    answer = call(world.a.representatives[0]).post(f"/meetings/{meeting.pk}/rate", body)
    assert answer.status_code == 422
    assert not Rating.objects.exists()


def test_a_rating_too_early_and_of_a_cancelled_meeting(world, call, meeting):
    program, path = call(world.a.representatives[0]), f"/meetings/{meeting.pk}/rate"
    assert program.post(path, RATE).status_code == 409
    held(meeting)
    Meeting.objects.update(state=Meeting.State.CANCELLED)
    assert program.post(path, RATE).status_code == 409


def test_a_rating_is_done_once_for_one_key(world, call, meeting):
    held(meeting)
    program, path = call(world.a.representatives[0]), f"/meetings/{meeting.pk}/rate"
    first = program.post(path, RATE, key="once")
    Rating.objects.update(note="Changed meanwhile")
    again = program.post(path, RATE, key="once")
    assert again["Idempotent-Replayed"] == "true"
    assert again.content == first.content
    assert Rating.objects.get().note == "Changed meanwhile"
    assert program.post(path, RATE | {"note": "Other"}, key="once").status_code == 422


def test_what_waits_for_a_word(world, call, meeting):
    program = call(world.a.representatives[0])
    assert program.get("/meetings/questions").json() == []
    held(meeting)
    (question,) = program.get("/meetings/questions").json()
    assert (question["phase"], question["value"]) == ("day", "")
    assert question["others"] == world.b.members[0].name
    assert question["choices"] == ["possible", "informative", "no-interest", "not-held"]
    assert call(world.c.manager).get("/meetings/questions").json() == []


def test_what_came_of_a_partnerships_meetings(world, call, meeting):
    held(meeting, Rating.Value.POSSIBLE, Rating.Value.POSSIBLE)
    Meeting.objects.update(state=Meeting.State.HELD)
    make_meeting(
        world.partnership, (world.a.members[1], None), (world.b.members[1], None), state="draft"
    )
    path = f"/meetings/outcome/{world.partnership.pk}"
    told = call(world.a.manager).get(path).json()
    assert (told["planned"], told["held"], told["both"]) == (1, 1, 1)
    assert (told["cooperation_rate"]["of"], told["outcome_unknown"]) == (0, 1)
    assert told["cooperation_rate"]["percent"] is None
    for person, status in (
        (world.b.manager, 200),
        (world.a.ambassador, 200),
        (world.a.representatives[0], 403),
        (world.c.manager, 404),
        (world.c.representatives[0], 404),
    ):
        assert call(person).get(path).status_code == status


def test_the_calendar_holds_the_own_meetings(world, call, meeting):
    answer = call(world.a.representatives[0]).get("/meetings/calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(event["UID"]) == meeting.uid
    assert world.b.members[0].name in str(event["SUMMARY"])
    empty = Calendar.from_ical(call(world.c.manager).get("/meetings/calendar.ics").content)
    assert empty.walk("VEVENT") == []


def test_a_token_needs_the_areas_scope(world, call, meeting):
    held(meeting)
    reads = call(world.a.representatives[0], "meetings:read")
    assert reads.get(f"/meetings/{meeting.pk}").status_code == 200
    assert reads.post(f"/meetings/{meeting.pk}/rate", RATE).status_code == 403
    other = call(world.a.representatives[0], "events:read", "events:write")
    for path in ("", "/questions", "/calendar.ics", f"/{meeting.pk}"):
        assert other.get(f"/meetings{path}").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries(world, call, count, django_assert_num_queries):
    for number in range(count):
        make_meeting(
            world.partnership,
            (world.a.members[0], world.a.representatives[0]),
            (world.b.members[number], world.b.representatives[number]),
            starts_at=timezone.now() + timedelta(hours=number),
            ends_at=timezone.now() + timedelta(hours=number, minutes=20),
        )
    program = call(world.a.representatives[0])
    program.get("/meetings")
    with django_assert_num_queries(QUERIES):
        assert len(rows(program)) == count


QUERIES = 16


def test_pages_follow_the_order_of_time(world, call):
    made = [
        make_meeting(
            world.partnership,
            (world.a.members[0], world.a.representatives[0]),
            (world.b.members[0], world.b.representatives[0]),
            starts_at=PAST + timedelta(days=day),
            ends_at=PAST + timedelta(days=day, minutes=20),
        ).pk
        for day in (3, 1, 2, 1)
    ]
    program, found, query = call(world.a.representatives[0]), [], {"page_size": 1}
    address = "/meetings"
    while address:
        page = program.get(address, query).json()
        found += [one["id"] for one in page["results"]]
        address, query = (page["next"] or "").removeprefix("http://testserver"), None
    assert found == [made[1], made[3], made[2], made[0]]
