"""Bids that the caller's organisations were invited to or take part in, over the API."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.utils import timezone
from pydantic import Field

from proxeny.bids.api._router import router
from proxeny.bids.models import Bid, Partner
from proxeny.bids.operations import answering, leaving
from proxeny.bids.operations.own import add_own
from proxeny.bids.queries.own import OwnText, find_own, read_own, rows_of
from proxeny.bids.queries.waiting import find_to_sign
from proxeny.kernel.api import Id, In, Out, in_pages
from proxeny.kernel.requests import Request

_ALL = "/own/partners"
_ONE = f"{_ALL}/{{partner_id}}"
Words = Annotated[str, Field(min_length=1, max_length=2000)]
Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class OwnBidRow(Out):
    """A bid to which an organisation was invited. `waits` is true if a text is waiting for its
    signature.

    `id` is the number of the organisation as a partner.
    """

    id: int
    organisation_id: int
    name: str
    state: Literal[*Partner.State.values]
    role: Literal[*Partner.Role.values]
    leads: bool
    partnership: str
    title: str
    acronym: str
    call: str
    closes_at: datetime | None
    bid_state: Literal[*Bid.State.values]
    asked_at: datetime
    answered_at: datetime | None
    word: str
    waits: bool


class OwnBidTextOut(Out):
    """A text that needs the organisation's signature.

    `is_open` is true while it is waiting for it.
    """

    id: int
    number: int
    text: str
    text_hash: str
    is_open: bool
    signed_by: str | None
    signed_at: datetime | None
    closed_at: datetime | None
    closed_why: str


class OwnBidMateOut(Out):
    """Another organisation that was invited or takes part."""

    name: str
    country: str
    role: str
    leads: bool


class OwnBidPackageOut(Out):
    """A work package in which the organisation works. Amounts are in the call's currency."""

    number: int
    title: str
    first_month: int
    last_month: int
    is_lead: bool
    months: Decimal
    cost: Decimal


class OwnBidOut(OwnBidRow):
    """A bid, as one of its partners sees it, with only its own share of the work and the money."""

    idea: str
    brings: str
    project_months: int
    currency: str
    clusters: list[str]
    mates: list[OwnBidMateOut]
    packages: list[OwnBidPackageOut]
    person_months: Decimal
    cost: Decimal
    request: Decimal
    letter: OwnBidTextOut | None
    whole_bid: OwnBidTextOut | None


class OwnBidSignIn(In):
    """The text you read: its number and the hash of its words.

    `word` can only be sent with the letter of intent.
    """

    text_id: Id
    text_hash: Hash
    word: Annotated[str, Field(max_length=2000)] = ""


class OwnBidRefuseIn(In):
    """The text you decline to sign, and why."""

    text_id: Id
    why: Words


class OwnBidAskIn(In):
    """What the organisation would like to know before it answers."""

    word: Words


class OwnBidLeaveIn(In):
    """Why the organisation withdraws. All others that take part can read it."""

    why: Words


def _rows(found: list[Partner], request: Request, **_more: Any) -> list[dict[str, Any]]:
    waiting = find_to_sign(request.reader)
    return [_row(one.partner, one.waits) for one in rows_of(found, waiting=waiting)]


def _row(one: Partner, waits: bool) -> dict[str, Any]:
    bid = one.bid
    names = (
        "id",
        "organisation_id",
        "name",
        "state",
        "role",
        "leads",
        "asked_at",
        "answered_at",
        "word",
    )
    return {name: getattr(one, name) for name in names} | {
        "partnership": one.partnership.title,
        "title": bid.title,
        "acronym": bid.acronym,
        "call": bid.call.title,
        "closes_at": bid.call.closes_at,
        "bid_state": bid.state,
        "waits": waits,
    }


@router.get(_ALL, response=list[OwnBidRow], summary="List bids involving your organisations")
@in_pages("-asked_at", "-id", tell=_rows)
def list_own_bids(request: Request) -> QuerySet[Partner]:
    """Returns the bids to which they are invited or in which they take part, most recent invitation
    first.
    """
    return find_own(request.reader).order_by()


@router.get(_ONE, response=OwnBidOut, summary="Get a bid involving your organisation")
def show_own_bid(request: Request, partner_id: Id) -> dict[str, Any]:
    """Returns who else is taking part, the texts to sign, and your own share of the work and the
    money.
    """
    sheet = read_own(request.reader, partner_id)
    part, bid = add_own(sheet), sheet.bid
    return _row(sheet.partner, sheet.is_asked or sheet.is_to_sign) | {
        "idea": "" if sheet.is_out else bid.idea,
        "brings": sheet.partner.brings,
        "project_months": bid.months,
        "currency": bid.call.currency,
        "clusters": list(sheet.clusters),
        "mates": [
            {name: getattr(one, name) for name in OwnBidMateOut.model_fields} for one in sheet.mates
        ],
        "packages": [
            {
                name: getattr(one.package, name)
                for name in ("number", "title", "first_month", "last_month")
            }
            | {"is_lead": one.is_lead, "months": one.months, "cost": one.cost}
            for one in part.packages
        ],
        "person_months": part.months,
        "cost": part.cost,
        "request": part.request,
        "letter": _text(sheet.letter),
        "whole_bid": _text(sheet.text),
    }


def _text(one: OwnText | None) -> dict[str, Any] | None:
    if one is None:
        return None
    names = ("id", "number", "text", "text_hash", "closed_at", "closed_why")
    return {name: getattr(one.agreement, name) for name in names} | {
        "is_open": one.is_open,
        "signed_by": one.mine.person_name if one.mine else None,
        "signed_at": one.mine.signed_at if one.mine else None,
    }


@router.post(f"{_ONE}/sign", response=OwnBidOut, summary="Sign for your organisation")
def sign_own_bid(request: Request, partner_id: Id, signed: OwnBidSignIn) -> dict[str, Any]:
    """Signs the letter of intent, with which the organisation joins, or the whole bid."""
    answering.sign_own(
        actor=request.reader,
        partner_id=partner_id,
        agreement_id=signed.text_id,
        text_hash=signed.text_hash,
        word=signed.word,
        now=timezone.now(),
    )
    return show_own_bid(request, partner_id)


@router.post(f"{_ONE}/refuse", response=OwnBidOut, summary="Decline to sign for your organisation")
def refuse_own_bid(request: Request, partner_id: Id, refused: OwnBidRefuseIn) -> dict[str, Any]:
    """Give a reason. Without the letter of intent, the organisation doesn't take part."""
    answering.refuse_own(
        actor=request.reader,
        partner_id=partner_id,
        agreement_id=refused.text_id,
        why=refused.why,
        now=timezone.now(),
    )
    return show_own_bid(request, partner_id)


@router.post(f"{_ONE}/ask", response=OwnBidOut, summary="Ask a question before you answer")
def ask_about_own_bid(request: Request, partner_id: Id, asked: OwnBidAskIn) -> dict[str, Any]:
    """The clusters and the person who invited you get it by email."""
    answering.ask_back(
        actor=request.reader,
        partner_id=partner_id,
        word=asked.word,
        now=timezone.now(),
    )
    return show_own_bid(request, partner_id)


@router.post(f"{_ONE}/leave", response=OwnBidOut, summary="Withdraw from a bid")
def leave_own_bid(request: Request, partner_id: Id, gone: OwnBidLeaveIn) -> dict[str, Any]:
    """Give a reason. Possible until the bid is submitted.

    Existing signatures are then no longer valid.
    """
    leaving.leave_own(
        actor=request.reader,
        partner_id=partner_id,
        why=gone.why,
        now=timezone.now(),
    )
    return show_own_bid(request, partner_id)
