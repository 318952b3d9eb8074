"""Selections, decisions, letters, who moves up and appeals over the API; an applicant's own."""

import pytest
from django.utils import timezone

from proxeny.labels.models import Score
from tests.labels.deciding import (
    application,
    decided,
    make_ranked,
    owner,
    result,
    standings,
    with_quota,
)
from tests.labels.test_appeals import score, with_others

pytestmark = pytest.mark.django_db
SCOPES = ("labels:read", "labels:write", "partnerships:read")


def at(judged, rest):
    return f"/labels/partnerships/{judged.round.partnership_id}/rounds/{judged.round.pk}/{rest}"


def own(judged, number, rest=""):
    return f"/labels/applications/{application(judged, number).pk}/result{rest}"


def meeting(**values):
    day = timezone.now().date().isoformat()
    return {"held_on": day, "present": "Both sides.", "minutes": "All agreed.", **values}


def test_a_round_is_compared_and_decided_by_program(world, call):
    judged = make_ranked(world, 5, 4, 3, places=2, countries="GR GR FR")
    with_quota(judged, least=50)
    greek = call(world.a.manager, *SCOPES)
    shown = greek.get(at(judged, "selection")).json()
    assert (shown["chosen"], shown["waiting"], shown["missing"]) == ([1, 3], [2], [])
    assert shown["ranking"][0]["total"] == "100.00"
    assert shown["ranking"][1] == {
        "number": 2,
        "title": "Project 2",
        "organisation": "Greek member 2",
        "country": "GR",
        "rank": 2,
        "total": "80.00",
        "level": "Gold",
        "standing": "waiting",
        "missed": "",
    }
    [quota] = shown["quotas"]
    assert quota["cost"].startswith("It costs 20 points")
    compared = greek.get(at(judged, "selection"), {"without": quota["key"]}).json()
    assert compared["chosen"] == [1, 2]
    given = {"fingerprint": shown["fingerprint"], **meeting()}
    assert (
        greek.post(
            at(judged, "decision"), {**given, "without": [quota["key"]], "why": "So."}
        ).status_code
        == 422
    )
    assert greek.post(at(judged, "decision"), {**given, "minutes": ""}).status_code == 422
    made = greek.post(at(judged, "decision"), given)
    assert made.status_code == 201, made.content
    made = made.json()
    assert (made["chosen"], made["number"], made["waits"]) == ([1, 3], None, True)
    assert greek.get(at(judged, "decisions")).json() == [made]
    confirm_by_program(call(world.b.manager, *SCOPES, "partnerships:write"), judged, made)
    [held] = greek.get(at(judged, "decisions")).json()
    assert (held["kind"], held["number"], held["waits"]) == ("round", 1, False)
    assert call(world.a.ambassador, *SCOPES).get(at(judged, "selection")).status_code == 403
    assert call(world.c.manager, *SCOPES).get(at(judged, "selection")).status_code == 404


def confirm_by_program(api, judged, made):
    """Sign the text of a decision."""
    path = f"/partnerships/{judged.round.partnership_id}/texts/{made['text_id']}"
    signed = api.post(f"{path}/sign", {"text_hash": api.get(path).json()["text_hash"]})
    assert signed.status_code == 200, signed.content
    assert signed.json()["completed_at"]


def test_scores_that_changed_since_are_refused(world, call):
    judged = make_ranked(world, 5)
    greek = call(world.a.manager, *SCOPES)
    shown = greek.get(at(judged, "selection")).json()
    Score.objects.update(points=4)
    given = {"fingerprint": shown["fingerprint"], **meeting()}
    assert greek.post(at(judged, "decision"), given).status_code == 409


def test_letters_are_written_and_sent_by_program(world, call):
    judged = make_ranked(world, 5, 1)
    greek = call(world.a.manager, *SCOPES)
    shown = greek.get(at(judged, "selection")).json()
    made = greek.post(at(judged, "decision"), {"fingerprint": shown["fingerprint"], **meeting()})
    confirm_by_program(call(world.b.manager, *SCOPES, "partnerships:write"), judged, made.json())
    rows = greek.get(at(judged, "results")).json()
    assert [(one["number"], one["standing"]) for one in rows] == [(1, "chosen"), (2, "below")]
    letter = greek.get(at(judged, f"results/{rows[1]['id']}")).json()
    assert len(letter["indicators"]) == 3
    said = {"mark": letter["mark"], "feedback": "Nearly."}
    path = at(judged, f"results/{letter['id']}/letter")
    assert greek.put(path, said).json()["feedback"] == "Nearly."
    assert greek.put(path, said).status_code == 409
    assert greek.get(f"{path}.pdf").content.startswith(b"%PDF")
    assert greek.post(at(judged, "letters"), {"results": [letter["id"]]}).json() == {"count": 1}
    assert greek.post(at(judged, "letters"), {}).json() == {"count": 1}
    assert greek.post(at(judged, "letters"), {}).status_code == 409
    mine = call(owner(world, judged, 2), *SCOPES)
    read = mine.get(own(judged, 2)).json()
    assert (read["result"]["feedback"], read["result"]["number"]) == ("Nearly.", 2)
    assert read["why_no_appeal"] == ""
    assert mine.get(own(judged, 2, "/letter.pdf")).status_code == 200
    assert call(owner(world, judged, 1), *SCOPES).get(own(judged, 2)).status_code == 404


def test_a_place_moves_up_by_program(world, call):
    judged = decided(world, 5, 4, places=1)
    greek, mine = call(world.a.manager, *SCOPES), call(owner(world, judged, 1), *SCOPES)
    given = mine.post(own(judged, 1, "/give-up"), {"why": "Sold."}).json()
    assert given["result"]["standing"] == "given-up"
    shown = greek.get(at(judged, "next-up")).json()
    assert shown == {"free": 1, "number": 2, "title": "Project 2", "passed_over": []}
    moved = greek.post(at(judged, "next-up"), meeting(number=2))
    assert (moved.status_code, moved.json()["chosen"]) == (201, [2])
    french = call(world.b.manager, *SCOPES, "partnerships:write")
    confirm_by_program(french, judged, moved.json())
    assert greek.post(at(judged, "next-up"), meeting(number=2)).status_code == 409


def test_an_appeal_is_asked_read_and_decided_by_program(world, call):
    judged = decided(world, 5, 1)
    greek, mine = call(world.b.manager, *SCOPES), call(owner(world, judged, 2), *SCOPES)
    asked = mine.post(own(judged, 2, "/appeals"), {"text": "A document was not read."})
    assert asked.status_code == 201, asked.content
    assert mine.post(own(judged, 2, "/appeals"), {"text": "Again."}).status_code == 409
    [row] = greek.get(at(judged, "appeals")).json()
    assert row["state"] == "asked"
    path = at(judged, f"appeals/{row['id']}")
    assert greek.post(f"{path}/jurors").status_code == 409
    with_others(world, judged)
    assert greek.post(f"{path}/jurors").json() == {"jurors": 2}
    appeal = result(judged, 2).application.appeals.get()
    score(judged, appeal, 4, 4)
    done = greek.post(f"{path}/decision", meeting(answer="You are right."))
    assert (done.status_code, done.json()["kind"]) == (201, "appeal")
    # The French side proposed, so the Greek side confirms.
    other = call(world.a.manager, *SCOPES, "partnerships:write")
    confirm_by_program(other, judged, done.json())
    assert standings(judged) == ["chosen", "chosen"]
    assert mine.get(own(judged, 2)).json()["appeals"][0]["state"] == "upheld"
