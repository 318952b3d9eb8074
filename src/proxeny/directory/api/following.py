"""Organisations and listings followed by the caller."""

from ninja.responses import Status

from proxeny.directory.api._router import router
from proxeny.directory.operations import following
from proxeny.directory.queries.following import Following, list_followed
from proxeny.kernel.api import Id, Named, Out
from proxeny.kernel.requests import Request


class FollowedListingOut(Out):
    """An offer or need you follow."""

    id: int
    title: str


class FollowingOut(Out):
    """What you follow and can see.

    `hidden` is the number of items that are no longer shown to you.
    """

    organisations: list[Named]
    listings: list[FollowedListingOut]
    hidden: int


@router.get("/following", response=FollowingOut, summary="List what you follow")
def show_following(request: Request) -> Following:
    """Returns entries, offers and needs. News about them comes by email, once a day at most."""
    return list_followed(request.reader)


@router.put(
    "/organisations/{organisation_id}/follow",
    response={204: None},
    summary="Follow an organisation",
)
def follow_organisation(request: Request, organisation_id: Id) -> Status[None]:
    """You hear about its new offers and needs."""
    following.follow_organisation(actor=request.reader, organisation_id=organisation_id)
    return Status(204, None)


@router.delete(
    "/organisations/{organisation_id}/follow",
    response={204: None},
    summary="Unfollow an organisation",
)
def unfollow_organisation(request: Request, organisation_id: Id) -> Status[None]:
    """If you don't follow it, nothing changes."""
    following.unfollow(actor=request.reader, organisation_id=organisation_id)
    return Status(204, None)


@router.put(
    "/listings/{listing_id}/follow", response={204: None}, summary="Follow an offer or need"
)
def follow_listing(request: Request, listing_id: Id) -> Status[None]:
    """You hear about it when it changes, ends soon or is renewed."""
    following.follow_listing(actor=request.reader, listing_id=listing_id)
    return Status(204, None)


@router.delete(
    "/listings/{listing_id}/follow",
    response={204: None},
    summary="Unfollow an offer or need",
)
def unfollow_listing(request: Request, listing_id: Id) -> Status[None]:
    """If you don't follow it, nothing changes."""
    following.unfollow(actor=request.reader, listing_id=listing_id)
    return Status(204, None)
