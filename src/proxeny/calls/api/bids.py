"""Possible participants of a call, and members that fit it; nothing is stored."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext
from ninja import Query
from pydantic import Field

from proxeny.calls.api._router import router
from proxeny.calls.explanations import Told
from proxeny.calls.operations.bids import MOST, Bid, Chosen, look_at_bid
from proxeny.calls.operations.fitting import find_fitting
from proxeny.kernel.api import Id, In, Named, Out
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.requests import Request

State = Literal["met", "broken", "unknown"]


class CallBidIn(In):
    """Who takes part, by role.

    Amounts are given as `organisation:amount`, in the call's currency.
    """

    beneficiary: list[Id] = Field([], max_length=MOST)
    affiliated_entity: list[Id] = Field([], max_length=MOST)
    associated_partner: list[Id] = Field([], max_length=MOST)
    subcontractor: list[Id] = Field([], max_length=MOST)
    leads: Id | None = Field(None, description="The beneficiary that coordinates.")
    cost: list[str] = Field(
        [], max_length=MOST, description="What a participant costs: `12:250000.00`."
    )
    request: list[str] = Field(
        [], max_length=MOST, description="What a participant requests: `12:175000`."
    )


class CallConditionOut(Out):
    """A condition, its result, and what is missing, in your language."""

    key: str
    text: str
    source: str
    address: str
    seen: date | None
    state: State
    gaps: list[str]
    doubts: list[str]
    notes: list[str]
    counted: list[str]


class CallVerdictOut(Out):
    """The result of checking a call's conditions; `state` is null if it has none.

    `hidden` is the number of organisations you can't see; they are left out.
    """

    state: State | None
    participants: list[Named]
    conditions: list[CallConditionOut]
    notes: list[str]
    hidden: int


class CallFitOut(Out):
    """A member that fits, and the words it has in common with the call."""

    organisation: Named
    country: str
    words: list[str]


class CallFittingOut(Out):
    """Members that fit, best first, and how many were considered."""

    found: list[CallFitOut]
    considered: int


@router.get(
    "/{call_id}/verdict",
    response=CallVerdictOut,
    summary="Check a consortium against a call's conditions",
)
def show_verdict(request: Request, call_id: Id, bid: Query[CallBidIn]) -> dict[str, Any]:
    """Checks each condition of the call for the organisations you name."""
    reader = request.reader
    return _tell(
        look_at_bid(
            actor=reader,
            call_id=call_id,
            chosen=_chosen(bid),
            leads=bid.leads,
            today=timezone.localdate(),
        )
    )


@router.get("/{call_id}/fit", response=CallFittingOut, summary="List members that fit a call")
def list_fitting(request: Request, call_id: Id) -> dict[str, Any]:
    """Returns members whose offers, needs and profiles have words in common with the call, at most
    twenty.
    """
    found = find_fitting(actor=request.reader, call_id=call_id)
    return {
        "found": [
            {
                "organisation": one.organisation,
                "country": one.organisation.country,
                "words": list(one.words),
            }
            for one in found.found
        ],
        "considered": found.considered,
    }


def _chosen(bid: CallBidIn) -> list[Chosen]:
    costs, requests = _sums(bid.cost, "cost"), _sums(bid.request, "request")
    return [
        Chosen(pk, role, costs.get(pk), requests.get(pk))
        for role in ("beneficiary", "affiliated_entity", "associated_partner", "subcontractor")
        for pk in getattr(bid, role)
    ]


def _sums(told: list[str], field: str) -> dict[int, Decimal]:
    found = {}
    for one in told:
        number, _colon, amount = one.partition(":")
        try:
            found[int(number)] = Decimal(amount)
        except (ValueError, ArithmeticError):
            raise InvalidInput(
                gettext(
                    "Enter an amount as the organisation’s number, a colon and the amount: "
                    "12:250000."
                ),
                field=field,
            ) from None
    return found


def _tell(bid: Bid) -> dict[str, Any]:
    return {
        "state": bid.state or None,
        "participants": [one.organisation for one in bid.people],
        "conditions": [_condition(one) for one in bid.told],
        "notes": list(bid.notes),
        "hidden": bid.hidden,
    }


def _condition(one: Told) -> dict[str, Any]:
    return {name: getattr(one, name) for name in CallConditionOut.model_fields}
