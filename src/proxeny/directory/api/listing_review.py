"""What waits for the cluster's advisers, and their decisions."""

from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
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

#: What an adviser may see of a text that went back: nothing but its number.
Note = Annotated[str, Field(min_length=1, max_length=2000)]


class ReviewNoteIn(In):
    """What should change."""

    note: Note


class DecidedOut(Out):
    """A decision, and the version to take it back with; the text itself may be hidden now."""

    id: int
    status: str
    version: int


@router.get("/review", response=list[ListingOut], summary="What waits for the cluster's advisers")
@in_pages("-id")
def list_review(request: HttpRequest) -> QuerySet[Listing]:
    """What members of the clusters that the caller advises submitted."""
    return list_in_review(advised_by(request.reader, today=timezone.localdate()))


@router.post("/listings/{listing_id}/pass", response=DecidedOut, summary="Let a text pass")
def pass_listing(
    request: HttpRequest, response: HttpResponse, listing_id: Id, if_match: IfMatch = None
) -> Listing:
    """It is published; its writers are told."""
    seen = match_version(if_match, queries.get_listing(listing_id).version)
    return reviewing.pass_listing(
        actor=request.reader, listing_id=listing_id, seen=seen, now=timezone.now()
    )


@router.post("/listings/{listing_id}/return", response=DecidedOut, summary="Send a text back")
def return_listing(
    request: HttpRequest,
    response: HttpResponse,
    listing_id: Id,
    said: ReviewNoteIn,
    if_match: IfMatch = None,
) -> Listing:
    """It is a draft again, with the note above it; its writers are told."""
    seen = match_version(if_match, queries.get_listing(listing_id).version)
    return reviewing.return_listing(
        actor=request.reader, listing_id=listing_id, seen=seen, note=said.note, now=timezone.now()
    )


class ReviewUndoIn(In):
    """Which decision is taken back."""

    version: Annotated[int, Field(ge=1, le=2**31 - 1, description="As the decision answered it.")]


@router.post("/listings/{listing_id}/reopen", response=DecidedOut, summary="Take a decision back")
def reopen_review(
    request: HttpRequest, response: HttpResponse, listing_id: Id, decision: ReviewUndoIn
) -> Listing:
    """While nobody has touched the text since: it waits again."""
    return reviewing.reopen_review(
        actor=request.reader, listing_id=listing_id, seen=decision.version, now=timezone.now()
    )
