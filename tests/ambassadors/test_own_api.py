"""What a member, or who is to meet, reads and answers over the API; mandates; one's own times."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from proxeny.ambassadors.models import BusyTime, Introduction, Mandate
from proxeny.config.api import api
from tests.access.desk import CALENDAR
from tests.ambassadors.calling import (
    done,
    make_adviser,
    own,
    rows,
)
from tests.ambassadors.desk import CLAIRE
from tests.factories.ambassadors import (
    BusyTimeFactory,
    MandateFactory,
    NoteFactory,
    TimeOptionFactory,
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


def asked(world, **changes: Any) -> dict:
    until = (timezone.localdate() + timedelta(days=90)).isoformat()
    return {
        "partnership_id": world.partnership.pk,
        "member_id": world.a.members[0].pk,
        "seeks": "Buyers of marble",
        "until": until,
        **changes,
    }


def test_a_mandate_is_asked_answered_changed_and_withdrawn(world, call, base, adviser):
    member, desk = call(world.a.representatives[0]), call(world.a.ambassador)
    (whom,) = done(member.get("/desk/own/ambassadors"))
    assert (whom["cluster"]["name"], whom["partnership"]) == (
        "Greek cluster",
        {"id": world.partnership.pk, "name": "Athens – Paris"},
    )
    answer = member.post("/desk/own/mandates", asked(world))
    made = done(answer, 201)
    path, at_desk = answer["Location"], f"{base}/mandates/{made['id']}"
    assert (made["state"], made["holds"], made["partnership"]["name"]) == (
        "asked",
        False,
        "Athens – Paris",
    )
    assert member.post("/desk/own/mandates", asked(world)).status_code == 409
    (row,) = rows(desk.get(f"{base}/mandates", {"state": "asked"}))
    assert (row["id"], row["member"]["name"]) == (made["id"], "Greek member 1")
    assert rows(desk.get(f"{base}/mandates", {"state": "declined"})) == []
    accepted = {"state": "accepted"}
    assert desk.post(f"{at_desk}/answer", accepted).status_code == 428
    assert call(adviser).post(f"{at_desk}/answer", accepted, version="*").status_code == 403
    assert desk.post(f"{at_desk}/answer", {"state": "declined"}, version="*").status_code == 422
    assert done(desk.post(f"{at_desk}/answer", accepted, version=1))["holds"] is True
    assert done(member.get(path))["state"] == "accepted"
    assert member.patch(path, {"no_go": "Dubois"}, version=1).status_code == 412
    changed = done(member.patch(path, {"no_go": "Dubois"}, version="*"))
    assert (changed["state"], changed["no_go"], changed["seeks"]) == (
        "asked",
        "Dubois",
        "Buyers of marble",
    )
    # Nobody accepts what they have not read.
    assert desk.post(f"{at_desk}/answer", accepted, version=2).status_code == 412
    assert done(member.post(f"{path}/withdraw"))["state"] == "withdrawn"
    assert done(member.post(f"{path}/again"))["state"] == "asked"


def test_a_mandate_is_read_by_the_member_and_its_clusters_team(world, call, base, adviser):
    mandate = MandateFactory(
        partnership=world.partnership, cluster=world.a.cluster, member=world.a.members[0]
    )
    at_desk, mine = f"{base}/mandates/{mandate.pk}", f"/desk/own/mandates/{mandate.pk}"
    for person, desk, owned in (
        (world.a.manager, 200, 404),
        (adviser, 200, 404),
        (world.a.representatives[0], 404, 200),
        (world.a.representatives[1], 404, 404),
        (world.b.manager, 404, 404),
        (world.b.representatives[0], 404, 404),
        (world.c.manager, 404, 404),
    ):
        program = call(person)
        assert program.get(at_desk).status_code == desk, person
        assert program.get(mine).status_code == owned, person
        if owned != 200:
            assert program.patch(mine, {"seeks": "x"}, version="*").status_code == 404, person
            for deed in ("withdraw", "again"):
                assert program.post(f"{mine}/{deed}").status_code in (403, 404), person
        listed = program.get(f"{base}/mandates")
        assert listed.status_code == 404 or len(listed.json()["results"]) == (desk == 200), person
        assert len(done(program.get("/desk/own/mandates"))) == (owned == 200), person
    mandate.refresh_from_db()
    assert mandate.version == 1


def test_nobody_asks_for_somebody_else(world, call):
    for person, status in (
        (world.a.representatives[1], 403),
        (world.a.manager, 403),
        (world.b.representatives[0], 403),
        (world.c.representatives[0], 404),
    ):
        assert call(person).post("/desk/own/mandates", asked(world)).status_code == status
    for wrong in (
        {"seeks": ""},
        {"until": "2020-01-01"},
        {"until": "2199-01-01"},
        {"material_url": "x"},
        {"state": "accepted"},
    ):
        answer = call(world.a.representatives[0]).post("/desk/own/mandates", asked(world, **wrong))
        assert answer.status_code == 422, wrong
    assert not Mandate.objects.exists()


def test_a_side_reads_nothing_of_the_other_but_who_it_is(world, call):
    case = make_case(world, state=State.FINDING)
    case.sides.filter(role="stakeholder").update(why="They are too small")
    option = TimeOptionFactory(introduction=case, stakeholder=False, note="Only before ten")
    NoteFactory(introduction=case)
    answer = call(world.a.representatives[0]).get(own(case))
    text = answer.content.decode()
    for hidden in ("too small", "She likes short mails", "before ten", CLAIRE.name, CLAIRE.email):
        assert hidden not in text
    (time,) = done(answer)["times"]
    assert (time["id"], time["suits"]) == (option.pk, None)
    told = done(call(world.b.representatives[0]).get(own(case)))
    assert (told["role"], told["why"], told["other"]["name"]) == (
        "stakeholder",
        "They are too small",
        "Greek member 1",
    )
    assert told["times"][0]["suits"] is False


def test_one_answers_for_the_own_side_alone(world, call, adviser):
    case = make_case(world, state=State.ASKING)
    for person, status in (
        (world.a.ambassador, 403),
        (adviser, 403),
        (world.a.representatives[1], 404),
        (world.b.manager, 404),
        (world.c.manager, 404),
        (world.c.representatives[0], 404),
    ):
        program = call(person)
        assert program.get(own(case)).status_code == status, person
        for path, sent in (
            ("wish", {"wants": True}),
            ("times", {"suits": []}),
            ("decline", {"why": "x"}),
        ):
            assert program.post(own(case, path), sent).status_code == status, (person, path)
    assert set(case.sides.values_list("answer", flat=True)) == {"waiting"}


def test_declining_a_booked_meeting_or_to_meet_at_all(world, call):
    case = make_case(world, state=State.BOOKED)
    member = call(world.a.representatives[0])
    assert member.post(own(case, "decline"), {"why": ""}).status_code == 422
    assert done(member.post(own(case, "decline"), {"why": "Ill"}))["step"] == "finding"
    assert member.post(own(case, "decline"), {"why": "Ill"}).status_code == 409
    told = done(member.post(own(case, "decline"), {"why": "We merge", "for_good": True}))
    assert (told["step"], told["answer"], told["why"]) == ("declined", "no", "We merge")
    other = call(world.b.representatives[0]).get(own(case))
    assert done(other)["step"] == "ended"
    assert "We merge" not in other.content.decode()


def test_what_is_ones_own_is_no_partnerships(world, call):
    """`own` stands where other addresses have a partnership's number."""
    case, program = make_case(world, state=State.ASKING), call(world.a.representatives[0])
    paths = [path for path in api.get_openapi_schema()["paths"] if "/desk/own/" in path]
    assert len(paths) == 12
    for path in paths:
        address = path.format(introduction_id=case.pk, mandate_id=2**62)
        answer = program.get(address)
        assert answer.status_code in (200, 404, 405), address
    assert program.get("/desk/other/introductions").status_code == 422


def test_hours_are_said_and_times_brought_and_forgotten(world, call):
    program, path = call(world.a.ambassador), "/desk/own/hours"
    usual = done(program.get(path))
    assert usual == {
        "weekdays": [0, 1, 2, 3, 4],
        "opens_min": 540,
        "closes_min": 1020,
        "is_said": False,
    }
    said = {"weekdays": [4, 0], "opens_min": 600, "closes_min": 960}
    assert done(program.put(path, said)) == said | {"weekdays": [0, 4], "is_said": True}
    assert done(call(world.a.manager).get(path))["is_said"] is False
    for wrong in ({"weekdays": []}, {"weekdays": [7]}, {"closes_min": 600}, {"opens_min": -1}):
        assert program.put(path, said | wrong).status_code == 422, wrong
    busy = "/desk/own/busy"
    BusyTimeFactory(person=world.a.manager)
    assert done(program.get(busy)) == {"times": 0, "hours": 0.0, "until": None}
    day = (timezone.now() + timedelta(days=3)).strftime("%Y%m%d").encode()
    file = SimpleUploadedFile(
        "mine.ics",
        CALENDAR.replace(b"20260101T09", day + b"T09").replace(b"20260101T10", day + b"T10"),
    )
    brought = done(program.upload(busy, {"file": file}))
    assert (brought["events"], brought["times"], brought["hours"]) == (1, 1, 1.0)
    assert done(program.get(busy))["times"] == 1
    wrong = SimpleUploadedFile("mine.ics", b"not a calendar")
    assert program.upload(busy, {"file": wrong}).status_code == 422
    assert program.delete(busy).status_code == 204
    assert list(BusyTime.objects.values_list("person", flat=True)) == [world.a.manager.pk]
