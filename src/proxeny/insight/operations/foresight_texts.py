"""The input of foresight as a cluster's team reads it: texts, radar, members, open calls."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256

from django.db.models import Q

from proxeny.calls.models import Call
from proxeny.directory.models import Listing, Project, ProjectPart, Term
from proxeny.directory.queries.memberships import members_in
from proxeny.insight.models import Trend
from proxeny.insight.pipeline import Eyes, Inputs
from proxeny.partnerships.models import Party

#: What texts are, and in which order they are told.
CALL, PROJECT, NEED, OFFER = "call", "project", "need", "offer"
SOURCES = (CALL, PROJECT, NEED, OFFER)
# Where one phrase of a trend ends and the next begins.
_BETWEEN = re.compile(r"[,;\n\r،]+")
# As much of a call's text is read: its first pages, as its search reads them.
_READ = 20_000


@dataclass(frozen=True, slots=True)
class Text:
    """A text, the year in which it was written, and the organisations behind it."""

    source: str
    pk: int
    year: int
    text: str
    language: str
    owners: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """The input of foresight.

    Attributes
    ----------
    texts : tuple of Text
    concepts : dict
        Labels of a loaded vocabulary by code and language.
    trends : dict
        The phrases of each trend of the radar, by its number.
    own, partners : frozenset of int
        Members of the own cluster and of those of the other sides, the clusters among them.
    open_calls : frozenset of int
        Calls that are still open.
    """

    texts: tuple[Text, ...]
    concepts: Mapping[str, Mapping[str, list[str]]]
    trends: Mapping[int, tuple[str, ...]]
    own: frozenset[int]
    partners: frozenset[int]
    open_calls: frozenset[int]


def phrases_of(title: str, words: str) -> tuple[str, ...]:
    """Return the phrases by which a trend is found: its title, and what is between commas or lines.

    Examples
    --------
    >>> phrases_of("Digital twins", "digital twin, virtual port")
    ('Digital twins', 'digital twin', 'virtual port')
    """
    found = (" ".join(one.split()) for one in (title, *_BETWEEN.split(words)))
    return tuple(dict.fromkeys(one for one in found if one))


def read(eyes: Eyes) -> Inputs:
    """Read all of it, as the team reads. Eight queries."""
    newest: list[datetime] = []
    texts = (*_calls(eyes.today, newest), *_projects(eyes.today), *_listings(eyes.today, newest))
    room = eyes.partnership_id or 0
    own, partners = _sides(eyes, room)
    trends = Trend.objects.filter(partnership_id=room, dropped_at=None)
    rows = Rows(
        texts=texts,
        concepts=_vocabulary(),
        trends={
            pk: phrases_of(title, words)
            for pk, title, words in trends.order_by("pk").values_list("pk", "title", "words")
        },
        own=own,
        partners=partners,
        open_calls=_open_calls(eyes.today),
    )
    return Inputs(rows, digest_of(rows, eyes.today.year), max(newest, default=None))


def digest_of(rows: Rows, year: int) -> str:
    """Return the digest of the input; it includes the year, which ends all time series."""
    digest = sha256(str(year).encode())
    for one in rows.texts:
        told = (one.source, one.pk, one.year, one.language, one.text, one.owners)
        digest.update(json.dumps(told).encode())
    rest = (
        sorted(rows.concepts.items()),
        sorted(rows.trends.items()),
        sorted(rows.own),
        sorted(rows.partners),
        sorted(rows.open_calls),
    )
    digest.update(json.dumps(rest).encode())
    return digest.hexdigest()


def _calls(today: date, newest: list[datetime]) -> Iterator[Text]:
    found = Call.objects.filter(put_away_at=None).order_by("pk")
    columns = ("pk", "title", "topics", "text", "language", "opens_on", "closes_at", "brought_at")
    for pk, title, topics, text, language, opens_on, closes_at, brought_at in found.values_list(
        *columns
    ):
        newest.append(brought_at)
        year = (opens_on or closes_at or brought_at).year
        whole = "\n".join((title, *topics, text[:_READ]))
        # What opens next year is written of this year.
        yield Text(CALL, pk, min(year, today.year), whole, language)


def _projects(today: date) -> Iterator[Text]:
    """Each cluster keeps the projects of its members: rows of one project are one text."""
    same: dict[tuple[str, str], int] = {}
    owners: dict[int, set[int]] = defaultdict(set)
    texts: dict[int, tuple[int, str]] = {}
    found = Project.objects.exclude(starts_on=None).order_by("pk")
    for pk, source, reference, title, objective, starts_on in found.values_list(
        "pk", "source", "reference", "title", "objective", "starts_on"
    ):
        if same.setdefault((source, reference), pk) == pk:
            texts[pk] = min((starts_on or today).year, today.year), f"{title}\n{objective}"
    parts = ProjectPart.objects.order_by().values_list(
        "project__source", "project__reference", "organisation_id"
    )
    for source, reference, organisation in parts:
        if (source, reference) in same:
            owners[same[source, reference]].add(organisation)
    for pk, (year, text) in texts.items():
        yield Text(PROJECT, pk, year, text, "en", tuple(sorted(owners[pk])))


def _listings(today: date, newest: list[datetime]) -> Iterator[Text]:
    found = Listing.objects.filter(status=Listing.Status.PUBLISHED).order_by("pk")
    columns = (
        "pk",
        "direction",
        "organisation_id",
        "language",
        "title",
        "summary",
        "description",
        "partner_role",
        "created_at",
        "updated_at",
    )
    for pk, direction, owner, language, *said, created_at, updated_at in found.values_list(
        *columns
    ):
        newest.append(updated_at)
        year = min(created_at.year, today.year)
        yield Text(direction, pk, year, "\n".join(said), language, (owner,))


def _vocabulary() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = {}
    terms = Term.objects.filter(scheme=Term.Scheme.EUROSCIVOC).order_by("code", "language", "pk")
    for code, language, label in terms.values_list("code", "language", "label"):
        found.setdefault(code, {}).setdefault(language, []).append(label)
    return found


def _sides(eyes: Eyes, room: int) -> tuple[frozenset[int], frozenset[int]]:
    """Return the members of the own cluster and of the other sides; of both: the own."""
    joined = Party.objects.filter(partnership_id=room, state=Party.State.JOINED)
    clusters = set(joined.values_list("organisation_id", flat=True))
    members = members_in(None, clusters, today=eyes.today)
    own = {one for one, cluster in members if cluster == eyes.organisation_id}
    own |= {eyes.organisation_id}
    return frozenset(own), frozenset({one for one, _cluster in members} | clusters) - own


def _open_calls(today: date) -> frozenset[int]:
    """Return the calls that one can still answer at the end of the day: the day alone counts, so
    that figures of one day are the same."""
    end = datetime.combine(today, time.max, UTC)
    is_open = Q(closes_at__gt=end) | Q(second_closes_at__gt=end)
    found = Call.objects.filter(is_open, put_away_at=None)
    return frozenset(found.values_list("pk", flat=True))
