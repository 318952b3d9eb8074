"""A budget as a table to take along: a row for each partner, work package and category, and totals.

The sums are those that the engine added up; nothing is added here.
"""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from proxeny.bids.models import Partner, Spending
from proxeny.bids.operations.budgets import to_amount
from proxeny.bids.operations.sheets import Sheet

Category = Spending.Category
#: The categories of costs, by the column of a cell of the engine, in the order of a page.
COSTS: dict[str, Promise | str] = {
    "people": pgettext_lazy("costs", "Personnel"),
    "subcontracting": Category.SUBCONTRACTING.label,
    "travel": Category.TRAVEL.label,
    "equipment": Category.EQUIPMENT.label,
    "goods": Category.GOODS.label,
    "indirect": gettext_lazy("Indirect costs"),
}


def table_of(sheet: Sheet) -> tuple[list[str], list[list[object]]]:
    """Return a budget as header and rows; empty amounts have no row, totals always have one."""
    header = [
        _("Row"),
        _("Partner"),
        _("Country"),
        _("Role"),
        _("Work package number"),
        _("Work package"),
        _("Category"),
        _("Person-months"),
        _("Amount"),
        _("Currency"),
    ]
    rows = [*_cells(sheet), *_of_partners(sheet), *_of_packages(sheet), *_of_all(sheet)]
    return header, [[*row, sheet.bid.call.currency] for row in rows]


def _cells(sheet: Sheet) -> Iterator[list[object]]:
    for line in sheet.lines:
        for column in sheet.columns:
            package = column.package
            cell = sheet.cell(line.partner, package)
            for name, label in COSTS.items():
                months = float(cell.months) if name == "people" else 0
                if months or getattr(cell, name):
                    yield [
                        _("cost"),
                        *_about(line.partner),
                        package.number,
                        package.title,
                        str(label),
                        months or "",
                        _amount(getattr(cell, name)),
                    ]


def _of_partners(sheet: Sheet) -> Iterator[list[object]]:
    for line in sheet.lines:
        about = [_("partner total"), *_about(line.partner), "", ""]
        yield [*about, _("Total costs"), float(line.cell.months), _amount(line.cell.total)]
        yield [*about, _("Amount requested"), "", _amount(line.request)]
        yield [*about, _("Own contribution"), "", _amount(line.own)]


def _of_packages(sheet: Sheet) -> Iterator[list[object]]:
    for column in sheet.columns:
        package, cell = column.package, column.cell
        yield [
            _("work package total"),
            "",
            "",
            "",
            package.number,
            package.title,
            _("Total costs"),
            float(cell.months),
            _amount(cell.total),
        ]


def _of_all(sheet: Sheet) -> Iterator[list[object]]:
    about, total = [_("total"), "", "", "", "", ""], sheet.total
    months = float(total.months)
    for name, label in COSTS.items():
        of_people = months if name == "people" else ""
        yield [*about, str(label), of_people, _amount(getattr(total, name))]
    yield [*about, _("Total costs"), months, _amount(total.total)]
    yield [*about, _("Amount requested"), "", _amount(sheet.budget.request)]
    yield [*about, _("Own contribution"), "", _amount(sheet.own)]


def _about(one: Partner) -> list[object]:
    return [one.name, one.country, one.get_role_display()]


def _amount(minor: int) -> float:
    # Exact to the cent up to 10**13, far above what any budget sums up to.
    return float(to_amount(minor))
