"""The list, the board and the workload: what each reader finds there."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.assessments.models import Engagement
from proxeny.assessments.queries.engagements import Wanted, find_engagements
from proxeny.assessments.queries.workload import read_workload, working_days
from proxeny.partnerships.models import Interest, SharingGrant
from tests.factories.assessments import (
    AdviserFactory,
    StepFactory,
    make_engagement,
    make_service,
)
from tests.files import is_table_file

pytestmark = pytest.mark.django_db
State = Engagement.State


def _party(world, letter):
    return world.partnership.parties.get(side=letter)


def _conflict(engagement, person):
    Interest.objects.create(
        partnership=engagement.partnership,
        person=person,
        subject="assessment",
        subject_id=engagement.pk,
        conflicts=True,
        said_at=timezone.now(),
    )


def _made(world, count=3):
    """Make engagements of different members, states, and days; the second is late."""
    service, today = make_service(world), timezone.localdate()
    made = []
    for number in range(count):
        one = make_engagement(
            world,
            service=service,
            member=number,
            title=f"Puzzle-{number}",
            market=("FR", "BE", "DE")[number],
            state=(State.ASKED, State.WORKING, State.CLOSED)[number],
            due_on=today + timedelta(days=(30, -3, 10)[number]),
            signed_at=timezone.now(),
        )
        AdviserFactory(
            engagement=one,
            party=_party(world, "A"),
            person=world.a.ambassador,
            effort_days=Decimal(10),
        )
        StepFactory(
            engagement=one,
            person=world.a.ambassador,
            party=_party(world, "A"),
            due_on=today - timedelta(days=1),
        )
        made.append(one)
    return made


@pytest.mark.parametrize("page", ["list", "board"])
@pytest.mark.parametrize("count", [1, 3])
def test_pages_ask_as_often_for_many_as_for_one(
    world, sign_in, django_assert_num_queries, page, count
):
    _made(world, count)
    client = sign_in(world.a.manager)
    address = reverse(f"assessments:{page}", args=[world.partnership.pk])
    with django_assert_num_queries(QUERIES[page]):
        answer = client.get(address, {"state": "all"})
    assert answer.status_code == 200
    assert answer.content.decode().count("Puzzle-") >= count


#: Signing in, the frame, what narrows, the rows.
QUERIES = {"list": 35, "board": 40, "workload": 21}


@pytest.mark.parametrize("count", [1, 3])
def test_the_workload_asks_as_often_for_many_as_for_one(
    world, sign_in, django_assert_num_queries, count
):
    _made(world, count)
    client = sign_in(world.b.manager)
    with django_assert_num_queries(QUERIES["workload"]):
        answer = client.get(reverse("assessments:workload", args=[world.partnership.pk]))
    assert "Greek ambassador" in answer.content.decode()


def _find(world, person, reading, **wanted):
    with reading(person):
        return find_engagements(
            world.partnership.pk,
            Wanted(**{"state": "all", "sort": "asked", **wanted}),
            today=timezone.localdate(),
        )


def test_what_narrows_the_list(world, reading):
    first, second, third = (one.pk for one in _made(world))
    found = lambda **wanted: _find(world, world.b.manager, reading, **wanted)  # noqa: E731
    assert found() == [first, second, third]
    assert found(state="") == [first, second]
    assert found(state="closed") == [third]
    assert found(search="puzzle-1") == [second]
    assert found(search="greek member 3") == [third]
    assert found(market="BE") == [second]
    assert found(question="price") == []
    assert found(side=world.b.cluster.pk) == []
    assert found(adviser=world.a.ambassador.pk, is_late=True) == [first, second]
    assert found(sort="-due") == [first, third, second]
    assert found(sort="nonsense; DROP") == [first, second, third]


def test_a_side_without_shared_members_sees_the_engagement_all_the_same(world, reading, sign_in):
    [one] = _made(world, 1)
    SharingGrant.objects.all().delete()
    world.a.members[0].visibility = "private"
    world.a.members[0].save()
    assert _find(world, world.b.manager, reading) == [one.pk]
    page = sign_in(world.b.manager).get(
        reverse("assessments:engagement", args=[world.partnership.pk, one.pk])
    )
    assert "Greek member 1" in page.content.decode()


def test_who_has_a_conflict_finds_nothing_anywhere(world, reading, sign_in):
    first, second, _third = _made(world)
    _conflict(second, world.a.manager)
    assert _find(world, world.a.manager, reading, search="puzzle-1") == []
    client, pk = sign_in(world.a.manager), world.partnership.pk
    for page in ("list", "board", "workload"):
        for query in ({"state": "all"}, {"state": "all", "export": "csv"}):
            text = client.get(reverse(f"assessments:{page}", args=[pk]), query).content.decode()
            assert "Puzzle-1" not in text
            assert "Greek member 2" not in text
    text = client.get(reverse("assessments:list", args=[pk]), {"state": "all"}).content.decode()
    assert "2 assessments" in text
    # Belgium is the market of that one alone.
    assert "Belgium" not in text
    with reading(world.a.manager):
        parties = list(world.partnership.parties.all())
        people = read_workload(pk, parties, today=timezone.localdate()).people
    assert {one.name: one.open for one in people}["Greek ambassador"] == 0
    assert first.pk in _find(world, world.a.manager, reading)


def test_strangers_members_and_others_find_no_page(world, sign_in):
    [one] = _made(world, 1)
    room = [world.partnership.pk]
    for person in (
        world.c.manager,
        world.a.representatives[0],
        world.a.representatives[1],
        world.b.representatives[0],
        world.nobody_special,
    ):
        client = sign_in(person)
        for page, args in (
            ("list", room),
            ("board", room),
            ("workload", room),
            ("note", room),
            ("engagement", [*room, one.pk]),
        ):
            answer = client.get(reverse(f"assessments:{page}", args=args))
            assert answer.status_code == 404, (person, page)


def test_the_list_is_exported(world, sign_in):
    _made(world)
    address = reverse("assessments:list", args=[world.partnership.pk])
    answer = sign_in(world.a.manager).get(address, {"state": "all", "export": "csv"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert is_table_file(answer, "assessments", "csv")
    assert lines[0].startswith("What’s requested,Company,Cluster,Market question,Market,State")
    assert len(lines) == 4
    sheet = sign_in(world.a.manager).get(address, {"export": "xlsx"})
    assert sheet.content.startswith(b"PK")


def test_the_workload_tells_days_steps_and_what_was_kept(world, reading):
    _first, second, third = _made(world)
    signed = timezone.now() - timedelta(days=50)
    Engagement.objects.filter(pk=third.pk).update(
        signed_at=signed,
        due_on=signed.date() + timedelta(days=40),
        reported_at=signed + timedelta(days=45),
    )
    with reading(world.b.manager):
        found = read_workload(
            world.partnership.pk, list(world.partnership.parties.all()), today=timezone.localdate()
        )
    [load] = [one for one in found.people if one.name == "Greek ambassador"]
    assert (load.open, load.effort, load.late, load.due) == (1, 10.0, 1, 0)
    assert (load.reported, load.promised_days, load.actual_days) == (1, 40, 45)
    assert load.is_behind
    assert found.people[0] is load
    [places] = found.places
    assert (places.running, places.capacity, places.waiting) == (1, 3, 1)
    assert second.state == State.WORKING


def test_working_days_leave_weekends_out():
    monday = timezone.datetime(2026, 11, 2).date()
    assert working_days(monday, monday) == 1
    assert working_days(monday, monday + timedelta(days=6)) == 5
    assert working_days(monday, monday + timedelta(days=7)) == 6
    assert working_days(monday, monday - timedelta(days=3)) == 0


def test_an_empty_room_says_what_to_do(world, sign_in):
    client = sign_in(world.a.manager)
    text = client.get(reverse("assessments:list", args=[world.partnership.pk])).content.decode()
    assert "No requests yet" in text
    text = client.get(reverse("assessments:board", args=[world.partnership.pk])).content.decode()
    assert "No requests yet" in text
