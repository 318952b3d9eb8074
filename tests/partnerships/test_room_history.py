"""What happened in a room: each side reads what the other one changed, record by record."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from proxeny.kernel import audit
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.operations.goals import measure
from proxeny.partnerships.operations.records import add_record, change_record, drop_record
from proxeny.partnerships.operations.risks import ask_acceptance
from tests.partnerships.rooms import do, others, party, team, words
from tests.partnerships.test_room_records import GRADES, example

DAY = date(2026, 5, 1)


def history(client, kind, record, status=200):
    answer = client.get(reverse("history:show", args=[kind, record.pk]))
    assert answer.status_code == status
    return words(answer.content.decode())


def add(world, person, sort, /, **values):
    return do(person, add_record, kind=sort, partnership_id=world.partnership.pk, values=values)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_record_has_a_history(world, sign_in, kind):
    made = add(world, world.a.manager, kind, **example(world, kind))
    given = {"kind": kind, "partnership_id": world.partnership.pk, "record_id": made.pk}
    do(world.a.manager, drop_record, **given)
    for person in team(world).values():
        told = history(sign_in(person), kind, made)
        assert str(KINDS[kind].told["add"]) in told
        assert str(KINDS[kind].told["drop"]) in told
    for person in others(world).values():
        history(sign_in(person), kind, made, status=404)


def test_every_deed_of_a_record_has_its_sentence():
    known = audit.sentences()
    for kind in KINDS.values():
        for deed in ("add", "change", "drop", "restore"):
            assert known[kind.verb(deed)] == kind.told[deed]


def test_a_change_is_told_in_words_and_names(world, sign_in):
    a = party(world, world.a)
    first = add(world, world.a.manager, "activity", title="Brief", starts_on=DAY, ends_on=DAY)
    made = add(world, world.a.manager, "activity", title="Visit", starts_on=DAY, ends_on=DAY)
    do(
        world.a.manager,
        change_record,
        kind="activity",
        partnership_id=world.partnership.pk,
        record_id=made.pk,
        version=1,
        values={
            "state": "doing",
            "ends_on": date(2026, 5, 9),
            "needs": [first.pk],
            "charges": {a.pk: world.a.ambassador.pk},
        },
    )
    told = history(sign_in(world.b.manager), "activity", made)
    assert "Changed an activity of the plan" in told
    assert "Until" in told
    assert "9 May 2026" in told
    assert "Under way" in told
    assert re.search(r"In charge\W+Greek ambassador", told)
    assert re.search(r"Depends on\W+Brief", told)


def test_what_belongs_to_a_record_stands_in_its_history(world, sign_in):
    goal = add(world, world.a.manager, "objective", title="More meetings")
    result = add(
        world, world.b.manager, "key-result", objective=goal.pk, title="Meetings", target=9
    )
    do(
        world.b.manager,
        measure,
        partnership_id=world.partnership.pk,
        result_id=result.pk,
        value=Decimal(3),
        measured_on=DAY,
        note="",
    )
    told = history(sign_in(world.a.manager), "objective", goal)
    assert "Recorded a figure Meetings" in told
    risk = add(world, world.a.manager, "risk", title="Nobody comes", response="accept", **GRADES)
    add(
        world,
        world.a.manager,
        "action",
        title="Call them",
        due_on=DAY,
        origin="risk",
        origin_id=risk.pk,
    )
    do(
        world.a.manager,
        ask_acceptance,
        partnership_id=world.partnership.pk,
        risk_id=risk.pk,
        version=1,
    )
    told = history(sign_in(world.b.ambassador), "risk", risk)
    assert "Added an action Call them" in told
    assert "Signed the acceptance of a risk" in told


def test_the_news_name_what_changed(world, sign_in):
    add(world, world.a.manager, "risk", title="Nobody comes", **GRADES)
    page = sign_in(world.b.manager).get(
        reverse("partnerships:history", args=[world.partnership.pk])
    )
    told = words(page.content.decode())
    assert "Added a risk Nobody comes" in told
    assert "Greek manager" in told
