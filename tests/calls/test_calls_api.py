"""Calls and files of calls by program."""

import gzip
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from proxeny.calls.models import Call, CallImport
from tests.ambassadors.calling import done, rows
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db
BODY = {
    "reference": "BLUE-1",
    "title": "Nets that last",
    "programme": "Blue",
    "topics": ["nets"],
    "closes_at": "2041-05-01T17:00:00+02:00",
    "budget": "1500000.00",
    "rule_set": "horizon-europe-csa",
    "own_rules": [{"key": "own-1", "kind": "countries", "text": "Three countries", "least": 3}],
}


@pytest.fixture
def greek(world, call):
    return call(world.a.manager)


def test_a_call_is_noted_read_changed_and_put_away(world, call, greek):
    made = done(greek.post("/calls", BODY | {"cluster_id": world.a.cluster.pk}), 201)
    assert (made["state"], made["source"], made["version"]) == ("open", "hand", 1)
    assert made["cluster"] == {"id": world.a.cluster.pk, "name": world.a.cluster.name}
    assert [one["is_own"] for one in made["conditions"]][-1]
    assert made["conditions"][0]["source"].startswith("Regulation (EU) 2021/695")
    one = f"/calls/{made['id']}"
    assert done(call(world.b.representatives[0]).get(one))["title"] == "Nets that last"
    assert call(world.c.manager).get(one).status_code == 404
    assert greek.patch(one, {"budget": None}).status_code == 428
    told = done(greek.patch(one, {"budget": None, "title": "Nets"}, version=1))
    assert (told["budget"], told["title"], told["topics"]) == (None, "Nets", ["nets"])
    assert greek.patch(one, {"title": "Boats"}, version=1).status_code == 412
    assert call(world.b.manager).patch(one, {"title": "Boats"}, version=2).status_code == 403
    assert done(greek.post(f"{one}/put-away"))["put_away_at"]
    assert greek.post(f"{one}/put-away").status_code == 409
    assert rows(greek.get("/calls")) == []
    assert [row["id"] for row in rows(greek.get("/calls?away=true"))] == [made["id"]]
    assert done(greek.post(f"{one}/restore"))["put_away_at"] is None


@pytest.mark.parametrize(
    "change",
    [
        {"own_rules": [{"key": "x", "kind": "wish"}]},
        {"own_rules": [{"key": "x", "kind": "countries", "text": "x", "least": 1e999}]},
        {"address": "javascript:alert(1)"},
        {"rule_set": "none"},
        {"budget": -1},
        {"closes_at": "2041-05-01"},
        {"opens_on": "2042-01-01"},
        {"title": ""},
        {"steward_id": 1},
    ],
)
def test_what_does_not_hold_is_refused(world, greek, change):
    answer = greek.post("/calls", BODY | {"cluster_id": world.a.cluster.pk} | change)
    assert answer.status_code == 422
    assert not Call.objects.exists()


def test_calls_are_searched_and_narrowed(world, call):
    net = CallFactory(steward=world.a.cluster, title="Nets", text="")
    CallFactory(steward=world.a.cluster, title="Boats", text="", programme="Green")
    CallFactory(steward=world.c.cluster, title="Nets of C")
    french = call(world.b.manager)
    assert [one["title"] for one in rows(french.get("/calls?q=net"))] == ["Nets"]
    assert len(rows(french.get("/calls?state=live"))) == 2
    assert [one["id"] for one in rows(french.get("/calls?programme=Blue+Bridges"))] == [net.pk]
    assert rows(french.get("/calls?closes_before=2000-01-01")) == []
    assert french.get("/calls?closes_before=soon").status_code == 422
    assert call(world.b.manager, "events:read").get("/calls").status_code == 403


def test_a_file_is_brought_shown_taken_and_not_twice(world, greek, call):
    row = {"topicId": "BLUE-1", "title": "Nets", "deadline": "2041-05-01"}
    content = gzip.compress(b"\n".join(json.dumps(one).encode() for one in (row, {"topicId": "X"})))

    def bring(data, program=greek):
        file = SimpleUploadedFile("calls.jsonl.gz", data)
        return program.upload("/calls/imports", {"cluster_id": world.a.cluster.pk, "file": file})

    made = done(bring(content), 201)
    assert (made["added"], made["problem_count"], made["source"]) == (1, 1, "portal")
    assert made["problems"] == [
        {"line": 2, "field": "title", "text": "Enter the title of the call."}
    ]
    one = f"/calls/imports/{made['id']}"
    assert greek.post(f"{one}/take", {}, version=1).status_code == 409
    assert not Call.objects.exists()
    assert done(greek.post(f"{one}/take", {"leave_out": True}, version=1))["state"] == "taken"
    assert Call.objects.get().title == "Nets"
    assert greek.post(f"{one}/take", {"leave_out": True}, version=2).status_code == 409
    again = done(bring(content), 201)
    assert (again["added"], again["unchanged"]) == (0, 1)
    assert greek.delete(f"/calls/imports/{again['id']}", version=1).status_code == 204
    assert len(rows(greek.get("/calls/imports"))) == CallImport.objects.count() == 1
    answer = bring(b"%PDF-1.7")
    assert answer.status_code == 422
    assert "PDF" in answer.json()["detail"]
    assert bring(content, call(world.b.manager)).status_code == 403
    assert call(world.a.representatives[0]).get(one).status_code == 404
