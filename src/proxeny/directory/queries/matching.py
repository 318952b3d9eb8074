"""Data for matching: entries with their published offers and needs, lists made, choices."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, Max, Q, QuerySet, Sum
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy

from proxeny.directory.countries import country_name
from proxeny.directory.models import (
    Listing,
    MatchChoice,
    MatchList,
    Organisation,
    ProfileVector,
)
from proxeny.directory.quoting import Said, listing_text
from proxeny.kernel.models import Job
from proxeny.kernel.rows import Column, Rows

#: Fields read of an offer or need: its title and further texts, then lists of words.
_WORDS = ("title", "summary", "description", "partner_role", "markets", "technologies")
_TEXTS = 4
#: Sample in which is counted how common a word is.
SAMPLE = 1000


@dataclass(frozen=True, slots=True)
class Text:
    """A published offer or need."""

    id: int
    organisation_id: int
    direction: str
    language: str
    words: str
    partner_kinds: Sequence[str] = ()
    partner_sizes: Sequence[str] = ()
    partner_countries: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """The facts of an organisation that matching reads."""

    id: int
    kind: str
    size: str
    country: str
    nuts: str
    language: str
    summary: str
    sectors: Sequence[str]
    nace: Sequence[str]
    topics: Sequence[str]
    steward_id: int | None
    texts: list[Text] = field(default_factory=list, compare=False)


def read_entries(organisation_ids: Iterable[int]) -> list[Entry]:
    """Return entries with their published texts, in the order of the ids. Two queries.

    An entry that the reader does not see, or that was merged into another, is left out.
    """
    ids = list(organisation_ids)
    columns = (
        "id",
        "kind",
        "size",
        "country",
        "nuts",
        "language",
        "summary",
        "sectors",
        "nace",
        "topics",
        "steward_id",
    )
    rows = Organisation.objects.filter(pk__in=ids, merged_into=None).values_list(*columns)
    found = {row[0]: Entry(*row) for row in rows}
    for text in _texts(found):
        found[text.organisation_id].texts.append(text)
    return [found[pk] for pk in ids if pk in found]


def _texts(organisation_ids: Collection[int]) -> Iterable[Text]:
    rows = Listing.objects.filter(
        organisation_id__in=list(organisation_ids), status=Listing.Status.PUBLISHED
    ).order_by("organisation_id", "pk")
    for pk, owner, direction, language, kinds, sizes, countries, *parts in rows.values_list(
        "pk",
        "organisation_id",
        "direction",
        "language",
        "partner_kinds",
        "partner_sizes",
        "partner_countries",
        *_WORDS,
    ):
        yield Text(pk, owner, direction, language, _told(parts), kinds, sizes, countries)


def _told(parts: Sequence[Any]) -> str:
    """Return the values of `_WORDS` as one text."""
    return listing_text(parts[:_TEXTS], *parts[_TEXTS:])


def count_partners(organisation_id: int) -> int:
    """Return how many other organisations the reader may see. One query."""
    return _others(organisation_id).count()


def first_partners(organisation_id: int, most: int) -> list[int]:
    """Return the ids of the first other organisations. One query."""
    return list(_others(organisation_id).order_by("pk").values_list("pk", flat=True)[:most])


def _others(organisation_id: int) -> QuerySet[Organisation]:
    return Organisation.objects.filter(merged_into=None).exclude(pk=organisation_id)


def sample_words(organisation_id: int) -> list[str]:
    """Return the folded words of entries changed last, to see how common a word is. One query."""
    last = _others(organisation_id).order_by("-updated_at", "-id")
    return list(last.values_list("search_text", flat=True)[:SAMPLE])


def partners_by_words(organisation_id: int, expression: str, most: int) -> list[int]:
    """Return the ids of organisations that match a full-text expression, best first."""
    query = SearchQuery(expression, config="simple", search_type="raw")
    found = _others(organisation_id).filter(search_vector=query)
    # By length, too: else an entry with everything in it comes first whatever is asked.
    rank = SearchRank(F("search_vector"), query, normalization=2)
    return list(found.order_by(-rank, "pk").values_list("pk", flat=True)[:most])


def partners_by_field(entry: Entry, most: int) -> list[int]:
    """Return the ids of organisations in one of the entry's sectors or fields of science."""
    if not entry.nace and not entry.topics:
        return []
    shared = Q(nace__overlap=list(entry.nace)) | Q(topics__overlap=list(entry.topics))
    found = _others(entry.id).filter(shared).order_by("-updated_at", "-id")
    return list(found.values_list("pk", flat=True)[:most])


def vectors_of(organisation_ids: Iterable[int], *, model: str) -> dict[str, bytes]:
    """Return the vectors that a model gave the texts of entries, by the digest of the text."""
    rows = ProfileVector.objects.filter(organisation_id__in=list(organisation_ids), model=model)
    return {digest: bytes(vector) for digest, vector in rows.values_list("digest", "vector")}


def without_vectors(*, model: str, most: int) -> list[int]:
    """Return entries whose texts changed since a model read them, or that it never read.

    Run it as the service role.
    """
    fresh = ProfileVector.objects.filter(model=model).values("organisation_id")
    rows = Organisation.objects.filter(merged_into=None).annotate(
        read_at=Max("vectors__made_at", filter=Q(vectors__model=model)),
        told_at=Max("listings__updated_at"),
    )
    stale = ~Q(pk__in=fresh) | Q(updated_at__gt=F("read_at")) | Q(told_at__gt=F("read_at"))
    return list(rows.filter(stale).order_by("pk").values_list("pk", flat=True)[:most])


def get_match_list(organisation_id: int, person_id: int) -> MatchList | None:
    """Return the list that a person had made for an organisation, or None."""
    found = MatchList.objects.filter(organisation_id=organisation_id, person_id=person_id)
    return found.first()


def get_match_job(made: MatchList | None) -> Job | None:
    """Return the job that makes a list, if the reader may watch it."""
    if made is None or made.job_id is None:
        return None
    return Job.objects.filter(pk=made.job_id).first()


def choices_of(organisation_id: int) -> dict[int, MatchChoice]:
    """Return an organisation's choices on suggested partners, by the partner's id. One query."""
    found = MatchChoice.objects.filter(organisation_id=organisation_id).select_related("person")
    return {one.target_id: one for one in found.order_by("-created_at", "-pk")}


#: Partners that members want to meet, newest first.
WANTED = Rows(
    "wanted-meetings",
    (
        Column(
            "member",
            gettext_lazy("Member"),
            lambda one: one.organisation.name,
            ("organisation__sort_name", "-created_at"),
        ),
        Column(
            "target",
            gettext_lazy("Wants to meet"),
            lambda one: one.target.name,
            ("target__sort_name", "-created_at"),
        ),
        Column(
            "country",
            gettext_lazy("Country"),
            lambda one: country_name(one.target.country),
            ("target__country", "-created_at"),
        ),
        Column(
            "since",
            gettext_lazy("Since"),
            lambda one: localtime(one.created_at).date(),
            ("created_at",),
        ),
    ),
    sort="-since",
    search=("organisation__name", "target__name"),
)


def wanted_by_members(cluster_id: int) -> QuerySet[MatchChoice]:
    """Return the partners that a cluster's members want to meet, newest first.

    Organisations not visible to the reader, or merged, are left out.
    """
    found = _wanted([cluster_id])
    return found.select_related("organisation", "target", "person").order_by("-created_at", "-pk")


def _wanted(cluster_ids: Collection[int]) -> QuerySet[MatchChoice]:
    return MatchChoice.objects.filter(
        Q(organisation__steward_id__in=cluster_ids) | Q(organisation_id__in=cluster_ids),
        verdict=MatchChoice.Verdict.WANTED,
        target__merged_into=None,
    )


def basis_of(organisation_id: int, version: int | None = None) -> str:
    """Return a text that changes whenever an organisation's own texts change.

    Parameters
    ----------
    version : int, optional
        The entry's, where the caller has read it: one query less of two.
    """
    if version is None:
        found = Organisation.objects.filter(pk=organisation_id).values_list("version", flat=True)
        version = found.first()
    texts = Listing.objects.filter(
        organisation_id=organisation_id, status=Listing.Status.PUBLISHED
    ).aggregate(last=Max("pk"), versions=Sum("version"))
    return f"{version}.{texts['last'] or 0}.{texts['versions'] or 0}"


def count_changed(organisation_id: int, *, since: datetime, most: int = 100) -> int:
    """Return how many other entries changed since a moment, with their texts; at most `most`."""
    others = _others(organisation_id).filter(updated_at__gt=since)
    changed = set(others.values_list("pk", flat=True)[:most])
    if len(changed) < most:
        told = Listing.objects.filter(updated_at__gt=since, status=Listing.Status.PUBLISHED)
        told = told.exclude(organisation_id=organisation_id)
        changed |= set(told.values_list("organisation_id", flat=True)[:most])
    return min(len(changed), most)


def partners_by_id(organisation_ids: Iterable[int]) -> dict[int, Organisation]:
    """Return the organisations that the reader may see, by id. One query."""
    found = Organisation.objects.filter(pk__in=list(organisation_ids), merged_into=None)
    return {one.pk: one for one in found.select_related("steward")}


def published_by_owner(listing_ids: Iterable[int]) -> dict[int, dict[int, Said]]:
    """Return the published offers and needs that the reader may see, by owner and id. One query.

    For an anonymous one the owner is the cluster, not the member behind it.
    """
    found = Listing.objects.filter(pk__in=list(listing_ids), status=Listing.Status.PUBLISHED)
    owned: dict[int, dict[int, Said]] = defaultdict(dict)
    for pk, owner, is_open, countries, *parts in found.values_list(
        "pk", "organisation_id", "is_open", "partner_countries", *_WORDS
    ):
        owned[owner][pk] = Said(pk, parts[0], _told(parts), is_open, countries)
    return dict(owned)


def refused_pairs(organisation_ids: Iterable[int]) -> set[tuple[int, int]]:
    """Return pairs of an organisation and one it refused, as far as the reader may know.

    One query.
    """
    found = MatchChoice.objects.filter(
        organisation_id__in=list(organisation_ids), verdict=MatchChoice.Verdict.REFUSED
    )
    return set(found.values_list("organisation_id", "target_id"))
