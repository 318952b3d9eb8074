"""The work plan and the budget over the API: what pages do, programs do."""

from decimal import Decimal

import pytest

from proxeny.bids.models import PackageNeed, Partner, WorkPackage
from tests.bids.bidding import bid_of, call_of, partner_of
from tests.bids.planning import need, packages_of, spend
from tests.partnerships.rooms import others, team

pytestmark = pytest.mark.django_db


def refused(world):
    """Everybody whom the room is closed to and who may have a token."""
    return [person for name, person in others(world).items() if name != "stranger"]


def one(bid):
    return f"/bids/{bid.partnership_id}/{bid.pk}"


def priced(world, **values):
    """Return a bid with two work packages, and two partners that cost something."""
    bid = bid_of(world, call=call_of(world, rule_set="", **values), months=24, overhead=7)
    made = packages_of(bid, (1, 12), (7, 24))
    greek = partner_of(bid, world.a.members[0], rate=Decimal("5000.01"), nonprofit=False)
    french = partner_of(bid, world.b.members[0], rate=Decimal(6000), nonprofit=False)
    spend(world.a.manager, greek, {(made[0], "months"): "0.33", (made[1], "travel"): "1200.50"})
    spend(world.b.manager, french, {(made[1], "months"): 4}, percent=Decimal(70))
    return bid, made, greek, french


def test_the_plan(world, call):
    bid, made, greek, _french = priced(world)
    WorkPackage.objects.filter(pk=made[0].pk).update(lead=greek)
    need(world.a.manager, made[1], made[0])
    for person in team(world).values():
        found = call(person).get(f"{one(bid)}/plan").json()
        assert (found["months"], found["starts_on"], found["person_months"]) == (24, None, "4.33")
        first, second = found["packages"]
        assert first["lead"] == {"id": greek.pk, "name": "Greek member 1"}
        assert (first["person_months"], second["person_months"]) == ("0.33", "4.00")
        assert (second["needs"], second["clashes"]) == ([made[0].pk], [made[0].pk])
        assert (second["first_month"], second["last_month"], second["version"]) == (7, 24, 2)
    for person in refused(world):
        assert call(person).get(f"{one(bid)}/plan").status_code == 404


def test_begun_with_four(world, call):
    bid = bid_of(world)
    program = call(world.b.ambassador)
    found = program.post(f"{one(bid)}/plan/begin").json()
    assert [package["number"] for package in found["packages"]] == [1, 2, 3, 4]
    assert program.post(f"{one(bid)}/plan/begin").status_code == 409


def test_what_waits_for_what(world, call):
    bid, made, *_rest = priced(world)
    address, program = f"{one(bid)}/plan/{made[1].pk}/needs", call(world.a.ambassador)
    body = {"needs": [made[0].pk]}
    assert program.put(address, body).status_code == 428
    assert program.put(address, body, version=7).status_code == 412
    answer = program.put(address, body, version=1)
    assert (answer.json()["needs"], answer["ETag"]) == ([made[0].pk], '"2"')
    ring = program.put(f"{one(bid)}/plan/{made[0].pk}/needs", {"needs": [made[1].pk]}, version="*")
    assert ring.status_code == 422
    assert "in a loop:" in ring.json()["detail"]
    assert PackageNeed.objects.count() == 1
    assert program.put(f"{one(bid)}/plan/999999/needs", body, version="*").status_code == 404


def total(rows, name="total"):
    return sum(Decimal(row[name]) for row in rows)


def test_the_budget_with_totals_that_are_the_sums_of_its_cells(world, call):
    bid, made, greek, french = priced(
        world,
        grant_most=10_000,
        own_rules=[{"kind": "rate", "key": "half", "percent": 50, "text": "Half"}],
    )
    Partner.objects.filter(pk=greek.pk).update(state="left")
    gone = call(world.a.manager).get(f"{one(bid)}/budget").json()
    assert [row["partner_id"] for row in gone["apart"]] == [greek.pk]
    assert gone["total"]["total"] == "25680.00"
    Partner.objects.filter(pk=greek.pk).update(state="noted")
    for person in team(world).values():
        found = call(person).get(f"{one(bid)}/budget").json()
        assert (found["currency"], found["grant_most"], found["apart"]) == ("EUR", "10000.00", [])
        for name in ("people", "travel", "indirect", "total", "months"):
            sums = {total(found[rows], name) for rows in ("partners", "packages", "cells")}
            assert sums == {Decimal(found["total"][name])}
        assert found["total"]["total"] == "28730.04"
        assert total(found["partners"], "request") == Decimal(found["total"]["request"])
        assert Decimal(found["total"]["own"]) == total(found["partners"], "own")
        assert [row["package_id"] for row in found["packages"]] == [one.pk for one in made]
        problems = [(row["code"], row["partner_id"]) for row in found["problems"]]
        assert problems[:2] == [("grant-above", None), ("above-rate", french.pk)]
        assert [row["key"] for row in found["conditions"]] == ["half"]
    for person in refused(world):
        assert call(person).get(f"{one(bid)}/budget").status_code == 404


def test_one_partners_figures_are_read_and_written(world, call):
    bid, made, greek, _french = priced(world)
    address, program = f"{one(bid)}/budget/{greek.pk}", call(world.a.ambassador)
    answer = program.get(address)
    assert answer["ETag"] == '"2"'
    found = answer.json()
    assert (found["rate"], found["percent"], found["given"]) == ("5000.01", None, "100")
    assert found["sums"]["total"] == "3050.04"
    body = {
        "rate": "4000",
        "percent": 60,
        "packages": [{"package_id": made[0].pk, "months": "1.50", "goods": 10}],
    }
    assert program.put(address, body).status_code == 428
    assert program.put(address, body, version=1).status_code == 412
    written = program.put(address, body, version=2)
    assert written["ETag"] == '"3"'
    # 6,010 and seven per cent.
    assert written.json()["sums"]["total"] == "6430.70"
    assert written.json()["sums"]["request"] == "3858.42"
    assert [row["total"] for row in written.json()["packages"]] == ["6430.70", "0.00"]
    assert program.put(address, body, version=3)["ETag"] == '"3"'
    for person in refused(world):
        assert call(person).get(address).status_code == 404
        assert call(person).put(address, body, version="*").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"packages": [{"package_id": 999_999, "months": 1}]}, 422),
        ({"packages": [{"months": 1}]}, 422),
        ({"packages": [], "rate": -1}, 422),
        ({"packages": [], "rate": "NaN"}, 422),
        ({"packages": [], "percent": "100.01"}, 422),
        ({"packages": [], "request": 1e12}, 422),
        ({"packages": [], "extra": 1}, 422),
        ({}, 422),
    ],
)
def test_what_cannot_be_is_refused(world, call, body, status):
    bid, _made, greek, _french = priced(world)
    program = call(world.a.manager)
    answer = program.put(f"{one(bid)}/budget/{greek.pk}", body, version="*")
    assert answer.status_code == status, answer.content
    assert greek.spendings.count() == 2


def test_a_work_package_stands_once_and_in_the_bid(world, call):
    bid, made, greek, _french = priced(world)
    program, address = call(world.a.manager), f"{one(bid)}/budget/{greek.pk}"
    row = {"package_id": made[0].pk, "months": 1}
    twice = program.put(address, {"packages": [row, row]}, version="*")
    assert (twice.status_code, "twice" in twice.json()["detail"]) == (422, True)
    Partner.objects.filter(pk=greek.pk).update(state="left")
    assert program.put(address, {"packages": [row]}, version="*").status_code == 409
    assert program.get(address).json()["sums"]["counted"] is False
