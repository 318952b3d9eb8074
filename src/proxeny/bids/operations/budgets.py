"""The budget of a bid as the engine adds it up."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from proxeny.bids.models import Bid, Partner, Spending, WorkPackage
from proxeny.bids.queries.bids import counted, partners_of
from proxeny.bids.queries.budgets import packages_of, spendings_of
from proxeny.calls.models import Call
from proxeny.calls.operations.checking import rules_of
from proxeny.engine.budget import Budget, Line, Part, add_up
from proxeny.engine.consortium import Rate, Rule

Category = Spending.Category
_CENTS = 100
_ALL = Decimal(100)


def budget_of(bid: Bid) -> Budget:
    """Return the budget of those who take part or may, by their numbers as text. Three queries."""
    return work_out(bid, counted(partners_of(bid)), packages_of(bid), spendings_of(bid))


def work_out(
    bid: Bid, partners: Sequence[Partner], packages: Sequence[WorkPackage],
    spendings: Iterable[Spending],
) -> Budget:  # fmt: skip
    """Add up what was read; what others than `partners` spend is left out. No query."""
    _kept, rules = rules_of(bid.call)
    lines = [_line(one, bid.call, rules) for one in partners]
    known, standing = {one.pk for one in partners}, {one.pk for one in packages}
    months: dict[tuple[int, int], Decimal] = defaultdict(Decimal)
    direct: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    for one in spendings:
        if one.partner_id not in known or one.package_id not in standing:
            continue
        if one.category == Category.MONTHS:
            months[one.partner_id, one.package_id] = one.amount
        else:
            direct[one.partner_id, one.package_id][one.category] = to_minor(one.amount)
    parts = [
        Part(line=str(key[0]), package=str(key[1]), months=months.get(key, Decimal(0)),
             direct=direct.get(key, {}))
        for key in {**dict.fromkeys(months), **dict.fromkeys(direct)}
    ]  # fmt: skip
    return add_up(lines, [str(one.pk) for one in packages], parts, overhead=bid.overhead)


def _line(one: Partner, call: Call, rules: Sequence[Rule]) -> Line:
    return Line(
        key=str(one.pk), rate=to_minor(one.rate), percent=percent_of(one, rules),
        request=None if one.request is None else to_minor(one.request),
    )  # fmt: skip


def percent_of(one: Partner, rules: Sequence[Rule]) -> Decimal:
    """Return the part of its costs that a partner asks for: what it says, else what the call gives.

    Associated partners and subcontractors are not paid by the grant.
    """
    if one.role in (Partner.Role.ASSOCIATED, Partner.Role.SUBCONTRACTOR):
        return Decimal(0)
    if one.percent is not None:
        return one.percent
    return given_percent(one, rules)


def given_percent(one: Partner, rules: Sequence[Rule]) -> Decimal:
    """Return the largest part of its costs that the conditions give a partner; all if none says."""
    found = [_ALL]
    for rule in rules:
        if isinstance(rule, Rate) and (not rule.who.roles or one.role in rule.who.roles):
            free = rule.percent_nonprofit if one.nonprofit else None
            found.append(Decimal(str(rule.percent if free is None else free)))
    return min(found)


def to_minor(amount: Decimal) -> int:
    """Return a sum in minor units."""
    return int((amount * _CENTS).to_integral_value())


def to_amount(minor: int) -> Decimal:
    """Return minor units as a sum."""
    return Decimal(minor) / _CENTS
