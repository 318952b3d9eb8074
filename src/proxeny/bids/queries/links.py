"""What a link opens. Whoever holds one is nobody to Proxeny: looked for in the service role."""

from datetime import datetime

from babel.core import get_global
from django.utils.translation import gettext as _

from proxeny.accounts.queries import hash_token
from proxeny.bids.models import Link
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import as_service
from proxeny.kernel.zones import is_same_clock


def find_link(token: str) -> Link | None:
    """Return a link by its secret, open or not; None if there is none. One query."""
    with as_service():
        return Link.objects.filter(token_hash=hash_token(token)).select_related("partner").first()


def is_link_open(link: Link, now: datetime) -> bool:
    """Whether a link still lets in: its partner was not put away, and it was neither closed nor is
    past its day."""
    return (
        link.closed_at is None and link.expires_at > now
        and link.partner.dropped_at is None and link.partner.asked_at is not None
    )  # fmt: skip


def open_link(token: str, *, now: datetime) -> Link:
    """Return a link that lets in. One query.

    Raises
    ------
    NotFound
        No such link, one that has run out or was closed: always in the same words, so that whoever
        tries addresses learns nothing.
    """
    found = find_link(token)
    if found is None or not is_link_open(found, now):
        raise NotFound(_("This link does not work, or does not work any more."))
    return found


def zone_in(country: str, moment: datetime | None) -> str:
    """Return a time zone by whose clocks a country lives; empty where its clocks differ."""
    zones: list[str] = get_global("territory_zones").get(country, [])
    if moment is None or not zones:
        return ""
    return zones[0] if all(is_same_clock(moment, zones[0], one) for one in zones) else ""
