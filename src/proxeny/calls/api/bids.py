"""Who could take part in a call, and members that fit it; nothing is kept."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Query
from pydantic import Field

from proxeny.calls.api._router import router
from proxeny.calls.operations.bids import MOST, Bid, Chosen, look_at_bid
from proxeny.calls.operations.fitting import find_fitting
from proxeny.calls.telling import Told
from proxeny.kernel.api import Id, In, Named, Out
from proxeny.kernel.errors import InvalidInput

State = Literal["met", "broken", "unknown"]


class CallBidIn(In):
    """Who takes part, by role; sums as `organisation:sum`, in the call's currency."""

    beneficiary: list[Id] = Field([], max_length=MOST)
    affiliated_entity: list[Id] = Field([], max_length=MOST)
    associated_partner: list[Id] = Field([], max_length=MOST)
    subcontractor: list[Id] = Field([], max_length=MOST)
    leads: Id | None = Field(None, description="The beneficiary that coordinates.")
    cost: list[str] = Field([], max_length=MOST, description="What one costs: `12:250000.00`.")
    request: list[str] = Field([], max_length=MOST, description="What one asks for: `12:175000`.")


class CallConditionOut(Out):
    """A condition, its verdict, and what is missing, in the caller's language."""

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
    """What the conditions of a call say; `state` is null where it has none.

    `hidden` is how many organisations the caller does not see; they are left out.
    """

    state: State | None
    participants: list[Named]
    conditions: list[CallConditionOut]
    notes: list[str]
    hidden: int


class CallFitOut(Out):
    """A member that fits, and the words that it shares with the call."""

    organisation: Named
    country: str
    words: list[str]


class CallFittingOut(Out):
    """Members that fit, the best first, out of how many."""

    found: list[CallFitOut]
    considered: int


@router.get("/{call_id}/verdict", response=CallVerdictOut, summary="Who could take part")
def show_verdict(request: HttpRequest, call_id: Id, bid: Query[CallBidIn]) -> dict[str, Any]:
    """Each condition of the call, looked at for the organisations that are named."""
    reader = request.reader  # type: ignore[attr-defined]
    return _tell(
        look_at_bid(
            actor=reader, call_id=call_id, chosen=_chosen(bid), leads=bid.leads,
            today=timezone.localdate(),
        )
    )  # fmt: skip


@router.get("/{call_id}/fit", response=CallFittingOut, summary="Members that fit")
def list_fitting(request: HttpRequest, call_id: Id) -> dict[str, Any]:
    """Members whose offers, needs and profiles share the call's words, at most twenty."""
    found = find_fitting(actor=request.reader, call_id=call_id)  # type: ignore[attr-defined]
    return {
        "found": [
            {"organisation": one.organisation, "country": one.organisation.country,
             "words": list(one.words)}
            for one in found.found
        ],
        "considered": found.considered,
    }  # fmt: skip


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
                    "Write a sum as the organisation's number, a colon and the sum: 12:250000."
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
