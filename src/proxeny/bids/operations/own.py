"""A partner's own part of the work and the money, added up from its own rows alone."""

from dataclasses import dataclass
from decimal import Decimal

from proxeny.bids.models import WorkPackage
from proxeny.bids.operations.budgets import to_amount, work_out
from proxeny.bids.queries.own import OwnSheet
from proxeny.engine.budget import Cell


@dataclass(frozen=True, slots=True)
class OwnPackage:
    """A partner's part in a work package: whether it leads it, its months, and their cost."""

    package: WorkPackage
    is_lead: bool
    months: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True)
class OwnPart:
    """A partner's part in the bid: work, costs and request in all; sums in the call's currency."""

    packages: tuple[OwnPackage, ...]
    months: Decimal
    cost: Decimal
    request: Decimal


def add_own(sheet: OwnSheet) -> OwnPart:
    """Add up a partner's own part in a bid. No query."""
    partner, key = sheet.partner, str(sheet.partner.pk)
    budget = work_out(sheet.bid, [partner], sheet.packages, sheet.spendings)
    rows = []
    for one in sheet.packages:
        cell = budget.cells.get((key, str(one.pk)), Cell())
        rows.append(OwnPackage(one, one.lead_id == partner.pk, cell.months, to_amount(cell.total)))
    line = budget.lines[key]
    return OwnPart(tuple(rows), line.months, to_amount(line.total), to_amount(budget.requests[key]))
