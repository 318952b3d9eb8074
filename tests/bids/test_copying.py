"""Another bid with the consortium of one that is there."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from proxeny.bids.models import Bid, Paper, Partner, Spending
from proxeny.bids.operations.budgets import budget_of
from proxeny.bids.operations.copying import copy_bid
from proxeny.bids.queries.budgets import needs_of, packages_of
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.partnerships.models import Agreement, Party
from tests.bids.bidding import call_of
from tests.bids.finishing import fresh, put, whole_bid
from tests.factories.bids import PackageNeedFactory
from tests.factories.calls import CallFactory
from tests.partnerships.rooms import do, others

pytestmark = pytest.mark.django_db


def copy(person, bid, call, **values):
    return do(
        person,
        copy_bid,
        partnership_id=bid.partnership_id,
        bid_id=bid.pk,
        call_id=call.pk,
        **values,
    )


def lost_bid(world, **values):
    bid = whole_bid(world)
    measure, tell = packages_of(bid)
    PackageNeedFactory(package=tell, needs=measure)
    given = {"state": "lost", "submitted_at": timezone.now(), "learned": "Ask more harbours."}
    Bid.objects.filter(pk=bid.pk).update(**given | values)
    return fresh(bid)


def test_the_consortium_of_a_lost_bid_begins_another(world):
    bid, call = lost_bid(world), call_of(world, title="Sensors once more")
    before = Bid.objects.filter(pk=bid.pk).values().get()
    lab = Partner.objects.get(name="Lab of Vigo")
    Partner.objects.filter(pk=lab.pk).update(
        rate=Decimal("6100.50"),
        percent=70,
        word="We are in.",
        brings="Ships.",
        reminded_at=timezone.now(),
    )
    made = copy(world.b.ambassador, bid, call, title=" Harbours  again ")
    assert (made.state, made.call, made.title, made.copied_from) == (
        "exploring",
        call,
        "Harbours again",
        bid,
    )
    assert (made.acronym, made.idea, made.months, made.starts_on) == (
        "HARBOUR",
        bid.idea,
        24,
        None,
    )
    new = made.partners.get(name="Lab of Vigo")
    assert (new.state, new.asked_at, new.word, new.reminded_at) == ("noted", None, "", None)
    assert (new.rate, new.percent, new.brings, new.contact_email) == (
        Decimal("6100.50"),
        70,
        "Ships.",
        lab.contact_email,
    )
    assert (new.organisation_id, new.country, new.kind) == (lab.organisation_id, "ES", "university")
    measure, tell = packages_of(made)
    assert (measure.lead.name, tell.lead.name) == ("Greek cluster", "French member 1")
    assert {one.bid_id for one in (measure.lead, tell.lead)} == {made.pk}
    assert needs_of(made) == {tell.pk: [measure.pk]}
    old = Bid.objects.select_related("call").get(pk=bid.pk)
    assert budget_of(made).total == budget_of(old).total
    assert not Paper.objects.filter(bid=made).exists()
    assert Bid.objects.filter(pk=bid.pk).values().get() == before
    entry = AuditEntry.objects.get(verb="copy_bid")
    assert (entry.target_id, entry.changes["partners"], entry.changes["packages"]) == (
        made.pk,
        3,
        2,
    )


def test_who_left_is_planned_with_again_only_if_wished(world):
    bid, call = lost_bid(world), call_of(world)
    lab = Partner.objects.filter(name="Lab of Vigo")
    lab.update(state="left")
    made = copy(world.a.manager, bid, call)
    assert sorted(made.partners.values_list("name", flat=True)) == [
        "French member 1",
        "Greek cluster",
    ]
    assert Spending.objects.filter(bid=made).count() == 4
    again = copy(world.a.manager, bid, call, also=[lab.get().pk])
    assert again.partners.filter(name="Lab of Vigo", state="noted").exists()
    assert Spending.objects.filter(bid=again).count() == 6


def test_in_another_currency_months_are_kept_and_sums_are_not(world):
    bid, call = lost_bid(world), call_of(world, currency="MAD")
    one = bid.spendings.first()
    Spending.objects.create(
        partnership_id=bid.partnership_id,
        bid=bid,
        partner=one.partner,
        package=one.package,
        category="travel",
        amount=2000,
    )
    bid.partners.update(request=1000)
    made = copy(world.a.manager, bid, call)
    assert set(made.spendings.values_list("category", flat=True)) == {"months"}
    assert set(made.partners.values_list("rate", "request")) == {(Decimal(0), None)}


def test_a_party_that_has_left_is_not_whom_a_partner_comes_with(world):
    bid, call = lost_bid(world), call_of(world)
    Party.objects.filter(organisation=world.b.cluster).update(state="left")
    made = copy(world.a.manager, bid, call)
    assert made.partners.get(name="French member 1").party is None
    assert made.partners.get(name="Greek cluster").party is not None


@pytest.mark.parametrize("state", Bid.State.values)
def test_from_any_state_and_also_when_its_call_was_put_away(world, state):
    bid = lost_bid(world, state=state)
    type(bid.call).objects.filter(pk=bid.call_id).update(put_away_at=timezone.now())
    assert copy(world.a.manager, bid, call_of(world)).state == "exploring"


def test_signatures_and_letters_stay_with_the_first(world):
    bid = whole_bid(world)
    agreement = put(world.a.manager, bid)
    made = copy(world.a.manager, bid, call_of(world))
    agreement.refresh_from_db()
    assert agreement.closed_at is None
    subjects = {str(made.pk), *map(str, made.partners.values_list("pk", flat=True))}
    assert not Agreement.objects.filter(kind__in=("bid", "letter"), subject__in=subjects).exists()


def test_a_call_is_open_and_of_this_room(world):
    bid = lost_bid(world)
    away = call_of(world, put_away_at=timezone.now())
    closed = call_of(world, closes_at=timezone.now() - timedelta(minutes=1))
    foreign = CallFactory(steward=world.c.cluster)
    for call, words in (
        (away, "isn’t archived"),
        (closed, "has closed"),
        (foreign, "We couldn’t find this call"),
    ):
        with pytest.raises(InvalidInput, match=words) as refused:
            copy(world.a.manager, bid, call)
        assert refused.value.field == "call"
    with pytest.raises(InvalidInput) as refused:
        copy(world.a.manager, bid, call_of(world), title="w" * 201)
    assert refused.value.field == "title"
    assert Bid.objects.count() == 1


def test_others_copy_nothing_nor_what_was_put_away(world):
    bid, call = lost_bid(world), call_of(world)
    for person in others(world).values():
        with pytest.raises(NotFound):
            copy(person, bid, call)
    Bid.objects.update(dropped_at=timezone.now())
    with pytest.raises(Conflict, match="This bid is archived"):
        copy(world.a.manager, bid, call)
    assert Bid.objects.count() == 1
