"""Proposing, withdrawing, declining and ending a partnership."""

from django.http import HttpResponse
from django.utils import timezone

from proxeny.kernel.api import Id
from proxeny.kernel.requests import Request
from proxeny.partnerships import operations, room
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import PartnershipOut, WhyIn, show_room


@router.post("/{partnership_id}/propose", response=PartnershipOut, summary="Send a proposal")
def propose_partnership(
    request: Request, response: HttpResponse, partnership_id: Id
) -> PartnershipOut:
    """Shows the draft to the other side. Sending the proposal signs nothing."""
    operations.propose_partnership(
        actor=request.reader, partnership_id=partnership_id, now=timezone.localtime()
    )
    return show_room(room.enter_room(request.reader, partnership_id), response)


@router.post("/{partnership_id}/withdraw", response=PartnershipOut, summary="Withdraw a proposal")
def withdraw_proposal(
    request: Request, response: HttpResponse, partnership_id: Id
) -> PartnershipOut:
    """Turns the proposal back into a draft that the other side can't see."""
    operations.withdraw_proposal(
        actor=request.reader, partnership_id=partnership_id, now=timezone.localtime()
    )
    return show_room(room.enter_room(request.reader, partnership_id), response)


@router.post("/{partnership_id}/decline", response=PartnershipOut, summary="Decline a proposal")
def decline_partnership(
    request: Request, response: HttpResponse, partnership_id: Id, why: WhyIn
) -> PartnershipOut:
    """Declines the proposal with a reason that the proposing side can read."""
    operations.decline_partnership(
        actor=request.reader,
        partnership_id=partnership_id,
        reason=why.reason,
        now=timezone.localtime(),
    )
    return show_room(room.enter_room(request.reader, partnership_id), response)


@router.post("/{partnership_id}/end", response=PartnershipOut, summary="End a partnership")
def end_partnership(
    request: Request, response: HttpResponse, partnership_id: Id, why: WhyIn
) -> PartnershipOut:
    """Ends the partnership today, for both sides. Everything that was shared stops being shared at
    once.

    An alliance of three or more ends once all its parties have signed: the call signs for your
    side, and the others find the text among those waiting for signatures.
    """
    operations.end_partnership(
        actor=request.reader,
        partnership_id=partnership_id,
        reason=why.reason,
        now=timezone.localtime(),
    )
    return show_room(room.enter_room(request.reader, partnership_id), response)
