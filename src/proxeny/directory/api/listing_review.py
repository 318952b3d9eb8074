"""Offers and needs that are waiting for the cluster's advisers, and the decisions on them."""

from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from pydantic import Field

from proxeny.directory import queries
from proxeny.directory.api._router import router
from proxeny.directory.api.listings import ListingOut
from proxeny.directory.models import Listing
from proxeny.directory.operations import listing_review as reviewing
from proxeny.directory.queries.advisers import advised_by
from proxeny.directory.queries.listings import list_in_review
from proxeny.kernel.api import Id, IfMatch, In, Out, in_pages, match_version
from proxeny.kernel.requests import Request

#: An adviser's view of a text that was sent back: only its number.
Note = Annotated[str, Field(min_length=1, max_length=2000)]


class ReviewNoteIn(In):
    """What should change."""

    note: Note


class DecidedOut(Out):
    """A decision, and the version you need to undo it.

    The text itself may be hidden from you now.
    """

    id: int
    status: str
    version: int


@router.get("/review", response=list[ListingOut], summary="List offers and needs to review")
@in_pages("-id")
def list_review(request: Request) -> QuerySet[Listing]:
    """Returns what members of the clusters you advise have submitted."""
    return list_in_review(advised_by(request.reader, today=timezone.localdate()))


@router.post("/listings/{listing_id}/pass", response=DecidedOut, summary="Approve an offer or need")
def pass_listing(
    request: Request, response: HttpResponse, listing_id: Id, if_match: IfMatch = None
) -> Listing:
    """It is published, and its authors are notified."""
    seen = match_version(if_match, queries.get_listing(listing_id).version)
    return reviewing.pass_listing(
        actor=request.reader, listing_id=listing_id, seen=seen, now=timezone.now()
    )


@router.post(
    "/listings/{listing_id}/return", response=DecidedOut, summary="Send back an offer or need"
)
def return_listing(
    request: Request,
    response: HttpResponse,
    listing_id: Id,
    said: ReviewNoteIn,
    if_match: IfMatch = None,
) -> Listing:
    """It is a draft again, with your note above it, and its authors are notified."""
    seen = match_version(if_match, queries.get_listing(listing_id).version)
    return reviewing.return_listing(
        actor=request.reader, listing_id=listing_id, seen=seen, note=said.note, now=timezone.now()
    )


class ReviewUndoIn(In):
    """The decision to undo."""

    version: Annotated[
        int, Field(ge=1, le=2**31 - 1, description="The version returned with the decision.")
    ]


@router.post("/listings/{listing_id}/reopen", response=DecidedOut, summary="Undo a decision")
def reopen_review(
    request: Request, response: HttpResponse, listing_id: Id, decision: ReviewUndoIn
) -> Listing:
    """Possible as long as no one has changed the text since. It is then in review again."""
    return reviewing.reopen_review(
        actor=request.reader, listing_id=listing_id, seen=decision.version, now=timezone.now()
    )
