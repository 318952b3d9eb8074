"""Requests, briefs, plans and the workload by program."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.assessments.models import Engagement
from tests.assessments.doing import ask, begin, fresh, name, staff, told
from tests.factories.assessments import make_engagement, make_service

pytestmark = pytest.mark.django_db
State = Engagement.State
A = "/assessments"


def _room(one):
    return f"{A}/{one.partnership_id}/engagements"


def _one(one):
    return f"{_room(one)}/{one.pk}"


def test_from_the_request_to_the_plan(world, call):
    service = make_service(world)
    member, manager = call(world.a.representatives[0]), call(world.a.manager)
    ambassadors = call(world.a.ambassador), call(world.b.ambassador)
    questions = member.get(f"{A}/own/services/{service.pk}/questions").json()["questions"]
    asked = member.post(
        f"{A}/own/engagements",
        {
            "service_id": service.pk,
            "client_id": world.a.members[0].pk,
            "title": "Do they buy?",
            "market": "FR",
            "answers": ["Small ones"],
        },
    )
    assert asked.status_code == 201
    told_one = asked.json()
    assert [one["asked"] for one in told_one["answers"]] == questions
    assert (told_one["state"], told_one["leads"]) == ("asked", [])
    one = Engagement.objects.get()
    for caller, person in (
        (manager, world.a.ambassador),
        (call(world.b.manager), world.b.ambassador),
    ):
        named = caller.put(f"{_one(one)}/advisers", {"person_id": person.pk, "leads": True})
        assert named.status_code == 200
    for caller in ambassadors:
        assert caller.post(f"{_one(one)}/declare", {"conflicts": False}).status_code == 200
    brief = {"goal": "Enter?", "scope": "Studios", "delivers": "A report", "due_on": "2090-01-01"}
    refused = ambassadors[0].patch(f"{_one(one)}/brief", brief, version="*")
    assert refused.status_code == 422
    brief["due_on"] = _soon()
    assert ambassadors[0].patch(f"{_one(one)}/brief", brief).status_code == 428
    assert ambassadors[0].patch(f"{_one(one)}/brief", brief, version="*").status_code == 200
    text = manager.post(f"{_one(one)}/brief/ask", version="*").json()["brief"]
    given = {"agreement_id": text["agreement_id"], "text_hash": text["text_hash"]}
    assert call(world.b.manager).post(f"{_one(one)}/brief/sign", given).status_code == 200
    signed = member.post(f"{A}/own/engagements/{one.pk}/brief/sign", given).json()
    assert signed["state"] == "working"
    assert len(signed["leads"]) == 2
    assert signed["plan"]


def _soon() -> str:
    return (timezone.localdate() + timedelta(days=50)).isoformat()


def test_steps(world, call):
    one = begin(world)
    caller = call(world.a.ambassador)
    steps = f"{_one(one)}/steps"
    made = caller.post(steps, {"title": "Call Lyon", "due_on": _soon()})
    assert made.status_code == 201
    step = f"{steps}/{made.json()['id']}"
    changed = caller.patch(step, {"person_id": world.b.ambassador.pk}, version="*").json()
    assert (changed["person"], changed["version"]) == ("French ambassador", 2)
    assert caller.patch(step, {"title": "x"}, version='"1"').status_code == 412
    assert caller.post(f"{step}/done").json()["done_on"]
    assert caller.post(f"{step}/undone").json()["done_on"] is None
    assert caller.delete(step).status_code == 204
    assert caller.get(step).status_code == 404
    assert call(world.a.manager).post(steps, {"title": "x", "due_on": _soon()}).status_code == 403


def test_lists_narrow_and_the_workload_counts(world, call):
    service = make_service(world)
    first = make_engagement(world, service=service, title="Puzzle-1")
    make_engagement(world, service=service, member=1, state=State.CLOSED, title="Puzzle-2")
    caller = call(world.b.manager)

    def found(**query):
        return [one["title"] for one in caller.get(_room(first), query=query).json()["results"]]

    assert found() == ["Puzzle-1"]
    assert sorted(found(state="all")) == ["Puzzle-1", "Puzzle-2"]
    assert found(state="all", q="puzzle-2") == ["Puzzle-2"]
    assert found(market="BE") == []
    workload = caller.get(f"{A}/{first.partnership_id}/workload").json()
    assert {one["name"] for one in workload["people"]} >= {"Greek ambassador", "French ambassador"}
    assert workload["places"][0]["waiting"] == 1


def test_a_conflict_closes_every_route(world, call):
    one = staff(ask(world), world)
    caller = call(world.a.ambassador)
    declared = caller.post(f"{_one(one)}/declare", {"conflicts": True, "reason": "My sister."})
    assert declared.json() == {"conflicts": True}
    for path in ("", "/steps"):
        assert caller.get(f"{_one(one)}{path}").status_code == 404
    assert caller.post(f"{_one(one)}/declare", {"conflicts": False}).status_code == 404
    assert caller.get(_room(one), query={"state": "all"}).json()["results"] == []


def test_others_find_nothing(world, call):
    one = begin(world)
    for person in (world.a.representatives[1], world.b.representatives[0], world.c.manager):
        caller = call(person)
        assert caller.get(_one(one)).status_code == 404
        assert caller.get(f"{A}/own/engagements/{one.pk}").status_code == 404
        assert caller.get(f"{A}/own/engagements").json()["results"] == []
    company = call(world.a.representatives[0])
    assert company.get(_one(one)).status_code == 404
    own = company.get(f"{A}/own/engagements/{one.pk}").json()
    assert {adviser["leads"] for adviser in own["advisers"]} == {True}


def test_a_company_changes_and_withdraws(world, call):
    one = ask(world)
    company, path = call(world.a.representatives[0]), f"{A}/own/engagements/{one.pk}"
    changed = company.patch(path, {"title": "And Lyon?"}, version="*").json()
    assert (changed["title"], changed["version"]) == ("And Lyon?", 2)
    assert changed["answers"][0]["text"] == "Small studios."
    assert company.post(f"{path}/withdraw", {"reason": "No."}).json()["state"] == "withdrawn"
    assert company.post(f"{path}/again").json()["state"] == "asked"
    name(one, world.a)
    declined = call(world.b.ambassador).post(f"{_one(one)}/decline", {"reason": "Too large."})
    assert declined.json()["state"] == "declined"
    assert call(world.b.ambassador).post(f"{_one(one)}/reopen").json()["state"] == "checking"
    assert fresh(one).reason == ""
    assert told(world.a.representatives[0])
