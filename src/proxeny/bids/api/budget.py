"""The budget of a bid over the API: read as a whole, written one partner at a time.

All amounts are in the currency of the call, exact to two decimals, as text. Every total is the sum
of the cells in the same response.
"""

from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from proxeny.bids.api._router import router
from proxeny.bids.api.bids import ONE
from proxeny.bids.models import Bid, Partner, Spending
from proxeny.bids.operations.budgets import about_money, given_percents, to_amount
from proxeny.bids.operations.sheets import Line, Sheet, read_partner_sheet, read_sheet
from proxeny.bids.operations.spending import (
    MOST_AMOUNT,
    MOST_RATE,
    MOST_REQUEST,
    Figures,
    write_budget,
)
from proxeny.bids.operations.verdicts import look_at
from proxeny.bids.queries.bids import get_bid, get_partner
from proxeny.bids.queries.budgets import packages_of
from proxeny.calls.api.bids import CallConditionOut
from proxeny.kernel.api import Id, IfMatch, In, Out, exact, match_version, show_version
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.requests import Request
from proxeny.partnerships.api._shapes import enter

BUDGET = f"{ONE}/budget"
_SUMS = ("people", "subcontracting", "travel", "equipment", "goods", "indirect", "total")


class BudgetSumsOut(Out):
    """Person-months, and costs by category."""

    months: Decimal
    people: Decimal
    subcontracting: Decimal
    travel: Decimal
    equipment: Decimal
    goods: Decimal
    indirect: Decimal
    total: Decimal


class BudgetCellOut(BudgetSumsOut):
    """What a partner spends on a work package. Empty cells are left out."""

    partner_id: int
    package_id: int


class BudgetPackageOut(BudgetSumsOut):
    """The totals of a work package."""

    package_id: int


class BudgetTotalOut(BudgetSumsOut):
    """Total spending, requested amount and own contribution.

    `own` is below 0 if more is requested than spent.
    """

    request: Decimal
    own: Decimal


class BudgetPartnerOut(BudgetTotalOut):
    """A partner's spending, requested amount and own contribution."""

    partner_id: int
    name: str
    role: str
    counted: bool
    version: int


class BudgetProblemOut(Out):
    """Something that doesn't fit: a code, a sentence, and the partner or work package concerned."""

    code: str
    partner_id: int | None
    package_id: int | None
    text: str


class BidBudgetOut(Out):
    """A budget. `apart` lists the partners that declined or left, which aren't counted anywhere.

    `conditions` are the call's conditions about amounts, for all planned partners.
    """

    currency: str
    overhead: Decimal
    grant_least: Decimal | None
    grant_most: Decimal | None
    partners: list[BudgetPartnerOut]
    apart: list[BudgetPartnerOut]
    packages: list[BudgetPackageOut]
    cells: list[BudgetCellOut]
    total: BudgetTotalOut
    problems: list[BudgetProblemOut]
    conditions: list[CallConditionOut]


Months = exact(8, 2, least=0, most=100_000)
Amount = exact(12, 2, least=0, most=MOST_AMOUNT)


class PartnerFigures(In):
    """A partner's figures for one work package."""

    package_id: Id
    months: Months = Decimal(0)
    subcontracting: Amount = Decimal(0)
    travel: Amount = Decimal(0)
    equipment: Amount = Decimal(0)
    goods: Amount = Decimal(0)


class PartnerBudgetIn(In):
    """All figures of a partner. Anything you leave out counts as 0.

    `percent` and `request` are what the partner requests; null means what the call gives.
    """

    rate: exact(9, 2, least=0, most=MOST_RATE) = Decimal(0)
    percent: exact(5, 2, least=0, most=100) | None = None
    request: exact(13, 2, least=0, most=MOST_REQUEST) | None = None
    packages: Annotated[list[PartnerFigures], Field(max_length=100)]


class PartnerFiguresOut(Out):
    """A partner's figures for one work package, and what they cost with indirect costs."""

    package_id: int
    months: Decimal
    subcontracting: Decimal
    travel: Decimal
    equipment: Decimal
    goods: Decimal
    total: Decimal


class PartnerBudgetOut(Out):
    """All figures of a partner, and the resulting totals.

    `given` is the percentage of its costs that the call gives it.
    """

    rate: Decimal
    percent: Decimal | None
    request: Decimal | None
    given: Decimal
    packages: list[PartnerFiguresOut]
    sums: BudgetPartnerOut
    problems: list[BudgetProblemOut]
    version: int


@router.get(BUDGET, response=BidBudgetOut, summary="Get the budget of a bid")
def show_bid_budget(request: Request, partnership_id: Id, bid_id: Id) -> dict[str, Any]:
    """Includes all cells, all totals, and anything that doesn't fit."""
    enter(request, partnership_id)
    bid = get_bid(partnership_id, bid_id)
    sheet, call = read_sheet(bid), bid.call
    verdict = look_at(bid, sheet.partners, sheet.budget, today=timezone.localdate())
    return {
        "currency": call.currency,
        "overhead": bid.overhead,
        "grant_least": call.grant_least,
        "grant_most": call.grant_most,
        "partners": [_line(one) for one in sheet.lines],
        "apart": [_line(one) for one in sheet.apart],
        "packages": [_sums(one.cell) | {"package_id": one.package.pk} for one in sheet.columns],
        "cells": _cells(sheet),
        "total": _sums(sheet.total)
        | {
            "request": to_amount(sheet.budget.request),
            "own": to_amount(sheet.own),
        },
        "problems": list(sheet.problems),
        "conditions": [
            {name: getattr(told, name) for name in CallConditionOut.model_fields}
            for told in about_money(bid, verdict.planned)
        ],
    }


@router.get(
    f"{BUDGET}/{{partner_id}}", response=PartnerBudgetOut, summary="Get the budget of a partner"
)
def show_partner_budget(
    request: Request, response: HttpResponse, partnership_id: Id, bid_id: Id, partner_id: Id
) -> dict[str, Any]:
    """Returns all its figures. To change them, send the ETag as If-Match."""
    enter(request, partnership_id)
    bid = get_bid(partnership_id, bid_id)
    return _shown(response, bid, get_partner(partnership_id, bid_id, partner_id))


@router.put(
    f"{BUDGET}/{{partner_id}}", response=PartnerBudgetOut, summary="Write the budget of a partner"
)
def write_partner_budget(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    bid_id: Id,
    partner_id: Id,
    values: PartnerBudgetIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Send the whole budget; sending the same one again changes nothing.

    The version is the partner's own.
    """
    enter(request, partnership_id)
    bid = get_bid(partnership_id, bid_id)
    current = get_partner(partnership_id, bid_id, partner_id)
    figures = Figures(
        cells=_cells_in(values), rate=values.rate, percent=values.percent, request=values.request
    )
    write_budget(
        actor=request.reader,
        partnership_id=partnership_id,
        bid_id=bid_id,
        partner_id=partner_id,
        version=match_version(if_match, current.version),
        figures=figures,
        now=timezone.localtime(),
    )
    return _shown(response, bid, get_partner(partnership_id, bid_id, partner_id))


def _cells_in(values: PartnerBudgetIn) -> dict[tuple[int, str], Decimal]:
    if len({one.package_id for one in values.packages}) < len(values.packages):
        raise InvalidInput(_("This work package is listed twice."), field="packages")
    return {
        (one.package_id, category): getattr(one, category)
        for one in values.packages
        for category in Spending.Category.values
    }


def _shown(response: HttpResponse, bid: Bid, partner: Partner) -> dict[str, Any]:
    """Return a partner's budget, with all active work packages."""
    show_version(response, partner.version)
    packages = packages_of(bid)
    sheet = read_partner_sheet(bid, partner, packages)
    return {name: getattr(partner, name) for name in ("rate", "percent", "request", "version")} | {
        "given": given_percents(bid, [partner])[partner.pk],
        "packages": [_sums(one.cell) | {"package_id": one.package.pk} for one in sheet.columns],
        "sums": _line(sheet.line),
        "problems": list(sheet.line.problems),
    }


def _line(line: Line) -> dict[str, Any]:
    one = line.partner
    return _sums(line.cell) | {
        "partner_id": one.pk,
        "name": one.name,
        "role": one.role,
        "counted": one.is_counted,
        "version": one.version,
        "request": to_amount(line.request),
        "own": to_amount(line.own),
    }


def _cells(sheet: Sheet) -> list[dict[str, Any]]:
    return [
        _sums(cell) | {"partner_id": int(partner), "package_id": int(package)}
        for (partner, package), cell in sheet.budget.cells.items()
    ]


def _sums(cell: Any) -> dict[str, Decimal]:
    return {"months": cell.months} | {name: to_amount(getattr(cell, name)) for name in _SUMS}
