"""First and last steps of every operation on an offer or need: the locked row, the audit row."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models.functions import Now
from django.utils.translation import gettext as _

from proxeny.directory import queries, rules
from proxeny.directory.models import Listing, Organisation
from proxeny.directory.operations.organisations import write_search_text
from proxeny.directory.queries.advisers import advised_by
from proxeny.directory.queries.listings import SOON, Custom, custom_of
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, NotAllowed
from proxeny.kernel.tenancy import Reader, as_service

Status = Listing.Status


def lock(actor: Reader, listing_id: int, *, today: date, with_advisers: bool = False) -> Listing:
    """Return an offer or need that the actor may change, locked until the transaction ends.

    `with_advisers`: in addition to its permanent editors, an adviser, while it waits for the
    cluster.
    """
    listing = queries.get_listing(listing_id)
    # To lock is to change, for a policy, and an adviser may: which of the two is asked below.
    with as_service("Advisers may change a text under review, but no policy lets them lock it."):
        Listing.objects.select_for_update().get(pk=listing_id)
    # As the reader again: what was changed while this waited may be hidden now.
    listing = queries.get_listing(listing_id)
    if not rules.can_edit_listing(actor, listing) and not (
        with_advisers and is_reviewing(actor, listing, today=today)
    ):
        raise refusal()
    return listing


def is_reviewing(actor: Reader, listing: Listing, *, today: date) -> bool:
    """Whether the actor reads it for the cluster: it waits there, and is not the actor's own."""
    return (
        listing.status == Status.REVIEW
        and rules.owner_of(listing).pk not in actor.organisations
        and rules.can_review_listing(listing, advised_by(actor, today=today))
    )


def expect_version(listing: Listing, version: int) -> None:
    """Raise `Conflict` unless it is the version that the actor saw."""
    if listing.version != version:
        raise Conflict(
            _(
                "Someone else changed this text while you were editing it. What you typed is "
                "kept below."
            )
        )


def custom_for(listing: Listing) -> Custom:
    """Return how the cluster that keeps a text handles it: of an anonymous one that is its holder."""
    holder = listing.organisation
    return custom_of(holder.pk if listing.is_anonymous else holder.steward_id)


def publish(listing: Listing, custom: Custom, *, now: datetime) -> None:
    """Let a text be seen, until its day or as long as the cluster says; the caller saves it."""
    today = now.date()
    listing.status, listing.note = Status.PUBLISHED, ""
    listing.reviewed_at = listing.reviewed_at or now
    if listing.expires_on is None or listing.expires_on < today:
        listing.expires_on = today + timedelta(days=custom.days)
    # An end date chosen within the month needs no notice tomorrow.
    listing.expiry_told_on = today if listing.expires_on <= today + SOON else None


def save(listing: Listing) -> None:
    """Save under a new version. Advisers may edit texts under review, which no policy covers."""
    listing.version += 1
    listing.updated_at = Now()
    with as_service("Advisers may edit a text under review, but no policy lets them write it."):
        listing.save()


def record(
    actor: Reader,
    verb: str,
    listing: Listing,
    *,
    changes: dict[str, Any] | None = None,
    why: str = "",
    also: Organisation | None = None,
) -> None:
    """Write the audit row and update the holder's search text; `also` that of another organisation.

    The row belongs to the keeping cluster, also for an anonymous text: readers of the cluster's
    rows may know the organisation behind it.
    """
    # A member does not write its cluster's entry, which holds the words of an anonymous text.
    with as_service("A member may not write its cluster's entry, which holds its anonymous words."):
        for one in {one.pk: one for one in (listing.organisation, also) if one}.values():
            write_search_text(one)
    audit.record(
        actor,
        verb,
        listing,
        organisation_id=rules.keeper_of(listing.organisation),
        changes={"name": listing.title} | (changes or {}),
        why=why,
    )


def refusal() -> NotAllowed:
    """Return the refusal for readers without write access."""
    return NotAllowed(
        _(
            "Only the organisation’s own people and its cluster’s managers can write its offers "
            "and needs."
        )
    )
