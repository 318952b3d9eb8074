"""Access by link. Its holder is unknown to Proxeny, so it is looked up in the service role."""

from datetime import datetime

from babel.core import get_global
from django.utils.translation import gettext as _

from proxeny.accounts.queries import find_by_secret
from proxeny.bids.models import Link
from proxeny.kernel.errors import NotFound
from proxeny.kernel.zones import is_same_clock


def find_link(token: str) -> Link | None:
    """Return a link by its secret, open or not; None if there is none. One query."""
    return find_by_secret(Link.objects.select_related("partner"), token)


def is_link_open(link: Link, now: datetime) -> bool:
    """Return whether a link is valid: neither closed nor expired, and its partner not archived."""
    return (
        link.closed_at is None
        and link.expires_at > now
        and link.partner.dropped_at is None
        and link.partner.asked_at is not None
    )


def open_link(token: str, *, now: datetime) -> Link:
    """Return a valid link. One query.

    Raises
    ------
    NotFound
        No such link, or an expired or closed one: always with the same message, so that guessing
        addresses reveals nothing.
    """
    found = find_link(token)
    if found is None or not is_link_open(found, now):
        raise NotFound(_("This link isn’t valid or has expired."))
    return found


def zone_in(country: str, moment: datetime | None) -> str:
    """Return the time zone of a country; empty where its zones differ at that moment."""
    zones: list[str] = get_global("territory_zones").get(country, [])
    if moment is None or not zones:
        return ""
    return zones[0] if all(is_same_clock(moment, zones[0], one) for one in zones) else ""
