"""Outcomes of a partnership's assessments: from the request to market entry."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, tzinfo
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.functions import ExtractDay, TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.assessments.models import Adviser, Engagement, Later, Question
from proxeny.assessments.rules import COMING, REPORTED
from proxeny.directory.countries import country_name
from proxeny.directory.models import Organisation
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.kernel.zones import load_zone
from proxeny.meetings.outcome_days import Days, refuse_wrong_days
from proxeny.meetings.rules import wilson_interval

QUESTION, COUNTRY, CLUSTER, ADVISER = "question", "country", "cluster", "adviser"
#: By what assessments can be compared.
GROUPS = (QUESTION, COUNTRY, CLUSTER, ADVISER)
#: Of fewer, a rate would mean little.
FEWEST = 5
_KEYS = {
    QUESTION: "question",
    COUNTRY: "client__country",
    CLUSTER: "cluster_id",
    ADVISER: "at_work__person_id",
}


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with its limits at 95% (Wilson), all in percent."""

    count: int
    of: int

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

    @property
    def is_thin(self) -> bool:
        """Whether so few count that a rate would mean little."""
        return self.of < FEWEST


@dataclass(frozen=True, slots=True)
class Chain:
    """The numbers of assessments that reached each stage.

    Attributes
    ----------
    told_half, told_year : int
        Assessments answered for by the company after six and after twelve months.
    used, entered : int
        Of these: report used; market entered.
    promised, kept : int
        Of those reported: with a promised day; and on time.
    days : int
        From all signatures to the first report, summed over `timed` assessments.
    """

    asked: int = 0
    accepted: int = 0
    signed: int = 0
    reported: int = 0
    handed_over: int = 0
    told_half: int = 0
    used: int = 0
    told_year: int = 0
    entered: int = 0
    promised: int = 0
    kept: int = 0
    timed: int = 0
    days: int = 0

    @property
    def used_rate(self) -> Rate:
        """The share that used the report, of those that answered after six months."""
        return Rate(self.used, self.told_half)

    @property
    def entered_rate(self) -> Rate:
        """The share that entered the market, of those that answered after twelve months."""
        return Rate(self.entered, self.told_year)

    @property
    def reported_rate(self) -> Rate:
        """The share that got a report, of those whose brief was signed."""
        return Rate(self.reported, self.signed)

    @property
    def kept_rate(self) -> Rate:
        """The share of reports that were out by the promised day."""
        return Rate(self.kept, self.promised)

    @property
    def mean_days(self) -> float | None:
        """Days from all signatures to the first report, on average; None where there is none."""
        return self.days / self.timed if self.timed else None


@dataclass(frozen=True, slots=True)
class Group:
    """The assessments of one question, country, cluster or adviser; `key` is empty for the rest."""

    key: str
    label: str
    chain: Chain


@dataclass(frozen=True, slots=True)
class Outcome:
    """Outcomes of a partnership's assessments requested within a range of days, and by group."""

    by: str
    since: date | None
    until: date | None
    chain: Chain
    groups: tuple[Group, ...]


def read_outcome(
    reader: Reader,
    partnership_id: int,
    *,
    by: str = QUESTION,
    since: date | None = None,
    until: date | None = None,
) -> Outcome:
    """Count what came of a partnership's assessments, as far as the reader sees them.

    Both teams read all of them, but for those in which they have a conflict of interest. An
    assessment counts for each of its advisers. Three queries, however many there are.

    Parameters
    ----------
    by : str
        One of `GROUPS`.
    since, until : date, optional
        First and last day on which it was asked for, in the reader's time zone.

    Raises
    ------
    InvalidInput
        No such grouping, or the last day comes before the first.
    """
    _check(by, since, until)
    days = Days(_zone_of(reader), since, until)
    found = Engagement.objects.filter(days.holds("asked_at"), partnership_id=partnership_id)
    chain = count_chain(found)
    return Outcome(by, since, until, chain, tuple(_group(found, by)))


def _check(by: str, since: date | None, until: date | None) -> None:
    if by not in GROUPS:
        raise InvalidInput(
            _("You can compare assessments by %(names)s.") % {"names": ", ".join(GROUPS)},
            field="by",
        )
    refuse_wrong_days(since, until)


def _zone_of(reader: Reader) -> tzinfo:
    try:
        return load_zone(reader.time_zone)
    except InvalidInput:
        return timezone.get_default_timezone()


def count_chain(found: QuerySet[Engagement]) -> Chain:
    """Count the assessments by stage. One query."""
    return count_along(found)[0]


def count_along(found: QuerySet[Engagement], **more: Q) -> tuple[Chain, dict[str, int]]:
    """Count the assessments by stage, and those that meet more conditions, by name. One query."""
    # Marked first: an aggregate of marked rows cannot look into other tables.
    marks = {f"has_{name}": ExpressionWrapper(one, BooleanField()) for name, one in more.items()}
    counts = {name: Count("pk", filter=Q(**{f"has_{name}": True})) for name in more}
    told = _counting(found).annotate(**marks).aggregate(**_TOTALS, **counts)
    asked = {name: told.pop(name) for name in more}
    return Chain(**{name: value or 0 for name, value in told.items()}), asked


def _group(found: QuerySet[Engagement], by: str) -> Iterable[Group]:
    counted = _counting(found).order_by()
    if by == ADVISER:
        at_work = FilteredRelation("advisers", condition=Q(advisers__left_at=None))
        counted = counted.annotate(at_work=at_work)
    rows: list[Any] = list(counted.values(key=F(_KEYS[by])).annotate(**_TOTALS))
    names = _names(by, [row["key"] for row in rows])
    chains: dict[str, Chain] = {}
    for row in rows:
        key = str(row.pop("key") or "")
        chains[key] = _add(chains.get(key), {name: value or 0 for name, value in row.items()})
    groups = [Group(key, names.get(key) or _rest(by), chain) for key, chain in chains.items()]
    return sorted(groups, key=lambda one: (not one.key, -one.chain.asked, one.label, one.key))


def _add(one: Chain | None, more: dict[str, int]) -> Chain:
    before = one or Chain()
    names = [field.name for field in fields(Chain)]
    return Chain(**{name: getattr(before, name) + more[name] for name in names})


def _rest(by: str) -> str:
    return _("No one works on it yet") if by == ADVISER else _("Unknown")


def _names(by: str, keys: Iterable[Any]) -> dict[str, str]:
    wanted = [key for key in keys if key]
    if by == QUESTION:
        return {code: str(label) for code, label in Question.choices}
    if by == COUNTRY:
        return {code: country_name(code) for code in wanted}
    with as_service("Groups found as the reader are named, whichever side they belong to."):
        if by == CLUSTER:
            return {str(one.pk): one.name for one in Organisation.objects.filter(pk__in=wanted)}
        return {str(one.pk): tell_name(one.name) for one in Person.objects.filter(pk__in=wanted)}


def _counting(found: QuerySet[Engagement]) -> QuerySet[Engagement]:
    """Mark each assessment with the stages it has reached; a row each."""
    said = Later.objects.filter(engagement=OuterRef("pk"), answered_at__isnull=False)
    half, year = said.filter(months=6), said.filter(months=12)
    worked = Adviser.objects.filter(engagement=OuterRef("pk"))
    is_out = Q(reported_at__isnull=False)
    reported_on = TruncDate("reported_at", tzinfo=timezone.get_default_timezone())
    return found.annotate(
        is_accepted=Exists(worked)
        | Q(signed_at__isnull=False)
        | is_out
        | Q(state__in=(*COMING, *REPORTED)),
        is_told_half=Exists(half),
        is_used=Exists(half.exclude(value=Later.Value.UNUSED)),
        is_told_year=Exists(year),
        is_entered=Exists(year.filter(value=Later.Value.ENTERED)),
        reported_on=reported_on,
        took=Case(
            When(
                is_out & Q(signed_at__isnull=False),
                then=ExtractDay(F("reported_at") - F("signed_at")),
            ),
            default=Value(None),
        ),
    )


_TOTALS = {
    "asked": Count("pk"),
    "accepted": Count("pk", filter=Q(is_accepted=True)),
    "signed": Count("pk", filter=Q(signed_at__isnull=False)),
    "reported": Count("pk", filter=Q(reported_at__isnull=False)),
    "handed_over": Count("pk", filter=Q(handed_over_at__isnull=False)),
    "told_half": Count("pk", filter=Q(is_told_half=True)),
    "used": Count("pk", filter=Q(is_used=True)),
    "told_year": Count("pk", filter=Q(is_told_year=True)),
    "entered": Count("pk", filter=Q(is_entered=True)),
    "promised": Count("pk", filter=Q(reported_at__isnull=False, due_on__isnull=False)),
    "kept": Count("pk", filter=Q(reported_on__lte=F("due_on"))),
    "timed": Count("took"),
    "days": Sum("took"),
}
