"""The life of bids over the API: decision, signature, submission, result, and copies.

Texts are signed or declined under `/partnerships/{partnership_id}/texts/{text_id}`.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
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
from proxeny.kernel.requests import Request
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.queries import parties_of
from proxeny.partnerships.rules import party_managed


class BidStanceOut(Out):
    """A side's answer on whether to bid. All of it is null until the side has answered."""

    party_id: int
    side: str
    organisation: Named
    says: Literal[*Stance.Says.values] | None
    goes_on: Literal[*Stance.GoesOn.values] | None
    without_grant: str | None
    why: str | None
    said_at: datetime | None


class BidStanceIn(In):
    """Whether your side wants to bid, and how much and which part of the work continues without the
    grant.
    """

    says: Literal[*Stance.Says.values]
    goes_on: Literal[*Stance.GoesOn.values]
    without_grant: Annotated[str, Field(min_length=LEAST_SENTENCE, max_length=MOST_WITHOUT)]
    why: Annotated[str, Field(max_length=MOST_WHY)] = ""


class BidItemOut(Out):
    """Something that is needed before a bid is submitted."""

    code: str
    label: str
    state: Literal["done", "missing", "warning"]
    text: str


class BidSignerOut(Out):
    """An organisation that signs, and who has signed for it."""

    organisation_id: int
    name: str
    person_name: str | None
    signed_at: datetime | None


class BidSignedOut(Out):
    """A text that was sent to all partners for signature. Once closed, it is no longer binding."""

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
    """The text as it would be sent for signature now, and what is missing before it can be."""

    text: str
    fingerprint: str
    missing: list[BidItemOut]


class BidTextsOut(Out):
    """The newest text that was sent to all partners.

    `prepared` is given while the bid is in preparation.
    """

    newest: BidSignedOut | None
    prepared: BidPreparedOut | None


class BidPutIn(In):
    """The fingerprint of what you read, so that no one signs a text that has changed since."""

    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class BidSubmitIn(In):
    """When the bid was sent, and under which number.

    If something is missing, explain in `although` why it was sent anyway.
    """

    submitted_at: AwareDatetime
    number: Annotated[str, Field(min_length=1, max_length=MOST_NUMBER)]
    although: Annotated[str, Field(max_length=MOST_REASON)] = ""


class BidResultIn(In):
    """The funder's decision. Use `submitted` if there is no decision yet after all."""

    answer: Literal["won", "reserve", "lost", "submitted"]
    decided_on: date | None = None
    points: exact(7, 2, least=0, most=99_999) | None = None
    granted: exact(15, 2, least=0, most=9_999_999_999_999) | None = None
    learned: Annotated[str, Field(max_length=MOST_LEARNED)] = ""


class BidCopyIn(In):
    """The call to bid for.

    `also` lists partners that declined or left but are planned for again.
    """

    call_id: Id
    title: Annotated[str, Field(max_length=200)] = ""
    also: Annotated[list[Id], Field(max_length=60)] = []


def _find(request: Request, partnership_id: int, bid_id: int) -> tuple[Partnership, Bid]:
    return enter(request, partnership_id), get_bid(partnership_id, bid_id)


def _seen(
    request: Request, partnership_id: int, bid_id: int, if_match: str | None
) -> dict[str, Any]:
    """Return the arguments that find a bid in the version the caller has seen, the actor and the
    time.
    """
    _room, bid = _find(request, partnership_id, bid_id)
    return {
        "actor": request.reader,
        "partnership_id": partnership_id,
        "bid_id": bid_id,
        "version": match_version(if_match, bid.version),
        "now": timezone.localtime(),
    }


@router.get(
    f"{ONE}/stances", response=list[BidStanceOut], summary="List the sides' answers on a bid"
)
def list_bid_stances(
    request: Request, response: HttpResponse, partnership_id: Id, bid_id: Id
) -> list[dict[str, Any]]:
    """Returns the answers of all sides that take part.

    The ETag is that of your own side's answer.
    """
    room, bid = _find(request, partnership_id, bid_id)
    sides = sides_of(bid, parties_of(room))
    show_version(response, mark_of(sides.of(party_managed(request.reader, parties_of(room)))))
    names = ("says", "goes_on", "without_grant", "why", "said_at")
    return [
        {
            "party_id": one.party.pk,
            "side": one.party.side,
            "organisation": one.party.organisation,
            **{name: getattr(one.stance, name, None) for name in names},
        }
        for one in sides.all
    ]


@router.put(
    f"{ONE}/stance", response=list[BidStanceOut], summary="Answer whether your side wants to bid"
)
def say_bid_stance(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    bid_id: Id,
    said: BidStanceIn,
    if_match: IfMatchWhereSent = None,
) -> list[dict[str, Any]]:
    """Answers for your side, and says what it would do without the grant.

    Once all sides want to bid, the bid is in preparation; if one doesn't, the bid isn't pursued.
    """
    room, bid = _find(request, partnership_id, bid_id)
    own = sides_of(bid, parties_of(room)).of(party_managed(request.reader, parties_of(room)))
    say_stance(
        actor=request.reader,
        partnership_id=partnership_id,
        bid_id=bid_id,
        seen=match_version(if_match, mark_of(own)) if if_match else None,
        now=timezone.localtime(),
        **said.model_dump(),
    )
    return list_bid_stances(request, response, partnership_id, bid_id)


def _standing(room: Partnership, bid: Bid) -> Standing:
    return read_standing(bid, parties_of(room), today=timezone.localdate())


def _item(one: Item) -> dict[str, Any]:
    return {name: getattr(one, name) for name in BidItemOut.model_fields}


@router.get(f"{ONE}/checklist", response=list[BidItemOut], summary="Get the checklist of a bid")
def show_bid_checklist(request: Request, partnership_id: Id, bid_id: Id) -> list[Any]:
    """Returns what the bid still needs before it is submitted; nothing once it was."""
    room, bid = _find(request, partnership_id, bid_id)
    if not is_open(bid):
        return []
    items = check(_standing(room, bid), zone=request.reader.time_zone, now=timezone.now())
    return [_item(one) for one in items]


@router.get(f"{ONE}/text", response=BidTextsOut, summary="Get the text that all partners sign")
def show_bid_text(request: Request, partnership_id: Id, bid_id: Id) -> dict[str, Any]:
    """Includes who has signed it, and what they would sign now."""
    room, bid = _find(request, partnership_id, bid_id)
    standing = _standing(room, bid)
    prepared = None
    if bid.state == Bid.State.PREPARING:
        found = signing_off.prepare_text(
            standing, room, zone=request.reader.time_zone, now=timezone.now()
        )
        prepared = {
            "text": found.text,
            "fingerprint": found.fingerprint,
            "missing": [_item(one) for one in found.missing],
        }
    return {"newest": _signed(standing.text) if standing.text else None, "prepared": prepared}


def _signed(text: BidText) -> dict[str, Any]:
    names = BidSignedOut.model_fields.keys() - {"signers", "refused_by"}
    return {name: getattr(text.agreement, name) for name in names} | {
        "refused_by": text.refused_by,
        "signers": [
            {
                "organisation_id": one.organisation_id,
                "name": one.name,
                "person_name": one.sign_off.person_name if one.sign_off else None,
                "signed_at": one.sign_off.signed_at if one.sign_off else None,
            }
            for one in text.signers
        ],
    }


@router.post(
    f"{ONE}/text", response={201: BidSignedOut}, summary="Send a bid to its partners for signature"
)
def put_bid_text(
    request: Request, partnership_id: Id, bid_id: Id, read: BidPutIn
) -> Status[dict[str, Any]]:
    """All partners that take part sign the same text.

    If you may sign for one of them, you do so at once.
    """
    _find(request, partnership_id, bid_id)
    signing_off.put_before_all(
        actor=request.reader,
        partnership_id=partnership_id,
        bid_id=bid_id,
        seen=read.fingerprint,
        now=timezone.localtime(),
    )
    return Status(201, show_bid_text(request, partnership_id, bid_id)["newest"])


@router.post(
    f"{ONE}/text/remind", response=list[Named], summary="Remind partners who have not signed"
)
def remind_bid_signers(request: Request, partnership_id: Id, bid_id: Id) -> list[Any]:
    """Reminds each of them at most once a day. Returns the partners that were reminded."""
    _find(request, partnership_id, bid_id)
    return signing_off.remind_signers(
        actor=request.reader,
        partnership_id=partnership_id,
        bid_id=bid_id,
        now=timezone.localtime(),
    )


@router.post(f"{ONE}/submission", response=WholeBidOut, summary="Record that a bid was submitted")
def submit_bid(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    bid_id: Id,
    sent: BidSubmitIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """The bid can no longer be changed.

    Refused while the checklist lacks something, unless `although` says why the bid was sent anyway.
    """
    seen = _seen(request, partnership_id, bid_id, if_match)
    submit(**seen, **sent.model_dump())
    return show_bid(request, response, partnership_id, bid_id)


@router.post(f"{ONE}/submission/take-back", response=WholeBidOut, summary="Undo a submission")
def take_back_bid(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    bid_id: Id,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Possible while the call is open, for a submission that was recorded by mistake."""
    take_back(**_seen(request, partnership_id, bid_id, if_match))
    return show_bid(request, response, partnership_id, bid_id)


@router.put(f"{ONE}/result", response=WholeBidOut, summary="Record the funder's decision")
def note_bid_result(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    bid_id: Id,
    answered: BidResultIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Also corrects it. If the bid isn't funded, say what you learned."""
    seen = _seen(request, partnership_id, bid_id, if_match)
    note_result(**seen, **answered.model_dump())
    return show_bid(request, response, partnership_id, bid_id)


@router.post(
    f"{ONE}/copy", response={201: WholeBidOut}, summary="Start another bid with the same consortium"
)
def copy_bid(
    request: Request, response: HttpResponse, partnership_id: Id, bid_id: Id, wish: BidCopyIn
) -> Status[dict[str, Any]]:
    """Copies the partners, work packages and budget. All partners need to be invited again."""
    _find(request, partnership_id, bid_id)
    made = copy(
        actor=request.reader,
        partnership_id=partnership_id,
        bid_id=bid_id,
        now=timezone.localtime(),
        **wish.model_dump(),
    )
    response["Location"] = f"/api/v1/bids/{partnership_id}/{made.pk}"
    return Status(201, show_bid(request, response, partnership_id, made.pk))
