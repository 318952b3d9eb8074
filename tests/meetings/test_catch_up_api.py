"""Catch-ups over the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.kernel.models import Mail
from proxeny.meetings.models import CatchUp
from proxeny.partnerships.models import Action
from tests.factories.meetings import make_catch_up
from tests.stages import staged


@staged
def base(world) -> str:
    return f"/api/v1/meetings/catch-ups/{world.partnership.pk}"


def body(world, **changes):
    starts_at = (timezone.now() + timedelta(days=9)).replace(microsecond=0, second=0)
    values = {
        "starts_at": starts_at.isoformat(),
        "duration_min": 60,
        "time_zone": "Europe/Athens",
        "guests": [world.a.manager.pk, world.b.manager.pk],
        "title": "Budget",
        "video_url": "https://meet.example.org/x",
    }
    return {**values, **changes}


def past(world, **values) -> CatchUp:
    return make_catch_up(
        world.partnership,
        world.a.manager,
        world.b.manager,
        starts_at=timezone.now() - timedelta(days=2),
        **values,
    )


def test_one_is_planned_read_and_listed(world, call, base):
    program = call(world.a.ambassador)
    answer = program.post(base, body(world))
    assert answer.status_code == 201
    made = answer.json()
    assert answer["Location"] == f"{base}/{made['id']}"
    assert (made["state"], made["title"], made["version"]) == ("confirmed", "Budget", 1)
    assert [(one["name"], one["side"], one["answer"]) for one in made["guests"]] == [
        ("Greek manager", "A", "NEEDS-ACTION"),
        ("French manager", "B", "NEEDS-ACTION"),
    ]
    assert Mail.objects.count() == 2
    assert call(world.b.manager).get(answer["Location"]).json() == made
    (row,) = call(world.b.manager).get(base).json()["results"]
    assert row["id"] == made["id"]
    assert "minutes" not in row


def test_what_does_not_hold_is_a_problem_at_its_field(world, call, base):
    program = call(world.a.manager)
    answer = program.post(base, body(world, guests=[world.a.manager.pk, world.c.manager.pk]))
    assert answer.status_code == 422
    assert "Choose people from the two teams." in answer.content.decode()
    assert program.post(base, body(world, in_person=True)).status_code == 422
    assert program.post(base, body(world, surprise=1)).status_code == 422


def test_a_change_names_the_version_it_was_made_from(world, call, base):
    program = call(world.a.manager)
    made = program.post(base, body(world))
    address = made["Location"]
    assert program.patch(address, {"title": "Money"}).status_code == 428
    changed = program.patch(address, {"title": "Money"}, version=made.json()["version"])
    assert changed.status_code == 200
    assert (changed.json()["title"], changed.json()["sequence"]) == ("Money", 1)
    # Nothing else changed.
    assert changed.json()["video_url"] == "https://meet.example.org/x"
    stale = call(world.b.manager).patch(
        address, {"title": "People"}, version=made.json()["version"]
    )
    assert stale.status_code == 412


def test_an_answer_raises_no_version_and_another_etag(world, call, base):
    made = call(world.a.manager).post(base, body(world))
    address = made["Location"]
    answered = call(world.b.manager).post(f"{address}/answer", {"will_come": True})
    assert answered.json()["guests"][1]["answer"] == "ACCEPTED"
    assert answered["ETag"] != made["ETag"]
    # What was read before still changes it.
    changed = call(world.a.manager).patch(address, {"agenda": "x"}, version=made.json()["version"])
    assert changed.status_code == 200


def test_minutes_with_actions_are_written_and_closed(world, call, base):
    held = past(world)
    program, address = call(world.b.ambassador), f"{base}/{held.pk}"
    version = program.get(address).json()["version"]
    party = world.partnership.parties.get(side="B")
    minutes = {
        "text": "We talked.",
        "decisions": ["We go to Lyon."],
        "came": [world.a.manager.pk, world.b.manager.pk],
        "close": True,
        "actions": [{"title": "Book the stand", "due_on": "2083-05-01", "party_id": party.pk}],
    }
    answer = program.put(f"{address}/minutes", minutes, version=version)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["state"], told["minutes"], told["decisions"]) == (
        "held",
        "We talked.",
        ["We go to Lyon."],
    )
    assert [one["title"] for one in told["actions"]] == ["Book the stand"]
    assert Action.objects.get().origin_id == held.pk
    assert (
        program.put(f"{address}/minutes", minutes, version=answer.json()["version"]).status_code
        == 409
    )
    opened = program.post(f"{address}/reopen")
    assert opened.json()["state"] == "confirmed"
    assert program.post(f"{address}/close").json()["state"] == "held"


def test_one_is_called_off_or_missed(world, call, base):
    program = call(world.a.manager)
    address = program.post(base, body(world))["Location"]
    assert program.post(f"{address}/miss").status_code == 409
    off = program.post(f"{address}/call-off", {"reason": "A strike"}).json()
    assert (off["state"], off["cancel_reason"]) == ("cancelled", "A strike")
    held = past(world)
    assert program.post(f"{base}/{held.pk}/miss").json()["state"] == "missed"


def test_the_list_is_filtered(world, call, base):
    past(world, state="held")
    program = call(world.a.manager)
    program.post(base, body(world))

    def listed(**query) -> list[str]:
        return [one["state"] for one in program.get(base, query).json()["results"]]

    assert listed() == ["confirmed", "held"]
    assert listed(state="held") == ["held"]
    assert listed(since=timezone.now().isoformat()) == ["confirmed"]
    assert listed(until=timezone.now().isoformat()) == ["held"]


def test_one_stands_among_the_callers_own_meetings(world, call, base):
    made = call(world.a.manager).post(base, body(world)).json()
    (mine,) = call(world.b.manager).get("/api/v1/meetings").json()["results"]
    assert (mine["id"], mine["kind"]) == (made["id"], "catch-up")
    assert [party["name"] for party in mine["parties"]] == ["", ""]
    assert call(world.b.ambassador).get("/api/v1/meetings").json()["results"] == []
    calendar = call(world.b.manager).get("/api/v1/meetings/calendar.ics").content.decode()
    assert "Budget · Athens – Paris" in calendar
    assert "https://meet.example.org/x" in calendar


def test_a_token_needs_the_scope_of_meetings(world, call, base):
    held = past(world)
    reading = call(world.a.manager, "meetings:read")
    assert reading.get(f"{base}/{held.pk}").status_code == 200
    assert reading.post(base, body(world)).status_code == 403
    assert call(world.a.manager, "partnerships:write").get(base).status_code == 403


@pytest.mark.parametrize("who", ["a.representatives", "c.manager"])
def test_others_find_nothing(world, call, base, who):
    side, _dot, role = who.partition(".")
    person = getattr(getattr(world, side), role)
    program = call(person[0] if isinstance(person, list) else person)
    held = past(world)
    assert program.get(base).status_code == 404
    assert program.get(f"{base}/{held.pk}").status_code == 404
    assert program.post(base, body(world)).status_code == 404
