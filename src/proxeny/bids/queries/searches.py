"""Searches for partners: those of a bid, and the organisations that a whole room sees."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, Partner, Search
from proxeny.bids.rules import OPEN, OUT
from proxeny.directory.models import Listing, Organisation, Visibility
from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import Job
from proxeny.partnerships.models import Partnership, Party, SharingGrant
from proxeny.partnerships.queries import find_grants

#: So many organisations are looked at, the room's own before others.
MOST = 50_000
#: Fields of an offer that describe a capability; the others describe partners sought.
_OFFERED = ("title", "summary", "description", "technologies", "markets")


def searches_of(bid: Bid) -> QuerySet[Search]:
    """Return the searches of a bid, newest first, each with its author and without its result."""
    found = Search.objects.filter(bid=bid).select_related("person").defer("result")
    return found.order_by("-created_at", "-pk")


def get_search(partnership_id: int, bid_id: int, search_id: int) -> Search:
    """Return a search with its author; `NotFound` if the reader sees none. One query."""
    found = Search.objects.filter(partnership_id=partnership_id, bid_id=bid_id, pk=search_id)
    one = found.select_related("person").first()
    if one is None:
        raise NotFound(_("We couldn’t find this search."))
    return one


def jobs_of(searches: Iterable[Search]) -> dict[int, Job]:
    """Return the jobs that work searches out, by search, as far as the reader may watch them.

    One query.
    """
    by_job = {one.job_id: one.pk for one in searches if one.job_id}
    return {by_job[job.pk]: job for job in Job.objects.filter(pk__in=by_job)}


@dataclass(frozen=True, slots=True)
class Room:
    """The organisations visible to a whole room, since all sides see the results of a search.

    Parameters
    ----------
    own : Q
        The parties themselves, and the members that they share with the partnership.
    side_of : dict of int to int
        The party of a cluster, by the cluster.
    """

    own: Q
    side_of: dict[int, int]

    def organisations(self) -> QuerySet[Organisation]:
        """Return those that everybody in the room sees: its own, and public entries."""
        return Organisation.objects.listed().filter(self.own | Q(visibility=Visibility.PUBLIC))


def room_of(partnership: Partnership, parties: Sequence[Party], *, today: date) -> Room:
    """Return the organisations visible to the whole room today. One query."""
    side_of = {one.organisation_id: one.pk for one in parties if one.state == Party.State.JOINED}
    grants = find_grants(partnership, today=today, is_live=True).filter(
        organisation_id__in=list(side_of), kind__in=(Kind.LIST, Kind.MEMBER)
    )
    rows = list(grants.order_by("pk").values_list("kind", "organisation_id", "member_id"))
    own = Q(pk__in=list(side_of))
    own |= Q(
        steward_id__in=[cluster for kind, cluster, _member in rows if kind == Kind.LIST],
        visibility__in=(Visibility.PARTNERSHIP, Visibility.PUBLIC),
    )
    for kind, cluster, member in rows:
        if kind == Kind.MEMBER:
            own |= Q(pk=member, steward_id=cluster) & ~Q(visibility=Visibility.PRIVATE)
    return Room(own, side_of)


Kind = SharingGrant.Kind


@dataclass(frozen=True, slots=True)
class Entry:
    """The facts of an organisation that a search reads, without its offers."""

    id: int
    kind: str
    size: str
    country: str
    steward_id: int | None
    language: str
    summary: str
    sectors: Sequence[str]
    topics: Sequence[str]


def read_room(
    room: Room, *, kinds: Sequence[str], countries: Sequence[str], always: Collection[int]
) -> list[Entry]:
    """Return the organisations that a whole room sees, its own first, as far as they are asked for.

    Empty choices ask for all; at most `MOST`. Two queries.

    Parameters
    ----------
    always : collection of int
        Those that no choice leaves out.
    """
    asked = Q()
    if kinds:
        asked &= Q(kind__in=list(kinds))
    if countries:
        asked &= Q(country__in=list(countries))
    if asked:
        asked |= Q(pk__in=list(always))
    found = room.organisations().filter(asked).order_by("pk")
    columns = Entry.__slots__
    own = [Entry(*row) for row in found.filter(room.own).values_list(*columns)[:MOST]]
    known = {one.id for one in own}
    others = found.filter(visibility=Visibility.PUBLIC).values_list(*columns)[:MOST]
    more = (Entry(*row) for row in others if row[0] not in known)
    return [*own, *more][:MOST]


def read_offers(organisation_ids: Collection[int]) -> Iterator[tuple[int, str, str]]:
    """Yield the offers of organisations: owner, words, language. One query.

    What a cluster offers for a member without its name is not the cluster's own.
    """
    found = Listing.objects.filter(
        organisation_id__in=list(organisation_ids),
        status=Listing.Status.PUBLISHED,
        direction=Listing.Direction.OFFER,
        is_anonymous=False,
    )
    rows = found.order_by("organisation_id", "pk").values_list(
        "organisation_id", "language", *_OFFERED
    )
    for owner, language, title, summary, description, *lists in rows:
        words = (title, summary, description, *(one for each in lists for one in each))
        yield owner, "\n".join(filter(None, words)), language


def count_open_bids(bid: Bid) -> dict[int, int]:
    """Return in how many other bids of the room that are still written each organisation is.

    One query.
    """
    found = (
        Partner.objects.filter(
            partnership_id=bid.partnership_id,
            dropped_at=None,
            bid__dropped_at=None,
            bid__state__in=OPEN,
        )
        .exclude(state__in=OUT)
        .exclude(bid=bid)
    )
    return Counter(found.order_by().values_list("organisation_id", flat=True))


def named_in(result: Mapping[str, Any], *, keep: Iterable[int], without: Iterable[int]) -> set[int]:
    """Return the organisations that a search names in its criteria and in its results."""
    members = [one for each in result.get("proposals", ()) for one in each["members"]]
    named = {*keep, *without, *(one["id"] for one in members)}
    named |= {other for one in members for other, _why in one["knows"]}
    return named | {one["member"] for one in result.get("conflicts", ()) if one["member"]}


def names_seen(
    room: Room, partners: Iterable[Partner], organisation_ids: Collection[int]
) -> dict[int, Organisation | Partner]:
    """Return named organisations, as far as the whole room sees them today; partners as in the bid.

    One query.
    """
    found: dict[int, Organisation | Partner] = {
        one.pk: one for one in room.organisations().filter(pk__in=list(organisation_ids))
    }
    return found | {
        one.organisation_id: one for one in partners if one.organisation_id in organisation_ids
    }
