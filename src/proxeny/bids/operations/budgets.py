"""The budget of a bid as the engine adds it up, and its problems."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, Partner, Spending, WorkPackage
from proxeny.bids.queries.bids import counted, partners_of
from proxeny.bids.queries.budgets import packages_of, spendings_of
from proxeny.calls.explanations import Told
from proxeny.calls.operations.checking import (
    Entrant,
    Looked,
    asked_of,
    is_nonprofit,
    rate_for,
    rules_of,
)
from proxeny.calls.who import tell_role
from proxeny.engine.budget import Budget, Cell, Line, Part, add_up
from proxeny.engine.consortium import Call as Asked
from proxeny.engine.consortium import Rate, Share, Total
from proxeny.partnerships.amounts import tell_amount, tell_sum

Category = Spending.Category
Role = Partner.Role
#: They are not paid by the grant.
UNPAID = (Role.ASSOCIATED, Role.SUBCONTRACTOR)
_CENTS = 100


def budget_of(bid: Bid) -> Budget:
    """Return the budget of actual and potential partners, by their numbers as text.

    Three queries.
    """
    return work_out(bid, counted(partners_of(bid)), packages_of(bid), spendings_of(bid))


def work_out(
    bid: Bid,
    partners: Sequence[Partner],
    packages: Sequence[WorkPackage],
    spendings: Iterable[Spending],
) -> Budget:
    """Add up the data; spending of others than `partners` is left out. No query."""
    asked = _asked(bid)
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
        Part(
            line=str(key[0]),
            package=str(key[1]),
            months=months.get(key, Decimal(0)),
            direct=direct.get(key, {}),
        )
        for key in {**dict.fromkeys(months), **dict.fromkeys(direct)}
    ]
    lines = [_line(one, asked) for one in partners]
    return add_up(lines, [str(one.pk) for one in packages], parts, overhead=bid.overhead)


def _line(one: Partner, asked: Asked) -> Line:
    return Line(
        key=str(one.pk),
        rate=to_minor(one.rate),
        percent=percent_of(one, asked),
        request=None if one.request is None else to_minor(one.request),
    )


def _asked(bid: Bid) -> Asked:
    """Return the call's criteria; without a deadline, as of the day of its import."""
    return asked_of(bid.call, today=bid.call.brought_at.date())[0]


def percent_of(one: Partner, asked: Asked) -> Decimal:
    """Return the share of its costs that a partner requests: its own, else the call's.

    Associated partners and subcontractors are not paid by the grant.
    """
    if one.role in UNPAID:
        return Decimal(0)
    return _percent(given_to(one, asked)) if one.percent is None else one.percent


def given_to(one: Partner, asked: Asked) -> Fraction:
    """Return the largest part of its costs that the conditions give a partner; all if none says."""
    return rate_for(entrant_of(one), asked)


def _percent(part: Fraction) -> Decimal:
    # Exact: conditions are written with four decimals.
    return Decimal(part.numerator * 100) / Decimal(part.denominator)


def given_percents(bid: Bid, partners: Iterable[Partner]) -> dict[int, Decimal]:
    """Return how many percent of its costs the call gives each partner, by its number."""
    asked = _asked(bid)
    return {
        one.pk: Decimal(0) if one.role in UNPAID else _percent(given_to(one, asked))
        for one in partners
    }


def entrant_of(
    one: Partner, *, cost: Decimal | None = None, request: Decimal | None = None
) -> Entrant:
    """Return a partner as the conditions look at it. Its side is loaded with it."""
    return Entrant(
        key=str(one.pk),
        name=one.name,
        country=one.country,
        kind=one.kind,
        role=one.role,
        leads=one.leads,
        group=one.group.casefold().strip(),
        side=one.party.organisation.name if one.party else "",
        sme=one.sme,
        nonprofit=is_nonprofit(one.kind) if one.nonprofit is None else one.nonprofit,
        cost=cost,
        request=request,
    )


def to_minor(amount: Decimal) -> int:
    """Return a sum in minor units."""
    return int((amount * _CENTS).to_integral_value())


def to_amount(minor: int) -> Decimal:
    """Return minor units as a sum, with two decimals."""
    return Decimal(minor).scaleb(-2)


# --- what does not fit ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem in a budget or a plan, as a sentence; about a partner, or a work package.

    Attributes
    ----------
    code : str
        Of the call: `grant-above`, `grant-below`. Of a partner: `not-paid`, `above-cost`,
        `above-rate`, `no-cost`. Of the plan: `no-package`; of a work package: `no-effort`,
        `no-lead`, `lead-left`.
    """

    code: str
    partner_id: int | None
    text: str
    package_id: int | None = None


def problems_of(
    bid: Bid,
    partners: Sequence[Partner],
    budget: Budget,
    packages: Sequence[WorkPackage] | None = None,
) -> tuple[Problem, ...]:
    """Return the problems: with the call's limits, of each partner, of each work package.

    No query, or one without `packages`. Further conditions are covered by `about_money`.

    Parameters
    ----------
    partners : sequence of Partner
        Of the bid; those that declined or left are skipped.
    budget : Budget
        At least of the partners planned with.
    """
    planned = counted(partners)
    packages = packages_of(bid) if packages is None else packages
    asked = _asked(bid)
    return (
        *_of_grant(bid, sum(budget.requests[str(one.pk)] for one in planned)),
        *(found for one in planned if (found := _of_partner(bid, one, budget, asked))),
        *_of_packages(planned, budget, packages),
    )


def _of_grant(bid: Bid, request: int) -> Iterable[Problem]:
    call = bid.call
    if call.grant_most is not None and (much := request - to_minor(call.grant_most)) > 0:
        yield Problem(
            "grant-above",
            None,
            _("The consortium requests %(amount)s more than the largest grant.")
            % {"amount": _money(much, bid)},
        )
    if call.grant_least is not None and (little := to_minor(call.grant_least) - request) > 0:
        yield Problem(
            "grant-below",
            None,
            _("The consortium requests %(amount)s less than the smallest grant.")
            % {"amount": _money(little, bid)},
        )


def _of_partner(bid: Bid, one: Partner, budget: Budget, asked: Asked) -> Problem | None:
    """Return a partner's most serious problem."""
    key = str(one.pk)
    cost, request = budget.lines[key].total, budget.requests[key]
    given = given_to(one, asked)
    told = {"name": one.name, "role": tell_role(one.role), "percent": tell_sum(_percent(given))}
    if one.role in UNPAID:
        text = _("%(name)s requests %(amount)s, but the grant doesn’t fund this role: %(role)s.")
        found = "not-paid", request, text
    elif request > cost:
        found = "above-cost", request - cost, _("%(name)s requests %(amount)s more than its costs.")
    else:
        text = _(
            "%(name)s requests %(amount)s more than the call allows, which is %(percent)s%% of "
            "its costs."
        )
        found = "above-rate", request - floor(given * cost), text
    code, much, text = found
    if much > 0:
        return Problem(code, one.pk, text % {**told, "amount": _money(much, bid)})
    if not cost and one.role not in UNPAID:
        return Problem("no-cost", one.pk, _("%(name)s has no costs yet.") % told)
    return None


def _of_packages(
    planned: Sequence[Partner], budget: Budget, packages: Sequence[WorkPackage]
) -> Iterable[Problem]:
    if not packages:
        yield Problem("no-package", None, _("There are no work packages yet."))
    inside = {one.pk for one in planned}
    effort = _effort(budget.cells, {str(one) for one in inside})
    for one in packages:
        told = {"number": one.number, "name": one.lead.name if one.lead else ""}
        if not effort[str(one.pk)]:
            text = _("No one has committed any months to work package %(number)d.")
            yield Problem("no-effort", None, text % told, one.pk)
        if one.lead_id is None:
            text = _("No one leads work package %(number)d.")
            yield Problem("no-lead", None, text % told, one.pk)
        elif one.lead_id not in inside:
            text = _("%(name)s leads work package %(number)d but is no longer in the bid.")
            yield Problem("lead-left", one.lead_id, text % told, one.pk)


def _effort(cells: Mapping[tuple[str, str], Cell], inside: set[str]) -> dict[str, Decimal]:
    effort: dict[str, Decimal] = defaultdict(Decimal)
    for (line, package), cell in cells.items():
        if line in inside:
            effort[package] += cell.months
    return effort


def about_money(bid: Bid, looked: Looked) -> list[Told]:
    """Return the verdicts of conditions on costs, requests and rates. No query."""
    _kept, rules = rules_of(bid.call)
    keys = {one.key for one in rules if isinstance(one, Share | Total | Rate)}
    return [one for one in looked.told if one.key in keys]


def _money(minor: int, bid: Bid) -> str:
    return tell_amount(to_amount(minor), bid.call.currency)
