"""Bids over the API."""

from decimal import Decimal

import pytest

from proxeny.bids.models import Bid
from tests.bids.bidding import bid_of, call_of, partner_of
from tests.factories.bids import SpendingFactory, WorkPackageFactory

pytestmark = pytest.mark.django_db
SCOPES = ("bids:read", "bids:write", "partnerships:read", "partnerships:write")


def test_a_bid_is_begun_and_read_by_program(world, call):
    one, room = call_of(world), world.partnership.pk
    caller = call(world.a.manager, *SCOPES)
    made = caller.post(
        f"/partnerships/{room}/records",
        {"record": {"kind": "bid", "call": one.pk, "title": "Clean harbours", "months": 24}},
    )
    assert made.status_code == 201, made.content
    listed = caller.get(f"/bids/{room}").json()
    assert [one["title"] for one in listed["results"]] == ["Clean harbours"]
    assert listed["results"][0]["call"] == {"id": one.pk, "name": one.title}
    shown = call(world.b.manager, *SCOPES).get(f"/bids/{room}/{made.json()['id']}").json()
    assert (shown["state"], shown["planned"]["state"]) == ("exploring", "broken")


def test_sums_and_verdicts_are_those_of_the_page(world, call):
    bid = bid_of(world)
    one = partner_of(bid, world.a.members[0], rate=Decimal("3333.33"), state="in")
    SpendingFactory(partner=one, package=WorkPackageFactory(bid=bid), amount=3)
    shown = call(world.b.ambassador, *SCOPES).get(f"/bids/{bid.partnership_id}/{bid.pk}").json()
    assert (shown["cost"], shown["request"]) == ("12499.99", "12499.99")
    assert [row["cost"] for row in shown["partners"]] == ["12499.99"]
    assert (shown["counted"], shown["agreed"]) == (1, 1)


def test_a_stranger_gets_nothing(world, call):
    bid = bid_of(world)
    for person in (world.c.manager, world.a.representatives[0]):
        answer = call(person, *SCOPES).get(f"/bids/{bid.partnership_id}/{bid.pk}")
        assert answer.status_code == 404
    assert Bid.objects.count() == 1
