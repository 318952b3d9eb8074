"""Studies by program: listed with what they need, read, begun, concluded, taken up again."""

import pytest
from django.utils import timezone

from proxeny.research.models import Study
from tests.factories.research import PackageFactory, ResultFactory, StudyFactory
from tests.factories.rooms import ActionFactory
from tests.partnerships.rooms import day
from tests.research.studying import ELEMENTS, outcome, prepare

pytestmark = pytest.mark.django_db
State = Study.State
SCOPES = ("research:read", "research:write", "partnerships:read", "partnerships:write")


def _all(world):
    return f"/research/{world.partnership.pk}/studies"


def test_a_program_lists_studies_with_what_they_need(world, call):
    ready = prepare(world)
    StudyFactory(partnership=world.partnership, title="Exports", state=State.RUNNING)
    StudyFactory(partnership=world.partnership, dropped_at=timezone.now())
    program = call(world.b.ambassador, *SCOPES)
    answer = program.get(_all(world)).json()
    rows = {one["id"]: one for one in answer["results"]}
    assert len(rows) == 2
    assert all(one["is_met"] for one in rows[ready.pk]["readiness"])
    other = next(one for one in rows.values() if one["title"] == "Exports")
    codes = [one["code"] for one in other["readiness"]]
    assert codes[:8] == [*ELEMENTS, "starts_on", "ends_on"]
    assert codes[-1] == "risk"
    assert not any(one["is_met"] for one in other["readiness"])
    found = program.get(f"{_all(world)}?state=running").json()["results"]
    assert [one["title"] for one in found] == ["Exports"]
    assert len(program.get(f"{_all(world)}?away=true").json()["results"]) == 1
    assert program.get(f"{_all(world)}?state=asleep").status_code == 422


def test_a_program_takes_a_study_from_its_beginning_to_its_end(world, call):
    study = prepare(world, ethics="")
    program = call(world.a.manager, *SCOPES)
    one = f"{_all(world)}/{study.pk}"
    assert program.post(f"{one}/begin").status_code == 428
    refused = program.post(f"{one}/begin", version=1)
    assert refused.status_code == 409
    assert "Still missing: Ethics." in refused.json()["detail"]
    Study.objects.filter(pk=study.pk).update(ethics="Each studio agrees.")
    assert program.post(f"{one}/begin", version=7).status_code == 412
    begun = program.post(f"{one}/begin", version=1)
    assert begun.status_code == 200, begun.json()
    assert (begun.json()["state"], begun.json()["begun_on"]) == ("running", str(day(0)))
    assert program.post(f"{one}/conclude", {}, version=2).status_code == 422
    outcome(study, reached=40, proof="Minutes")
    ended = program.post(f"{one}/conclude", {"summary": "They earn more."}, version=2)
    assert (ended.status_code, ended.json()["summary"]) == (200, "They earn more.")
    [benefit] = ended.json()["benefits"]
    assert (benefit["code"], benefit["outcomes"], benefit["reached"]) == ("industry", 1, 40)
    assert program.post(f"{one}/reopen", {"reason": ""}, version=3).status_code == 422
    assert (
        program.post(f"{one}/reopen", {"reason": "More came."}, version=3).json()["state"]
        == "running"
    )


def test_a_program_reads_all_that_belongs_to_a_study(world, call):
    study = prepare(world)
    ActionFactory(
        partnership=world.partnership,
        title="Ask",
        due_on=day(-2),
        origin="study",
        origin_id=study.pk,
    )
    ResultFactory(study=study)
    PackageFactory(study=study)
    said = call(world.b.manager, *SCOPES).get(f"{_all(world)}/{study.pk}").json()
    assert {one["name"] for one in said["contributors"]} == {"Ada of A", "Ada of B"}
    assert said["risks"][0]["level"]
    assert (said["work_steps"][0]["title"], said["work_steps"][0]["is_late"]) == ("Ask", True)
    assert (said["steps"], said["late"], said["outcomes"]) == (1, 1, 0)
    assert said["results"][0]["title"] == "A table of wages"
    assert said["packages"][0]["number"] is None
    assert said["methods"] == ELEMENTS["methods"]


def test_a_program_writes_a_study_as_a_record_of_the_room(world, call):
    program = call(world.a.manager, *SCOPES)
    records = f"/partnerships/{world.partnership.pk}/records"
    new = {"kind": "study", "title": "Wages", "question": "What is paid?"}
    made = program.post(records, {"record": new})
    assert made.status_code == 201, made.json()
    number = made.json()["id"]
    person = {
        "kind": "contributor",
        "study": number,
        "name": "Ada Example",
        "role": "lead",
        "identifier": "https://orcid.org/0000-0002-1825-0098",
    }
    refused = program.post(records, {"record": person})
    assert refused.status_code == 422
    assert "This ORCID has a typo: its last digit doesn’t match the others." in str(refused.json())
    named = program.post(
        records, {"record": person | {"identifier": "https://orcid.org/0000-0002-1825-0097"}}
    )
    assert named.status_code == 201, named.json()
    assert named.json()["study_id" if "study_id" in named.json() else "study"] == number


def test_others_find_nothing(world, call):
    study = prepare(world)
    for person in (world.c.manager, world.a.representatives[0]):
        program = call(person, *SCOPES)
        assert program.get(_all(world)).status_code == 404
        assert program.get(f"{_all(world)}/{study.pk}").status_code == 404
        assert program.post(f"{_all(world)}/{study.pk}/begin", version=1).status_code == 404
    reads = call(world.a.manager, "research:read")
    assert reads.post(f"{_all(world)}/{study.pk}/begin", version=1).status_code == 403
