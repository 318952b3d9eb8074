"""All that is done with rounds and juries on pages is done by program too."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.labels.models import Assignment, Juror
from tests.factories import labels as made
from tests.labels.juries import closed, fresh, has_conflict, juror, jury, plan
from tests.partnerships.rooms import party

pytestmark = pytest.mark.django_db


def at(held, more=""):
    return f"/labels/partnerships/{held.partnership_id}/rounds/{held.pk}{more}"


def test_a_round_is_planned_as_a_record_and_published(world, call):
    version = made.make_scheme(world.partnership)
    program, now = call(world.a.manager), timezone.now()
    answer = program.post(
        f"/partnerships/{world.partnership.pk}/records",
        {
            "record": {
                "kind": "label-round",
                "scheme": version.scheme_id,
                "title": "Spring",
                "opens_at": now.isoformat(),
                "closes_at": (now + timedelta(days=9)).isoformat(),
                "zone": "Europe/Athens",
                "places": 30,
            }
        },
    )
    assert answer.status_code == 201, answer.json()
    held = version.scheme.rounds.get()
    url = at(held)
    shown = program.get(url)
    assert (shown.json()["state"], shown.headers["ETag"]) == ("planned", f'"{held.version}"')
    assert program.post(f"{url}/publish", version=held.version + 1).status_code == 412
    answer = program.post(f"{url}/publish", version=held.version)
    assert (answer.json()["state"], answer.json()["version_number"]) == ("open", 1)
    [row] = program.get(
        f"/labels/partnerships/{held.partnership_id}/schemes/{held.scheme_id}/rounds"
    ).json()
    assert (row["title"], row["submitted"]) == ("Spring", 0)
    answer = program.post(f"{url}/take-back", version="*")
    assert answer.json()["state"] == "planned"


def test_a_round_goes_on_and_back(world, call):
    held = closed(world, applicants=world.a.members[:1])
    program = call(world.b.manager)
    answer = program.post(at(held, "/judge"), version="*")
    assert answer.status_code == 409
    assert "There’s no one on the jury yet for:" in answer.json()["detail"]
    jury(world, held, 1)
    assert program.post(at(held, "/judge"), version="*").json()["state"] == "judging"
    answer = program.post(at(held, "/discuss"), {}, version="*")
    assert answer.status_code == 422
    answer = program.post(at(held, "/discuss"), {"why": "We know it all."}, version="*")
    assert answer.json()["state"] == "discussing"
    answer = program.post(at(held, "/resume"), {"why": "We do not."}, version="*")
    assert answer.json()["state"] == "judging"
    assert program.get(at(held, "/progress")).json()["submitted"] == 1
    assert call(world.b.ambassador).get(at(held, "/progress")).status_code == 403
    assert call(world.b.ambassador).get(at(held)).json()["submitted"] is None


def test_a_jury_is_asked_changed_and_taken_out(world, call):
    held = closed(world)
    program = call(world.a.manager)
    wish = {"person_id": world.a.ambassador.pk, "topics": ["Ports"], "most": 5}
    answer = program.post(at(held, "/jury"), wish)
    assert (answer.status_code, answer.json()["topics"], answer.json()["waits"]) == (
        201,
        ["ports"],
        "answer",
    )
    pk = answer.json()["id"]
    assert program.post(at(held, "/jury"), wish).status_code == 422
    answer = program.put(at(held, f"/jury/{pk}"), {"topics": ["Nets"]})
    assert (answer.json()["topics"], answer.json()["most"]) == (["nets"], None)
    assert [one["id"] for one in program.post(at(held, "/jury/remind")).json()] == [pk]
    other = call(world.b.manager)
    assert other.put(at(held, f"/jury/{pk}"), {}).status_code == 403
    assert program.post(at(held, f"/jury/{pk}/out"), {}).json()["state"] == "out"
    assert [one["state"] for one in other.get(at(held, "/jury")).json()] == ["out"]


def test_an_assignment_is_proposed_taken_and_changed(world, call):
    held = closed(world, state="judging")
    first, *_rest = jury(world, held, 1)
    program = call(world.a.manager)
    found = program.get(at(held, "/reading/proposal")).json()
    assert (len(found["new"]), found["reasons"]) == (4, [])
    assert [one["load"] for one in found["loads"]] == [2, 2]
    assert program.post(at(held, "/reading/proposal"), {"fingerprint": 1}).status_code == 409
    taken = program.post(at(held, "/reading/proposal"), {"fingerprint": found["fingerprint"]})
    assert len(taken.json()) == 4
    given = Assignment.objects.filter(juror=first).earliest("pk")
    answer = program.post(at(held, f"/reading/{given.pk}/remove"), {})
    assert len(answer.json()) == 3
    pair = {"application_id": given.application_id, "juror_id": first.pk}
    assert program.post(at(held, "/reading"), pair).status_code == 201
    assert program.post(at(held, "/reading"), pair).status_code == 409


def test_a_manager_with_a_conflict_is_told_nothing_of_that_application(world, call):
    held = closed(world, state="judging")
    jury(world, held, 1)
    application = held.applications.earliest("pk")
    manager = made.JurorFactory(
        round=held, person=world.a.manager, party=party(world, world.a), state="out"
    )
    has_conflict(manager, application)
    found = call(world.a.manager).get(at(held, "/reading/proposal")).json()
    assert application.pk not in {one["application_id"] for one in found["new"]}


def test_somebody_of_the_team_answers_and_declares_by_program(world, call):
    held = closed(world, state="judging")
    one = made.JurorFactory(
        round=held,
        person=world.a.ambassador,
        party=party(world, world.a),
        state="asked",
        declared_at=None,
    )
    program, own = call(world.a.ambassador), f"/labels/juries/{one.pk}"
    answer = program.post(f"{own}/answer", {"takes_part": True})
    assert (answer.json()["state"], answer.json()["may_declare"]) == ("in", True)
    found = program.get(f"{own}/applicants").json()
    assert [row["name"] for row in found["applicants"]] == ["French member 1", "Greek member 1"]
    member = world.b.members[0].pk
    said = {"conflicts": [{"organisation_id": member, "reason": "We share an office."}]}
    answer = program.put(f"{own}/declaration", said)
    assert [row["said"] for row in answer.json()["applicants"]] == [True, False]
    application = held.applications.get(organisation=world.a.members[0])
    given = made.AssignmentFactory(juror=one, application=application)
    [row] = program.get("/labels/juries").json()
    assert [each["id"] for each in row["reading"]] == [given.pk]
    url = f"/labels/assignments/{given.pk}/abstain"
    assert program.post(url, {"why": ""}).status_code == 422
    assert program.post(url, {"why": "I know too little."}).status_code == 204
    assert program.post(url, {"why": "Again."}).status_code == 404
    assert program.get(own).json()["reading"] == []


def test_nobody_answers_for_somebody_else(world, call):
    held = closed(world, state="judging")
    one = juror(world, world.a, "Ioanna", held)
    for person in (world.a.manager, world.b.manager, world.a.representatives[0]):
        program, own = call(person), f"/labels/juries/{one.pk}"
        assert program.get(own).status_code == 404
        assert program.get(f"{own}/applicants").status_code == 404
        assert program.put(f"{own}/declaration", {"conflicts": []}).status_code == 404
        assert program.get("/labels/juries").json() == []
    assert Juror.objects.get(pk=one.pk).state == "in"


def test_only_the_room_reads_its_rounds(world, call):
    held = plan(world)
    assert call(world.a.ambassador).get(at(held)).status_code == 200
    assert call(world.c.manager).get(at(held)).status_code == 404
    assert call(world.a.representatives[0]).get(at(held)).status_code == 404
    assert fresh(held).state == "planned"
