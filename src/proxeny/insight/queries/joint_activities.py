"""Joint activities of organisations and their dates, as far as the reader sees them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import NamedTuple

from django.db.models import Q

from proxeny.bids.models import Partner
from proxeny.directory.models import Kind, Membership, Organisation, ProjectPart
from proxeny.meetings.models import Meeting, MeetingParty, Rating
from proxeny.partnerships.models import Partnership, Party

PROJECT, PARTNERSHIP, BID = "project", "partnership", "bid"
MEETING, AGREEMENT = "meeting", "agreement"

#: How much one thing done together counts, shared out among those who did it. A project, a
#: partnership and an agreement bind for years. Of ten meetings about one leads to cooperation (see
#: `meetings.rules`), but people who met can be called. Few bids win, yet those who wrote one know how
#: the others work.
WEIGHTS = {PROJECT: 1.0, PARTNERSHIP: 1.0, AGREEMENT: 1.0, BID: 0.5, MEETING: 0.2}
#: A project and a partnership count in each year in which they run; what happens on a day counts
#: in its year and in the two that follow.
LASTS_YEARS = 3

# Rows are fetched so many at a time: a framework programme has 180,000 participations.
_CHUNK = 10_000


@dataclass(frozen=True, slots=True, order=True)
class Deed:
    """Something that two or more did together; it counts from its first to its last year.

    `last` is 0 where it has not ended.
    """

    kind: str
    first: int
    last: int
    members: tuple[int, ...]

    def counts_in(self, year: int) -> bool:
        """Whether it counts in a year."""
        return self.first <= year and (self.last == 0 or year <= self.last)


class Spot(NamedTuple):
    """The location of an organisation; what its entry leaves out is empty or None."""

    country: str
    nuts: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Seen:
    """The input of a network.

    Attributes
    ----------
    deeds : list of Deed
        Joint activities in order, each with two members at least.
    memberships : list of pairs of int
        Member and cluster, of today; in order.
    clusters : dict of int to str
        The country of each visible cluster.
    spots : dict of int to Spot
        The locations of all organisations named above, as far as they are visible.
    until : datetime, optional
        The newest moment at which one of the activities began.
    """

    deeds: list[Deed]
    memberships: list[tuple[int, int]]
    clusters: dict[int, str]
    spots: dict[int, Spot] = field(default_factory=dict)
    until: datetime | None = None


@dataclass(slots=True)
class _Newest:
    """The newest moment of those that were named, none of them in the future."""

    today: date
    at: datetime | None = None

    def note(self, moment: date | datetime | None) -> None:
        if moment is None:
            return
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time(), UTC)
        if moment.date() <= self.today and (self.at is None or moment > self.at):
            self.at = moment


def read_seen(*, today: date) -> Seen:
    """Return the joint activities that the reader sees. Eight queries, whatever there is."""
    newest = _Newest(today)
    deeds = sorted(
        one
        for found in (
            _projects(newest),
            _meetings(newest),
            _partnerships(newest, today),
            _bids(newest),
        )
        for one in found
        if len(one.members) > 1 and one.first <= today.year
    )
    clusters = dict(
        Organisation.objects.listed().filter(kind=Kind.CLUSTER).values_list("pk", "country")
    )
    memberships = _memberships(clusters, today)
    named = {one for deed in deeds for one in deed.members} | clusters.keys()
    return Seen(deeds, memberships, clusters, _spots(named), newest.at)


def _gathered(kind: str, first: int, last: int, members: Iterable[int]) -> Deed:
    return Deed(kind, first, last, tuple(sorted(set(members))))


def _projects(newest: _Newest) -> Iterator[Deed]:
    """Each cluster keeps the projects of its members: rows of one project are joined."""
    parts = ProjectPart.objects.order_by().values_list(
        "project__source",
        "project__reference",
        "project__starts_on",
        "project__ends_on",
        "organisation_id",
    )
    members: dict[tuple[str, str], list[int]] = defaultdict(list)
    days: dict[tuple[str, str], tuple[list[date], list[date]]] = {}
    for source, reference, starts_on, ends_on, organisation_id in parts.iterator(_CHUNK):
        same = source, reference
        members[same].append(organisation_id)
        starts, ends = days.setdefault(same, ([], []))
        if starts_on:
            starts.append(starts_on)
        if ends_on:
            ends.append(ends_on)
    for same, organisation_ids in members.items():
        starts, ends = days[same]
        if starts or ends:
            first, last = min(starts or ends), max(ends or starts)
            newest.note(first)
            yield _gathered(PROJECT, first.year, max(first, last).year, organisation_ids)


def _meetings(newest: _Newest) -> Iterator[Deed]:
    agreed = set(
        Rating.objects.filter(value=Rating.Value.AGREEMENT).values_list(
            "party__meeting_id", flat=True
        )
    )
    parties = MeetingParty.objects.filter(
        meeting__kind=Meeting.Kind.BUSINESS, meeting__state=Meeting.State.HELD
    )
    rows = parties.order_by("meeting_id").values_list(
        "meeting_id", "meeting__starts_at", "organisation_id"
    )
    for (meeting_id, starts_at), found in groupby(rows.iterator(_CHUNK), lambda row: row[:2]):
        kind = AGREEMENT if meeting_id in agreed else MEETING
        newest.note(starts_at)
        yield _passing(kind, starts_at.year, (row[2] for row in found))


def _passing(kind: str, year: int, members: Iterable[int]) -> Deed:
    return _gathered(kind, year, year + LASTS_YEARS - 1, members)


def _partnerships(newest: _Newest, today: date) -> Iterator[Deed]:
    """Yield partnerships and alliances; an alliance counts each year with that year's members."""
    rows = (
        Party.objects.filter(
            partnership__state__in=(Partnership.State.ACTIVE, Partnership.State.ENDED),
            state__in=(Party.State.JOINED, Party.State.LEFT),
        )
        .order_by("partnership_id")
        .values_list(
            "partnership_id",
            "partnership__starts_on",
            "partnership__ends_on",
            "joined_at",
            "left_on",
            "organisation_id",
        )
    )
    for _partnership, found in groupby(rows, lambda row: row[0]):
        years: dict[int, list[int]] = defaultdict(list)
        for _id, starts_on, ends_on, joined_at, left_on, organisation_id in found:
            # The founder joins before it is signed.
            first = max(starts_on, joined_at.date()) if starts_on else joined_at.date()
            last = min(one for one in (ends_on, left_on, today) if one)
            newest.note(first)
            for year in range(first.year, last.year + 1):
                years[year].append(organisation_id)
        for year, members in years.items():
            yield _gathered(PARTNERSHIP, year, year, members)


def _bids(newest: _Newest) -> Iterator[Deed]:
    rows = (
        Partner.objects.filter(
            state=Partner.State.IN,
            dropped_at=None,
            bid__dropped_at=None,
            bid__submitted_at__isnull=False,
        )
        .order_by("bid_id")
        .values_list("bid_id", "bid__submitted_at", "organisation_id")
    )
    for (_bid, submitted_at), found in groupby(rows, lambda row: row[:2]):
        newest.note(submitted_at)
        yield _passing(BID, submitted_at.year, (row[2] for row in found))


def _memberships(clusters: Collection[int], today: date) -> list[tuple[int, int]]:
    """A cluster that is a member of another one stays an actor of its own."""
    live = Q(ends_on=None) | Q(ends_on__gte=today)
    found = Membership.objects.filter(live, starts_on__lte=today)
    rows = found.values_list("organisation_id", "cluster_id").distinct()
    return sorted(row for row in rows if row[0] not in clusters)


def _spots(organisation_ids: Collection[int]) -> dict[int, Spot]:
    found = Organisation.objects.filter(pk__in=list(organisation_ids))
    rows = found.values_list("pk", "country", "nuts", "latitude", "longitude")
    return {
        pk: Spot(country, code, latitude, longitude)
        for pk, country, code, latitude, longitude in rows
    }
