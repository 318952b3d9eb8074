"""Editing of a partner's contribution to each work package, its costs and its request."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, Partner, Spending
from proxeny.bids.operations.budgets import to_amount, work_out
from proxeny.bids.operations.guards import enter_bid, refuse_closed, unsign
from proxeny.bids.queries.bids import get_partner
from proxeny.bids.queries.budgets import packages_of
from proxeny.engine.budget import Budget
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.amounts import tell_sum
from proxeny.partnerships.operations.room import CHANGED, note

Category = Spending.Category
#: By number of the work package and category; what is not there is nothing.
type Cells = Mapping[tuple[int, str], Decimal]

#: The largest sum of a cell, and the most months of one.
MOST_AMOUNT, MOST_MONTHS = Decimal("9999999999.99"), Decimal(100_000)
MOST_RATE, MOST_REQUEST = Decimal("9999999.99"), Decimal("99999999999.99")
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All figures of a partner.

    Parameters
    ----------
    cells : mapping
        Months, or sums in the call's currency, with two decimals.
    rate : Decimal
        What a month of its people costs.
    percent, request : Decimal, optional
        The part of its costs that it asks for, where that is not what the call gives; a sum that it
        asks for instead.
    """

    cells: Cells
    rate: Decimal = Decimal(0)
    percent: Decimal | None = None
    request: Decimal | None = None


def field_of(package_id: int, category: str) -> str:
    """Return the name of a cell in a form and in errors."""
    return f"{category}_{package_id}"


@transaction.atomic
def write_budget(
    *,
    actor: Reader,
    partnership_id: int,
    bid_id: int,
    partner_id: int,
    version: int,
    figures: Figures,
    now: datetime,
) -> Partner:
    """Save a partner's whole budget.

    Figures for archived work packages are kept, and not counted. Sums may exceed a limit of the
    call: the page reports it, and the bid is checked again when submitted.

    Side effects: an audit row with the totals before and after, and void signatures; neither if
    nothing changed.

    Raises
    ------
    NotFound, NotAllowed
        As for `enter_bid`; the bid has no such partner.
    InvalidInput
        A figure is out of range or of no work package of the bid; `field_of` names its cell.
    Conflict
        As for `enter_bid`; changed since `version`, the bid is no longer in preparation, or the
        partner is no longer planned with.
    """
    entered = enter_bid(actor, partnership_id, bid_id)
    bid = entered.record
    refuse_closed(bid)
    get_partner(partnership_id, bid_id, partner_id)
    partner = (
        Partner.objects.select_for_update(of=("self",))
        .select_related("party__organisation")
        .get(pk=partner_id)
    )
    if partner.version != version:
        raise Conflict(CHANGED)
    if not partner.is_counted:
        raise Conflict(
            _("%(name)s is no longer in the bid. Its plans are kept but not counted.")
            % {"name": partner.name}
        )
    packages = packages_of(bid)
    wanted = _clean(figures, {one.pk for one in packages})
    kept = list(Spending.objects.filter(partner=partner, package__in=packages))
    before = {(one.package_id, one.category): one for one in kept}
    old = _total(partner, work_out(bid, [partner], packages, kept))
    changes = _set_facts(partner, figures)
    if not changes and wanted == {key: one.amount for key, one in before.items()}:
        return partner
    written = _write(bid, partner, before, wanted)
    partner.version += 1
    partner.save(update_fields=[*changes, "version"])
    new = _total(partner, work_out(bid, [partner], packages, written))
    totals = {name: [old[name], new[name]] for name in old if old[name] != new[name]}
    note(
        actor,
        "write_partner_budget",
        entered,
        partner,
        changes={"name": partner.name, **changes, **totals},
    )
    unsign(bid, now=now, why=_("The budget of %(name)s changed.") % {"name": partner.name})
    return partner


def _clean(figures: Figures, packages: set[int]) -> dict[tuple[int, str], Decimal]:
    """Return the non-empty cells; refuse invalid ones."""
    _refuse("rate", figures.rate, MOST_RATE)
    for name, value, most in (
        ("percent", figures.percent, Decimal(100)),
        ("request", figures.request, MOST_REQUEST),
    ):
        if value is not None:
            _refuse(name, value, most)
    found = {}
    for (package, category), amount in figures.cells.items():
        field = field_of(package, category)
        if package not in packages or category not in Category.values:
            raise InvalidInput(_("This work package is no longer in the bid."), field=field)
        _refuse(field, amount, MOST_MONTHS if category == Category.MONTHS else MOST_AMOUNT)
        if amount:
            found[package, category] = amount.quantize(_CENT)
    return found


def _refuse(field: str, value: Decimal, most: Decimal) -> None:
    if not value.is_finite() or not 0 <= value <= most:
        text = _("Enter a number from 0 to %(most)s.") % {"most": tell_sum(most)}
        raise InvalidInput(text, field=field)
    if value != value.quantize(_CENT):
        raise InvalidInput(_("Use no more than two decimal places."), field=field)


def _set_facts(partner: Partner, figures: Figures) -> dict[str, list[str | None]]:
    """Set the facts outside of work packages; return the changes as `{field: [before, after]}`."""
    changes = {}
    for name in ("rate", "percent", "request"):
        old, new = getattr(partner, name), getattr(figures, name)
        if old != new:
            setattr(partner, name, new)
            changes[name] = [None if one is None else str(one) for one in (old, new)]
    return changes


def _write(
    bid: Bid,
    partner: Partner,
    before: Mapping[tuple[int, str], Spending],
    wanted: Mapping[tuple[int, str], Decimal],
) -> list[Spending]:
    """Write the changes; return all current rows."""
    stay = {key: one for key, one in before.items() if wanted.get(key) == one.amount}
    gone = [one.pk for key, one in before.items() if key not in stay]
    Spending.objects.filter(pk__in=gone).delete()
    made = Spending.objects.bulk_create(
        Spending(
            partnership_id=bid.partnership_id,
            bid=bid,
            partner=partner,
            package_id=key[0],
            category=key[1],
            amount=amount,
        )
        for key, amount in wanted.items()
        if key not in stay
    )
    return [*stay.values(), *made]


def _total(partner: Partner, budget: Budget) -> dict[str, str]:
    """Return a partner's cost and request, in the form of an audit row."""
    key = str(partner.pk)
    cell = budget.lines[key]
    return {
        "months_in_all": str(cell.months),
        "cost_in_all": str(to_amount(cell.total)),
        "asked_in_all": str(to_amount(budget.requests[key])),
    }
