"""Budgets add up exactly: against sums written out by hand, by brute force, and by properties."""

from decimal import Decimal, localcontext
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxeny.engine.budget import DIRECT, WITH_OVERHEAD, Cell, Line, Part, add_up

LINES = ("athens", "paris", "oslo")
PACKAGES = ("1", "2", "3", "4")
#: As people write them: two decimals.
MONTHS = st.decimals(0, 100_000, places=2)
PERCENT = st.decimals(0, 100, places=2)
MINOR = st.integers(0, 10**12)


@st.composite
def budgets(draw):
    """Return what `add_up` takes: some of the pairs filled, partly with nothing."""
    requests = st.none() | MINOR
    lines = [
        Line(
            key=key, rate=draw(st.integers(0, 10**9)), percent=draw(PERCENT), request=draw(requests)
        )
        for key in LINES
    ]
    places = draw(st.sets(st.tuples(st.sampled_from(LINES), st.sampled_from(PACKAGES))))
    parts = [
        Part(
            line=line,
            package=package,
            months=draw(MONTHS),
            direct=draw(st.dictionaries(st.sampled_from(DIRECT), MINOR)),
        )
        for line, package in sorted(places)
    ]
    return lines, PACKAGES, parts, draw(PERCENT)


def add(given):
    lines, packages, parts, overhead = given
    return add_up(lines, packages, parts, overhead=overhead)


def by_hand(part, rate, overhead):
    """Return people, indirect costs and all of a cell: each number as a fraction, rounded once."""
    people = floor(Fraction(part.months) * rate * 2 + 1) // 2
    base = people + sum(part.direct.get(name, 0) for name in WITH_OVERHEAD if name != "people")
    indirect = floor(base * Fraction(overhead) / 50 + 1) // 2
    return people, indirect, people + sum(part.direct.values()) + indirect


@given(budgets())
def test_each_cell_is_rounded_once(given):
    lines, _packages, parts, overhead = given
    rates, budget = {one.key: one.rate for one in lines}, add(given)
    for part in parts:
        cell = budget.cells.get((part.line, part.package), Cell())
        people, indirect, total = by_hand(part, rates[part.line], overhead)
        assert (cell.people, cell.indirect, cell.total) == (people, indirect, total)
        assert cell.months == part.months
        assert all(getattr(cell, name) == part.direct.get(name, 0) for name in DIRECT)


@given(budgets())
def test_totals_add_up_whichever_way(given):
    budget = add(given)
    names = Cell.__slots__
    for line in LINES:
        row = [cell for (of, _package), cell in budget.cells.items() if of == line]
        assert budget.lines[line] == sum(row, Cell())
    for package in PACKAGES:
        column = [cell for (_line, of), cell in budget.cells.items() if of == package]
        assert budget.packages[package] == sum(column, Cell())
    for some in (budget.lines, budget.packages, budget.cells):
        assert budget.total == sum(some.values(), Cell())
        for name in names:
            assert getattr(budget.total, name) == sum(getattr(one, name) for one in some.values())
    assert budget.total.total == sum(one.total for one in budget.lines.values())
    assert budget.total.total == sum(one.total for one in budget.packages.values())
    assert budget.request + sum(budget.own(line) for line in LINES) == budget.total.total


@given(budgets())
def test_what_is_offered_is_the_most_that_the_percent_gives(given):
    lines, *_rest = given
    budget = add(given)
    for one in lines:
        cost, most = budget.lines[one.key].total, Fraction(one.percent) / 100
        assert budget.offered[one.key] <= most * cost < budget.offered[one.key] + 1
        said = budget.offered[one.key] if one.request is None else one.request
        assert budget.requests[one.key] == said


@given(budgets(), st.randoms(use_true_random=False))
def test_the_order_in_which_it_is_written_says_nothing(given, dice):
    lines, packages, parts, overhead = given
    mixed = [list(one) for one in (lines, packages, parts)]
    for one in mixed:
        dice.shuffle(one)
    budget, other = add(given), add((*mixed, overhead))
    assert (budget.total, dict(budget.lines), dict(budget.packages)) == (
        other.total,
        dict(other.lines),
        dict(other.packages),
    )
    assert dict(budget.cells) == dict(other.cells)
    assert (budget.offered, budget.requests) == (other.offered, other.requests)


@given(budgets())
def test_a_coarse_context_of_decimals_changes_nothing(given):
    budget = add(given)
    with localcontext() as context:
        context.prec = 3
        context.rounding = "ROUND_UP"
        other = add(given)
        assert (other.lines["athens"].total, other.total.total, other.requests) == (
            budget.lines["athens"].total,
            budget.total.total,
            budget.requests,
        )


@pytest.mark.parametrize("months", ["0.33", "0.34", "1.67", "7.01"])
@pytest.mark.parametrize("overhead", ["0", "7", "12.5", "25", "99.99"])
@pytest.mark.parametrize("rate", [1, 333_333, 512_345])
def test_against_every_sum_that_it_could_be(months, overhead, rate):
    """Brute force: the only whole number of minor units that is nearest, and of two the larger."""
    part = Part(line="athens", package="1", months=Decimal(months), direct={"goods": 101})
    cell = add_up([Line(key="athens", rate=rate)], ["1"], [part], overhead=Decimal(overhead)).total

    def nearest(exact):
        near = range(floor(exact) - 1, ceil(exact) + 2)
        return max(near, key=lambda one: (-abs(one - exact), one))

    assert cell.people == nearest(Fraction(months) * rate)
    assert cell.indirect == nearest((cell.people + 101) * Fraction(overhead) / 100)


def test_three_thirds_of_a_month_at_seven_percent():
    """Each third is 0.33: what is written counts, and the cents of all ways are the same."""
    parts = [Part(line="athens", package=one, months=Decimal("0.33")) for one in PACKAGES[:3]]
    budget = add_up([Line(key="athens", rate=500_001)], PACKAGES, parts, overhead=Decimal(7))
    # 0.33 x 5,000.01 is 1,650.0033; seven per cent of 1,650.00 are 115.50.
    assert budget.packages["1"] == Cell(Decimal("0.33"), 165_000, indirect=11_550)
    assert budget.total == Cell(Decimal("0.99"), 495_000, indirect=34_650)
    assert budget.packages["4"] == Cell()


def test_halves_are_rounded_up():
    half = [Part(line="a", package="1", months=Decimal("0.5"), direct={"travel": 5})]
    budget = add_up([Line(key="a", rate=1)], ["1"], half, overhead=Decimal(25))
    # Half a cent is one; a quarter of six cents is one and a half, so two.
    assert budget.total == Cell(Decimal("0.5"), people=1, travel=5, indirect=2)


def test_subcontracting_bears_no_indirect_costs():
    part = Part(line="a", package="1", direct={"subcontracting": 1000, "equipment": 100})
    cell = add_up([Line(key="a")], ["1"], [part], overhead=Decimal(25)).total
    assert (cell.indirect, cell.total) == (25, 1125)


def test_a_sum_that_is_asked_for_stands_beside_what_would_be_offered():
    part = Part(line="a", package="1", direct={"goods": 1000})
    lines = [Line(key="a", percent=Decimal(70), request=1500)]
    budget = add_up(lines, ["1"], [part], overhead=Decimal(0))
    assert (budget.offered["a"], budget.request, budget.own("a")) == (700, 1500, -500)


def test_nothing_is_nothing():
    empty = Part(line="a", package="1", months=Decimal("0.00"), direct={"travel": 0})
    budget = add_up([Line(key="a", rate=5)], ["1"], [empty], overhead=Decimal(25))
    assert (budget.cells, budget.total, budget.request) == ({}, Cell(), 0)
    nobody = add_up([], [], [], overhead=Decimal(25))
    assert (nobody.total, nobody.lines, nobody.packages) == (Cell(), {}, {})


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (lambda: Line(key="a", rate=-1), "line 'a': rate: -1 is below 0"),
        (lambda: Line(key="a", percent=Decimal("100.01")), "line 'a': percent: 100.01"),
        (lambda: Line(key="a", percent=Decimal("NaN")), "line 'a': percent: NaN"),
        (lambda: Line(key="a", request=-1), "line 'a': request: -1 is below 0"),
        (lambda: Part(line="a", package="1", months=Decimal(-1)), "part 'a' '1': months: -1"),
        (lambda: Part(line="a", package="1", months=Decimal("inf")), "part 'a' '1': months: Inf"),
        (lambda: Part(line="a", package="1", direct={"people": 1}), "part 'a' '1': 'people'"),
        (lambda: Part(line="a", package="1", direct={"travel": -1}), "part 'a' '1': travel: -1"),
        (lambda: add_up([], [], [], overhead=Decimal(101)), "overhead: 101"),
        (lambda: add_up([Line(key="a")] * 2, [], [], overhead=Decimal(0)), "lines: .* 'a'"),
        (lambda: add_up([], ["1", "1"], [], overhead=Decimal(0)), "packages: .* '1'"),
        (
            lambda: add_up([], ["1"], [Part(line="a", package="1")], overhead=Decimal(0)),
            "part 'a' '1': there is no such line or package",
        ),
        (
            lambda: add_up([Line(key="a")], [], [Part(line="a", package="1")], overhead=Decimal(0)),
            "part 'a' '1': there is no such line or package",
        ),
        (
            lambda: add_up(
                [Line(key="a")], ["1"], [Part(line="a", package="1")] * 2, overhead=Decimal(0)
            ),
            "part 'a' '1': stands twice",
        ),
    ],
)
def test_what_cannot_be_is_named(make, names):
    with pytest.raises(ValueError, match=names):
        make()
