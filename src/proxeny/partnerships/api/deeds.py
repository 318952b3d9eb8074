"""Proposing, taking back, declining and ending a partnership."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from proxeny.kernel.api import Id
from proxeny.partnerships import operations, room
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import PartnershipOut, WhyIn, show_room


@router.post("/{partnership_id}/propose", response=PartnershipOut, summary="Send a proposal")
def propose_partnership(
    request: HttpRequest, response: HttpResponse, partnership_id: Id
) -> PartnershipOut:
    """The other side reads the draft from now on. Sending signs nothing."""
    operations.propose_partnership(
        actor=request.reader, partnership_id=partnership_id, now=timezone.localtime()
    )
    return show_room(room.enter_room(request.reader, partnership_id), response)


@router.post("/{partnership_id}/withdraw", response=PartnershipOut, summary="Take a proposal back")
def withdraw_proposal(
    request: HttpRequest, response: HttpResponse, partnership_id: Id
) -> PartnershipOut:
    """It is a draft again, which the other side does not see."""
    operations.withdraw_proposal(
        actor=request.reader, partnership_id=partnership_id, now=timezone.localtime()
    )
    return show_room(room.enter_room(request.reader, partnership_id), response)


@router.post("/{partnership_id}/decline", response=PartnershipOut, summary="Decline a proposal")
def decline_partnership(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, why: WhyIn
) -> PartnershipOut:
    """With a reason that the proposing side reads."""
    operations.decline_partnership(
        actor=request.reader,
        partnership_id=partnership_id,
        reason=why.reason,
        now=timezone.localtime(),
    )
    return show_room(room.enter_room(request.reader, partnership_id), response)


@router.post("/{partnership_id}/end", response=PartnershipOut, summary="End a partnership")
def end_partnership(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, why: WhyIn
) -> PartnershipOut:
    """Today, for all sides; what was shared stops being shared at once."""
    operations.end_partnership(
        actor=request.reader,
        partnership_id=partnership_id,
        reason=why.reason,
        now=timezone.localtime(),
    )
    return show_room(room.enter_room(request.reader, partnership_id), response)
