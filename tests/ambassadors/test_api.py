"""The desk over the API: noted, read and changed by its team, and by nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.ambassadors.models import Introduction, Side
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.partnerships.models import Partnership
from tests.ambassadors.calling import (
    BY_ADDRESS,
    body,
    done,
    make_adviser,
    one,
    own,
    rows,
    side_of,
)
from tests.ambassadors.desk import CLAIRE
from tests.factories.ambassadors import (
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


def test_an_introduction_is_noted_read_and_listed(world, call, base):
    program = call(world.a.ambassador)
    answer = program.post(f"{base}/introductions", body(world, next_on="2027-03-01"))
    made = done(answer, 201)
    assert answer["Location"] == f"/api/v1{base}/introductions/{made['id']}"
    assert answer["ETag"].startswith('"1-')
    assert (made["state"], made["source"], made["next_on"]) == ("noted", "hand", "2027-03-01")
    assert made["in_charge"] == {"id": world.a.ambassador.pk, "name": "Greek ambassador"}
    assert made["member"]["name"] == "Greek member 1"
    assert side_of(made, "member")["person_id"] == world.a.representatives[0].pk
    assert side_of(made, "stakeholder")["email"] == CLAIRE.email
    assert done(program.get(answer["Location"])) == made
    (row,) = rows(program.get(f"{base}/introductions"))
    assert row == {name: value for name, value in made.items() if name != "times"}
    assert Mail.objects.count() == 0


def test_the_idea_of_a_mandate_is_told_as_its_source(world, call, base):
    mandate = MandateFactory(
        partnership=world.partnership,
        cluster=world.a.cluster,
        member=world.a.members[0],
        state="accepted",
    )
    program = call(world.a.manager)
    made = program.post(f"{base}/introductions", body(world, mandate_id=mandate.pk))
    assert (done(made, 201)["source"], made.json()["mandate_id"]) == ("mandate", mandate.pk)
    missing = body(world, stakeholder_id=world.b.members[1].pk, mandate_id=2**62)
    assert program.post(f"{base}/introductions", missing).status_code == 404


def test_each_has_what_their_side_may(world, call, base, adviser):
    case = make_case(world, state=State.ASKING)
    notes = body(world, stakeholder_id=world.b.members[1].pk)
    for person, reads, lists, writes in (
        (world.a.ambassador, 200, 1, 201),
        (world.a.manager, 200, 1, 409),
        (adviser, 200, 1, 403),
        (world.b.manager, 404, 0, 422),
        (world.b.ambassador, 404, 0, 422),
        (world.a.representatives[0], 404, None, 404),
        (world.a.representatives[1], 404, None, 404),
        (world.b.representatives[0], 404, None, 404),
        (world.c.manager, 404, None, 404),
    ):
        program = call(person)
        assert program.get(one(base, case)).status_code == reads, person
        listed = program.get(f"{base}/introductions", {"member": world.a.members[0].pk})
        if lists is None:
            assert listed.status_code == 404, person
        else:
            assert len([row for row in rows(listed) if row["id"] == case.pk]) == lists, person
        answer = program.post(f"{base}/introductions", notes)
        assert answer.status_code == writes, (person, answer.content)
    assert Introduction.objects.count() == 2


def test_one_is_listed_by_what_it_is(world, call, base):
    today = timezone.localdate()
    due = make_case(world, 0, 0, next_on=today, next_step="Ring her", in_charge=None)
    closed = make_case(world, 1, 1, state=State.CLOSED, reason="Old machines")
    program = call(world.a.manager)

    def found(**query: Any) -> set[int]:
        return {row["id"] for row in rows(program.get(f"{base}/introductions", query))}

    assert found() == {due.pk}
    assert found(state="closed") == {closed.pk}
    assert found(state="all") == {due.pk, closed.pk}
    assert found(state="booked") == set()
    assert found(q="ring her") == {due.pk}
    assert found(q="machines") == set()
    assert found(in_charge=0) == {due.pk}
    assert found(in_charge=world.a.ambassador.pk) == set()
    assert found(due_by=today.isoformat()) == {due.pk}
    assert found(due_by=(today - timedelta(days=1)).isoformat()) == set()
    assert found(state="all", member=world.a.members[1].pk) == {closed.pk}


@pytest.mark.parametrize(
    "query",
    [
        {"state": "x"},
        {"in_charge": "-1"},
        {"member": "0"},
        {"due_by": "tomorrow"},
        {"q": "x" * 101},
        {"page_size": "0"},
        {"cursor": "x"},
    ],
)
def test_what_cannot_be_asked_is_said(world, call, base, query):
    assert call(world.a.manager).get(f"{base}/introductions", query).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        {"reason": ""},
        {"reason": "x" * 2001},
        {"duration_min": 9},
        {"duration_min": 481},
        {"in_charge_id": 2**62},
        {"member_contact": {"email": "anna"}},
        {"stakeholder_contact": {"time_zone": "Mars/Olympus"}},
        {"next_on": "1800-01-01"},
        {"stakeholder_contact": {"language": "xx"}},
        {"state": "met"},
        {"cluster_id": 1},
        {"place": "\x00"},
    ],
)
def test_what_does_not_fit_is_refused(world, call, base, change):
    answer = call(world.a.manager).post(f"{base}/introductions", body(world, **change))
    assert answer.status_code == 422, answer.content
    assert not Introduction.objects.exists()


def test_who_speaks_holds_a_seat_there_or_is_written_down(world, call, base):
    """Else anybody's hours would be read by naming them, and anybody be written to."""
    stranger = world.c.representatives[0]
    program = call(world.a.ambassador)
    for role, person in (("member", stranger), ("stakeholder", world.a.representatives[0])):
        contact = {f"{role}_contact": {"person_id": person.pk}}
        answer = program.post(f"{base}/introductions", body(world, **contact))
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == f"#/{role}_contact"
    case = make_case(world)
    change = {"stakeholder_contact": {"person_id": stranger.pk}}
    assert program.patch(one(base, case), change, version="*").status_code == 422
    assert not Side.objects.filter(person=stranger).exists()


def test_only_what_is_sent_changes(world, call, base):
    case = make_case(world, place="Paris", next_on=timezone.localdate(), bring="Samples")
    program, path = call(world.a.ambassador), one(base, case)
    assert program.patch(path, {"place": "Lyon"}).status_code == 428
    assert program.patch(path, {"place": "Lyon"}, version=9).status_code == 412
    answer = program.patch(path, {"place": "Lyon", "next_on": None}, version=1)
    told = done(answer)
    assert (told["place"], told["next_on"], told["bring"]) == ("Lyon", None, "Samples")
    assert (told["version"], told["in_charge"]["id"]) == (2, world.a.ambassador.pk)
    assert side_of(told, "stakeholder")["email"] == CLAIRE.email
    assert program.patch(path, {"place": "Nice"}, version=1).status_code == 412
    told = done(program.patch(path, {"in_charge_id": None}, version=answer["ETag"]))
    assert told["in_charge"] is None
    assert program.patch(path, {"place": None}, version="*").status_code == 422
    assert program.patch(path, {"state": "met"}, version="*").status_code == 422


def test_an_address_is_told_to_who_wrote_it_down_alone(world, call, base, adviser):
    case = make_case(world, state=State.ASKING)
    for person, sees in ((world.a.ambassador, True), (world.a.manager, False), (adviser, False)):
        program = call(person)
        for answer in (program.get(one(base, case)), program.get(f"{base}/introductions")):
            assert (CLAIRE.email in answer.content.decode()) is sees, person
        side = side_of(done(program.get(one(base, case))), "stakeholder")
        assert (side["email"], side["is_hidden"]) == (CLAIRE.email if sees else "", not sees)
        assert side["name"] == CLAIRE.name
    Side.objects.update(may_pass_on=True)
    side = side_of(done(call(world.a.manager).get(one(base, case))), "stakeholder")
    assert (side["email"], side["is_hidden"]) == (CLAIRE.email, False)
    # The two never read each other's, nor B's people the address of who answers for them.
    for person in (world.a.representatives[0], world.b.representatives[0]):
        answer = call(person).get(own(case))
        assert answer.status_code == 200
        assert CLAIRE.email not in answer.content.decode()


def test_what_was_read_and_is_sent_back_keeps_a_hidden_address(world, call, base):
    case = make_case(world)
    contact = {"name": "Claire", "email": "", "language": "fr", "time_zone": "Europe/Paris"}
    change = {"reason": "Anew", "stakeholder_contact": contact}
    done(call(world.a.manager).patch(one(base, case), change, version="*"))
    kept = case.sides.get(role="stakeholder")
    assert (kept.email, kept.kept_by) == (CLAIRE.email, world.a.ambassador)
    # Who reads it may take it away.
    done(call(world.a.ambassador).patch(one(base, case), change, version="*"))
    assert case.sides.get(role="stakeholder").email == ""


def test_a_hidden_address_can_be_replaced(world, call, base):
    case = make_case(world)
    contact = {"stakeholder_contact": BY_ADDRESS | {"email": "paul@buyer.example"}}
    told = done(call(world.a.manager).patch(one(base, case), contact, version="*"))
    assert side_of(told, "stakeholder")["email"] == "paul@buyer.example"
    old = side_of(done(call(world.a.ambassador).get(one(base, case))), "stakeholder")
    assert (old["email"], old["is_hidden"]) == ("", True)


def test_an_ended_partnership_is_read_by_its_team_and_changed_by_nobody(world, call, base, adviser):
    case = make_case(world, state=State.FINDING)
    mandate = MandateFactory(
        partnership=world.partnership, cluster=world.a.cluster, member=world.a.members[0]
    )
    Partnership.objects.update(state="ended")
    before = AuditEntry.objects.count()
    for person in (world.a.manager, world.a.ambassador, adviser):
        program = call(person)
        assert done(program.get(one(base, case)))["stakeholder"]["name"] == "French member 1"
        assert [row["id"] for row in rows(program.get(f"{base}/introductions"))] == [case.pk]
        assert done(program.get(one(base, case, "notes"))) == []
        assert done(program.get(f"{base}/mandates/{mandate.pk}"))["seeks"] == mandate.seeks
        assert program.get(one(base, case, "times", "suggested")).status_code == 403
        for path, sent in (
            (one(base, case, "ask"), {}),
            (one(base, case, "close"), {"why": "x"}),
            (one(base, case, "notes"), {"text": "x"}),
            (f"{base}/introductions", body(world)),
            (f"{base}/stakeholders", {"name": "Buyer", "country": "FR"}),
            (f"{base}/mandates/{mandate.pk}/answer", {"state": "accepted"}),
        ):
            answer = program.post(path, sent, version="*")
            assert answer.status_code in (403, 409), (person, path, answer.content)
        change = program.patch(one(base, case), {"place": "Lyon"}, version="*")
        assert change.status_code in (403, 409)
    assert AuditEntry.objects.count() == before


def test_a_token_needs_the_desks_scope(world, call, base):
    case = make_case(world)
    reads = call(world.a.manager, "desk:read")
    assert reads.get(one(base, case)).status_code == 200
    assert reads.post(one(base, case, "notes"), {"text": "x"}).status_code == 403
    others = call(world.a.manager, "partnerships:write", "meetings:write")
    assert others.get(one(base, case)).status_code == 403
    assert others.get("/desk/own/introductions").status_code == 403


def test_what_is_sent_twice_is_done_once(world, call, base):
    program = call(world.a.ambassador)
    first = program.post(f"{base}/introductions", body(world), key="once")
    again = program.post(f"{base}/introductions", body(world), key="once")
    assert again["Idempotent-Replayed"] == "true"
    assert (again.content, again["Location"]) == (first.content, first["Location"])
    assert Introduction.objects.count() == 1
    other = program.post(f"{base}/introductions", body(world, reason="Else"), key="once")
    assert other.status_code == 422


def test_pages_follow_one_another(world, call, base):
    made = [make_case(world, number, number).pk for number in range(3)]
    program, found, query = call(world.a.manager), [], {"page_size": 1}
    address = f"{base}/introductions"
    while address:
        page = done(program.get(address, query))
        found += [row["id"] for row in page["results"]]
        address, query = (page["next"] or "").removeprefix("http://testserver"), None
    assert sorted(found) == made


def _count(program, path: str) -> int:
    program.get(path)
    with CaptureQueriesContext(connection) as caught:
        done(program.get(path))
    return len(caught)


def test_lists_take_the_same_queries_for_one_and_for_three(world, call, base):
    desk = call(world.a.manager)
    counted: list[list[int]] = []
    for number in range(3):
        case = make_case(world, 0, number, state=State.FINDING)
        TimeOptionFactory(introduction=case)
        NoteFactory(introduction=case, person=world.a.manager)
        MandateFactory(
            partnership=world.partnership,
            cluster=world.a.cluster,
            member=world.a.members[0],
            state="accepted",
            asked_by=world.a.representatives[0],
        )
        member = call(world.a.representatives[0])
        counted.append(
            [
                _count(desk, f"{base}/introductions"),
                _count(desk, f"{base}/mandates"),
                _count(member, "/desk/own/introductions"),
                _count(member, "/desk/own/mandates"),
            ]
        )
    assert counted[0] == counted[2]
    assert len(rows(desk.get(f"{base}/introductions"))) == 3
    assert len(rows(member.get("/desk/own/introductions"))) == 3
    assert len(done(member.get("/desk/own/mandates"))) == 3
