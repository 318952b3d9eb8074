"""Offers and needs."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from proxeny.directory.models import ClusterProfile, Listing
from proxeny.directory.queries.narrowing import narrow
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader, as_service

#: Days until an offer or need expires, where the cluster says nothing else.
LISTING_DAYS = 365
#: So many days before its last day a text is said to end soon.
SOON = timedelta(days=30)


def listings_of(organisation_id: int) -> list[Listing]:
    """Return an organisation's offers and needs that the reader may see, newest first.

    Includes those that its cluster publishes for it anonymously, for readers who may know.
    """
    found = Listing.objects.filter(
        Q(organisation_id=organisation_id) | Q(client__organisation_id=organisation_id)
    )
    return list(with_owner(found).order_by("-updated_at", "-id"))


@dataclass(frozen=True, slots=True)
class ListingFilters:
    """Filters of published offers and needs; country and field are the organisation's.

    Without `sort`, the best hits of the words come first, or the newest.
    """

    q: str = ""
    direction: str = ""
    kind: str = ""
    country: str = ""
    field: str = ""
    is_open: bool = False
    sort: str = ""
    changed_since: datetime | None = None
    area: None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the list."""
        return not (self.q or self.marks)

    @property
    def marks(self) -> dict[str, str]:
        """The mark that each filter in force asks of an offer or need."""
        names = ("direction", "kind", "country", "field")
        asked = {name: f"{name}:{value}" for name in names if (value := getattr(self, name))}
        return asked | ({"is_open": "open"} if self.is_open else {})


def list_listings(
    *,
    organisation_id: int | None = None,
    published: ListingFilters = ListingFilters(),
    **equal: str | None,
) -> QuerySet[Listing]:
    """Return the offers and needs that the reader may see, each with its organisation.

    `equal` narrows by direction, kind and status. `published` narrows as the list of published ones
    is narrowed, and so to these, where it says anything.
    """
    wanted: dict[str, Any] = {name: value for name, value in equal.items() if value}
    if organisation_id:
        wanted["organisation_id"] = organisation_id
    found = narrow(Listing.objects.filter(**wanted), "listings", published)
    if not published.is_empty:
        found = found.filter(status=Listing.Status.PUBLISHED)
    return with_owner(found).order_by("-pk")


def find_listing(pk: int) -> Listing | None:
    """Return an offer or need with its organisation, or None if the reader does not see it."""
    return with_owner(Listing.objects.filter(pk=pk)).first()


def get_listing(pk: int) -> Listing:
    """Return an offer or need with its organisation; `NotFound` if the reader does not see it."""
    found = find_listing(pk)
    if found is None:
        raise NotFound(_("We couldn’t find this offer or need."))
    return found


def get_reviewed(reader: Reader, pk: int) -> Listing:
    """Return the text on which the reader decided last, locked; `NotFound` for anything else.

    Read as the service: an adviser who sent a text back may not see it while it is a draft.
    """
    with as_service("A draft that the adviser sent back may be hidden from them."):
        found = Listing.objects.filter(pk=pk, reviewer_id=reader.person).exclude(reviewer=None)
        listing = with_owner(found).select_for_update(of=("self",)).first()
    if listing is None:
        raise NotFound(_("We couldn’t find this offer or need."))
    return listing


def list_decided(reader: Reader, *, after: datetime) -> list[Listing]:
    """Return the reader's recent decisions on texts not changed since, newest first.

    Read as the service, as `get_reviewed`, of the clusters in which the reader still has a seat.
    """
    with as_service("Drafts that the adviser sent back may be hidden from them."):
        found = Listing.objects.filter(
            Q(status=Listing.Status.PUBLISHED) | Q(status=Listing.Status.DRAFT) & ~Q(note=""),
            Q(organisation__steward_id__in=reader.organisations)
            | Q(organisation_id__in=reader.organisations),
            reviewer_id=reader.person,
            updated_at__gt=after,
            submitted_at__isnull=False,
        )
        return list(found.order_by("-updated_at")[:10])


def with_owner(found: QuerySet[Listing]) -> QuerySet[Listing]:
    """Select the organisation of each too, and the member behind an anonymous one.

    The latter only for readers who may know it: its table has a policy of its own.
    """
    return found.select_related("organisation__steward", "client__organisation__steward")


def list_in_review(cluster_ids: Iterable[int]) -> QuerySet[Listing]:
    """Return the texts that wait for clusters' advisers, the longest waiting first."""
    ids = list(cluster_ids)
    found = Listing.objects.filter(status=Listing.Status.REVIEW).filter(
        Q(organisation__steward_id__in=ids) | Q(organisation_id__in=ids)
    )
    return with_owner(found).order_by("submitted_at", "pk")


def belongs_to(organisation_ids: Iterable[int]) -> Q:
    """Return the condition for texts of some organisations, including those published for them."""
    ids = list(organisation_ids)
    return Q(client__organisation_id__in=ids) | Q(organisation_id__in=ids, is_anonymous=False)


def listing_texts(organisation_ids: Iterable[int]) -> dict[int, list[str]]:
    """Return the words of published offers and needs by organisation. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    published = Listing.objects.filter(
        organisation_id__in=list(organisation_ids), status=Listing.Status.PUBLISHED
    )
    for pk, title, summary in published.values_list("organisation_id", "title", "summary"):
        found[pk].extend((title, summary))
    return found


@dataclass(frozen=True, slots=True)
class Custom:
    """A cluster's settings for its members' offers and needs."""

    is_reviewed: bool = True
    days: int = LISTING_DAYS


def custom_of(cluster_id: int | None) -> Custom:
    """Return how a cluster handles offers and needs: read by an adviser first, unless it says not."""
    profile = ClusterProfile.objects.filter(pk=cluster_id).first() if cluster_id else None
    return Custom(profile.reviews_listings, profile.listing_days) if profile else Custom()
