"""Deciding on bids, signing them off, submitting them, what came of them, and beginning others.

A text is signed, or not, under `/partnerships/{partnership_id}/texts/{text_id}`.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja.responses import Status
from pydantic import AwareDatetime, Field

from proxeny.bids.api._router import router
from proxeny.bids.api.bids import ONE, WholeBidOut, show_bid
from proxeny.bids.models import Bid, Stance
from proxeny.bids.operations import signing_off
from proxeny.bids.operations.checklist import Item, check
from proxeny.bids.operations.copying import copy_bid as copy
from proxeny.bids.operations.deciding import LEAST_SENTENCE, MOST_WHY, MOST_WITHOUT, say_stance
from proxeny.bids.operations.results import MOST_LEARNED, note_result
from proxeny.bids.operations.standing import Standing, read_standing
from proxeny.bids.operations.submitting import MOST_NUMBER, MOST_REASON, take_back
from proxeny.bids.operations.submitting import submit_bid as submit
from proxeny.bids.queries.bids import get_bid
from proxeny.bids.queries.stances import mark_of, sides_of
from proxeny.bids.queries.texts import BidText
from proxeny.bids.rules import is_open
from proxeny.kernel.api import (
    Id,
    IfMatch,
    IfMatchWhereSent,
    In,
    Named,
    Out,
    exact,
    match_version,
    show_version,
)
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.queries import parties_of
from proxeny.partnerships.rules import party_managed


class BidStanceOut(Out):
    """What a side says of a bid; all of it is null until it has answered."""

    party_id: int
    side: str
    organisation: Named
    says: Literal[*Stance.Says.values] | None
    goes_on: Literal[*Stance.GoesOn.values] | None
    without_grant: str | None
    why: str | None
    said_at: datetime | None


class BidStanceIn(In):
    """Whether one's own side goes for it, how much of it goes on without the grant, and what."""

    says: Literal[*Stance.Says.values]
    goes_on: Literal[*Stance.GoesOn.values]
    without_grant: Annotated[str, Field(min_length=LEAST_SENTENCE, max_length=MOST_WITHOUT)]
    why: Annotated[str, Field(max_length=MOST_WHY)] = ""


class BidItemOut(Out):
    """Something that has to be there before a bid is submitted."""

    code: str
    label: str
    state: Literal["done", "missing", "warning"]
    text: str


class BidSignerOut(Out):
    """Who signs, and who has."""

    organisation_id: int
    name: str
    person_name: str | None
    signed_at: datetime | None


class BidSignedOut(Out):
    """What was put before all partners; closed, it binds nobody any more."""

    id: int
    number: int
    text: str
    text_hash: str
    created_at: datetime
    completed_at: datetime | None
    closed_at: datetime | None
    closed_why: str
    refused_by: str
    signers: list[BidSignerOut]


class BidPreparedOut(Out):
    """What would be put before them as the bid stands, and what is missing before it can."""

    text: str
    fingerprint: str
    missing: list[BidItemOut]


class BidTextsOut(Out):
    """The newest text that was put before all partners; `prepared` while the bid is prepared."""

    newest: BidSignedOut | None
    prepared: BidPreparedOut | None


class BidPutIn(In):
    """The fingerprint of what was read: nobody signs what was changed since."""

    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class BidSubmitIn(In):
    """When it was sent and under which number; `although`: why, where something is missing."""

    submitted_at: AwareDatetime
    number: Annotated[str, Field(min_length=1, max_length=MOST_NUMBER)]
    although: Annotated[str, Field(max_length=MOST_REASON)] = ""


class BidResultIn(In):
    """What the funder answered; `submitted`: there is no answer yet after all."""

    answer: Literal["won", "reserve", "lost", "submitted"]
    decided_on: date | None = None
    points: exact(7, 2, least=0, most=99_999) | None = None
    granted: exact(15, 2, least=0, most=9_999_999_999_999) | None = None
    learned: Annotated[str, Field(max_length=MOST_LEARNED)] = ""


class BidCopyIn(In):
    """For which call; `also`: partners that said no or left, and are planned with again."""

    call_id: Id
    title: Annotated[str, Field(max_length=200)] = ""
    also: Annotated[list[Id], Field(max_length=60)] = []


def _find(request: HttpRequest, partnership_id: int, bid_id: int) -> tuple[Partnership, Bid]:
    return enter(request, partnership_id), get_bid(partnership_id, bid_id)


def _seen(
    request: HttpRequest, partnership_id: int, bid_id: int, if_match: str | None
) -> dict[str, Any]:
    """Return what finds a bid in the version that the caller has seen, and who acts when."""
    _room, bid = _find(request, partnership_id, bid_id)
    return {
        "actor": request.reader, "partnership_id": partnership_id, "bid_id": bid_id,
        "version": match_version(if_match, bid.version), "now": timezone.localtime(),
    }  # fmt: skip


@router.get(f"{ONE}/stances", response=list[BidStanceOut], summary="What the sides say of a bid")
def list_bid_stances(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, bid_id: Id
) -> list[dict[str, Any]]:
    """Of all that take part; the ETag is that of the caller's own answer."""
    room, bid = _find(request, partnership_id, bid_id)
    sides = sides_of(bid, parties_of(room))
    show_version(response, mark_of(sides.of(party_managed(request.reader, parties_of(room)))))
    names = ("says", "goes_on", "without_grant", "why", "said_at")
    return [
        {
            "party_id": one.party.pk, "side": one.party.side, "organisation": one.party.organisation,
            **{name: getattr(one.stance, name, None) for name in names},
        }
        for one in sides.all
    ]  # fmt: skip


@router.put(f"{ONE}/stance", response=list[BidStanceOut], summary="Say whether one goes for a bid")
def say_bid_stance(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, bid_id: Id,
    said: BidStanceIn, if_match: IfMatchWhereSent = None,
) -> list[dict[str, Any]]:  # fmt: skip
    """For the caller's side, and what it would do without the grant. Once all go for it, it is in
    preparation; a side that does not lets it be."""
    room, bid = _find(request, partnership_id, bid_id)
    own = sides_of(bid, parties_of(room)).of(party_managed(request.reader, parties_of(room)))
    say_stance(
        actor=request.reader, partnership_id=partnership_id, bid_id=bid_id,
        seen=match_version(if_match, mark_of(own)) if if_match else None,
        now=timezone.localtime(), **said.model_dump(),
    )  # fmt: skip
    return list_bid_stances(request, response, partnership_id, bid_id)


def _standing(room: Partnership, bid: Bid) -> Standing:
    return read_standing(bid, parties_of(room), today=timezone.localdate())


def _item(one: Item) -> dict[str, Any]:
    return {name: getattr(one, name) for name in BidItemOut.model_fields}


@router.get(f"{ONE}/checklist", response=list[BidItemOut], summary="What a bid still needs")
def show_bid_checklist(request: HttpRequest, partnership_id: Id, bid_id: Id) -> list[Any]:
    """Before it is submitted; nothing once it was."""
    room, bid = _find(request, partnership_id, bid_id)
    if not is_open(bid):
        return []
    items = check(_standing(room, bid), zone=request.reader.time_zone, now=timezone.now())
    return [_item(one) for one in items]


@router.get(f"{ONE}/text", response=BidTextsOut, summary="What all partners of a bid sign")
def show_bid_text(request: HttpRequest, partnership_id: Id, bid_id: Id) -> dict[str, Any]:
    """With who has signed it, and what they would sign as it stands."""
    room, bid = _find(request, partnership_id, bid_id)
    standing = _standing(room, bid)
    prepared = None
    if bid.state == Bid.State.PREPARING:
        found = signing_off.prepare_text(
            standing, room, zone=request.reader.time_zone, now=timezone.now()
        )
        prepared = {
            "text": found.text, "fingerprint": found.fingerprint,
            "missing": [_item(one) for one in found.missing],
        }  # fmt: skip
    return {"newest": _signed(standing.text) if standing.text else None, "prepared": prepared}


def _signed(text: BidText) -> dict[str, Any]:
    names = BidSignedOut.model_fields.keys() - {"signers", "refused_by"}
    return {name: getattr(text.agreement, name) for name in names} | {
        "refused_by": text.refused_by,
        "signers": [
            {
                "organisation_id": one.organisation_id, "name": one.name,
                "person_name": one.sign_off.person_name if one.sign_off else None,
                "signed_at": one.sign_off.signed_at if one.sign_off else None,
            }
            for one in text.signers
        ],
    }  # fmt: skip


@router.post(f"{ONE}/text", response={201: BidSignedOut}, summary="Put a bid before its partners")
def put_bid_text(
    request: HttpRequest, partnership_id: Id, bid_id: Id, read: BidPutIn
) -> Status[dict[str, Any]]:
    """All that take part sign the same words; the caller at once for one of them, if they may."""
    _find(request, partnership_id, bid_id)
    signing_off.put_before_all(
        actor=request.reader, partnership_id=partnership_id, bid_id=bid_id, seen=read.fingerprint,
        now=timezone.localtime(),
    )  # fmt: skip
    return Status(201, show_bid_text(request, partnership_id, bid_id)["newest"])


@router.post(f"{ONE}/text/remind", response=list[Named], summary="Remind who has not signed a bid")
def remind_bid_signers(request: HttpRequest, partnership_id: Id, bid_id: Id) -> list[Any]:
    """Each at most once a day; the partners that were reminded."""
    _find(request, partnership_id, bid_id)
    return signing_off.remind_signers(
        actor=request.reader, partnership_id=partnership_id, bid_id=bid_id,
        now=timezone.localtime(),
    )  # fmt: skip


@router.post(f"{ONE}/submission", response=WholeBidOut, summary="Note that a bid was sent")
def submit_bid(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, bid_id: Id,
    sent: BidSubmitIn, if_match: IfMatch = None,
) -> dict[str, Any]:  # fmt: skip
    """Nothing of it is written any more. Refused while the checklist lacks something, unless
    `although` says why it was sent nevertheless."""
    seen = _seen(request, partnership_id, bid_id, if_match)
    submit(**seen, **sent.model_dump())
    return show_bid(request, response, partnership_id, bid_id)


@router.post(f"{ONE}/submission/take-back", response=WholeBidOut, summary="Take a submission back")
def take_back_bid(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, bid_id: Id,
    if_match: IfMatch = None,
) -> dict[str, Any]:  # fmt: skip
    """While the call is open: what was noted by mistake."""
    take_back(**_seen(request, partnership_id, bid_id, if_match))
    return show_bid(request, response, partnership_id, bid_id)


@router.put(f"{ONE}/result", response=WholeBidOut, summary="Note what the funder answered")
def note_bid_result(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, bid_id: Id,
    answered: BidResultIn, if_match: IfMatch = None,
) -> dict[str, Any]:  # fmt: skip
    """Or correct it; where it is not funded, with what was learned."""
    seen = _seen(request, partnership_id, bid_id, if_match)
    note_result(**seen, **answered.model_dump())
    return show_bid(request, response, partnership_id, bid_id)


@router.post(
    f"{ONE}/copy", response={201: WholeBidOut}, summary="Begin another bid with a consortium"
)
def copy_bid(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, bid_id: Id, wish: BidCopyIn
) -> Status[dict[str, Any]]:
    """Partners, work packages and budget are taken over; all partners are to be asked anew."""
    _find(request, partnership_id, bid_id)
    made = copy(
        actor=request.reader, partnership_id=partnership_id, bid_id=bid_id,
        now=timezone.localtime(), **wish.model_dump(),
    )  # fmt: skip
    response["Location"] = f"/api/v1/bids/{partnership_id}/{made.pk}"
    return Status(201, show_bid(request, response, partnership_id, made.pk))
