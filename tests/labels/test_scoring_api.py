"""Scores by program: a juror who holds another seat, and managers of both sides."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.labels.models import Question, Score
from tests.labels.judging import assign, make_judged, make_juror, submit
from tests.partnerships.rooms import others
from tests.stages import staged

pytestmark = pytest.mark.django_db
SCOPES = ("labels:read", "labels:write")


@staged
def judged(world):
    return make_judged(world)


@staged
def given(judged, world):
    """Read by an adviser of A's cluster, whose seat opens something by itself."""
    juror = make_juror(judged.round, world, world.a, "Greek adviser", Role.ADVISER)
    return assign(juror, submit(judged, world.a.members[0]))


def at(given, rest=""):
    return f"/labels/assignments/{given.pk}{rest}"


def of_round(judged, rest=""):
    held = judged.round
    return f"/labels/partnerships/{held.partnership_id}/rounds/{held.pk}/scores{rest}"


def test_a_juror_scores_by_program(judged, given, call, world):
    program = call(given.person, *SCOPES)
    shown = program.get(at(given)).json()
    assert (shown["number"], shown["closed"], shown["missing"]) == (1, "", judged.keys)
    assert [one["text"] for one in shown["answers"]] == ["Three harbours use them."] * 3
    assert world.a.members[0].name not in str(shown)
    first, second, third = judged.keys
    sent = {
        "scores": [
            {"indicator": first, "points": "3.5", "comment": "New."},
            {"indicator": second, "points": None},
            {"indicator": third, "points": 7},
        ]
    }
    answer = program.put(at(given, "/scores"), sent)
    assert answer.status_code == 200, answer.content
    assert answer.json() == {
        "kept": [first, second],
        "later": [],
        "refused": {third: "“Team” accepts points from 0 to 5, including half points."},
    }
    early = (timezone.now() - timedelta(hours=1)).isoformat()
    sent = {"scores": [{"indicator": first, "points": 1, "saved_at": early}]}
    [later] = program.put(at(given, "/scores"), sent).json()["later"]
    assert (later["indicator"], later["points"]) == (first, "3.50")
    refused = program.post(at(given, "/finish"), {})
    assert refused.status_code == 422
    assert "Still to be scored: “Team”." in str(refused.json())
    answer = program.post(
        at(given, "/finish"),
        {
            "scores": [{"indicator": third, "points": 4}],
            "comment": {"text": "Good."},
        },
    )
    assert answer.json()["state"] == "done"
    assert answer.json()["comment"] == "Good."
    assert program.put(at(given, "/scores"), {}).status_code == 409
    assert program.post(at(given, "/reopen")).json()["state"] == "open"
    assert program.post(at(given, "/questions"), {"text": "Which harbours?"}).status_code == 204
    assert Question.objects.get().asked_by == given.person


def test_the_jury_talks_it_over_by_program(judged, given, call, world):
    assign(judged.french, given.application, 4, 4, 4)
    program, manager = call(given.person, *SCOPES), call(world.b.manager, *SCOPES)
    assert program.get(at(given, "/discussion")).status_code == 409
    judged.set(state="discussing")
    said = program.post(at(given, "/remarks"), {"text": "Hm.", "indicator": judged.keys[0]})
    assert said.status_code == 201, said.content
    assert [one["label"] for one in said.json()["jurors"]] == [
        "You (juror 1)",
        "Juror 2 · French cluster",
    ]
    path = of_round(judged, f"/{given.application_id}")
    assert manager.post(f"{path}/remarks", {"text": "I see."}).status_code == 201
    shown = manager.get(path).json()
    assert [one["label"] for one in shown["jurors"]] == [
        "Greek adviser · Greek cluster",
        "French juror · French cluster",
    ]
    assert [(one["who"], one["text"]) for one in shown["remarks"]] == [
        ("Greek adviser", "Hm."),
        ("French manager", "I see."),
    ]


def test_managers_read_how_a_round_stands(judged, given, call, world):
    assign(judged.greek, given.application, 2, 2, 2)
    assign(judged.french, given.application, 4, 4, 4)
    program = call(world.a.manager, *SCOPES)
    [row] = program.get(of_round(judged)).json()
    assert (row["number"], row["total"], row["passes"], row["missing"]) == (1, "60.00", True, [])
    assert [(one["name"], one["state"], one["total"]) for one in row["jurors"]] == [
        ("Greek juror", "done", "40.00"),
        ("Greek adviser", "open", None),
        ("French juror", "done", "80.00"),
    ]
    judging = program.get(of_round(judged, "/judging")).json()
    assert [one["points"] for one in judging["jurors"]] == [None, None]
    assert [one["applications"] for one in judging["spreads"]] == [1, 1, 1]
    file = program.get(of_round(judged, "/file"), {"format": "csv"})
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    assert len(file.content.decode().splitlines()) == 10


def test_others_are_refused(judged, given, call, world):
    assign(judged.french, given.application, 4, 4, 4)
    people = {**others(world), "ambassador": world.a.ambassador}
    people.pop("stranger")
    paths = (
        of_round(judged),
        of_round(judged, "/judging"),
        of_round(judged, "/file"),
        of_round(judged, f"/{given.application_id}"),
        at(given),
    )
    for person in people.values():
        program = call(person, *SCOPES)
        for path in paths:
            assert program.get(path).status_code in (403, 404)
        sent = {"scores": [{"indicator": judged.keys[0], "points": 5}]}
        assert program.put(at(given, "/scores"), sent).status_code == 404
    assert Score.objects.filter(assignment=given).count() == 0
