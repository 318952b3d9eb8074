"""Bids in which one's own organisations were asked or take part, over the API: read and answered."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from proxeny.bids.api._router import router
from proxeny.bids.models import Bid, Partner
from proxeny.bids.operations import answering, leaving
from proxeny.bids.operations.own import add_own
from proxeny.bids.queries.own import OwnText, find_own, read_own, rows_of
from proxeny.bids.queries.waiting import find_to_sign
from proxeny.kernel.api import Id, In, Out, in_pages

_ALL = "/own/partners"
_ONE = f"{_ALL}/{{partner_id}}"
Words = Annotated[str, Field(min_length=1, max_length=2000)]
Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class OwnBidRow(Out):
    """A bid in which an organisation was asked; `waits`: a text waits for its signature.

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
    """A text that needs the organisation's signature; `is_open`: it waits for it."""

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
    """Another that was asked or takes part."""

    name: str
    country: str
    role: str
    leads: bool


class OwnBidPackageOut(Out):
    """A work package in which the organisation works; sums in the call's currency."""

    number: int
    title: str
    first_month: int
    last_month: int
    is_lead: bool
    months: Decimal
    cost: Decimal


class OwnBidOut(OwnBidRow):
    """A bid as one of its partners reads it, with its own part of the work and the money alone."""

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
    """Which text was read: its number and the hash of its words. A word goes with the letter alone."""

    text_id: Id
    text_hash: Hash
    word: Annotated[str, Field(max_length=2000)] = ""


class OwnBidRefuseIn(In):
    """Which text is not signed, and why."""

    text_id: Id
    why: Words


class OwnBidAskIn(In):
    """What the organisation would like to know before it answers."""

    word: Words


class OwnBidLeaveIn(In):
    """Why the organisation steps back; all others that take part read it."""

    why: Words


def _rows(found: list[Partner], request: HttpRequest, **_more: Any) -> list[dict[str, Any]]:
    waiting = find_to_sign(request.reader)
    return [_row(one.partner, one.waits) for one in rows_of(found, waiting=waiting)]


def _row(one: Partner, waits: bool) -> dict[str, Any]:
    bid = one.bid
    names = ("id", "organisation_id", "name", "state", "role", "leads", "asked_at", "answered_at",
             "word")  # fmt: skip
    return {name: getattr(one, name) for name in names} | {
        "partnership": one.partnership.title, "title": bid.title, "acronym": bid.acronym,
        "call": bid.call.title, "closes_at": bid.call.closes_at, "bid_state": bid.state,
        "waits": waits,
    }  # fmt: skip


@router.get(_ALL, response=list[OwnBidRow], summary="Bids with one's organisations")
@in_pages("-asked_at", "-id", tell=_rows)
def list_own_bids(request: HttpRequest) -> QuerySet[Partner]:
    """Where they were asked to take part, or do; the last asked first."""
    return find_own(request.reader).order_by()


@router.get(_ONE, response=OwnBidOut, summary="A bid as one's organisation reads it")
def show_own_bid(request: HttpRequest, partner_id: Id) -> dict[str, Any]:
    """Who else is in it, the texts to sign, and one's own part of the work and the money."""
    sheet = read_own(request.reader, partner_id)
    part, bid = add_own(sheet), sheet.bid
    return _row(sheet.partner, sheet.is_asked or sheet.is_to_sign) | {
        "idea": "" if sheet.is_out else bid.idea, "brings": sheet.partner.brings,
        "project_months": bid.months, "currency": bid.call.currency,
        "clusters": list(sheet.clusters),
        "mates": [
            {name: getattr(one, name) for name in OwnBidMateOut.model_fields}
            for one in sheet.mates
        ],
        "packages": [
            {name: getattr(one.package, name)
             for name in ("number", "title", "first_month", "last_month")}
            | {"is_lead": one.is_lead, "months": one.months, "cost": one.cost}
            for one in part.packages
        ],
        "person_months": part.months, "cost": part.cost, "request": part.request,
        "letter": _text(sheet.letter), "whole_bid": _text(sheet.text),
    }  # fmt: skip


def _text(one: OwnText | None) -> dict[str, Any] | None:
    if one is None:
        return None
    names = ("id", "number", "text", "text_hash", "closed_at", "closed_why")
    return {name: getattr(one.agreement, name) for name in names} | {
        "is_open": one.is_open,
        "signed_by": one.mine.person_name if one.mine else None,
        "signed_at": one.mine.signed_at if one.mine else None,
    }  # fmt: skip


@router.post(f"{_ONE}/sign", response=OwnBidOut, summary="Sign for one's organisation")
def sign_own_bid(request: HttpRequest, partner_id: Id, signed: OwnBidSignIn) -> dict[str, Any]:
    """The letter of intent, with which it takes part, or the whole bid."""
    answering.sign_own(
        actor=request.reader,
        partner_id=partner_id, agreement_id=signed.text_id, text_hash=signed.text_hash,
        word=signed.word, now=timezone.now(),
    )  # fmt: skip
    return show_own_bid(request, partner_id)


@router.post(f"{_ONE}/refuse", response=OwnBidOut, summary="Do not sign for one's organisation")
def refuse_own_bid(request: HttpRequest, partner_id: Id, refused: OwnBidRefuseIn) -> dict[str, Any]:
    """With the reason; without the letter of intent it does not take part."""
    answering.refuse_own(
        actor=request.reader,
        partner_id=partner_id, agreement_id=refused.text_id, why=refused.why, now=timezone.now(),
    )  # fmt: skip
    return show_own_bid(request, partner_id)


@router.post(f"{_ONE}/ask", response=OwnBidOut, summary="Ask something before one answers")
def ask_about_own_bid(request: HttpRequest, partner_id: Id, asked: OwnBidAskIn) -> dict[str, Any]:
    """The clusters get it by mail, and so does who asked."""
    answering.ask_back(
        actor=request.reader,
        partner_id=partner_id, word=asked.word, now=timezone.now(),
    )  # fmt: skip
    return show_own_bid(request, partner_id)


@router.post(f"{_ONE}/leave", response=OwnBidOut, summary="Step back from a bid")
def leave_own_bid(request: HttpRequest, partner_id: Id, gone: OwnBidLeaveIn) -> dict[str, Any]:
    """With the reason, until it is submitted; what was signed holds no longer."""
    leaving.leave_own(
        actor=request.reader,
        partner_id=partner_id, why=gone.why, now=timezone.now(),
    )  # fmt: skip
    return show_own_bid(request, partner_id)
