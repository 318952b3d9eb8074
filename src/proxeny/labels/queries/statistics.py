"""Figures of a label: applications, passes, awards, durations, and achievements.

Applications are counted in the service role, after an access check: all managers read the same
figures, whatever conflict of interest they declared. A round counts once it is decided, so that no
figure reveals a decision before its letters.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median
from typing import Any, cast

from django.db.models import Count, Min, Q, Sum
from django.utils import timezone

from proxeny.folding import fold
from proxeny.kernel.tenancy import as_service
from proxeny.labels.models import Application, Award, Checkup, Result, Round, Scheme
from proxeny.meetings.rules import wilson_interval

#: Of fewer, a rate would mean little.
FEWEST = 5
#: By what applications are told apart.
ROUND, ORIGIN, FIELD, YEAR, LEVEL = "round", "origin", "field", "year", "level"
GROUPS = (ROUND, ORIGIN, FIELD, YEAR, LEVEL)
_PASSED = (Result.Standing.CHOSEN, Result.Standing.WAITING, Result.Standing.GIVEN_UP)
#: So many fields are told apart; the rest stands together.
MOST_FIELDS = 30


@dataclass(frozen=True, slots=True)
class Share:
    """Some of all, with the range at 95% (Wilson), in percent."""

    count: int
    of: int

    @property
    def is_thin(self) -> bool:
        """Whether so few count that a rate would mean little."""
        return self.of < FEWEST

    @property
    def percent(self) -> float:
        """The rate itself; 0 where there is nothing to count."""
        return 100 * self.count / self.of if self.of else 0.0

    @property
    def low(self) -> float:
        """The lower end of its range."""
        return 100 * wilson_interval(min(self.count, self.of), self.of)[0]

    @property
    def high(self) -> float:
        """The upper end of its range."""
        return 100 * wilson_interval(min(self.count, self.of), self.of)[1]


@dataclass(frozen=True, slots=True)
class Group:
    """Applications that have something in common. `key` is empty for those without it."""

    key: str
    applied: int
    passed: int
    chosen: int
    awarded: int

    @property
    def share(self) -> Share:
        """The share of applications that were chosen."""
        return Share(self.chosen, self.applied)


@dataclass(frozen=True, slots=True)
class Span:
    """The days from submission to decision: median, shortest and longest."""

    middle: float
    shortest: int
    longest: int
    count: int


@dataclass(frozen=True, slots=True)
class Achieved:
    """Achievements of awarded projects, of one kind and currency (empty: a number).

    `projects` reported them, of `answered` that answered a check-up, of `asked`; `total` adds the
    `figures` that were given.
    """

    kind: str
    currency: str
    projects: int
    figures: int
    total: Decimal | None
    answered: int
    asked: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """All figures of a label. `all` is one group of all applications in rounds that are decided."""

    rounds: Sequence[Round]
    all: Group
    groups: dict[str, tuple[Group, ...]]
    span: Span | None
    still_holds: Share
    asked: int
    achieved: tuple[Achieved, ...]
    open: int


@dataclass(frozen=True, slots=True)
class _Row:
    round_id: int
    country: str
    topics: str
    submitted_at: datetime
    passed: bool
    chosen: bool
    awarded: bool
    level: str
    decided_at: datetime | None


def read_statistics(scheme: Scheme) -> Statistics:
    """Return the figures of a label that the reader steers. Seven queries."""
    with as_service("Applications hidden by a conflict count in the figures for all managers."):
        rounds = list(
            Round.objects.filter(scheme=scheme, dropped_at=None).order_by("-opens_at", "-pk")
        )
        decided = [one for one in rounds if one.state == Round.State.DECIDED]
        rows = _rows(decided)
        open_ = Application.objects.filter(
            round__in=[one.pk for one in rounds if one.state != Round.State.DECIDED],
            state=Application.State.SUBMITTED,
        ).count()
        asked, answered, holds, achieved = _read_checkups(scheme)
    return Statistics(
        rounds=decided,
        all=_count("", rows),
        groups={name: _group(name, rows) for name in GROUPS},
        span=_span(rows),
        still_holds=Share(holds, answered),
        asked=asked,
        achieved=achieved,
        open=open_,
    )


def _rows(decided: Iterable[Round]) -> list[_Row]:
    """Return the counted facts of each application in rounds. Four queries."""
    numbers = [one.pk for one in decided]
    within: dict[str, Any] = {"round__in": numbers}
    taken = Q(eligible=None) | Q(eligible=True)
    found = Application.objects.filter(
        taken, **within, state=Application.State.SUBMITTED
    ).values_list("pk", "round_id", "country", "topics", "submitted_at")
    newest = Result.objects.filter(**within, is_newest=True)
    results = {
        pk: (standing, level)
        for pk, standing, level in newest.values_list("application_id", "standing", "level")
    }
    first = Result.objects.filter(**within).values("round_id").order_by()
    moments = dict(first.annotate(at=Min("decision__decided_at")).values_list("round_id", "at"))
    given = set(
        Award.objects.filter(application__round__in=numbers, issued_at__isnull=False).values_list(
            "application_id", flat=True
        )
    )
    rows = []
    for pk, round_id, country, topics, submitted_at in found:
        standing, level = results.get(pk, ("", ""))
        rows.append(
            _Row(
                round_id,
                country,
                topics,
                cast("datetime", submitted_at),
                standing in _PASSED,
                standing == Result.Standing.CHOSEN,
                pk in given,
                level if standing == Result.Standing.CHOSEN else "",
                moments.get(round_id),
            )
        )
    return rows


def _topics(row: _Row) -> list[str]:
    """Return the fields of an application, each once whatever its case and accents."""
    found = (each.strip() for each in row.topics.split(","))
    return list({fold(each): each for each in reversed(list(filter(None, found)))}.values()) or [""]


_KEYS: dict[str, Callable[[_Row], list[str]]] = {
    ROUND: lambda row: [str(row.round_id)],
    ORIGIN: lambda row: [row.country],
    FIELD: _topics,
    YEAR: lambda row: [str(timezone.localtime(row.submitted_at).year)],
    LEVEL: lambda row: [row.level] if row.level else [],
}


def _group(name: str, rows: Iterable[_Row]) -> tuple[Group, ...]:
    found: dict[str, list[_Row]] = defaultdict(list)
    spelt: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for key in _KEYS[name](row):
            folded = fold(key) if name == FIELD else key
            spelt[folded][key] += 1
            found[folded].append(row)
    # The most common spelling is shown; between equals, the first in the alphabet.
    shown = {key: min(each, key=lambda one: (-each[one], one)) for key, each in spelt.items()}
    groups = [_count(shown[key], those) for key, those in found.items()]
    if name in (YEAR, ROUND):
        return tuple(sorted(groups, key=lambda one: int(one.key), reverse=True))
    ordered = sorted(groups, key=lambda one: (not one.key, -one.applied, one.key))
    return tuple(ordered[:MOST_FIELDS] if name == FIELD else ordered)


def _count(key: str, rows: Sequence[_Row]) -> Group:
    return Group(
        key,
        len(rows),
        sum(one.passed for one in rows),
        sum(one.chosen for one in rows),
        sum(one.awarded for one in rows),
    )


def _span(rows: Iterable[_Row]) -> Span | None:
    days = [
        max(0, (one.decided_at - one.submitted_at).days)
        for one in rows
        if one.decided_at is not None
    ]
    return Span(float(median(days)), min(days), max(days), len(days)) if days else None


def _read_checkups(scheme: Scheme) -> tuple[int, int, int, tuple[Achieved, ...]]:
    """Return the numbers of check-ups by state, and the achievements. Two queries."""
    found = Checkup.objects.filter(award__scheme=scheme)
    told = found.aggregate(
        asked=Count("pk"),
        answered=Count("pk", filter=Q(answered_at__isnull=False)),
        holds=Count("pk", filter=Q(answered_at__isnull=False, still_holds=True)),
    )
    by_kind = (
        found.filter(answered_at__isnull=False)
        .exclude(kind="")
        .values("kind", "currency")
        .annotate(
            projects=Count("award", distinct=True), figures=Count("amount"), total=Sum("amount")
        )
        .order_by("kind", "currency")
    )
    achieved = tuple(
        Achieved(
            row["kind"],
            row["currency"],
            row["projects"],
            row["figures"],
            row["total"],
            told["answered"],
            told["asked"],
        )
        for row in by_kind
    )
    return told["asked"], told["answered"], told["holds"], achieved


@dataclass(frozen=True, slots=True)
class PublicFigures:
    """The public figures of a label: awards given, valid ones, and their origins."""

    given: int
    holding: int
    origins: tuple[tuple[str, int], ...]
    achieved: tuple[tuple[str, str, int, Decimal | None], ...]


def public_figures(scheme_id: int, now: datetime) -> PublicFigures:
    """Return the figures of a label that its page tells, as the reader. Three queries.

    An award in another name counts once; what was achieved counts where its holder lets it be told
    and the clusters have looked at it.
    """
    issued = Award.objects.filter(scheme_id=scheme_id, issued_at__isnull=False)
    issued = issued.exclude(why=Award.Why.NAME)
    holding = Q(
        scheme_id=scheme_id,
        issued_at__isnull=False,
        revoked_at=None,
        valid_from__lte=now,
        valid_until__gt=now,
    )
    origins = issued.values("country").annotate(count=Count("pk")).order_by("-count", "country")
    told = tuple(origins.values_list("country", "count"))
    public = Checkup.objects.filter(
        award__scheme_id=scheme_id,
        award__revoked_at=None,
        is_public=True,
        reviewed_at__isnull=False,
    ).exclude(kind="")
    by_kind = (
        public.values("kind", "currency")
        .annotate(projects=Count("award", distinct=True), total=Sum("amount"))
        .order_by("kind", "currency")
    )
    return PublicFigures(
        given=sum(count for _country, count in told),
        holding=Award.objects.filter(holding).count(),
        origins=told,
        achieved=tuple(by_kind.values_list("kind", "currency", "projects", "total")),
    )
