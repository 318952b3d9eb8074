"""Participants over the API: lists, invitations, registrations, marks, and what never leaks."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from proxeny.events.models import Event, MeetingRequest, Participation
from proxeny.kernel.models import AuditEntry, Mail
from tests.access.api.events import ROUTES
from tests.access.crowd import make_crowd
from tests.events.inviting import write_invitations
from tests.factories.directory import ListingFactory, OrganisationFactory
from tests.factories.events import MeetingRequestFactory, ParticipationFactory
from tests.factories.world import make_event
from tests.stages import staged

REGISTRATION = {"contact": "The director", "languages": ["en", "el"], "unavailable": [1, 2]}


@staged
def made(world):
    return make_event(world)


def taken(participation, part=""):
    return f"/events/participations/{participation.pk}{part}"


def results(program, path, **query):
    answer = program.get(path, query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_everybody_at_the_event_sees_who_comes(world, call, made):
    ListingFactory(organisation=world.b.members[0], direction="need", title="Musicians")
    path = f"/events/{made.event.pk}/participants"
    Participation.objects.filter(pk=made.french[1].pk).update(state="withdrawn")
    for person in (world.a.representatives[0], world.b.manager, world.a.ambassador):
        rows = results(call(person), path)
        assert [row["organisation"]["name"] for row in rows] == [
            "French member 1",
            "French member 3",
            "Greek member 1",
            "Greek member 2",
            "Greek member 3",
        ]
    group = made.french[0].group
    found = world.b.members[0]
    assert rows[0] == {
        "id": made.french[0].pk,
        "organisation": {
            "id": found.pk,
            "name": "French member 1",
            "country": "FR",
            "city": found.city,
            "sectors": found.sectors,
        },
        "contact": "French representative 1",
        "group": {"id": group.pk, "name": "French cluster", "side": "B"},
        "pitch": "",
        "languages": ["en"],
        "listings": [{"id": found.listings.get().pk, "direction": "need", "title": "Musicians"}],
    }
    assert call(world.c.manager).get(path).status_code == 404


def test_participants_are_searched_and_come_in_pages(world, call, made):
    path, program = f"/events/{made.event.pk}/participants", call(world.a.manager)
    assert len(results(program, path, q="french MEMBER")) == 3
    assert len(results(program, path, group=made.greek[0].group_id)) == 3
    assert results(program, path, sector="Games") == []
    seen, address = [], f"{path}?page_size=4"
    while address:
        body = program.get(address.removeprefix("http://testserver")).json()
        seen += [row["organisation"]["name"] for row in body["results"]]
        address = body["next"]
    assert len(seen) == 6
    assert seen == sorted(seen)


LISTS = ["participants", "answers", "invitable", "counterparts", "requests"]


@pytest.mark.parametrize("what", LISTS)
def test_lists_ask_as_often_for_one_row_as_for_many(
    world, call, made, django_assert_num_queries, what
):
    def add(number):
        member = OrganisationFactory(steward=world.b.cluster, name=f"Further {number}")
        one = ParticipationFactory(
            event=made.event, organisation=member, group=made.french[0].group
        )
        ListingFactory(organisation=member)
        MeetingRequestFactory(event=made.event, source=made.greek[0], target=one)
        OrganisationFactory(steward=world.a.cluster, name=f"Not asked {number}")

    add(0)
    path = (
        taken(made.greek[0], f"/{what}")
        if what in ("counterparts", "requests")
        else f"/events/{made.event.pk}/{what}"
    )
    program = call(world.a.manager)
    few = len(results(program, path))
    with CaptureQueriesContext(connection) as once:
        results(program, path)
    for number in range(1, 4):
        add(number)
    with django_assert_num_queries(len(once)):
        assert len(results(program, path)) == few + 3


def test_organisers_see_answers_and_counts_only(world, call, made):
    greek, french = made.greek, made.french
    MeetingRequestFactory(event=made.event, source=greek[0], target=french[0], kind="must")
    MeetingRequestFactory(event=made.event, source=greek[1], target=french[0])
    MeetingRequestFactory(event=made.event, source=french[1], target=greek[0], kind="no-thanks")
    Participation.objects.filter(pk=french[2].pk).update(state="withdrawn", withdraw_reason="Ill")
    path = f"/events/{made.event.pk}/answers"
    rows = {row["id"]: row for row in results(call(world.a.manager), path)}
    assert rows[greek[0].pk] == {
        "id": greek[0].pk,
        "organisation": {"id": world.a.members[0].pk, "name": "Greek member 1", "country": "GR"},
        "group": {"id": greek[0].group_id, "name": "Greek cluster", "side": "A"},
        "contact": "Greek representative 1",
        "state": "registered",
        "withdraw_reason": "",
        "by_video": False,
        "checked_in_at": None,
        "is_waiting": False,
        "given_must": 1,
        "given_wish": 0,
        "received_must": 0,
        "received_wish": 0,
    }
    assert (rows[french[0].pk]["received_must"], rows[french[0].pk]["received_wish"]) == (1, 1)
    assert (rows[french[2].pk]["withdraw_reason"], rows[french[2].pk]["is_waiting"]) == (
        "Ill",
        False,
    )
    waiting = [row["id"] for row in results(call(world.a.manager), path, waiting=True)]
    # To the other side, who has said nothing but a no-thanks has said nothing.
    assert waiting == [french[0].pk, french[1].pk, greek[2].pk]
    own = [row["id"] for row in results(call(world.b.manager), path, waiting=True)]
    assert own == [french[0].pk, greek[2].pk]
    assert len(results(call(world.b.manager), path, state="withdrawn")) == 1
    for person, status in (
        (world.a.ambassador, 403),
        (world.a.representatives[0], 403),
        (world.c.manager, 404),
    ):
        assert call(person).get(path).status_code == status


def test_a_manager_invites_and_reminds_the_own_members(world, call, made):
    new = OrganisationFactory(name="New of A", steward=world.a.cluster, email="new@example.org")
    path, a = f"/events/{made.event.pk}", call(world.a.manager)
    offered = results(a, f"{path}/invitable", q="new")
    assert [one["id"] for one in offered] == [new.pk]
    body = {"organisations": [new.pk, world.a.members[0].pk]}
    invited = a.post(f"{path}/invite", body).json()
    assert [(one["organisation"]["id"], one["state"]) for one in invited] == [(new.pk, "invited")]
    write_invitations()
    assert Mail.objects.get().recipient == "new@example.org"
    assert a.post(f"{path}/invite", body).json() == []
    assert a.post(f"{path}/remind").json() == {"reminded": 4}
    assert a.post(f"{path}/remind", {"participations": [made.greek[0].pk]}).json() == {
        "reminded": 0
    }
    before = Mail.objects.count()
    french = world.b.members[0].pk
    assert a.post(f"{path}/invite", {"organisations": [french]}).status_code == 403
    assert a.post(f"{path}/invite", {"organisations": [2**63 - 1]}).status_code == 404
    assert a.post(f"{path}/invite", {"organisations": []}).status_code == 422
    refused = a.post(
        f"{path}/invite", {"organisations": [new.pk], "group": made.french[0].group_id}
    )
    assert refused.status_code == 422, "no group for this cluster's members"
    assert call(world.a.ambassador).post(f"{path}/invite", body).status_code == 403
    assert Mail.objects.count() == before


def test_a_member_registers_changes_and_withdraws(world, call, made):
    one = made.greek[0]
    Participation.objects.filter(pk=one.pk).update(state="invited")
    ListingFactory(organisation=world.a.members[0], direction="need", title="Musicians")
    member = call(world.a.representatives[0])
    seen = member.get(taken(one)).json()
    assert (seen["suggested_pitch"], seen["state"]) == ("Musicians", "invited")
    early = member.patch(taken(one), {"pitch": "Wood"}, version=1)
    assert (early.status_code, early.json()["title"]) == (409, "Conflict")
    answer = member.post(taken(one, "/register"), REGISTRATION)
    assert (answer.status_code, answer["ETag"], answer.json()["state"]) == (
        200,
        '"2"',
        "registered",
    )
    answer = member.patch(taken(one), {"cap": 3, "unavailable": [6]}, version=2)
    body = answer.json()
    assert (body["contact"], body["cap"], body["unavailable"], body["version"]) == (
        "The director",
        3,
        [6],
        3,
    )
    assert member.patch(taken(one), {"cap": None}, version=2).status_code == 412
    assert member.patch(taken(one), {"cap": None}).status_code == 428
    assert member.post(taken(one, "/register"), REGISTRATION, version=1).status_code == 412
    answer = member.post(taken(one, "/withdraw"), {"reason": "We are ill."})
    assert (answer.json()["state"], answer.json()["withdraw_reason"]) == (
        "withdrawn",
        "We are ill.",
    )
    assert member.post(taken(one, "/withdraw"), {"reason": "Again."}).status_code == 409
    verbs = AuditEntry.objects.filter(organisation_id=world.a.members[0].pk).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        "register",
        "register",
        "withdraw_participation",
    ]


def test_a_registration_is_the_members_and_its_clusters(world, call, made):
    one = made.greek[0]
    assert call(world.a.manager).get(taken(one)).status_code == 200
    for person, status in (
        (world.b.manager, 403),
        (world.a.ambassador, 403),
        (world.a.representatives[1], 403),
        (world.b.representatives[0], 403),
        (world.c.manager, 404),
        (world.c.representatives[0], 404),
    ):
        program = call(person)
        assert program.get(taken(one)).status_code == status, person.name
        assert program.patch(taken(one), {"pitch": "x"}, version=1).status_code == status
        assert program.post(taken(one, "/register"), REGISTRATION).status_code == status


@pytest.mark.parametrize(
    "change",
    [
        {"contact": ""},
        {"contact": None},
        {"contact": "x" * 151},
        {"languages": []},
        {"languages": ["xx"]},
        {"unavailable": [0]},
        {"unavailable": [7]},
        {"unavailable": [1, 2, 3, 4, 5, 6]},
        {"unavailable": [2**70]},
        {"cap": 0},
        {"cap": 61},
        {"by_video": None},
        {"pitch": "x" * 501},
        {"pitch": "\x00"},
        {"state": "withdrawn"},
        {"version": 9},
        {"person": 1},
        {"person_id": 1},
        {"organisation": 1},
        {"group": 1},
        {"checked_in_at": "2083-03-10T08:00:00Z"},
    ],
)
def test_registrations_that_do_not_hold_are_refused(world, call, made, change):
    member, one = call(world.a.representatives[0]), made.greek[0]
    assert member.patch(taken(one), change, version=1).status_code == 422
    assert member.post(taken(one, "/register"), REGISTRATION | change).status_code == 422
    one.refresh_from_db()
    assert one.version == 1


def test_any_organiser_checks_in_on_the_day(world, call, made):
    one, b = made.greek[0], call(world.b.manager)
    assert b.post(taken(one, "/check-in")).status_code == 409, "no agenda yet"
    Event.objects.update(state=Event.State.PUBLISHED)
    answer = b.post(taken(one, "/check-in")).json()
    assert (answer["id"], bool(answer["checked_in_at"])) == (one.pk, True)
    arrivals = f"/events/{made.event.pk}/arrivals"
    assert call(world.a.manager).get(arrivals).json() == {"here": 1, "expected": 6}
    assert b.post(taken(one, "/check-in"), {"is_here": False}).json()["checked_in_at"] is None
    assert call(world.a.representatives[0]).post(taken(one, "/check-in")).status_code == 403
    assert call(world.c.manager).post(taken(one, "/check-in")).status_code == 404


def test_marks_are_set_changed_counted_and_taken_back(world, call, made):
    member, own, other = call(world.a.representatives[0]), made.greek[0], made.french[0]
    path = taken(own, f"/requests/{other.pk}")
    answer = member.put(path, {"kind": "must", "note": "Their engine"})
    assert answer.status_code == 200
    assert (answer.json()["target"], answer.json()["note"]) == (
        {
            "id": other.pk,
            "contact": "French representative 1",
            "organisation": {
                "id": world.b.members[0].pk,
                "name": "French member 1",
                "country": "FR",
            },
        },
        "Their engine",
    )
    assert member.put(path, {"kind": "wish"}).json()["note"] == "Their engine"
    assert member.put(taken(own, f"/requests/{made.french[1].pk}"), {"kind": "no-thanks"}).json()
    assert member.get(taken(own, "/requests/counts")).json() == {
        "must": 0,
        "wish": 1,
        "no_thanks": 1,
        "missing": 7,
        "must_limit": 5,
        "good_list": 8,
        "is_open": True,
        "deadline_at": "2083-03-01T12:00:00Z",
    }
    marks = {one["target"]["id"]: one["kind"] for one in results(member, taken(own, "/requests"))}
    assert marks == {other.pk: "wish", made.french[1].pk: "no-thanks"}
    rows = results(member, taken(own, "/counterparts"))
    assert [(row["mark"], row["note"], row["may_ask"]) for row in rows] == [
        ("wish", "Their engine", True),
        ("no-thanks", "", True),
        (None, None, True),
    ]
    assert len(results(member, taken(own, "/counterparts"), marked="no")) == 1
    assert [member.delete(path).status_code for _ in range(2)] == [204, 204]
    assert MeetingRequest.objects.count() == 1


def test_bad_marks_are_refused(world, call, made):
    member, own = call(world.a.representatives[0]), made.greek[0]
    french = taken(own, f"/requests/{made.french[0].pk}")
    for body in (
        {"kind": "love"},
        {"kind": "must", "note": "x" * 301},
        {"kind": "must", "source": 1},
        {},
    ):
        assert member.put(french, body).status_code == 422
    for target, status in ((own, 422), (made.greek[1], 422), (make_event(world).french[0], 404)):
        answer = member.put(taken(own, f"/requests/{target.pk}"), {"kind": "wish"})
        assert answer.status_code == status
    Event.objects.update(state=Event.State.CLOSED)
    assert member.put(french, {"kind": "wish"}).status_code == 409
    assert member.delete(french).status_code == 409


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_nobody_marks_for_others(world, call, made, method):
    path = taken(made.greek[0], f"/requests/{made.french[0].pk}")
    body = {"kind": "wish"} if method == "PUT" else None
    for person, status in (
        (world.b.manager, 403),
        (world.b.representatives[0], 403),
        (world.a.ambassador, 403),
        (world.a.representatives[1], 403),
        (world.c.manager, 404),
    ):
        assert call(person).send(method, path, data=body).status_code == status, person.name
    assert not MeetingRequest.objects.exists()


def _reads(program, crowd):
    """Return all that a program can read of events, by route."""
    return {
        key: (answer.status_code, answer.content)
        for key, route in ROUTES.items()
        if route.method == "GET" and route.query == ()
        for answer in [program.get(route.address(crowd))]
    }


@pytest.mark.parametrize("kind", ["no-thanks", "wish"])
def test_a_no_thanks_changes_nothing_that_anybody_else_reads(world, call, kind):
    """As a wish does: the second case shows that the test would notice."""
    crowd = make_crowd(world)
    source, target = crowd.taken.greek[1], crowd.taken.french[2]
    own_side = (world.a.manager, world.a.representatives[1])
    others = {
        name: call(person)
        for name, person in crowd.people().items()
        if person not in (None, world.nobody_special, *own_side)
    }
    before = {name: _reads(program, crowd) for name, program in others.items()}
    mark = call(world.a.representatives[1])
    path = taken(source, f"/requests/{target.pk}")
    assert mark.put(path, {"kind": kind, "note": "A secret reason"}).status_code == 200
    after = {name: _reads(program, crowd) for name, program in others.items()}
    changed = {
        (name, key)
        for name in others
        for key in before[name]
        if before[name][key] != after[name][key]
    }
    seen_by_organisers = {
        ("b_manager", key)
        for key in ("list_event_answers", "export_participants", "show_event_outcome")
    }
    assert changed == (set() if kind == "no-thanks" else seen_by_organisers)
    assert "A secret reason" not in json.dumps(
        {
            name: {key: str(text) for key, (_, text) in reads.items()}
            for name, reads in after.items()
        }
    )
