"""Partners of a bid over the API: their state, invitations, reminders, withdrawals, departures.

They are created, changed and archived as records of the kind `bid-partner`.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

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
from proxeny.kernel.requests import Request
from proxeny.partnerships.api._shapes import enter

_ALL = f"{ONE}/partners"
_ONE = f"{_ALL}/{{partner_id}}"
Why = Annotated[str, Field(min_length=1, max_length=2000)]


class BidLetterOut(Out):
    """A partner's newest letter of intent.

    It is valid while `completed_at` is set and `closed_at` is not.
    """

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
    """A partner, the contact the room writes to, and its answer."""

    contact_name: str
    contact_email: str
    language: str
    asked_at: datetime | None
    reminded_at: datetime | None
    answered_at: datetime | None
    word: str
    letter: BidLetterOut | None


class BidLeaveIn(In):
    """Why a partner leaves. All others that take part can read it."""

    why: Why


def _tell(one: Partner, budget: Any, letter: Letter | None) -> dict[str, Any]:
    own = {"cost", "request", "letter"}
    key = str(one.pk)
    return {name: getattr(one, name) for name in BidPartnerStateOut.model_fields.keys() - own} | {
        "cost": to_amount(budget.lines[key].total),
        "request": to_amount(budget.requests[key]),
        "letter": _letter(letter) if letter else None,
    }


def _letter(one: Letter) -> dict[str, Any]:
    names = BidLetterOut.model_fields.keys() - {"signed_by", "signed_at"}
    return {name: getattr(one.agreement, name) for name in names} | {
        "signed_by": one.sign_off.person_name if one.sign_off else None,
        "signed_at": one.sign_off.signed_at if one.sign_off else None,
    }


def _all(bid: Bid) -> list[dict[str, Any]]:
    partners = partners_of(bid)
    budget = work_out(bid, partners, packages_of(bid), spendings_of(bid))
    letters = letters_of(bid, partners)
    return [_tell(one, budget, letters.get(one.pk)) for one in partners]


@router.get(_ALL, response=list[BidPartnerStateOut], summary="List partners of a bid")
def list_bid_partners(request: Request, partnership_id: Id, bid_id: Id) -> list[dict[str, Any]]:
    """Returns all partners with their letters of intent: those taking part, invited, noted, and no
    longer in the bid.
    """
    enter(request, partnership_id)
    return _all(get_bid(partnership_id, bid_id))


def _do(
    request: Request,
    operation: Callable[..., Partner],
    ids: tuple[int, int, int],
    **more: Any,
) -> dict[str, Any]:
    partnership_id, bid_id, partner_id = ids
    operation(
        actor=request.reader,
        partnership_id=partnership_id,
        bid_id=bid_id,
        partner_id=partner_id,
        now=timezone.now(),
        **more,
    )
    told = _all(get_bid(partnership_id, bid_id))
    return next(one for one in told if one["id"] == partner_id)


@router.post(f"{_ONE}/ask", response=BidPartnerStateOut, summary="Invite a partner")
def ask_bid_partner(
    request: Request, partnership_id: Id, bid_id: Id, partner_id: Id
) -> dict[str, Any]:
    """Invites it to take part, with a letter of intent to sign.

    A partner that was already invited is invited again.
    """
    return _do(request, asking.ask_partner, (partnership_id, bid_id, partner_id))


@router.post(f"{_ONE}/remind", response=BidPartnerStateOut, summary="Remind a partner")
def remind_bid_partner(
    request: Request, partnership_id: Id, bid_id: Id, partner_id: Id
) -> dict[str, Any]:
    """Possible at most once a day."""
    return _do(request, asking.remind_partner, (partnership_id, bid_id, partner_id))


@router.post(f"{_ONE}/withdraw", response=BidPartnerStateOut, summary="Withdraw an invitation")
def withdraw_bid_invitation(
    request: Request, partnership_id: Id, bid_id: Id, partner_id: Id
) -> dict[str, Any]:
    """The partner is notified, and its link stops working."""
    return _do(request, asking.withdraw_invitation, (partnership_id, bid_id, partner_id))


@router.post(f"{_ONE}/left", response=BidPartnerStateOut, summary="Record that a partner has left")
def note_bid_partner_left(
    request: Request, partnership_id: Id, bid_id: Id, partner_id: Id, gone: BidLeaveIn
) -> dict[str, Any]:
    """Give a reason.

    What was signed is no longer valid, and everyone who has signed is notified.
    """
    ids = (partnership_id, bid_id, partner_id)
    return _do(request, leaving.note_left, ids, why=gone.why)


@router.post(f"{_ONE}/back", response=BidPartnerStateOut, summary="Reinstate a partner")
def bring_bid_partner_back(
    request: Request, partnership_id: Id, bid_id: Id, partner_id: Id
) -> dict[str, Any]:
    """For a partner that declined or left. It needs to be invited again."""
    return _do(request, asking.bring_back, (partnership_id, bid_id, partner_id))
