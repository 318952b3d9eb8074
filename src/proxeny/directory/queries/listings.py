"""Offers and needs."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from proxeny.directory.models import Listing
from proxeny.kernel.errors import NotFound


def listings_of(organisation_id: int) -> list[Listing]:
    """Return an organisation's offers and needs, those the reader may see, the newest first."""
    found = Listing.objects.filter(organisation_id=organisation_id)
    return list(found.order_by("-updated_at", "-id"))


def list_listings(*, organisation_id: int | None = None, **equal: str | None) -> QuerySet[Listing]:
    """Return the offers and needs that the reader may see, each with its organisation.

    `equal` narrows by direction, kind and status.
    """
    wanted = {name: value for name, value in equal.items() if value}
    if organisation_id:
        wanted["organisation_id"] = organisation_id
    return Listing.objects.filter(**wanted).select_related("organisation").order_by("-pk")


def get_listing(pk: int) -> Listing:
    """Return an offer or need with its organisation; `NotFound` if the reader does not see it."""
    found = Listing.objects.select_related("organisation").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such offer or need."))
    return found


def listing_texts(organisation_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the words of published offers and needs by organisation. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    published = Listing.objects.filter(
        organisation_id__in=list(organisation_ids), status=Listing.Status.PUBLISHED
    )
    for pk, title, summary in published.values_list("organisation_id", "title", "summary"):
        found[pk].extend((title, summary))
    return found
