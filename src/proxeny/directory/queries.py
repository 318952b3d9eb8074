"""Reading the directory. Row-level security shows each reader only what the reader may see."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import batched
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from proxeny.directory.folding import search_expression
from proxeny.directory.models import (
    GUARDED,
    Kind,
    Listing,
    MemberImport,
    Membership,
    Organisation,
    OrganisationDetails,
)
from proxeny.folding import fold
from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import Job, StoredFile

PAGE_SIZE = 50
MAX_EXPORT = 20_000

#: Columns the list can be sorted by.
SORTS = {
    "name": ("sort_name", "id"),
    "country": ("country", "sort_name", "id"),
    "city": ("city", "sort_name", "id"),
    "kind": ("kind", "sort_name", "id"),
    "changed": ("updated_at", "id"),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked the list for; everything empty asks for all."""

    q: str = ""
    cluster: int | None = None
    country: str = ""
    kind: str = ""
    field: str = ""
    sort: str = "name"
    changed_since: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing narrows the list."""
        return not (self.q or self.cluster or self.country or self.kind or self.field)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    rows: list[Organisation]
    number: int
    total: int

    @property
    def first(self) -> int:
        """The position of the first row, counted from 1."""
        return (self.number - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        """The position of the last row."""
        return self.first + len(self.rows) - 1

    @property
    def has_next(self) -> bool:
        """Whether rows follow."""
        return self.last < self.total


def visible_organisations(filters: Filters = Filters()) -> QuerySet[Organisation]:
    """Return what the reader may see, narrowed and sorted.

    All words of `filters.q` must occur, the last one as a beginning.
    """
    found = Organisation.objects.all()
    if filters.q:
        expression = search_expression(filters.q)
        if not expression:
            return found.none()
        query = SearchQuery(expression, config="simple", search_type="raw")
        found = found.filter(search_vector=query)
    if filters.cluster:
        found = found.filter(Q(steward_id=filters.cluster) | Q(pk=filters.cluster))
    if filters.country:
        found = found.filter(country=filters.country)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.field:
        found = found.filter(sectors__contains=[filters.field])
    if filters.changed_since:
        found = found.filter(updated_at__gte=filters.changed_since)
    return found.order_by(*_order(filters.sort))


def _order(sort: str) -> list[str]:
    columns = SORTS.get(sort.lstrip("-"), SORTS["name"])
    return [f"-{columns[0]}", *columns[1:]] if sort.startswith("-") else list(columns)


def list_organisations(filters: Filters) -> QuerySet[Organisation]:
    """Return what the reader may see, narrowed, each with its steward."""
    return visible_organisations(filters).select_related("steward").defer("summary")


def get_page(filters: Filters, *, number: int = 1) -> Page:
    """Return one page of the list. Two queries."""
    found = visible_organisations(filters)
    total = found.count()
    number = max(1, min(number, -(-total // PAGE_SIZE)))
    start = (number - 1) * PAGE_SIZE
    columns = ("id", "name", "kind", "country", "city", "sectors", "visibility", "updated_at",
               "steward_id", "steward__name")  # fmt: skip
    rows = list(found.select_related("steward").only(*columns)[start : start + PAGE_SIZE])
    return Page(rows, number, total)


@dataclass(frozen=True, slots=True)
class Facets:
    """What the list can be narrowed to for this reader."""

    clusters: list[tuple[int, str]] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)


def list_facets() -> Facets:
    """Return the clusters, countries and fields that occur in what the reader sees. Three queries."""
    clusters = Organisation.objects.filter(kind=Kind.CLUSTER).order_by("sort_name")
    countries = Organisation.objects.order_by("country").values_list("country", flat=True)
    names = Organisation.objects.annotate(one=Func(F("sectors"), function="unnest"))
    return Facets(
        clusters=list(clusters.values_list("pk", "name")),
        countries=list(countries.distinct()),
        fields=list(
            names.values_list("one", flat=True).distinct().order_by(Lower("one"), "one")[:200]
        ),
    )


def get_organisation(pk: int) -> Organisation:
    """Return an organisation with its steward; `NotFound` if the reader does not see it."""
    found = Organisation.objects.select_related("steward").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such organisation."))
    return found


def attach_details(organisations: Sequence[Organisation]) -> None:
    """Bring the guarded facts along, as far as the reader may see them. One query for a thousand.

    By ids and never joined: the database works such facts out for each row it is asked for.
    """
    for some in batched(organisations, 1000):
        prefetch_related_objects(some, "details")


def details_of(organisation_ids: Iterable[int]) -> dict[int, OrganisationDetails]:
    """Return the guarded facts by organisation; who is missing shows the reader none of them."""
    found: dict[int, OrganisationDetails] = {}
    for some in batched(organisation_ids, 1000):
        found |= OrganisationDetails.objects.in_bulk(some)
    return found


def organisation_names(pks: Iterable[int]) -> dict[int, str]:
    """Return the names of organisations, as far as the reader may see them. One query."""
    return dict(Organisation.objects.filter(pk__in=set(pks)).values_list("pk", "name"))


def list_clusters(pks: Iterable[int]) -> list[Organisation]:
    """Return the clusters among the given organisations, by name. One query."""
    return list(
        Organisation.objects.filter(pk__in=list(pks), kind=Kind.CLUSTER).order_by("sort_name")
    )


def find_cluster(name: str) -> Organisation:
    """Return the cluster of that name, whatever its case and accents.

    Raises
    ------
    NotFound
        None, or more than one, is called so.
    """
    found = list(Organisation.objects.filter(kind=Kind.CLUSTER, sort_name=fold(name)[:400])[:2])
    if len(found) != 1:
        raise NotFound(_("There is no single cluster called “%(name)s”.") % {"name": name})
    return found[0]


def _live(today: date) -> Q:
    return Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))


def members_of(cluster_id: int, *, today: date) -> QuerySet[Organisation]:
    """Return the members of a cluster on a day, by name, as far as visible."""
    live = Membership.objects.filter(
        _live(today), cluster_id=cluster_id, organisation=OuterRef("pk")
    )
    return Organisation.objects.filter(Exists(live)).order_by("sort_name", "id")


def memberships_of(organisation_id: int) -> list[Membership]:
    """Return an organisation's memberships with their clusters, the newest first."""
    found = Membership.objects.select_related("cluster").filter(organisation_id=organisation_id)
    return list(found.order_by("-starts_on", "-id"))


def list_memberships(
    *, organisation_id: int | None = None, cluster_id: int | None = None
) -> QuerySet[Membership]:
    """Return the memberships that the reader may see, with both organisations."""
    found = Membership.objects.select_related("cluster", "organisation")
    if organisation_id:
        found = found.filter(organisation_id=organisation_id)
    if cluster_id:
        found = found.filter(cluster_id=cluster_id)
    return found.order_by("-pk")


def get_membership(pk: int) -> Membership:
    """Return a membership with both organisations; `NotFound` if the reader does not see it."""
    found = Membership.objects.select_related("cluster", "organisation").filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such membership."))
    return found


def is_live_member(cluster_id: int, organisation_id: int) -> bool:
    """Whether an organisation has a membership without an end."""
    return Membership.objects.filter(
        cluster_id=cluster_id, organisation_id=organisation_id, ends_on=None
    ).exists()


def kept_by(cluster_id: int) -> list[Organisation]:
    """Return all entries that a cluster keeps, former members included, with guarded facts."""
    kept = list(Organisation.objects.filter(steward_id=cluster_id))
    attach_details(kept)
    return kept


def live_member_ids(cluster_id: int) -> set[int]:
    """Return who is a member of a cluster without an end. One query."""
    found = Membership.objects.filter(cluster_id=cluster_id, ends_on=None)
    return set(found.values_list("organisation_id", flat=True))


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


def list_imports(cluster_ids: Iterable[int]) -> list[MemberImport]:
    """Return the last fifty imports of clusters, the newest first. One query."""
    found = MemberImport.objects.filter(cluster_id__in=list(cluster_ids))
    return list(
        found.select_related("cluster").defer("columns", "problems", "report")
        .order_by("-created_at", "-id")[:50]
    )  # fmt: skip


def all_imports(cluster_ids: Iterable[int], *, state: str | None = None) -> QuerySet[MemberImport]:
    """Return all imports of clusters, without what was found in their files."""
    found = MemberImport.objects.filter(cluster_id__in=list(cluster_ids))
    if state:
        found = found.filter(state=state)
    return found.defer("columns", "mapping", "options", "problems", "report").order_by("-pk")


def get_last_import(cluster_id: int) -> MemberImport | None:
    """Return the cluster's last finished import, whose mapping is proposed again."""
    found = MemberImport.objects.filter(cluster_id=cluster_id, state=MemberImport.State.APPLIED)
    return found.order_by("-applied_at", "-id").first()


def get_import(pk: int, *, for_update: bool = False) -> MemberImport:
    """Return an import with its cluster; `NotFound` if the reader does not manage it."""
    found = MemberImport.objects.filter(pk=pk)
    found = found.select_for_update() if for_update else found.select_related("cluster")
    brought = found.first()
    if brought is None:
        raise NotFound(_("There is no such import."))
    return brought


def get_content(brought: MemberImport) -> bytes:
    """Return the bytes of a brought file; `NotFound` when it was deleted after its import."""
    return _content(brought.file_id)


def get_problems(brought: MemberImport) -> bytes:
    """Return all problems of an import as a CSV file."""
    return _content(brought.problems_file_id)


def _content(pk: int | None) -> bytes:
    found = StoredFile.objects.filter(pk=pk).values_list("content", flat=True).first()
    if found is None:
        raise NotFound(_("This file is not kept any more."))
    return bytes(found)


def get_job(brought: MemberImport) -> Job | None:
    """Return the job that checks or imports a list, if the reader may watch it."""
    return Job.objects.filter(pk=brought.job_id).first() if brought.job_id else None


def list_entries(filters: Filters, *, fields: Sequence[str]) -> list[dict[str, Any]]:
    """Return what the reader sees of the list as plain values; at most `MAX_EXPORT` entries.

    A guarded fact that is not shown to the reader is missing, or None. Each entry tells its `id`,
    `steward_id` and `visibility` too.
    """
    plain = {"id", "steward_id", "visibility", *fields} - set(GUARDED)
    found = visible_organisations(filters).values(*plain)[:MAX_EXPORT]
    entries = {entry["id"]: entry for entry in found}
    if not set(GUARDED).isdisjoint(fields):
        for pk, details in details_of(entries).items():
            entries[pk] |= {name: getattr(details, name) for name in GUARDED}
    return list(entries.values())
