"""Partners of a bid over the API: how far each is, asked, reminded, taken back, gone.

They are noted, changed and put away as records of the kind `bid-partner`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from proxeny.bids.api._router import router
from proxeny.bids.api.bids import ONE, BidPartnerOut
from proxeny.bids.models import Bid, Partner
from proxeny.bids.operations import asking, leaving
from proxeny.bids.operations.budgets import to_amount, work_out
from proxeny.bids.queries.bids import get_bid, partners_of
from proxeny.bids.queries.budgets import packages_of, spendings_of
from proxeny.bids.queries.consortium import Letter, letters_of
from proxeny.kernel.api import Id, In, Out
from proxeny.partnerships.api._shapes import enter

_ALL = f"{ONE}/partners"
_ONE = f"{_ALL}/{{partner_id}}"
Why = Annotated[str, Field(min_length=1, max_length=2000)]


class BidLetterOut(Out):
    """A partner's newest letter of intent; it holds while `completed_at` is set and `closed_at` not."""

    id: int
    number: int
    text: str
    text_hash: str
    created_at: datetime
    completed_at: datetime | None
    closed_at: datetime | None
    signed_by: str | None
    signed_at: datetime | None


class BidPartnerStateOut(BidPartnerOut):
    """A partner, whom the room writes to, and what it has said."""

    contact_name: str
    contact_email: str
    language: str
    asked_at: datetime | None
    reminded_at: datetime | None
    answered_at: datetime | None
    word: str
    letter: BidLetterOut | None


class BidLeaveIn(In):
    """Why a partner leaves; all others that take part read it."""

    why: Why


def _tell(one: Partner, budget: Any, letter: Letter | None) -> dict[str, Any]:
    own = {"cost", "request", "letter"}
    key = str(one.pk)
    return {name: getattr(one, name) for name in BidPartnerStateOut.model_fields.keys() - own} | {
        "cost": to_amount(budget.lines[key].total), "request": to_amount(budget.requests[key]),
        "letter": _letter(letter) if letter else None,
    }  # fmt: skip


def _letter(one: Letter) -> dict[str, Any]:
    names = BidLetterOut.model_fields.keys() - {"signed_by", "signed_at"}
    return {name: getattr(one.agreement, name) for name in names} | {
        "signed_by": one.sign_off.person_name if one.sign_off else None,
        "signed_at": one.sign_off.signed_at if one.sign_off else None,
    }  # fmt: skip


def _all(bid: Bid) -> list[dict[str, Any]]:
    partners = partners_of(bid)
    budget = work_out(bid, partners, packages_of(bid), spendings_of(bid))
    letters = letters_of(bid, partners)
    return [_tell(one, budget, letters.get(one.pk)) for one in partners]


@router.get(_ALL, response=list[BidPartnerStateOut], summary="Partners of a bid")
def list_bid_partners(request: HttpRequest, partnership_id: Id, bid_id: Id) -> list[dict[str, Any]]:
    """Who takes part, who was asked, who is noted, who is out; each with its letter of intent."""
    enter(request, partnership_id)
    return _all(get_bid(partnership_id, bid_id))


def _do(
    request: HttpRequest, operation: Callable[..., Partner], ids: tuple[int, int, int],
    **more: Any,
) -> dict[str, Any]:  # fmt: skip
    partnership_id, bid_id, partner_id = ids
    operation(
        actor=request.reader,
        partnership_id=partnership_id, bid_id=bid_id, partner_id=partner_id, now=timezone.now(),
        **more,
    )  # fmt: skip
    told = _all(get_bid(partnership_id, bid_id))
    return next(one for one in told if one["id"] == partner_id)


@router.post(f"{_ONE}/ask", response=BidPartnerStateOut, summary="Ask a partner")
def ask_bid_partner(
    request: HttpRequest, partnership_id: Id, bid_id: Id, partner_id: Id
) -> dict[str, Any]:
    """To take part, with a letter of intent to sign; who was asked already is asked anew."""
    return _do(request, asking.ask_partner, (partnership_id, bid_id, partner_id))


@router.post(f"{_ONE}/remind", response=BidPartnerStateOut, summary="Ask a partner once more")
def remind_bid_partner(
    request: HttpRequest, partnership_id: Id, bid_id: Id, partner_id: Id
) -> dict[str, Any]:
    """At most once a day."""
    return _do(request, asking.remind_partner, (partnership_id, bid_id, partner_id))


@router.post(f"{_ONE}/withdraw", response=BidPartnerStateOut, summary="Take back what was asked")
def withdraw_bid_invitation(
    request: HttpRequest, partnership_id: Id, bid_id: Id, partner_id: Id
) -> dict[str, Any]:
    """The partner is told, and its link is closed."""
    return _do(request, asking.withdraw_invitation, (partnership_id, bid_id, partner_id))


@router.post(f"{_ONE}/left", response=BidPartnerStateOut, summary="Note that a partner has left")
def note_bid_partner_left(
    request: HttpRequest, partnership_id: Id, bid_id: Id, partner_id: Id, gone: BidLeaveIn
) -> dict[str, Any]:
    """With the reason; what was signed holds no longer, and all who have signed are told."""
    ids = (partnership_id, bid_id, partner_id)
    return _do(request, leaving.note_left, ids, why=gone.why)


@router.post(f"{_ONE}/back", response=BidPartnerStateOut, summary="Plan with a partner again")
def bring_bid_partner_back(
    request: HttpRequest, partnership_id: Id, bid_id: Id, partner_id: Id
) -> dict[str, Any]:
    """One that said no or has left; it is asked anew."""
    return _do(request, asking.bring_back, (partnership_id, bid_id, partner_id))
