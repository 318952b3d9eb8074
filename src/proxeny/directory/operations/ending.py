"""What happens by itself to offers and needs: they are told to end, and end."""

from datetime import datetime, timedelta

from django.db.models import F, Q

from proxeny.directory.models import Listing
from proxeny.directory.operations import notices
from proxeny.directory.operations.publishing import expire_listing

#: Their people are told so many days before the last one.
TOLD_DAYS = (30, 7)


def expire_listings(*, now: datetime) -> int:
    """Let texts rest whose last day is over, and tell their people; return how many. Service role."""
    over = Listing.objects.filter(status=Listing.Status.PUBLISHED, expires_on__lt=now.date())
    found = over.select_related("organisation", "client__organisation").order_by("pk")
    count = 0
    for listing in found.select_for_update(of=("self",), skip_locked=True):
        expire_listing(listing, now=now)
        count += 1
    return count


def announce_endings(*, now: datetime) -> int:
    """Tell people 30 and 7 days before their text ends, each once; return how many texts.

    Service role. Who chose a day within the month is told seven days before it only.
    """
    today = now.date()
    due = Q()
    for days in TOLD_DAYS:
        threshold = timedelta(days=days)
        due |= Q(expires_on__lte=today + threshold) & (
            Q(expiry_told_on=None) | Q(expiry_told_on__lt=F("expires_on") - threshold)
        )
    found = Listing.objects.filter(
        due, status=Listing.Status.PUBLISHED, expires_on__gte=today
    ).select_related("organisation", "client__organisation")
    told = 0
    for listing in found.order_by("pk").select_for_update(of=("self",), skip_locked=True):
        notices.tell_ending(listing, today=today)
        Listing.objects.filter(pk=listing.pk).update(expiry_told_on=today)
        told += 1
    return told
