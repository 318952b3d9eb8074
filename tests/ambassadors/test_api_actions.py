"""Deeds at the desk over the API: from a note to a meeting, handed over, put aside."""

import pytest

from proxeny.ambassadors.models import Introduction, Link, Note
from proxeny.kernel.models import AuditEntry
from proxeny.meetings.models import Meeting
from tests.ambassadors.calling import body, done, make_adviser, noon, one, own, rows
from tests.factories.ambassadors import (
    TimeOptionFactory,
    WorkingHoursFactory,
    make_case,
)
from tests.stages import staged

pytestmark = pytest.mark.django_db
State = Introduction.State


@staged
def base(world) -> str:
    return f"/desk/{world.partnership.pk}"


@staged
def adviser(world):
    """Of A's team, and not at its desk."""
    return make_adviser(world)


def test_from_a_note_to_a_meeting_and_back(world, call, base):
    desk, member = call(world.a.ambassador), call(world.a.representatives[0])
    made = done(desk.post(f"{base}/introductions", body(world)), 201)
    case = Introduction.objects.get(pk=made["id"])
    assert member.get(own(case)).status_code == 404
    told = done(desk.post(one(base, case, "ask"), {}))
    assert told["state"] == "asking"
    assert Link.objects.count() == 2
    (waiting,) = rows(member.get("/desk/own/introductions"))
    assert (waiting["id"], waiting["step"], waiting["waits"]) == (case.pk, "wish", True)
    assert waiting["other"]["name"] == "French member 1"
    assert done(member.post(own(case, "wish"), {"wants": True}))["step"] == "yes"
    noted = {"role": "stakeholder", "wants": True, "why": "On the phone, on Monday."}
    assert done(desk.post(one(base, case, "answer"), noted))["state"] == "finding"
    times = done(desk.get(one(base, case, "times", "suggested"), {"zone": "Europe/Paris"}))
    assert times["zone"] == "Europe/Paris"
    assert len(times["times"]) == 6
    first = times["times"][0]["starts_at"]
    offer = {"times": [{"starts_at": first}, {"starts_at": noon()}], "time_zone": "Europe/Paris"}
    offered = done(desk.post(one(base, case, "times"), offer))["times"]
    assert [(time["desk"], time["member"]) for time in offered] == [(True, None)] * 2
    (early, _late) = (time["id"] for time in offered)
    told = done(member.post(own(case, "times"), {"suits": [early]}))
    assert (told["step"], [time["suits"] for time in told["times"]]) == (
        "times-said",
        [True, False],
    )
    other = call(world.b.representatives[0])
    told = done(other.post(own(case, "times"), {"suits": [early]}))
    assert (told["step"], told["meeting"]["starts_at"]) == ("booked", first)
    told = done(desk.get(one(base, case)))
    meeting = Meeting.objects.get()
    assert (told["state"], told["meeting_id"]) == ("booked", meeting.pk)
    told = done(desk.post(one(base, case, "call-off"), {"why": "A strike"}))
    assert (told["state"], told["meeting_id"]) == ("finding", None)
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.CANCELLED
    book = {"starts_at": noon(), "time_zone": "Europe/Paris", "why": "Both on the phone."}
    assert done(desk.post(one(base, case, "book"), book))["state"] == "booked"


def test_a_side_proposes_and_the_desk_answers(world, call, base):
    case = make_case(world, state=State.FINDING)
    member, desk = call(world.a.representatives[0]), call(world.a.manager)
    proposal = {"suits": [], "proposal": {"starts_at": noon(), "note": "After lunch"}}
    (time,) = done(member.post(own(case, "times"), proposal | {"time_zone": "Europe/Athens"}))[
        "times"
    ]
    assert (time["is_own"], time["suits"]) == (True, True)
    # What one side proposed is put to the other once the desk can come.
    other = call(world.b.representatives[0])
    assert done(other.get(own(case)))["times"] == []
    path = one(base, case, "times", time["id"])
    (asked,) = done(desk.post(f"{path}/answer", {"suits": True}))["times"]
    assert (asked["desk"], asked["member"], asked["note"]) == (True, True, "After lunch")
    assert [one["suits"] for one in done(other.get(own(case)))["times"]] == [None]
    assert "After lunch" not in other.get(own(case)).content.decode()
    assert done(desk.post(f"{path}/withdraw"))["times"] == []
    assert desk.post(f"{path}/withdraw").status_code == 422


def test_answers_raise_no_version_and_change_the_etag(world, call, base):
    case = make_case(world, state=State.FINDING)
    option = TimeOptionFactory(introduction=case)
    desk = call(world.a.ambassador)
    before = desk.get(one(base, case))
    call(world.a.representatives[0]).post(own(case, "times"), {"suits": [option.pk]})
    same = {"headers": {"If-None-Match": before["ETag"]}}
    after = desk.get(one(base, case), **same)
    assert (after.status_code, after.json()["version"]) == (200, before.json()["version"])
    assert after["ETag"] != before["ETag"]
    assert desk.patch(one(base, case), {"place": "Lyon"}, version=before["ETag"]).status_code == 200
    again = desk.get(one(base, case))
    assert desk.get(one(base, case), headers={"If-None-Match": again["ETag"]}).status_code == 304


def test_times_are_worked_out_for_who_works_there_and_only_once_both_said_yes(
    world, call, base, adviser
):
    case = make_case(world, state=State.FINDING)
    path = one(base, case, "times", "suggested")
    assert call(adviser).get(path).status_code == 403
    assert call(world.b.manager).get(path).status_code == 404
    WorkingHoursFactory(person=world.a.ambassador, weekdays=[0], opens_min=600, closes_min=720)
    told = done(call(world.a.manager).get(path))
    assert told["times"]
    assert all(time["starts_at"][11:16] <= "10:30" for time in told["times"])
    assert call(world.a.manager).get(path, {"zone": "Mars/Olympus"}).status_code == 422
    early = make_case(world, 1, 1)
    told = done(call(world.a.manager).get(one(base, early, "times", "suggested")))
    assert (told["times"], told["unknown"]) == ([], [])
    assert "once both have agreed" in told["why"]


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("ask", {"roles": []}),
        ("ask", {"roles": ["desk"]}),
        ("answer", {"role": "desk", "wants": True, "why": "x"}),
        ("answer", {"role": "member", "wants": True, "why": ""}),
        ("times", {"times": [], "time_zone": "Europe/Paris"}),
        ("times", {"times": [{"starts_at": "2020-01-01T10:00:00Z"}], "time_zone": "Europe/Paris"}),
        ("times", {"times": [{"starts_at": "2027-03-01T10:00:00"}], "time_zone": "Europe/Paris"}),
        ("times", {"times": [{"starts_at": "2190-03-01T10:00:00Z"}], "time_zone": "Europe/Paris"}),
        ("book", {"starts_at": "2020-01-01T10:00:00Z", "time_zone": "Europe/Paris", "why": "x"}),
        ("call-off", {"why": ""}),
        ("close", {}),
        ("notes", {"text": ""}),
        ("times/1/answer", {"suits": True}),
    ],
)
def test_a_deed_that_does_not_fit_is_refused(world, call, base, path, sent):
    case = make_case(world, state=State.ASKING if path in ("ask", "answer") else State.FINDING)
    answer = call(world.a.manager).post(one(base, case, path), sent)
    assert answer.status_code == 422, answer.content
    assert AuditEntry.objects.filter(target="ambassadors.introduction").count() == 0


def test_one_that_is_past_it_is_a_conflict(world, call, base):
    case, desk = make_case(world), call(world.a.manager)
    for path, sent in (
        ("call-off", {"why": "x"}),
        ("reopen", None),
        ("times", {"times": [{"starts_at": noon()}], "time_zone": "Europe/Paris"}),
    ):
        assert desk.post(one(base, case, path), sent).status_code == 409, path


def test_one_is_put_aside_and_taken_up_again(world, call, base):
    case, desk = make_case(world, state=State.ASKING), call(world.a.manager)
    told = done(desk.post(one(base, case, "close"), {"why": "They merge."}))
    assert (told["state"], told["closed_by"], told["closed_why"]) == (
        "closed",
        "desk",
        "They merge.",
    )
    # The two hear that it does not come about, not why.
    seen = call(world.a.representatives[0]).get(own(case))
    assert done(seen)["step"] == "ended"
    assert "They merge" not in seen.content.decode()
    assert rows(call(world.a.representatives[0]).get("/desk/own/introductions")) == []
    past = call(world.a.representatives[0]).get("/desk/own/introductions", {"past": "true"})
    assert [row["id"] for row in rows(past)] == [case.pk]
    assert done(desk.post(one(base, case, "reopen")))["state"] == "noted"


def test_all_are_handed_over_or_none(world, call, base):
    first, second = make_case(world), make_case(world, 1, 1)
    given = {
        "introduction_ids": [first.pk, second.pk],
        "person_id": world.a.manager.pk,
        "why": "She goes on leave.",
    }
    program, path = call(world.a.ambassador), f"{base}/hand-over"
    assert done(program.post(path, given)) == {"changed": 2}
    assert done(program.post(path, given)) == {"changed": 0}
    back = given | {"person_id": world.a.ambassador.pk}
    wrong = back | {"introduction_ids": [first.pk, 2**62]}
    assert program.post(path, wrong).status_code == 404
    assert program.post(path, given | {"person_id": world.b.manager.pk}).status_code == 422
    assert call(world.b.manager).post(path, given).status_code == 404
    first.refresh_from_db()
    assert first.in_charge == world.a.manager


def test_notes_are_for_the_own_team(world, call, base, adviser):
    case, desk = make_case(world, state=State.ASKING), call(world.a.manager)
    made = done(desk.post(one(base, case, "notes"), {"text": "She likes short mails."}), 201)
    assert made["person_id"] == world.a.manager.pk
    path = one(base, case, "notes")
    assert [note["text"] for note in done(call(adviser).get(path))] == ["She likes short mails."]
    for person, status in (
        (world.b.manager, 404),
        (world.a.representatives[0], 404),
        (world.c.manager, 404),
    ):
        assert call(person).get(path).status_code == status
    assert call(adviser).post(path, {"text": "x"}).status_code == 403
    drop = f"{path}/{made['id']}/drop"
    assert done(desk.post(drop))["dropped_at"] is not None
    assert done(desk.get(path)) == []
    assert done(desk.post(drop))["dropped_at"] is None
    elsewhere = one(base, make_case(world, 1, 1), "notes", made["id"], "drop")
    assert desk.post(elsewhere).status_code == 422
    assert Note.objects.get().dropped_at is None


def test_somebody_abroad_is_noted_for_the_own_cluster_alone(world, call, base):
    program, path = call(world.a.ambassador), f"{base}/stakeholders"
    answer = program.post(path, {"name": "Imprimerie Dubois", "country": "FR", "city": "Lyon"})
    made = done(answer, 201)
    assert program.get(answer["Location"]).status_code == 200
    for person in (world.b.manager, world.a.representatives[0], world.c.manager):
        assert call(person).get(answer["Location"]).status_code == 404
    assert program.post(path, {"name": "imprimerie dubois", "country": "FR"}).status_code == 409
    for wrong in (
        {"country": "XX"},
        {"kind": "cluster"},
        {"website": "javascript:x"},
        {"name": ""},
    ):
        sent = {"name": "Another", "country": "FR"} | wrong
        assert program.post(path, sent).status_code == 422, wrong
    assert (
        done(program.post(f"{base}/introductions", body(world, stakeholder_id=made["id"])), 201)[
            "stakeholder"
        ]
        == made
    )
