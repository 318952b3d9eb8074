"""The later life of an offer or need: published, on hold, renewed, archived."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.directory.models import Listing
from proxeny.directory.operations import notices
from proxeny.directory.operations.listing_guards import custom_for, lock, publish, record, save
from proxeny.directory.operations.listings import submit
from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import STRANGER, Reader

Status = Listing.Status


def submit_listing(*, actor: Reader, listing_id: int, now: datetime) -> Listing:
    """Publish a draft, or lay it before the cluster's adviser. Its undo: `withdraw_listing`."""

    def act(listing: Listing) -> None:
        _expect(listing, Status.DRAFT, sentence=_("This is no longer a draft."))
        submit(actor, listing, now=now)

    return _change(actor, listing_id, "submit_listing", act, now=now)


def withdraw_listing(*, actor: Reader, listing_id: int, now: datetime) -> Listing:
    """Turn a submitted or published text back into a draft."""

    def act(listing: Listing) -> None:
        _expect(
            listing,
            Status.REVIEW,
            Status.PUBLISHED,
            Status.ON_HOLD,
            sentence=_("It isn’t published or under review."),
        )
        _believe(listing)
        listing.status = Status.DRAFT

    return _change(actor, listing_id, "withdraw_listing", act, now=now)


def hold_listing(*, actor: Reader, listing_id: int, now: datetime) -> Listing:
    """Let a published text rest: only its own people and the cluster's see it. Undo: `resume_listing`."""

    def act(listing: Listing) -> None:
        _expect(
            listing,
            Status.PUBLISHED,
            sentence=_("Only published offers and needs can be put on hold."),
        )
        _believe(listing)
        listing.status = Status.ON_HOLD

    return _change(actor, listing_id, "hold_listing", act, now=now)


def resume_listing(*, actor: Reader, listing_id: int, now: datetime) -> Listing:
    """Publish a resting text again. Undo: `hold_listing`."""

    def act(listing: Listing) -> None:
        _expect(listing, Status.ON_HOLD, sentence=_("It isn’t on hold."))
        publish(listing, custom_for(listing), now=now)

    return _change(actor, listing_id, "resume_listing", act, now=now)


def renew_listing(*, actor: Reader, listing_id: int, now: datetime) -> Listing:
    """Publish a text for another term, from today on, as long as the cluster says."""

    def act(listing: Listing) -> None:
        _expect(
            listing,
            Status.PUBLISHED,
            Status.ON_HOLD,
            Status.EXPIRED,
            sentence=_("Only offers and needs that are or were published can be renewed."),
        )
        _believe(listing)
        custom = custom_for(listing)
        listing.expires_on = now.date() + timedelta(days=custom.days)
        publish(listing, custom, now=now)

    return _change(actor, listing_id, "renew_listing", act, now=now)


def archive_listing(*, actor: Reader, listing_id: int, now: datetime) -> Listing:
    """Archive an offer or a need; it can be restored.

    Side effects: an audit row; the organisation is no longer found by its words.
    """

    def act(listing: Listing) -> None:
        _believe(listing)
        listing.status = Status.ARCHIVED

    return _change(actor, listing_id, "archive_listing", act, now=now, unless=Status.ARCHIVED)


def restore_listing(*, actor: Reader, listing_id: int, now: datetime) -> Listing:
    """Restore an archived listing: published if it ever was, else as a draft."""

    def act(listing: Listing) -> None:
        _expect(listing, Status.ARCHIVED, sentence=_("It isn’t archived."))
        listing.status = Status.DRAFT
        if listing.reviewed_at:
            submit(actor, listing, now=now)

    return _change(actor, listing_id, "restore_listing", act, now=now, unless=Status.PUBLISHED)


def expire_listing(listing: Listing, *, now: datetime) -> None:
    """Expire a text whose last day is over, and notify its people. Service role, for a job."""
    _believe(listing)
    listing.status = Status.EXPIRED
    save(listing)
    record(STRANGER, "expire_listing", listing)
    notices.tell_expired(listing, today=now.date())


def _change(
    actor: Reader,
    listing_id: int,
    verb: str,
    act: Callable[[Listing], None],
    *,
    now: datetime,
    unless: str = "",
) -> Listing:
    """Do one step with a locked text; in a state where the step is done already, nothing."""
    with transaction.atomic():
        listing = lock(actor, listing_id, today=now.date())
        if listing.status == unless:
            return listing
        before = listing.status, listing.expires_on
        act(listing)
        listing.reviewer = None
        save(listing)
        record(actor, verb, listing, changes=_moved(before, listing))
        notices.tell_submitted(actor, listing, now=now)
    return listing


def _moved(before: tuple[str, date | None], listing: Listing) -> dict[str, list[str | None]]:
    def text(day: date | None) -> str | None:
        return day.isoformat() if day else None

    found: dict[str, list[str | None]] = {"status": [str(before[0]), str(listing.status)]}
    if before[1] != listing.expires_on:
        found["expires_on"] = [text(before[1]), text(listing.expires_on)]
    return found


def _believe(listing: Listing) -> None:
    """Note that a text which is or was shown was let pass, if only before advisers read texts."""
    if listing.status in (Status.PUBLISHED, Status.ON_HOLD, Status.EXPIRED):
        listing.reviewed_at = listing.reviewed_at or listing.updated_at


def _expect(listing: Listing, *states: str, sentence: str) -> None:
    if listing.status not in states:
        raise Conflict(sentence)
