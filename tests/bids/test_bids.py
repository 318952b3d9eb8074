"""Bids, partners and work packages as records of the room, and what the conditions say of them."""

from decimal import Decimal

import pytest
from django.utils import timezone

from proxeny.bids.models import Bid, Partner
from proxeny.bids.operations.budgets import budget_of
from proxeny.bids.operations.guards import enter_bid, unsign
from proxeny.bids.operations.verdicts import look_at
from proxeny.bids.queries.bids import find_bids, get_bid, partners_of
from proxeny.calls.models import Call
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.partnerships.models import Agreement, Party
from proxeny.partnerships.operations.records import restore_record
from tests.bids.bidding import add, begin, bid_of, call_of, change, drop, partner_of
from tests.conftest import reader_of
from tests.factories.bids import SpendingFactory, WorkPackageFactory
from tests.factories.directory import OrganisationFactory
from tests.factories.partnerships import AgreementFactory
from tests.partnerships.rooms import do, others, team

pytestmark = pytest.mark.django_db


def as_(person, work):
    with acting_as(WEB, reader_of(person)):
        return work()


def verdict(bid):
    bid = Bid.objects.select_related("call").get(pk=bid.pk)
    return look_at(bid, partners_of(bid), budget_of(bid), today=timezone.localdate())


def told(looked, key):
    return next(one for one in looked.told if one.key == key)


def test_both_sides_begin_bids_and_read_them(world):
    call = call_of(world)
    for name, person in team(world).items():
        made = begin(person, world, call, title=f"Bid of the {name}")
        assert (made.state, made.months, made.overhead) == ("exploring", 24, 25)
    for person in team(world).values():
        assert as_(person, lambda: find_bids(world.partnership.pk).count()) == 4
    for person in others(world).values():
        assert as_(person, lambda: find_bids(world.partnership.pk).count()) == 0
        with pytest.raises(NotFound):
            begin(person, world, call)
    last = AuditEntry.objects.filter(verb="add_bid").latest("pk")
    assert last.partnership_id == world.partnership.pk


def test_a_bid_needs_a_call_that_a_side_of_the_room_brought(world):
    with pytest.raises(InvalidInput, match="Choose the call first"):
        begin(world.a.manager, world, Call())
    foreign = call_of(world)
    Call.objects.filter(pk=foreign.pk).update(steward=world.c.cluster)
    away = call_of(world, put_away_at=timezone.now())
    for one in (foreign, away):
        with pytest.raises(InvalidInput) as refused:
            begin(world.a.manager, world, one)
        assert refused.value.field == "call"


def test_a_bid_stays_with_its_call(world):
    bid, other = bid_of(world), call_of(world)
    with pytest.raises(InvalidInput) as refused:
        change(world.b.manager, bid, "bid", call=other.pk)
    assert refused.value.field == "call"


def test_a_call_stays_to_be_read_in_the_room_when_who_brought_it_leaves(world):
    bid = bid_of(world)
    reads = lambda: Call.objects.filter(pk=bid.call_id).exists()  # noqa: E731
    assert as_(world.b.ambassador, reads)
    Party.objects.filter(organisation=world.a.cluster).update(state="left")
    assert as_(world.b.ambassador, reads)
    assert not as_(world.c.manager, reads)


def test_what_was_submitted_is_not_written_any_more(world):
    bid = bid_of(world, state="submitted", submitted_at=timezone.now())
    package = WorkPackageFactory(bid=bid)
    with pytest.raises(Conflict, match="This bid can no longer be edited"):
        change(world.a.manager, bid, "bid", title="Other")
    with pytest.raises(Conflict, match="This bid can no longer be edited"):
        add(world.a.manager, bid, "bid-partner", organisation=world.a.members[0].pk)
    with pytest.raises(Conflict, match="This bid can no longer be edited"):
        drop(world.a.manager, package, "work-package")
    package.refresh_from_db()
    assert package.dropped_at is None


def test_a_partner_keeps_what_its_entry_says(world):
    bid = bid_of(world)
    lab = world.b.members[0]
    lab.kind, lab.size = "university", ""
    lab.save()
    made = add(world.b.ambassador, bid, "bid-partner", organisation=lab.pk, role="beneficiary")
    assert (made.name, made.country, made.kind) == (lab.name, "FR", "university")
    assert (made.sme, made.nonprofit, made.state) == (False, True, "noted")
    with pytest.raises(InvalidInput, match="This organisation is already in the bid"):
        add(world.a.ambassador, bid, "bid-partner", organisation=lab.pk)


def test_nobody_adds_an_entry_they_do_not_see(world):
    bid, hidden = bid_of(world), world.c.members[0]
    with pytest.raises(InvalidInput) as refused:
        add(world.a.manager, bid, "bid-partner", organisation=hidden.pk)
    assert refused.value.field == "organisation"


def test_one_partner_coordinates_and_it_is_a_beneficiary(world):
    bid = bid_of(world)
    first = add(world.a.manager, bid, "bid-partner", organisation=world.a.members[0].pk, leads=True)
    with pytest.raises(InvalidInput, match=f"{first.name} is already the coordinator"):
        add(world.a.manager, bid, "bid-partner", organisation=world.b.members[0].pk, leads=True)
    with pytest.raises(InvalidInput, match="Only a beneficiary"):
        change(world.a.manager, first, "bid-partner", role="associated_partner")


def test_a_partner_that_takes_part_is_not_put_away(world):
    one = partner_of(bid_of(world), world.a.members[0], state="in")
    with pytest.raises(Conflict, match="Record that it has left instead"):
        drop(world.b.manager, one, "bid-partner")
    noted = partner_of(one.bid, world.b.members[0])
    drop(world.b.manager, noted, "bid-partner")
    do(
        world.a.manager,
        restore_record,
        kind="bid-partner",
        partnership_id=one.partnership_id,
        record_id=noted.pk,
    )
    noted.refresh_from_db()
    assert noted.dropped_at is None


def test_work_packages_stay_inside_the_project(world):
    bid = bid_of(world, months=12)
    made = add(
        world.a.ambassador,
        bid,
        "work-package",
        number=1,
        title="Measure",
        first_month=1,
        last_month=12,
    )
    with pytest.raises(InvalidInput) as late:
        add(
            world.a.ambassador,
            bid,
            "work-package",
            number=2,
            title="Tell",
            first_month=1,
            last_month=13,
        )
    assert late.value.field == "last_month"
    with pytest.raises(InvalidInput) as shorter:
        change(world.a.manager, bid, "bid", months=10)
    assert (shorter.value.field, str(shorter.value)) == (
        "months",
        "Work package 1 ends in month 12. Make it end earlier first.",
    )
    with pytest.raises(InvalidInput):
        change(world.a.manager, made, "work-package", first_month=12, last_month=3)


def test_a_lead_is_a_partner_of_the_same_bid(world):
    one, other = bid_of(world), bid_of(world)
    stranger = partner_of(other, world.a.members[0])
    with pytest.raises(InvalidInput) as refused:
        add(
            world.a.manager,
            one,
            "work-package",
            number=1,
            title="Measure",
            first_month=1,
            last_month=2,
            lead=stranger.pk,
        )
    assert refused.value.field == "lead"


@pytest.mark.parametrize(
    ("kind", "values", "is_void"),
    [
        ("bid", {"idea": "Only words."}, False),
        ("bid", {"months": 30}, True),
        ("bid-partner", {"brings": "Only words."}, False),
        ("bid-partner", {"role": "associated_partner"}, True),
        ("work-package", {"aims": "Only words."}, False),
        ("work-package", {"last_month": 11}, True),
    ],
)
def test_signatures_hold_no_longer_when_what_was_signed_changes(world, kind, values, is_void):
    bid = bid_of(world)
    record = {
        "bid": bid,
        "bid-partner": partner_of(bid, world.a.members[0]),
        "work-package": WorkPackageFactory(bid=bid),
    }[kind]
    text = AgreementFactory(
        partnership=world.partnership,
        kind=Agreement.Kind.BID,
        subject=str(bid.pk),
        completed_at=timezone.now(),
    )
    change(world.a.manager, record, kind, **values)
    text.refresh_from_db()
    assert (text.closed_at is not None) is is_void


def test_a_change_elsewhere_voids_nothing_here(world):
    bid, other = bid_of(world), bid_of(world)
    text = AgreementFactory(partnership=world.partnership, kind="bid", subject=str(other.pk))
    assert not unsign(bid, now=timezone.now())
    text.refresh_from_db()
    assert text.closed_at is None


def test_two_countries_never_meet_a_research_action_and_a_third_one_does(world):
    bid = bid_of(world)
    partner_of(bid, world.a.members[0], leads=True)
    partner_of(bid, world.b.members[0])
    looked = verdict(bid).planned
    three = told(looked, "he-three")
    assert (looked.state, three.state) == ("broken", "broken")
    assert three.gaps
    third = partner_of(bid, OrganisationFactory(country="IT", name="Turin Lab"))
    assert told(verdict(bid).planned, "he-three").state == "met"
    assert told(verdict(bid).agreed, "he-three").state == "broken"
    Partner.objects.filter(pk=third.pk).update(state="left")
    assert told(verdict(bid).planned, "he-three").state == "broken"


def test_two_of_one_group_count_once(world):
    bid = bid_of(world)
    for number, country in enumerate(("GR", "FR", "IT")):
        partner_of(bid, OrganisationFactory(country=country), group="Acme" if number else "")
    assert told(verdict(bid).planned, "he-three").state == "broken"
    Partner.objects.filter(bid=bid).update(group="")
    assert told(verdict(bid).planned, "he-three").state == "met"


def test_the_budget_is_what_partners_put_in_and_what_the_call_gives(world):
    bid = bid_of(world, call=call_of(world, rule_set="horizon-europe-ia"))
    package = WorkPackageFactory(bid=bid)
    firm = partner_of(bid, world.a.members[0], nonprofit=False, rate=Decimal(4000))
    lab = partner_of(bid, world.b.members[0], nonprofit=True, rate=Decimal(4000))
    for one in (firm, lab):
        SpendingFactory(partner=one, package=package, amount=10)
        SpendingFactory(partner=one, package=package, category="travel", amount=2000)
    budget = budget_of(bid)
    assert {budget.lines[str(one.pk)].total for one in (firm, lab)} == {5_250_000}
    assert budget.requests[str(firm.pk)] == 3_675_000
    assert budget.requests[str(lab.pk)] == 5_250_000
    assert budget.total.total == 10_500_000


def test_who_left_is_not_counted_and_nothing_of_it_is_lost(world):
    bid = bid_of(world)
    one = partner_of(bid, world.a.members[0])
    SpendingFactory(partner=one, package=WorkPackageFactory(bid=bid))
    assert budget_of(bid).total.total > 0
    Partner.objects.filter(pk=one.pk).update(state="left")
    assert budget_of(bid).total.total == 0
    assert one.spendings.count() == 1


def test_deeds_begin_with_the_locked_bid(world):
    bid = bid_of(world)
    given = {"partnership_id": world.partnership.pk, "bid_id": bid.pk}
    enter = lambda actor, now, **more: enter_bid(actor, *given.values(), **more)  # noqa: E731
    entered = do(world.b.ambassador, enter)
    assert (entered.record.pk, entered.organisation_id) == (bid.pk, world.b.cluster.pk)
    with pytest.raises(NotAllowed):
        do(world.b.ambassador, enter, binding=True)
    with pytest.raises(Conflict, match="Someone else has changed this since you opened it"):
        do(world.b.manager, enter, version=7)
    for person in others(world).values():
        with pytest.raises(NotFound):
            do(person, enter)
    Bid.objects.filter(pk=bid.pk).update(dropped_at=timezone.now())
    with pytest.raises(Conflict, match="This bid is archived"):
        do(world.b.manager, enter)


def test_a_bid_of_another_room_is_not_found(world):
    bid = bid_of(world)
    with pytest.raises(NotFound):
        as_(world.a.manager, lambda: get_bid(world.partnership.pk + 1, bid.pk))
