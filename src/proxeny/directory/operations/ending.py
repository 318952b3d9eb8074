"""Automatic steps for offers and needs: a notice before they expire, and expiry."""

from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from proxeny.directory.models import Listing
from proxeny.directory.operations import notices
from proxeny.directory.operations.publishing import expire_listing

#: Their people are told so many days before the last one.
TOLD_DAYS = (30, 7)


def find_expired(*, now: datetime) -> list[int]:
    """Return published texts whose last day is over. Service role."""
    return list(_expired(now).order_by("pk").values_list("pk", flat=True))


def end_listing(listing_id: int, *, now: datetime) -> int:
    """Expire a text whose last day is over, and notify its people; return 1, or 0. Service role.

    Nothing happens where somebody renewed it meanwhile, or is just about to.
    """
    listing = _lock(_expired(now), listing_id)
    if listing is None:
        return 0
    expire_listing(listing, now=now)
    return 1


def find_ending(*, now: datetime) -> list[int]:
    """Return listings that expire in 30 or 7 days without a notice yet. Service role.

    For an end date chosen within the month, there is only the notice seven days before.
    """
    return list(_ending(now).order_by("pk").values_list("pk", flat=True))


def announce_ending(listing_id: int, *, now: datetime) -> int:
    """Tell people that their text ends soon, and note that; return 1, or 0. Service role."""
    listing = _lock(_ending(now), listing_id)
    if listing is None:
        return 0
    notices.tell_ending(listing, today=now.date())
    Listing.objects.filter(pk=listing_id).update(expiry_told_on=now.date())
    return 1


def _expired(now: datetime) -> QuerySet[Listing]:
    return Listing.objects.filter(status=Listing.Status.PUBLISHED, expires_on__lt=now.date())


def _ending(now: datetime) -> QuerySet[Listing]:
    today = now.date()
    due = Q()
    for days in TOLD_DAYS:
        threshold = timedelta(days=days)
        due |= Q(expires_on__lte=today + threshold) & (
            Q(expiry_told_on=None) | Q(expiry_told_on__lt=F("expires_on") - threshold)
        )
    return Listing.objects.filter(due, status=Listing.Status.PUBLISHED, expires_on__gte=today)


def _lock(found: QuerySet[Listing], listing_id: int) -> Listing | None:
    rows = found.filter(pk=listing_id).select_related("organisation", "client__organisation")
    return rows.select_for_update(of=("self",), skip_locked=True).first()
