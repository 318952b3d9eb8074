"""An adviser's review of a member's submission: approval, or return with a note."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.directory import queries, rules
from proxeny.directory.models import Listing
from proxeny.directory.operations import notices
from proxeny.directory.operations.listing_guards import (
    custom_for,
    is_reviewing,
    lock,
    publish,
    record,
    save,
)
from proxeny.directory.queries.advisers import advised_by
from proxeny.directory.queries.listings import get_reviewed
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader

Status = Listing.Status


def pass_listing(*, actor: Reader, listing_id: int, seen: int, now: datetime) -> Listing:
    """Publish a text that waits for the cluster. Its undo: `reopen_review`.

    Parameters
    ----------
    seen : int
        The version that the actor read.

    Side effects: a mail to the writers; an audit row.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see it, or does not advise the cluster.
    Conflict
        It does not wait any more, it is the actor's own, or was changed since the actor read it.
    """
    with transaction.atomic():
        listing = _lock_in_review(actor, listing_id, seen, now=now)
        publish(listing, custom_for(listing), now=now)
        listing.reviewer_id = actor.person
        save(listing)
        record(
            actor,
            "pass_listing",
            listing,
            changes={"status": [str(Status.REVIEW), str(Status.PUBLISHED)]},
        )
        notices.tell_reviewed(actor, listing, today=now.date())
    return listing


def return_listing(
    *, actor: Reader, listing_id: int, seen: int, note: str, now: datetime
) -> Listing:
    """Send it back to its writers as a draft, with a note on what to change. Undo: `reopen_review`.

    Raises as `pass_listing`, and `InvalidInput` without a note.
    """
    note = note.strip()
    if not note or len(note) > 2000:
        raise InvalidInput(_("Explain in a sentence or two what should change."), field="note")
    with transaction.atomic():
        listing = _lock_in_review(actor, listing_id, seen, now=now)
        listing.status, listing.note, listing.reviewer_id = Status.DRAFT, note, actor.person
        save(listing)
        record(
            actor,
            "return_listing",
            listing,
            why=note,
            changes={"status": [str(Status.REVIEW), str(Status.DRAFT)]},
        )
        notices.tell_reviewed(actor, listing, today=now.date())
    return listing


def reopen_review(*, actor: Reader, listing_id: int, seen: int, now: datetime) -> Listing:
    """Undo the actor's own decision while the text is unchanged since: it waits for review again.

    Raises
    ------
    NotFound
        The actor has decided on no such text, or no longer advises the cluster.
    Conflict
        It was changed since.
    """
    with transaction.atomic():
        listing = get_reviewed(actor, listing_id)
        if not rules.can_review_listing(listing, advised_by(actor, today=now.date())):
            raise _refusal()
        if listing.version != seen or listing.status not in (Status.PUBLISHED, Status.DRAFT):
            raise Conflict(_("It has changed since. You can no longer undo your decision."))
        before = str(listing.status)
        listing.status, listing.note, listing.reviewed_at = Status.REVIEW, "", None
        listing.reviewer = None
        save(listing)
        record(actor, "reopen_review", listing, changes={"status": [before, str(Status.REVIEW)]})
    return listing


def _lock_in_review(actor: Reader, listing_id: int, seen: int, *, now: datetime) -> Listing:
    listing = queries.get_listing(listing_id)
    if not rules.can_review_listing(listing, advised_by(actor, today=now.date())):
        raise _refusal()
    if listing.status != Status.REVIEW:
        raise Conflict(_("It’s no longer waiting for the cluster."))
    listing = lock(actor, listing_id, today=now.date(), with_advisers=True)
    if not is_reviewing(actor, listing, today=now.date()):
        raise Conflict(
            _("Someone else has to review it: it’s your own, or it’s no longer waiting.")
        )
    if listing.version != seen:
        raise Conflict(_("It has changed since you opened it. Check the latest version."))
    return listing


def _refusal() -> NotAllowed:
    return NotAllowed(_("Only an adviser of the cluster can decide on this text."))
