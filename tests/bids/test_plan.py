"""The work plan of a bid: what waits for what, what begins too early, and the usual beginning."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from django.utils import translation

from proxeny.bids.models import PackageNeed, WorkPackage
from proxeny.bids.plan_chart import draw_plan
from proxeny.bids.queries.plans import days_of, read_plan
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.partnerships.operations.records import restore_record
from tests.bids.bidding import bid_of, drop, partner_of
from tests.bids.planning import begin_usual, holds, need, packages_of, signed, take_back
from tests.factories.bids import PackageNeedFactory, SpendingFactory
from tests.partnerships.rooms import do, others, party, team

pytestmark = pytest.mark.django_db


def steps(bid):
    return {one.record.number: one for one in read_plan(bid).steps}


def needs(package):
    found = PackageNeed.objects.filter(package=package).order_by("needs__number")
    return [one.needs.number for one in found]


def test_both_sides_say_what_waits_for_what(world):
    bid = bid_of(world, months=24)
    one, two, three = packages_of(bid, (1, 6), (7, 12), (10, 24))
    for person in team(world).values():
        need(person, three, one, two)
        assert needs(three) == [1, 2]
        need(person, three)
        assert needs(three) == []
    need(world.a.manager, three, one, two)
    plan = steps(bid)
    assert [other.number for other in plan[3].needs] == [1, 2]
    assert [other.number for other in plan[3].clashes] == [2]
    assert read_plan(bid).clashes == [plan[3]]
    for person in others(world).values():
        with pytest.raises(NotFound):
            need(person, two, one)


def test_a_change_leaves_one_row_and_ends_what_was_signed(world):
    bid = bid_of(world)
    one, two, three = packages_of(bid, (1, 6), (7, 12), (1, 12))
    text = signed(bid)
    assert need(world.a.manager, two).version == 1
    assert holds(text)
    assert AuditEntry.objects.filter(verb="set_package_needs").count() == 0
    assert need(world.a.manager, two, one, three).version == 2
    row = AuditEntry.objects.get(verb="set_package_needs")
    assert row.changes == {"title": "Work 2", "waits_for": [[], ["1 Work 1", "3 Work 3"]]}
    assert (row.target, row.target_id) == ("bids.workpackage", two.pk)
    assert not holds(text)
    need(world.b.ambassador, two, three, one)
    assert AuditEntry.objects.filter(verb="set_package_needs").count() == 1


def test_no_circle_whatever_its_length(world):
    bid = bid_of(world)
    made = packages_of(bid, *[(1, 12)] * 5)
    for before, after in pairwise(made):
        need(world.a.manager, after, before)
    for last in made[1:]:
        with pytest.raises(InvalidInput, match="in a loop:") as refused:
            need(world.b.manager, made[0], last)
        told = str(refused.value)
        assert refused.value.field == "needs"
        assert [f"Work {number}" in told for number in (1, 2, 3, 4, 5)] == [
            number <= last.number for number in (1, 2, 3, 4, 5)
        ]
    assert needs(made[0]) == []
    with pytest.raises(InvalidInput, match="Choose an option from the list"):
        need(world.a.manager, made[0], made[0])


def test_two_ways_to_the_same_are_no_circle(world):
    bid = bid_of(world)
    one, two, three, four = packages_of(bid, (1, 3), (4, 6), (4, 6), (7, 9))
    need(world.a.manager, two, one)
    need(world.a.manager, three, one)
    need(world.a.manager, four, two, three, one)
    assert needs(four) == [1, 2, 3]


def test_what_was_put_away_is_no_need_and_comes_back_with_its_own(world):
    bid = bid_of(world)
    one, two, three = packages_of(bid, (1, 6), (7, 12), (1, 12))
    need(world.a.manager, two, one)
    drop(world.a.manager, one, "work-package")
    assert steps(bid)[2].needs == []
    need(world.a.manager, two, three)
    with pytest.raises(InvalidInput, match="Choose an option from the list"):
        need(world.a.manager, two, one)
    # It would come back in a circle.
    PackageNeedFactory(package=one, needs=three)
    with pytest.raises(InvalidInput, match="in a loop:"):
        need(world.a.manager, three, two)
    PackageNeed.objects.filter(package=one).delete()
    do(
        world.a.manager,
        restore_record,
        kind="work-package",
        partnership_id=bid.partnership_id,
        record_id=one.pk,
    )
    assert [other.number for other in steps(bid)[2].needs] == [1, 3]
    drop(world.a.manager, two, "work-package")
    with pytest.raises(NotFound):
        need(world.a.manager, two, three, version=3)


def test_nothing_of_another_bid_and_nothing_of_another_room(world):
    bid, other = bid_of(world), bid_of(world)
    [one] = packages_of(bid, (1, 6))
    [foreign] = packages_of(other, (1, 6))
    with pytest.raises(InvalidInput, match="Choose an option from the list"):
        need(world.a.manager, one, foreign)
    foreign.bid = bid
    with pytest.raises(NotFound, match="We couldn’t find this work package"):
        need(world.a.manager, foreign, one)


def test_not_what_somebody_changed_and_not_what_is_over(world):
    bid = bid_of(world)
    one, two = packages_of(bid, (1, 6), (7, 12))
    with pytest.raises(Conflict, match="Someone else has changed this since you opened it"):
        need(world.a.manager, two, one, version=7)
    type(bid).objects.filter(pk=bid.pk).update(state="submitted", submitted_at=bid.created_at)
    with pytest.raises(Conflict, match="This bid can no longer be edited"):
        need(world.a.manager, two, one)
    with pytest.raises(Conflict, match="This bid can no longer be edited"):
        begin_usual(world.a.manager, bid)


def test_effort_is_of_those_who_are_planned_with(world):
    bid = bid_of(world)
    one, two = packages_of(bid, (1, 6), (7, 12))
    inside, out = partner_of(bid, world.a.members[0]), partner_of(bid, world.b.members[0])
    for partner, amount in ((inside, "1.33"), (out, "5")):
        SpendingFactory(partner=partner, package=one, amount=Decimal(amount))
        SpendingFactory(partner=partner, package=two, category="travel", amount=100)
    assert (steps(bid)[1].months, steps(bid)[2].months) == (Decimal("6.33"), 0)
    type(out).objects.filter(pk=out.pk).update(state="left")
    assert read_plan(bid).months == Decimal("1.33")


def test_a_lead_that_left_is_none(world):
    bid = bid_of(world)
    partner = partner_of(bid, world.a.members[0])
    packages_of(bid, (1, 6), lead=partner)
    assert not steps(bid)[1].is_without_lead
    type(partner).objects.filter(pk=partner.pk).update(state="left")
    assert steps(bid)[1].is_without_lead


@pytest.mark.parametrize(
    ("starts_on", "months", "days"),
    [
        (date(2027, 1, 1), (1, 12), (date(2027, 1, 1), date(2027, 12, 31))),
        (date(2027, 11, 15), (3, 4), (date(2028, 1, 15), date(2028, 3, 14))),
        # February has no 31st: the month begins with its last day.
        (date(2027, 12, 31), (3, 3), (date(2028, 2, 29), date(2028, 3, 30))),
        (date(9999, 6, 1), (1, 12), (None, None)),
        (None, (1, 12), (None, None)),
    ],
)
def test_the_days_of_months(world, starts_on, months, days):
    assert days_of(bid_of(world, starts_on=starts_on), *months) == days


def test_four_to_begin_with(world):
    bid = bid_of(world, months=24)
    lead = partner_of(bid, world.a.cluster, leads=True)
    text = signed(bid)
    made = begin_usual(world.b.ambassador, bid)
    assert [(one.number, one.first_month, one.last_month) for one in made] == [
        (1, 1, 24),
        (2, 1, 12),
        (3, 13, 24),
        (4, 1, 24),
    ]
    assert [one.record.lead for one in read_plan(bid).steps] == [lead, None, None, None]
    assert [need.number for need in steps(bid)[3].needs] == [2]
    assert read_plan(bid).clashes == []
    assert not holds(text)
    assert AuditEntry.objects.get(verb="begin_work_plan").changes == {"count": 4}
    with pytest.raises(Conflict, match="already"):
        begin_usual(world.a.manager, bid)
    for person in others(world).values():
        with pytest.raises(NotFound):
            begin_usual(person, bid)


@pytest.mark.parametrize("months", [1, 2, 3, 120])
def test_four_fit_into_every_project(world, months):
    bid = bid_of(world, months=months)
    made = begin_usual(world.a.manager, bid)
    assert all(1 <= one.first_month <= one.last_month <= months for one in made)
    assert read_plan(bid).clashes == []


def test_they_are_worded_as_who_begins_reads(world):
    with translation.override("en"):
        made = begin_usual(world.a.manager, bid_of(world))
    assert made[0].title == "Coordination"


def test_taken_back_but_for_what_was_worked_on(world):
    bid = bid_of(world)
    partner = partner_of(bid, world.a.members[0])
    made = begin_usual(world.a.manager, bid)
    need(world.b.manager, made[3], made[0])
    SpendingFactory(partner=partner, package=made[0])
    assert take_back(world.a.manager, bid, made) == 2
    assert list(steps(bid)) == [1, 4]
    assert take_back(world.a.manager, bid, made) == 0
    assert AuditEntry.objects.filter(verb="take_back_work_plan").count() == 1
    assert WorkPackage.objects.filter(bid=bid).count() == 4
    other = bid_of(world)
    [foreign] = packages_of(other, (1, 6))
    assert take_back(world.a.manager, bid, [foreign]) == 0


def test_the_picture(world):
    bid = bid_of(world, months=36, starts_on=date(2027, 3, 1))
    partner = partner_of(bid, world.b.members[0], party=party(world, world.b))
    one, two = packages_of(bid, (1, 18), (10, 36))
    WorkPackage.objects.filter(pk=one.pk).update(lead=partner)
    need(world.a.manager, two, one)
    picture = draw_plan(bid, read_plan(bid).steps)
    assert [(row.x, row.width, row.side) for row in picture.rows] == [
        ("0.00%", "50.00%", "b"),
        ("25.00%", "75.00%", "nobody"),
    ]
    [tie] = picture.ties
    assert (tie.x, tie.to_x, tie.y, tie.to_y, tie.is_clash) == (
        "50.00%",
        "25.00%",
        "25.00%",
        "75.00%",
        True,
    )
    assert [tick.number for tick in picture.ticks] == list(range(1, 37, 3))
    assert [(tick.name, tick.year) for tick in picture.ticks][:5] == [
        ("Mar", "2027"),
        ("Jun", ""),
        ("Sep", ""),
        ("Dec", ""),
        ("Mar", "2028"),
    ]
    assert [tick.number for tick in picture.ticks if not tick.is_minor] == [1, 7, 13, 19, 25, 31]
    mirrored = draw_plan(bid, read_plan(bid).steps, is_mirrored=True)
    assert [row.x for row in mirrored.rows] == ["50.00%", "0.00%"]
    assert mirrored.ties[0].x == "50.00%"
    assert mirrored.ticks[0].x == "100.00%"
    assert draw_plan(bid, []) is None


@pytest.mark.parametrize(("months", "ticks"), [(1, 1), (14, 14), (15, 5), (42, 14), (120, 10)])
def test_so_many_months_as_have_room(world, months, ticks):
    bid = bid_of(world, months=months)
    packages_of(bid, (1, 1))
    picture = draw_plan(bid, read_plan(bid).steps)
    assert len(picture.ticks) == ticks
    assert sum(not one.is_minor for one in picture.ticks) <= 6
    assert {(one.name, one.year) for one in picture.ticks} == {("", "")}


def test_many_are_drawn_without_ties(world):
    bid = bid_of(world)
    made = packages_of(bid, *[(1, 2)] * 41)
    PackageNeedFactory(package=made[1], needs=made[0])
    picture = draw_plan(bid, read_plan(bid).steps)
    assert len(picture.rows) == 41
    assert picture.ties == []
