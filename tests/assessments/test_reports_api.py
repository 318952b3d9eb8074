"""Reports, remarks, handovers and answers by program, for the teams and for the company."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.assessments.models import Engagement, Later, Remark, Report
from tests.assessments.reporting import give, put_together, wall
from tests.factories.assessments import LaterFactory

pytestmark = pytest.mark.django_db


def at(one, rest=""):
    return f"/assessments/{one.partnership_id}/engagements/{one.pk}/{rest}"


def own(one, rest=""):
    return f"/assessments/own/engagements/{one.pk}/{rest}"


def test_a_program_writes_the_summary_and_gives_the_report(world, call):
    one = put_together(world)
    team = call(world.b.ambassador)
    read = team.get(at(one, "report-summary"))
    assert read.json() == {"summary": "Yes: studios buy by the year."}
    assert team.put(at(one, "report-summary"), {"summary": "Yes."}).status_code == 428
    assert team.put(
        at(one, "report-summary"), {"summary": "Yes."}, version=read["ETag"]
    ).json() == {"summary": "Yes."}
    stale = team.put(at(one, "report-summary"), {"summary": "No."}, version=read["ETag"])
    assert stale.status_code == 412
    draft = team.get(at(one, "report-draft")).json()
    assert draft["can_go"]
    assert draft["missing"] == []
    assert team.post(at(one, "reports"), {"seen": "0" * 64}).status_code == 409
    made = team.post(at(one, "reports"), {"seen": draft["seen"]})
    assert made.status_code == 201
    assert made["Location"] == f"/api/v1{at(one, 'reports/1')}"
    told = made.json()
    text = json.dumps(told["content"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == told["sha256"] == draft["seen"]
    assert team.get(at(one, "reports/1")).json() == told
    assert [row["number"] for row in team.get(at(one, "reports")).json()] == [1]


def test_the_company_reads_its_report_and_nothing_else(world, call):
    one = put_together(world)
    give(world, one)
    client = call(world.a.representatives[0])
    assert [row["number"] for row in client.get(own(one, "reports")).json()] == [1]
    assert client.get(own(one, "reports/1")).json()["content"]["summary"] == one.summary
    answer = client.get(own(one, "reports/1/pdf"))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert client.get(own(one, "reports/2")).status_code == 404
    for rest in ("report-draft", "reports", "reports/1", "remarks", "hand-over", "later"):
        assert client.get(at(one, rest)).status_code == 404, rest
    wall(world.b.manager, one)
    for person in (world.b.manager, world.a.representatives[1], world.c.manager):
        program = call(person)
        for url in (
            at(one, "reports/1"),
            own(one, "reports/1"),
            own(one, "remarks"),
            at(one, "report-draft"),
            own(one, "later"),
        ):
            assert program.get(url).status_code == 404, (person, url)


def test_both_sides_speak_beside_the_text(world, call):
    one = put_together(world)
    give(world, one)
    client, team = call(world.a.representatives[0]), call(world.a.ambassador)
    said = {"number": 1, "passage": "summary", "text": "Which studios?"}
    made = client.post(own(one, "remarks"), said)
    assert made.status_code == 201
    assert made.json()["is_client"] is True
    remark = Remark.objects.get()
    answer = {"number": 1, "text": "Five.", "answers": remark.pk}
    assert team.post(at(one, "remarks"), answer).json()["is_client"] is False
    (thread,) = client.get(own(one, "remarks")).json()
    assert [row["text"] for row in thread["answers"]] == ["Five."]
    (thread,) = team.post(at(one, f"remarks/{remark.pk}/settle")).json()
    assert thread["settled_at"] is not None
    (thread,) = client.post(own(one, f"remarks/{remark.pk}/reopen")).json()
    assert thread["settled_at"] is None
    assert client.post(own(one, "remarks"), {**said, "passage": "x"}).status_code == 422
    assert call(world.c.manager).post(own(one, "remarks"), said).status_code == 404


def test_a_hand_over_is_arranged_and_noted_by_program(world, call):
    one = put_together(world)
    give(world, one, now=timezone.now() - timedelta(days=2))
    team = call(world.a.ambassador)
    read = team.get(at(one, "hand-over"))
    assert read.json()["meeting_id"] is None
    wanted = {
        "starts_at": (timezone.now() + timedelta(days=5)).isoformat(),
        "duration_min": 60,
        "time_zone": "Europe/Paris",
        "place": "Lyon",
        "guests": [world.a.representatives[0].pk, world.b.ambassador.pk],
    }
    assert team.put(at(one, "hand-over"), wanted).status_code == 428
    made = team.put(at(one, "hand-over"), wanted, version=read["ETag"])
    assert made.status_code == 200
    assert [one["organisation_id"] for one in made.json()["guests"]] == sorted(
        (world.a.members[0].pk, world.b.cluster.pk)
    )
    bad = team.put(at(one, "hand-over"), {**wanted, "guests": [1]}, version=made["ETag"])
    assert bad.status_code == 422
    off = team.post(at(one, "hand-over/off"), {"reason": "Ill"}, version=made["ETag"])
    assert off.json()["state"] == "cancelled"
    day = timezone.localdate().isoformat()
    held = team.post(at(one, "hand-over/held"), {"held_on": day}, version=off["ETag"])
    assert held.status_code == 200
    assert held.json()["handed_over_at"] is not None
    assert [row["months"] for row in team.get(at(one, "later")).json()] == [6, 12]
    again = team.post(at(one, "hand-over/without"), {"reason": "x"}, version=held["ETag"])
    assert again.status_code == 409


def test_the_company_says_what_came_of_it(world, call):
    one = put_together(world)
    give(world, one)
    Engagement.objects.update(state="handed-over", handed_over_at=timezone.now())
    LaterFactory(engagement=one, due_on=timezone.localdate())
    client = call(world.a.representatives[0])
    read = client.get(own(one, "later/6"))
    assert read.json()["value"] == ""
    said = {"value": "entered", "worth": "1200.50", "currency": "EUR", "text": "Lyon."}
    assert client.put(own(one, "later/6"), said).status_code == 428
    kept = client.put(own(one, "later/6"), said, version=read["ETag"])
    assert (kept.status_code, kept.json()["worth"]) == (200, "1200.50")
    assert client.put(own(one, "later/6"), said, version=read["ETag"]).status_code == 412
    assert client.get(own(one, "later/12")).status_code == 404
    assert client.get(own(one, "later/9")).status_code == 404
    assert [row["value"] for row in client.get(own(one, "later")).json()] == ["entered"]
    assert Later.objects.get().value == "entered"
    found = call(world.b.manager).get(f"/assessments/{one.partnership_id}/outcomes")
    chain = found.json()["chain"]
    assert (chain["asked"], chain["reported"], chain["used"]) == (1, 1, 1)
    assert chain["used_rate"]["is_thin"] is True
    assert found.json()["groups"][0]["key"] == "demand"
    assert client.get(f"/assessments/{one.partnership_id}/outcomes").status_code == 404


def test_a_list_of_versions_asks_the_database_as_often_for_many(world, call):
    one = put_together(world)
    report = give(world, one)
    team = call(world.a.manager)
    team.get(at(one, "reports"))
    with CaptureQueriesContext(connection) as first:
        team.get(at(one, "reports"))
    for number in (2, 3):
        Report.objects.create(
            engagement=one,
            partnership=one.partnership,
            number=number,
            language="en",
            content=report.content,
            sha256=report.sha256,
        )
    with CaptureQueriesContext(connection) as then:
        assert len(team.get(at(one, "reports")).json()) == 3
    assert len(then) == len(first)
