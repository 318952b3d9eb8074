"""Writing what partners spend; what does not fit; and what the conditions say of the same sums."""

from decimal import Decimal
from math import floor

import pytest
from django.utils import timezone

from proxeny.bids.models import Partner, Spending, WorkPackage
from proxeny.bids.operations.budgets import (
    about_money,
    budget_of,
    given_percents,
    problems_of,
    to_minor,
)
from proxeny.bids.operations.sheets import read_partner_sheet, read_sheet
from proxeny.bids.operations.verdicts import look_at
from proxeny.bids.queries.bids import get_bid, partners_of
from proxeny.bids.queries.budgets import packages_of as read_packages
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.models import AuditEntry
from tests.bids.bidding import bid_of, call_of, drop, partner_of
from tests.bids.planning import holds, packages_of, signed, spend
from tests.partnerships.rooms import others, party, team

pytestmark = pytest.mark.django_db
FULL = [{"kind": "rate", "key": "rate", "percent": 100}]


def grant(world, **values):
    """Return a call with conditions of its own alone."""
    return call_of(world, **{"rule_set": "", "own_rules": [], **values})


def codes(bid):
    sheet = read_sheet(get_bid(bid.partnership_id, bid.pk))
    return [(one.code, one.partner_id, one.package_id) for one in sheet.problems]


def texts(bid):
    return [one.text for one in read_sheet(get_bid(bid.partnership_id, bid.pk)).problems]


def cells(partner):
    found = Spending.objects.filter(partner=partner).order_by("package__number", "category")
    return [(one.package.number, one.category, one.amount) for one in found]


def test_both_sides_write_any_partners_figures(world):
    bid = bid_of(world)
    one, two = packages_of(bid, (1, 6), (7, 12))
    partner = partner_of(bid, world.a.members[0])
    for number, person in enumerate(team(world).values(), 1):
        spend(person, partner, {(one, "months"): number, (two, "travel"): "100.10"})
        assert cells(partner) == [(1, "months", number), (2, "travel", Decimal("100.10"))]
    for person in others(world).values():
        with pytest.raises(NotFound):
            spend(person, partner, {})
    assert Partner.objects.get(pk=partner.pk).version == 5


def test_it_is_written_as_a_whole(world):
    bid = bid_of(world, overhead=25)
    one, two = packages_of(bid, (1, 6), (7, 12))
    partner = partner_of(bid, world.a.members[0])
    spend(world.a.manager, partner, {(one, "months"): 1, (one, "goods"): 5, (two, "months"): 2})
    kept = Spending.objects.get(package=two).pk
    spend(
        world.a.manager,
        partner,
        {(one, "months"): "1.50", (two, "months"): 2, (two, "goods"): 0},
        rate=Decimal("6000.50"),
        percent=Decimal("60"),
        request=Decimal(1),
    )
    assert cells(partner) == [(1, "months", Decimal("1.50")), (2, "months", 2)]
    assert Spending.objects.get(package=two).pk == kept
    found = Partner.objects.get(pk=partner.pk)
    assert (found.rate, found.percent, found.request) == (Decimal("6000.50"), 60, 1)
    spend(world.a.manager, partner, {}, rate=Decimal(0), percent=None, request=None)
    assert cells(partner) == []


def test_the_row_tells_the_sums_before_and_after_and_the_signatures_end(world):
    bid = bid_of(world, call=grant(world), overhead=25)
    [one] = packages_of(bid, (1, 6))
    partner = partner_of(bid, world.a.members[0], rate=Decimal(5000))
    text = signed(bid)
    spend(world.a.manager, partner, {(one, "months"): 2}, percent=Decimal(50))
    assert not holds(text)
    assert "Greek member 1" in type(text).objects.get(pk=text.pk).closed_why
    row = AuditEntry.objects.get(verb="write_partner_budget")
    assert (row.target, row.target_id, row.partnership_id) == (
        "bids.partner",
        partner.pk,
        bid.partnership_id,
    )
    assert row.changes == {
        "name": "Greek member 1",
        "percent": [None, "50"],
        "months_in_all": ["0", "2.00"],
        "cost_in_all": ["0.00", "12500.00"],
        "asked_in_all": ["0.00", "6250.00"],
    }


def test_the_same_again_changes_nothing(world):
    bid = bid_of(world)
    [one] = packages_of(bid, (1, 6))
    partner = partner_of(bid, world.a.members[0])
    figures = {(one, "months"): "0.33", (one, "travel"): "1200"}
    spend(world.a.manager, partner, figures)
    text = signed(bid)
    again = spend(world.b.manager, partner, {**figures, (one, "goods"): "0.00"})
    assert again.version == 2
    assert holds(text)
    assert AuditEntry.objects.filter(verb="write_partner_budget").count() == 1


def test_what_was_put_away_is_kept_and_not_counted(world):
    bid = bid_of(world)
    one, two = packages_of(bid, (1, 6), (7, 12))
    partner = partner_of(bid, world.a.members[0])
    spend(world.a.manager, partner, {(one, "travel"): 100, (two, "travel"): 50})
    drop(world.a.manager, two, "work-package")
    assert budget_of(bid).total.travel == 10_000
    spend(world.a.manager, partner, {(one, "travel"): 70})
    assert [amount for *_place, amount in cells(partner)] == [70, 50]
    with pytest.raises(InvalidInput, match="no longer in the bid") as refused:
        spend(world.a.manager, partner, {(two, "travel"): 60})
    assert refused.value.field == f"travel_{two.pk}"
    assert [amount for *_place, amount in cells(partner)] == [70, 50]


@pytest.mark.parametrize(
    ("figures", "field", "told"),
    [
        ({"months": "-1"}, "months", "from 0 to 100,000"),
        ({"months": "100000.01"}, "months", "from 0 to 100,000"),
        ({"travel": "10000000000"}, "travel", "from 0 to 9,999,999,999.99"),
        ({"travel": "0.001"}, "travel", "no more than two decimal places"),
        ({"travel": "NaN"}, "travel", "from 0 to"),
        ({"people": "1"}, "people", "no longer in the bid"),
        ({"rate": "10000000"}, "rate", "from 0 to 9,999,999.99"),
        ({"percent": "100.01"}, "percent", "from 0 to 100"),
        ({"request": "-0.01"}, "request", "from 0 to 99,999,999,999.99"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(world, figures, field, told):
    bid = bid_of(world)
    [one] = packages_of(bid, (1, 6))
    partner = partner_of(bid, world.a.members[0])
    facts = {
        name: Decimal(value)
        for name, value in figures.items()
        if name in ("rate", "percent", "request")
    }
    asked = {(one, name): value for name, value in figures.items() if name not in facts}
    with pytest.raises(InvalidInput, match=told) as refused:
        spend(world.a.manager, partner, asked, **facts)
    assert refused.value.field in (field, f"{field}_{one.pk}")
    assert cells(partner) == []
    assert Partner.objects.get(pk=partner.pk).version == 1


def test_the_largest_figures_of_all(world):
    """Sixty work packages full to the brim: the sums are still exact."""
    bid = bid_of(world, call=grant(world), overhead=Decimal("99.99"))
    made = packages_of(bid, *[(1, 12)] * 60)
    partner = partner_of(bid, world.a.members[0])
    most = "9999999999.99"
    spend(
        world.a.manager,
        partner,
        {
            (one, category): most
            for one in made
            for category in ("travel", "goods", "subcontracting")
        }
        | {(one, "months"): "100000" for one in made},
        rate=Decimal("9999999.99"),
    )
    people, direct = 100_000 * 999_999_999, 999_999_999_999
    indirect = floor(Decimal("0.9999") * (people + 2 * direct) + Decimal("0.5"))
    assert budget_of(bid).total.total == 60 * (people + 3 * direct + indirect)


def test_not_what_somebody_changed_not_what_is_over_and_not_who_left(world):
    bid = bid_of(world)
    [one] = packages_of(bid, (1, 6))
    partner = partner_of(bid, world.a.members[0])
    with pytest.raises(Conflict, match="Someone else has changed this since you opened it"):
        spend(world.a.manager, partner, {(one, "months"): 1}, version=9)
    Partner.objects.filter(pk=partner.pk).update(state="declined")
    with pytest.raises(Conflict, match="no longer in the bid"):
        spend(world.a.manager, partner, {(one, "months"): 1})
    Partner.objects.filter(pk=partner.pk).update(state="noted")
    type(bid).objects.filter(pk=bid.pk).update(state="submitted", submitted_at=timezone.now())
    with pytest.raises(Conflict, match="This bid can no longer be edited"):
        spend(world.a.manager, partner, {(one, "months"): 1})
    assert cells(partner) == []
    other = partner_of(bid_of(world), world.a.members[1])
    other.bid_id = bid_of(world).pk
    with pytest.raises(NotFound, match="We couldn’t find this partner"):
        spend(world.a.manager, other, {})


def test_thirds_of_months_and_seven_per_cent_sum_up_to_the_cent(world):
    bid = bid_of(world, overhead=7)
    made = packages_of(bid, (1, 6), (7, 12), (1, 12))
    partners = [partner_of(bid, one) for one in (*world.a.members, *world.b.members)]
    for number, partner in enumerate(partners):
        spend(
            world.a.manager,
            partner,
            {(one, "months"): f"{number}.33" for one in made}
            | {(made[number % 3], "travel"): f"{number}.07"},
            rate=Decimal(f"{4321 + number}.37"),
            percent=Decimal("66.67"),
        )
    sheet = read_sheet(get_bid(bid.partnership_id, bid.pk))
    assert sum(one.cell.total for one in sheet.lines) == sheet.total.total
    assert sum(one.cell.total for one in sheet.columns) == sheet.total.total
    assert sum(one.request for one in sheet.lines) == sheet.budget.request
    assert sum(one.own for one in sheet.lines) == sheet.own
    assert sheet.own + sheet.budget.request == sheet.total.total
    for line in sheet.lines:
        alone = read_partner_sheet(bid, line.partner, read_packages(bid))
        assert (alone.line.cell, alone.line.request) == (line.cell, line.request)
        assert sum(one.cell.total for one in alone.columns) == line.cell.total
        assert line.request == floor(Decimal("0.6667") * line.cell.total)


# --- what does not fit ----------------------------------------------------------------------------


def priced(world, bid, package, organisation, amount, **values):
    """Return a partner that costs so much, as subcontracting: without indirect costs."""
    partner = partner_of(bid, organisation, **values)
    if amount:
        Spending.objects.create(
            partnership=bid.partnership,
            bid=bid,
            partner=partner,
            package=package,
            category="subcontracting",
            amount=amount,
        )
    return partner


def test_more_than_the_largest_grant_and_less_than_the_smallest(world):
    call = grant(world, grant_least=2_000_000, grant_most=4_000_000)
    bid = bid_of(world, call=call)
    [one] = packages_of(bid, (1, 6))
    partner = priced(world, bid, one, world.a.members[0], 4_120_000)
    assert texts(bid)[0] == "The consortium requests €120,000 more than the largest grant."
    partner.spendings.update(amount=Decimal("1999999.99"))
    assert texts(bid)[0] == "The consortium requests €0.01 less than the smallest grant."
    for fits in (2_000_000, 4_000_000):
        partner.spendings.update(amount=fits)
        assert not any(code.startswith("grant") for code, *_rest in codes(bid))


def test_what_does_not_fit_of_a_partner_is_told_of_it(world):
    call = grant(
        world, own_rules=[{"kind": "rate", "key": "rate", "percent": 70, "percent_nonprofit": 100}]
    )
    bid = bid_of(world, call=call)
    [one] = packages_of(bid, (1, 6))
    made = [
        priced(world, bid, one, organisation, amount, **values)
        for organisation, amount, values in (
            (world.a.members[0], 1000, {"nonprofit": False, "request": Decimal(1200)}),
            (world.a.members[1], 1000, {"nonprofit": False, "percent": Decimal(80)}),
            (world.a.members[2], 1000, {"nonprofit": True, "percent": Decimal(80)}),
            (world.b.members[0], 0, {}),
            (world.b.members[1], 0, {"role": "associated_partner"}),
            (world.b.members[2], 10, {"role": "associated_partner", "request": Decimal(5)}),
        )
    ]
    bid = get_bid(bid.partnership_id, bid.pk)
    found = problems_of(bid, partners_of(bid), budget_of(bid))
    told = {one.partner_id: (one.code, one.text) for one in found if one.partner_id}
    assert told == {
        made[0].pk: ("above-cost", "Greek member 1 requests €200 more than its costs."),
        made[1].pk: (
            "above-rate",
            "Greek member 2 requests €100 more than the call allows, which is 70% of its costs.",
        ),
        made[3].pk: ("no-cost", "French member 1 has no costs yet."),
        made[5].pk: (
            "not-paid",
            "French member 3 requests €5, but the grant doesn’t fund this role: Associated partner.",
        ),
    }


def test_what_does_not_fit_of_the_plan(world):
    bid = bid_of(world, call=grant(world))
    assert codes(bid) == [("no-package", None, None)]
    one, two, three = packages_of(bid, (1, 6), (7, 12), (1, 12))
    inside = priced(world, bid, one, world.a.members[0], 100)
    left = partner_of(bid, world.b.members[0], state="left")
    spend(world.a.manager, inside, {(one, "months"): 1, (two, "months"): 1})
    Spending.objects.create(
        partnership=bid.partnership,
        bid=bid,
        partner=left,
        package=three,
        category="months",
        amount=7,
    )
    for package, lead in ((one, inside), (two, left)):
        WorkPackage.objects.filter(pk=package.pk).update(lead=lead)
    assert codes(bid) == [
        ("lead-left", left.pk, two.pk),
        ("no-effort", None, three.pk),
        ("no-lead", None, three.pk),
    ]
    assert texts(bid) == [
        "French member 1 leads work package 2 but is no longer in the bid.",
        "No one has committed any months to work package 3.",
        "No one leads work package 3.",
    ]


def test_the_conditions_on_sums_are_told_with_by_how_much(world):
    call = grant(
        world,
        own_rules=[
            {"kind": "rate", "key": "rate", "percent": 50, "text": "Half of the costs"},
            {
                "kind": "share",
                "key": "share",
                "of": "cost",
                "each": "participant",
                "most": 60,
                "text": "Nobody has more than 60% of the costs",
            },
            {
                "kind": "total",
                "key": "total",
                "of": "request",
                "most": 100_000,
                "text": "No more than EUR 1,000",
            },
            {"kind": "count", "key": "three", "least": 3, "text": "Three"},
        ],
    )
    bid = bid_of(world, call=call)
    [one] = packages_of(bid, (1, 6))
    priced(world, bid, one, world.a.members[0], 3000, nonprofit=False)
    priced(world, bid, one, world.b.members[0], 1000, nonprofit=False, percent=Decimal(60))
    bid = get_bid(bid.partnership_id, bid.pk)
    looked = look_at(bid, partners_of(bid), budget_of(bid), today=timezone.localdate())
    told = {one.key: (one.state, one.gaps) for one in about_money(bid, looked.planned)}
    assert told == {
        "rate": ("broken", ("French member 1 requests €100 more than its costs allow.",)),
        "share": ("broken", ("Greek member 1: €600 too much.",)),
        "total": ("broken", ("€1,100 too much.",)),
    }


@pytest.mark.parametrize("kind", ["company", "university", "association"])
@pytest.mark.parametrize("sme", [True, None])
@pytest.mark.parametrize("nonprofit", [True, False, None])
def test_what_is_offered_never_breaks_a_rate_and_a_cent_more_does(world, kind, sme, nonprofit):
    """The verdict looks both ways at what is not known: so does what is offered."""
    call = grant(
        world,
        rule_set="horizon-europe-ia",
        own_rules=[
            {"kind": "rate", "key": "small", "percent": 60.5, "who": {"sme": True}},
            {"kind": "rate", "key": "greek", "percent": 90, "who": {"countries": ["GR"]}},
            {"kind": "rate", "key": "side", "percent": 45, "who": {"sides": ["French cluster"]}},
            {"kind": "rate", "key": "paid", "percent": 95, "who": {"paid": True}},
        ],
    )
    bid = bid_of(world, call=call)
    [one] = packages_of(bid, (1, 6))
    partners = [
        priced(
            world,
            bid,
            one,
            world.a.members[0],
            Decimal("3333.33"),
            kind=kind,
            sme=sme,
            nonprofit=nonprofit,
        ),
        priced(
            world,
            bid,
            one,
            world.b.members[0],
            Decimal("777.77"),
            kind=kind,
            sme=sme,
            nonprofit=nonprofit,
            party=party(world, world.b),
        ),
    ]

    def rates():
        found = get_bid(bid.partnership_id, bid.pk)
        looked = look_at(found, partners_of(found), budget_of(found), today=timezone.localdate())
        return [told.state for told in about_money(found, looked.planned)]

    assert set(rates()) == {"met"}
    offered = budget_of(get_bid(bid.partnership_id, bid.pk)).requests
    for partner in partners:
        more = Decimal(offered[str(partner.pk)] + 1) / 100
        Partner.objects.filter(pk=partner.pk).update(request=more)
        assert set(rates()) > {"met"}, partner.name
        assert ("above-rate", partner.pk, None) in codes(bid)
        Partner.objects.filter(pk=partner.pk).update(request=None)


def test_what_the_call_gives(world):
    call = grant(
        world,
        own_rules=[
            {"kind": "rate", "key": "rate", "percent": 66.6667},
            {"kind": "rate", "key": "over", "percent": 120},
        ],
    )
    bid = bid_of(world, call=call)
    one = partner_of(bid, world.a.members[0])
    other = partner_of(bid, world.a.members[1], role="subcontractor")
    assert given_percents(bid, [one, other]) == {one.pk: Decimal("66.6667"), other.pk: 0}
    assert given_percents(bid_of(world, call=grant(world, closes_at=None)), [one])[one.pk] == 100


def test_sums_may_pass_a_ceiling_on_the_way(world):
    bid = bid_of(world, call=grant(world, grant_most=1000))
    [one] = packages_of(bid, (1, 6))
    partner = partner_of(bid, world.a.members[0])
    spend(world.a.manager, partner, {(one, "subcontracting"): 5000})
    assert codes(bid)[0][0] == "grant-above"
    assert budget_of(bid).request == to_minor(Decimal(5000))


def test_who_is_not_paid_leaves_nothing_unknown(world):
    call = grant(world, own_rules=[{"kind": "rate", "key": "rate", "percent": 70}])
    bid = bid_of(world, call=call)
    [one] = packages_of(bid, (1, 6))
    priced(world, bid, one, world.a.members[0], 1000)
    partner_of(bid, world.b.members[0], role="associated_partner")
    late = partner_of(bid, world.b.members[1])
    bid = get_bid(bid.partnership_id, bid.pk)

    def state():
        looked = look_at(bid, partners_of(bid), budget_of(bid), today=timezone.localdate())
        return looked.planned.told[0].state

    assert state() == "unknown"
    late.delete()
    assert state() == "met"
