"""Bids over the API: the list, and one bid with the verdict of its call's conditions.

Bids and their partners, work packages and documents are written as records of the room:
`/partnerships/{partnership_id}/records`, of the kinds `bid`, `bid-partner`, `work-package`,
`bid-paper`.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import Query
from pydantic import Field

from proxeny.bids.api._router import router
from proxeny.bids.models import Bid, Partner
from proxeny.bids.operations.budgets import to_amount, work_out
from proxeny.bids.operations.verdicts import look_at
from proxeny.bids.queries.bids import counted, find_bids, get_bid, partners_of
from proxeny.bids.queries.budgets import packages_of, spendings_of
from proxeny.calls.api.bids import CallConditionOut, State
from proxeny.calls.operations.checking import Looked
from proxeny.kernel.api import Id, In, Named, Out, in_pages, show_version
from proxeny.kernel.requests import Request
from proxeny.partnerships.api._shapes import enter

ALL = "/{partnership_id}"
ONE = f"{ALL}/{{bid_id}}"


class BidRow(Out):
    """A bid, as shown in lists.

    `counted` is the number of partners planned for, `agreed` how many of them have agreed.
    """

    id: int
    partnership_id: int
    call: Named
    title: str
    acronym: str
    state: Literal[*Bid.State.values]
    closes_at: datetime | None
    counted: int
    agreed: int
    submitted_at: datetime | None
    submitted_as: str
    decided_on: date | None
    points: Decimal | None
    granted: Decimal | None
    dropped_at: datetime | None
    version: int


class BidLookedOut(Out):
    """The result of checking the conditions; `state` is null if the call has none."""

    state: State | None
    conditions: list[CallConditionOut]
    notes: list[str]


class BidPartnerOut(Out):
    """A partner. Amounts are in the currency of the call."""

    id: int
    organisation_id: int
    name: str
    country: str
    kind: str
    party_id: int | None
    role: Literal[*Partner.Role.values]
    leads: bool
    state: Literal[*Partner.State.values]
    sme: bool | None
    nonprofit: bool | None
    group: str
    brings: str
    cost: Decimal
    request: Decimal
    version: int


class WholeBidOut(BidRow):
    """A bid with its consortium, checked against the conditions as planned and as agreed."""

    idea: str
    starts_on: date | None
    months: int
    overhead: Decimal
    currency: str
    cost: Decimal
    request: Decimal
    learned: str
    copied_from_id: int | None
    partners: list[BidPartnerOut]
    planned: BidLookedOut
    as_agreed: BidLookedOut


class BidFilters(In):
    """Filters for a list of bids: words from the title, acronym, idea and call; a state."""

    q: str = Field("", max_length=100)
    state: Literal[*Bid.State.values, ""] = ""
    away: bool = False


_MINE = BidRow.model_fields.keys() - {"call", "closes_at", "counted", "agreed"}


def _tell(rows: list[Any], **_more: Any) -> list[dict[str, Any]]:
    return [{**_row(one), "counted": one.counted, "agreed": one.agreed} for one in rows]


def _row(bid: Bid) -> dict[str, Any]:
    call = {"id": bid.call.pk, "name": bid.call.title}
    return {name: getattr(bid, name) for name in _MINE} | {
        "call": call,
        "closes_at": bid.call.closes_at,
    }


@router.get(ALL, response=list[BidRow], summary="List bids of a partnership")
@in_pages("-id", tell=_tell)
def list_bids(request: Request, partnership_id: Id, filters: Query[BidFilters]) -> QuerySet[Bid]:
    """To create or change bids, use records of the kind `bid`."""
    enter(request, partnership_id)
    return find_bids(partnership_id, **filters.model_dump()).order_by()


@router.get(ONE, response=WholeBidOut, summary="Get a bid")
def show_bid(
    request: Request, response: HttpResponse, partnership_id: Id, bid_id: Id
) -> dict[str, Any]:
    """Includes its consortium, its costs, and the result of checking the call's conditions."""
    enter(request, partnership_id)
    bid = get_bid(partnership_id, bid_id)
    show_version(response, bid.version)
    partners = partners_of(bid)
    budget = work_out(bid, partners, packages_of(bid), spendings_of(bid))
    verdict = look_at(bid, partners, budget, today=timezone.localdate())
    planned = counted(partners)
    names = ("idea", "starts_on", "months", "overhead", "learned", "copied_from_id")
    return (
        _row(bid)
        | {name: getattr(bid, name) for name in names}
        | {
            "counted": len(planned),
            "agreed": sum(one.state == Partner.State.IN for one in planned),
            "currency": bid.call.currency,
            "cost": to_amount(sum(budget.lines[str(one.pk)].total for one in planned)),
            "request": to_amount(sum(budget.requests[str(one.pk)] for one in planned)),
            "partners": [_partner(one, budget) for one in partners],
            "planned": _looked(verdict.planned),
            "as_agreed": _looked(verdict.agreed),
        }
    )


def _partner(one: Partner, budget: Any) -> dict[str, Any]:
    names = BidPartnerOut.model_fields.keys() - {"cost", "request"}
    key = str(one.pk)
    return {name: getattr(one, name) for name in names} | {
        "cost": to_amount(budget.lines[key].total),
        "request": to_amount(budget.requests[key]),
    }


def _looked(one: Looked) -> dict[str, Any]:
    conditions = [
        {name: getattr(told, name) for name in CallConditionOut.model_fields} for told in one.told
    ]
    return {"state": one.state or None, "conditions": conditions, "notes": list(one.notes)}
