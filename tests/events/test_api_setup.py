"""Events over the API: made, read, changed, opened, listed; what is refused and what is hidden."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.events.models import Event, Participation
from proxeny.kernel.models import AuditEntry, Mail
from tests.factories.events import EventFactory, MeetingRequestFactory
from tests.factories.partnerships import let_each_decide
from tests.factories.world import make_event
from tests.files import is_table_file
from tests.stages import staged

FACTS = {
    "title": "Next spring",
    "place": "Lyon",
    "time_zone": "Europe/Paris",
    "starts_on": "2084-05-03",
    "ends_on": "2084-05-04",
    "deadline_at": "2084-04-20T12:00:00Z",
}
DAYS = {
    "days": [
        {
            "on": "2084-05-03",
            "starts": "09:00",
            "ends": "12:00",
            "slot_min": 30,
            "breaks": [{"starts": "10:00", "ends": "10:30", "name": "Coffee"}],
        }
    ]
}


@staged
def made(world):
    return make_event(world)


def facts(world, **more):
    return FACTS | {"partnership": world.partnership.pk} | more


def test_an_event_from_draft_to_open_by_both_managers(world, call):
    a, b = call(world.a.manager), call(world.b.manager)
    answer = a.post("/events", facts(world))
    assert answer.status_code == 201
    event = answer.json()
    assert answer["Location"] == f"/api/v1/events/{event['id']}"
    assert answer["ETag"] == '"1"'
    assert (event["state"], event["organises"], event["fairness"]) == ("draft", True, 2)
    assert [group["name"] for group in event["groups"]] == ["Greek cluster", "French cluster"]
    path = f"/events/{event['id']}"
    assert call(world.a.representatives[0]).get(path).status_code == 404

    days = b.put(f"{path}/days", DAYS, version=1)
    assert days.status_code == 200
    slots = days.json()["slots"]
    assert [(one["number"], one["starts_at"]) for one in slots] == [
        (1, "2084-05-03T07:00:00Z"),
        (2, "2084-05-03T07:30:00Z"),
        (3, "2084-05-03T08:30:00Z"),
        (4, "2084-05-03T09:00:00Z"),
        (5, "2084-05-03T09:30:00Z"),
    ]
    assert days.json()["days"][0]["breaks"] == [
        {"starts": "10:00", "ends": "10:30", "name": "Coffee"}
    ]
    tables = a.put(
        f"{path}/tables",
        {"tables": [{"name": "One"}, {"name": "Two", "kind": "video"}]},
        version=days["ETag"],
    )
    assert [(one["number"], one["name"], one["kind"]) for one in tables.json()] == [
        (1, "One", "onsite"),
        (2, "Two", "video"),
    ]
    asked = b.post(f"{path}/open").json()
    assert (asked["state"], [one["step"] for one in asked["proposals"]]) == ("draft", ["open"])
    assert [one["name"] for one in asked["proposals"][0]["waits_for"]] == [world.a.cluster.name]
    assert b.post(f"{path}/open").status_code == 409
    answer = a.post(f"{path}/open")
    assert (answer.status_code, answer.json()["state"]) == (200, "open")
    assert answer.json()["proposals"] == []
    verbs = AuditEntry.objects.filter(partnership_id=world.partnership.pk).order_by("pk")
    assert list(verbs.values_list("verb", "person_id")) == [
        ("create_event", world.a.manager.pk),
        ("set_days", world.b.manager.pk),
        ("set_tables", world.a.manager.pk),
        ("ask_event", world.b.manager.pk),
        ("sign_event", world.b.manager.pk),
        ("sign_event", world.a.manager.pk),
        ("open_event", world.a.manager.pk),
    ]


def test_who_may_not_begin_an_event(world, call):
    for person, status in (
        (world.a.ambassador, 403),
        (world.a.representatives[0], 404),
        (world.c.manager, 404),
    ):
        assert call(person).post("/events", facts(world)).status_code == status, person.name
    assert not Event.objects.exists()


def test_an_event_is_read_by_its_circle(world, call, made):
    path = f"/events/{made.event.pk}"
    body = call(world.b.representatives[0]).get(path).json()
    assert body["own"] == [
        {
            "id": made.french[0].pk,
            "state": "registered",
            "organisation": {
                "id": world.b.members[0].pk,
                "name": "French member 1",
                "country": "FR",
            },
        }
    ]
    assert (body["organises"], body["fairness"], body["next_step"]) == (
        False,
        None,
        "You’re registered. Now choose who you want to meet.",
    )
    assert call(world.a.ambassador).get(path).json()["own"] == []
    for person in (world.c.manager, world.c.representatives[0]):
        assert call(person).get(path).status_code == 404
    assert call(world.a.manager, "events:write").get(path).status_code == 403


def test_only_what_is_sent_changes(world, call, made):
    path = f"/events/{made.event.pk}"
    answer = call(world.b.manager).patch(path, {"place": "Piraeus", "fairness": None}, version=1)
    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    body = answer.json()
    assert (body["place"], body["fairness"], body["title"]) == ("Piraeus", None, made.event.title)
    unchanged = call(world.b.manager).get(path, headers={"If-None-Match": '"2"'})
    assert unchanged.status_code == 304


@pytest.mark.parametrize(
    ("method", "part", "body"),
    [
        ("PATCH", "", {"title": "Other"}),
        ("PUT", "/days", DAYS),
        ("PUT", "/tables", {"tables": [{"name": "One"}]}),
        ("PUT", "/groups", {"groups": [{"name": "All"}]}),
        ("PUT", "/rules", {"rules": []}),
    ],
)
def test_a_change_names_the_version_it_was_made_from(world, call, made, method, part, body):
    path = f"/events/{made.event.pk}{part}"
    Event.objects.update(version=5)
    a = call(world.a.manager)
    for version, status in ((None, 428), (4, 412), ("nonsense", 412)):
        assert a.send(method, path, data=body, version=version).status_code == status
    assert Event.objects.get().version == 5
    assert not AuditEntry.objects.exists()


def test_set_up_raises_the_version_so_that_two_cannot_overwrite_each_other(world, call, made):
    path = f"/events/{made.event.pk}"
    a, b = call(world.a.manager), call(world.b.manager)
    tables = {"tables": [{"name": name} for name in ("One", "Two", "Three")]}
    assert a.put(f"{path}/tables", tables, version=1)["ETag"] == '"2"'
    assert b.put(f"{path}/tables", {"tables": [{"name": "Mine"}]}, version=1).status_code == 412
    groups = b.get(f"{path}/groups")
    assert groups["ETag"] == '"2"'
    kept = [
        {
            "id": one["id"],
            "name": f"{one['name']} of ours",
            "organisation_id": one["organisation_id"],
        }
        for one in groups.json()
    ]
    answer = b.put(f"{path}/groups", {"groups": kept}, version=2)
    assert [one["name"] for one in answer.json()] == [
        "Greek cluster of ours",
        "French cluster of ours",
    ]
    assert [one["registered"] for one in answer.json()] == [3, 3]


def test_rules_are_read_and_set(world, call, made):
    path, a = f"/events/{made.event.pk}/rules", call(world.a.manager)
    greek, french = made.greek[0].group_id, made.french[0].group_id
    before = {(one["source"], one["target"]): one["is_allowed"] for one in a.get(path).json()}
    assert before == {
        (greek, greek): False,
        (greek, french): True,
        (french, greek): True,
        (french, french): False,
    }
    MeetingRequestFactory(event=made.event, source=made.french[0], target=made.greek[0])
    body = {"rules": [{"source": french, "target": greek, "is_allowed": False}]}
    refused = a.put(path, body, version="*")
    assert refused.status_code == 409
    assert refused.json()["errors"][0]["pointer"] == "#/accept_loss"
    answer = a.put(path, body | {"accept_loss": True}, version="*")
    after = {(one["source"], one["target"]): one["is_allowed"] for one in answer.json()}
    assert after == before | {(french, greek): False}
    other = make_event(world)
    body = {"rules": [{"source": french, "target": other.greek[0].group_id, "is_allowed": True}]}
    assert a.put(path, body, version="*").status_code == 422


def test_tables_are_for_the_staff(world, call, made):
    path = f"/events/{made.event.pk}/tables"
    assert len(call(world.a.ambassador).get(path).json()) == 3
    for person, status in ((world.a.representatives[0], 403), (world.c.manager, 404)):
        assert call(person).get(path).status_code == status


def test_days_are_tried_out_without_writing(world, call, made):
    path = f"/events/{made.event.pk}/days/preview"
    body = {"days": [{"on": "2083-03-10", "starts": "09:00", "ends": "10:00"}]}
    answer = call(world.a.manager).post(path, body)
    assert [one["starts_at"] for one in answer.json()] == [
        "2083-03-10T07:00:00Z",
        "2083-03-10T07:20:00Z",
        "2083-03-10T07:40:00Z",
    ]
    assert made.event.slots.count() == 6
    assert call(world.a.ambassador).post(path, body).status_code == 403


def test_states_in_turn_and_out_of_turn(world, call, made):
    path, a = f"/events/{made.event.pk}", call(world.a.manager)
    let_each_decide(world.partnership)
    assert a.post(f"{path}/finish").status_code == 409
    assert a.post(f"{path}/close").json()["state"] == "closed"
    assert a.post(f"{path}/close").status_code == 409
    assert a.post(f"{path}/reopen").json()["state"] == "open"
    a.post(f"{path}/close")
    later = timezone.now().replace(microsecond=0) + timedelta(days=2)
    there = later.astimezone(ZoneInfo("Europe/Athens")).isoformat()
    answer = a.post(f"{path}/reopen", {"deadline_at": there})
    assert answer.json()["deadline_at"] == f"{later:%Y-%m-%dT%H:%M:%SZ}"
    too_late = a.post(f"{path}/cancel", {"reason": " "})
    assert (too_late.status_code, too_late.json()["errors"][0]["pointer"]) == (422, "#/reason")
    answer = a.post(f"{path}/cancel", {"reason": "A strike."})
    assert (answer.json()["state"], answer.json()["cancel_reason"]) == ("cancelled", "A strike.")
    # Told by the operation: both sides, also those whom the caller does not see.
    recipients = set(Mail.objects.values_list("recipient", flat=True))
    assert {one.email for one in (*world.a.representatives, *world.b.representatives)} <= recipients


@pytest.mark.parametrize(
    "field", ["id", "state", "version", "revision", "partnership_id", "published_at", "days"]
)
def test_fields_that_are_nobodys_to_set_are_refused(world, call, made, field):
    a = call(world.a.manager)
    for answer in (
        a.post("/events", facts(world, **{field: 1})),
        a.patch(f"/events/{made.event.pk}", {field: 1}, version=1),
    ):
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == f"#/{field}"
    assert a.patch(f"/events/{made.event.pk}", {"partnership": 1}, version=1).status_code == 422
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"title": ""},
        {"title": None},
        {"title": "x" * 201},
        {"title": "a\x00b"},
        {"title": "  "},
        {"starts_on": "0001-01-01"},
        {"ends_on": "9999-12-31"},
        {"starts_on": None},
        {"deadline_at": "0001-01-01T00:00:00+14:00"},
        {"deadline_at": "9999-12-31T23:59:59-12:00"},
        {"deadline_at": "2084-04-20T12:00:00"},
        {"deadline_at": "2084-06-01T12:00:00Z"},
        {"fairness": -1},
        {"fairness": 51},
        {"fairness": 10**30},
        {"time_zone": "../etc/passwd"},
        {"time_zone": "Europe/Nowhere"},
        {"ends_on": "2084-05-02"},
        {"ends_on": "2084-06-30"},
    ],
)
def test_values_that_do_not_hold_are_refused_with_a_sentence(world, call, change):
    a = call(world.a.manager)
    assert a.post("/events", facts(world, **change)).status_code == 422
    event = a.post("/events", facts(world)).json()
    answer = a.patch(f"/events/{event['id']}", change, version=1)
    assert answer.status_code == 422, answer.json()
    assert answer.json()["errors"], "names the field"


@pytest.mark.parametrize(
    "day",
    [
        {"starts": "09:00Z"},
        {"starts": "9:00"},
        {"starts": "٠٩:٠٠"},
        {"ends": "24:00"},
        {"on": "9999-12-31"},
        {"on": "2084-05-09"},
        {"slot_min": 4},
        {"changeover_min": 61},
        {"ends": "08:00"},
        {"breaks": [{"starts": "11:00", "ends": "10:00"}]},
        {"breaks": [{"starts": "07:00", "ends": "07:30"}]},
        {"slot_min": 2**40},
    ],
)
def test_days_that_cannot_be_cut_are_refused(world, call, day):
    a = call(world.a.manager)
    path = f"/events/{a.post('/events', facts(world)).json()['id']}"
    body = {"days": [{"on": "2084-05-03", "starts": "09:00", "ends": "12:00"} | day]}
    assert a.put(f"{path}/days", body, version=1).status_code == 422
    assert a.post(f"{path}/days/preview", body).status_code == 422


@pytest.mark.parametrize(
    "query",
    [
        {"q": "a\x00"},
        {"q": "x" * 101},
        {"state": "nonsense"},
        {"partnership": 2**63},
        {"partnership": 0},
        {"page_size": 0},
        {"page_size": 201},
        {"cursor": "nonsense"},
        {"cursor": "cD1YWVo="},
    ],
)
def test_filters_that_do_not_hold_are_refused(world, call, query):
    # A NUL is refused before the address is looked at.
    assert call(world.a.manager).get("/events", query).status_code in (400, 422)


def test_ids_out_of_range_are_no_fault_of_ours(world, call):
    a = call(world.a.manager)
    assert a.get(f"/events/{2**63 - 1}").status_code == 404
    for number in (0, -1, 2**63, 10**40, "nonsense"):
        assert a.get(f"/events/{number}").status_code == 422


def test_the_list_is_filtered_and_hides_drafts_and_others(world, call, made):
    draft = EventFactory(partnership=world.partnership, title="Secret", state="draft", place="Arta")

    def ids(person, **query):
        answer = call(person).get("/events", query).json()
        assert (answer["next"], answer["previous"]) == (None, None)
        return [one["id"] for one in answer["results"]]

    assert ids(world.a.manager) == ids(world.b.manager) == [draft.pk, made.event.pk]
    assert ids(world.a.representatives[0]) == [made.event.pk]
    assert ids(world.c.manager) == []
    assert ids(world.a.manager, state="draft") == ids(world.a.manager, q="arta") == [draft.pk]
    assert ids(world.a.manager, partnership=world.partnership.pk + 1) == []
    row = call(world.b.representatives[0]).get("/events").json()["results"][0]
    assert row == {
        "id": made.event.pk,
        "partnership": {"id": world.partnership.pk, "title": "Athens – Paris"},
        "title": made.event.title,
        "place": "Athens",
        "time_zone": "Europe/Athens",
        "starts_on": "2083-03-10",
        "ends_on": "2083-03-10",
        "deadline_at": "2083-03-01T12:00:00Z",
        "state": "open",
        "participants": 6,
    }


def test_the_list_comes_in_pages(world, call):
    made = [EventFactory(partnership=world.partnership).pk for _ in range(5)]
    program, seen, path = call(world.a.manager), [], "/events?page_size=2"
    while path:
        body = program.get(path.removeprefix("http://testserver")).json()
        seen += [one["id"] for one in body["results"]]
        path = body["next"]
    assert seen == made[::-1]


def test_the_list_asks_as_often_for_one_as_for_three(world, call, django_assert_num_queries, made):
    program = call(world.a.manager)
    program.get("/events")
    with CaptureQueriesContext(connection) as once:
        program.get("/events")
    for _ in range(3):
        make_event(world)
    with django_assert_num_queries(len(once)):
        assert len(program.get("/events").json()["results"]) == 4


def test_a_repeated_request_begins_one_event(world, call):
    a = call(world.a.manager)
    first, again = (a.post("/events", facts(world), key="spring") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert (first.json(), again["Idempotent-Replayed"]) == (again.json(), "true")
    assert again["Location"] == first["Location"]
    assert Event.objects.count() == 1
    assert a.post("/events", facts(world, place="Nice"), key="spring").status_code == 422


def test_files_hold_what_the_pages_files_hold(world, call, sign_in, made):
    Participation.objects.filter(pk=made.greek[0].pk).update(contact='=HYPERLINK("x")')
    for person in (world.a.manager, world.a.representatives[0]):
        program, browser = call(person), sign_in(person)
        for ours, theirs in (
            ("/events/export", "/events/export"),
            (f"/events/{made.event.pk}/participants/export",) * 2,
        ):
            answer = program.get(ours)
            assert answer.content == browser.get(theirs).content
            assert answer["Content-Type"].startswith("text/csv")
        assert b",'=HYPERLINK" in answer.content or b",\"'=HYPERLINK" in answer.content
        assert ("“Must meet” received" in answer.content.decode()) == (person == world.a.manager)
    sheet = call(world.a.manager).get("/events/export", {"format": "xlsx"})
    assert sheet.content.startswith(b"PK")
    assert is_table_file(sheet, "events", "xlsx")
    assert (
        call(world.c.manager).get(f"/events/{made.event.pk}/participants/export").status_code == 404
    )
