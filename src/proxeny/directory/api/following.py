"""What the caller's person follows."""

from django.http import HttpRequest
from ninja.responses import Status

from proxeny.directory.api._router import router
from proxeny.directory.operations import following
from proxeny.directory.queries.following import Following, list_followed
from proxeny.kernel.api import Id, Named, Out


class FollowedListingOut(Out):
    """An offer or need that is followed."""

    id: int
    title: str


class FollowingOut(Out):
    """What is followed and seen; `hidden` is how many things are not shown any more."""

    organisations: list[Named]
    listings: list[FollowedListingOut]
    hidden: int


@router.get("/following", response=FollowingOut, summary="What one follows")
def show_following(request: HttpRequest) -> Following:
    """Entries, offers and needs; what is new in them comes by mail, once a day at most."""
    return list_followed(request.reader)


@router.put(
    "/organisations/{organisation_id}/follow", response={204: None}, summary="Follow an entry"
)
def follow_organisation(request: HttpRequest, organisation_id: Id) -> Status[None]:
    """Told of its new offers and needs."""
    following.follow_organisation(actor=request.reader, organisation_id=organisation_id)
    return Status(204, None)


@router.delete(
    "/organisations/{organisation_id}/follow", response={204: None}, summary="Follow it no longer"
)
def unfollow_organisation(request: HttpRequest, organisation_id: Id) -> Status[None]:
    """Nothing happens where one does not."""
    following.unfollow(actor=request.reader, organisation_id=organisation_id)
    return Status(204, None)


@router.put(
    "/listings/{listing_id}/follow", response={204: None}, summary="Follow an offer or need"
)
def follow_listing(request: HttpRequest, listing_id: Id) -> Status[None]:
    """Told when it changes, ends soon or is renewed."""
    following.follow_listing(actor=request.reader, listing_id=listing_id)
    return Status(204, None)


@router.delete(
    "/listings/{listing_id}/follow",
    response={204: None},
    summary="Follow it no longer (offer or need)",
)
def unfollow_listing(request: HttpRequest, listing_id: Id) -> Status[None]:
    """Nothing happens where one does not."""
    following.unfollow(actor=request.reader, listing_id=listing_id)
    return Status(204, None)
