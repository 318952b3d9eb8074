"""Documents and steps of a bid by program: listed, brought, taken along; planned and moved."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from proxeny.bids.models import Paper
from proxeny.calls.models import Call
from proxeny.calls.rules import BRUSSELS
from tests.bids.bidding import bid_of, call_of

pytestmark = pytest.mark.django_db
SCOPES = ("bids:read", "bids:write", "partnerships:read", "partnerships:write")


def url(bid, rest=""):
    return f"/bids/{bid.partnership_id}/{bid.pk}{rest}"


def file(content=b"Harbours, and why.", name="part-b.txt"):
    return SimpleUploadedFile(name, content)


def test_a_program_brings_documents_and_reads_all_versions(world, call):
    bid, program = bid_of(world), call(world.a.ambassador, *SCOPES)
    answer = program.upload(
        url(bid, "/papers"),
        {
            "title": "Part B",
            "kind": "annex",
            "is_required": "true",
            "news": "Draft",
            "file": file(),
        },
    )
    made = answer.json()
    assert answer.status_code == 201, made
    assert (made["title"], made["kind"], made["is_missing"]) == ("Part B", "annex", False)
    one = url(bid, f"/papers/{made['id']}/versions")
    second = call(world.b.manager, *SCOPES).upload(
        one, {"news": "Better", "seen": "1", "file": file(b"Better.")}
    )
    assert second.status_code == 201
    assert (second.json()["number"], second.json()["missed"]) == (2, None)
    late = program.upload(one, {"seen": "1", "file": file(b"Mine.")}).json()
    assert (late["number"], late["missed"]) == (3, 2)
    [told] = program.get(url(bid, "/papers")).json()
    assert [(row["number"], row["note"], row["person_id"]) for row in told["versions"]] == [
        (3, "", world.a.ambassador.pk),
        (2, "Better", world.b.manager.pk),
        (1, "Draft", world.a.ambassador.pk),
    ]
    answer = program.get(f"{one}/2")
    assert answer.content == b"Better."
    assert answer["Content-Disposition"] == 'attachment; filename="part-b.txt"'
    assert program.get(f"{one}/4").status_code == 404
    assert program.get(f"{one}/0").status_code == 422


def test_a_program_is_refused_what_people_are(world, call):
    bid, program = bid_of(world), call(world.a.manager, *SCOPES)
    refused = program.upload(url(bid, "/papers"), {"file": file(b"MZ", "plan.exe")})
    assert refused.status_code == 422
    assert "can run" in refused.json()["detail"]
    assert program.upload(url(bid, "/papers"), {"title": "No file"}).status_code == 422
    refused = program.upload(url(bid, "/papers"), {"kind": "poem", "file": file()})
    assert refused.status_code == 422
    assert not Paper.objects.exists()
    paper = program.upload(url(bid, "/papers"), {"file": file()}).json()
    one = url(bid, f"/papers/{paper['id']}/versions")
    again = program.upload(one, {"file": file()})
    assert (again.status_code, "identical to version 1" in again.json()["detail"]) == (422, True)
    bid.state, bid.submitted_at = "submitted", timezone.now()
    bid.save()
    assert program.upload(one, {"file": file(b"Late")}).status_code == 409
    assert program.get(f"{one}/1").status_code == 200
    for person in (world.c.manager, world.a.representatives[0]):
        stranger = call(person, *SCOPES)
        assert stranger.get(url(bid, "/papers")).status_code == 404
        assert stranger.get(f"{one}/1").status_code == 404
        assert stranger.upload(one, {"file": file(b"Mine")}).status_code == 404


def test_a_program_plans_steps_back_and_moves_them(world, call):
    closes = timezone.now() + timedelta(days=90)
    bid = bid_of(world, call=call_of(world, closes_at=closes))
    program, last = call(world.b.ambassador, *SCOPES), closes.astimezone(BRUSSELS).date()
    assert program.get(url(bid, "/steps")).json() == {
        "closes_on": str(last),
        "counted_from": None,
        "moved": 0,
        "steps": [],
    }
    planned = program.post(url(bid, "/steps/plan"))
    assert planned.status_code == 201
    steps = planned.json()["steps"]
    assert [one["due_on"] for one in steps] == [
        str(last - timedelta(days=days)) for days in (60, 50, 21, 10, 5, 2)
    ]
    assert program.post(url(bid, "/steps/plan")).status_code == 409
    Call.objects.update(closes_at=closes + timedelta(days=7))
    assert program.get(url(bid, "/steps")).json()["moved"] == 7
    moved = program.post(url(bid, "/steps/move"), {}).json()
    assert (moved["moved"], moved["counted_from"]) == (0, str(last + timedelta(days=7)))
    assert moved["steps"][0]["due_on"] == str(last - timedelta(days=53))
    back = program.post(url(bid, "/steps/move"), {"to": str(last)}).json()
    assert back["steps"][0]["due_on"] == steps[0]["due_on"]
    assert call(world.c.manager, *SCOPES).post(url(bid, "/steps/plan")).status_code == 404
