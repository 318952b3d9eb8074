"""The yearly report: what a partnership wanted, did and reached in a year, and what stays open."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Min, Prefetch, Q
from django.utils.timezone import localdate

from proxeny.kernel.hooks import Hook
from proxeny.kernel.personal_data import tell_name
from proxeny.partnerships import texts
from proxeny.partnerships.advice_queries import YearAgo, look_back
from proxeny.partnerships.exchange import Row, weigh
from proxeny.partnerships.goal_queries import Goal, Goals, Result, read_goals
from proxeny.partnerships.health import list_reviews, read_reviews
from proxeny.partnerships.health_queries import Group, group_factors
from proxeny.partnerships.models import (
    Action,
    Activity,
    Agreement,
    HealthReview,
    Partnership,
    Party,
    Placement,
    Recommendation,
    SignOff,
)
from proxeny.partnerships.money import read_ledger
from proxeny.partnerships.money_queries import SourceRow, list_sources
from proxeny.partnerships.operations.funding import (
    YearOfMoney,
    measure_years,
    save_core_without_grants,
)
from proxeny.partnerships.placement_queries import stays_of_year
from proxeny.partnerships.risk_queries import Entry, read_register
from proxeny.partnerships.rules import FOR_PARTIES

#: Most risks in the report, gravest first, and most upcoming dates.
RISKS = 8
NEXT = 8


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the year in words."""

    label: Any
    value: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Chapter of a higher-level package for the year; `tiles` are its main figures."""

    heading: Any
    lead: Any
    figures: tuple[Figure, ...]
    tiles: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreed:
    """Text that all parties signed in the year, with its signatories."""

    on: date
    name: str
    signed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """The plan in the year.

    Attributes
    ----------
    done, open : sequence of Activity
        What was done in the year, and what was to end in it and is not done.
    actions_done, actions_late : int
        Dated tasks done in the year, and those whose day passed by its end.
    """

    done: Sequence[Activity]
    open: Sequence[Activity]
    actions_done: int
    actions_late: int

    @property
    def total(self) -> int:
        """The number of activities that were to end in the year, or were finished in it."""
        return len(self.done) + len(self.open)


@dataclass(frozen=True, slots=True)
class Money:
    """Payers of the year; `save_core` is the cost of saving the plan's core if all grants end."""

    currency: str
    measured: YearOfMoney
    sources: Sequence[tuple[SourceRow, Decimal, float]]
    save_core: Decimal | None

    @property
    def granted(self) -> float:
        """The share of grants in percent."""
        return 100 * self.measured.granted

    @property
    def points(self) -> int | None:
        """The Herfindahl–Hirschman index by source, up to 10,000 points."""
        index = self.measured.by_source.index
        return None if index is None else round(10_000 * index)


@dataclass(frozen=True, slots=True)
class Opinion:
    """The last health review that was shown in the year."""

    review: HealthReview
    on: date
    groups: Sequence[Group]


@dataclass(frozen=True, slots=True)
class Advice:
    """Recommendations decided and adopted in the year, and the outcomes of last year's."""

    decided: Sequence[Recommendation]
    adopted: Sequence[Recommendation]
    year_ago: YearAgo


@dataclass(frozen=True, slots=True)
class YearReport:
    """A year of a partnership; `until` is its last day, or today while it runs."""

    partnership: Partnership
    parties: Sequence[Party]
    year: int
    until: date
    is_over: bool
    agreed: Sequence[Agreed]
    goals: Goals
    work: Work
    chapters: Sequence[Chapter]
    exchange: Sequence[Row]
    stays: Sequence[Placement]
    money: Money | None
    risks: Sequence[Entry]
    risks_open: int
    opinion: Opinion | None
    advice: Advice
    coming: Sequence[tuple[date, str]]

    @property
    def joined(self) -> list[Party]:
        """The parties that take part."""
        return [one for one in self.parties if one.state == Party.State.JOINED]

    @property
    def tiles(self) -> list[Figure]:
        """The figures that lead."""
        return [one for chapter in self.chapters for one in chapter.tiles]


#: Chapters from higher-level packages: called with the partnership, and the year's first and last
#: day.
type FindChapters = Callable[[Partnership, date, date], Iterator[Chapter]]
CHAPTERS: Hook[FindChapters] = Hook("room.chapters", "Chapters of the yearly report.")


def years_of(partnership: Partnership, *, today: date) -> list[int]:
    """Return the years that can be reported, the newest first: from the first signature on."""
    first = Agreement.objects.filter(
        partnership=partnership, kind=Agreement.Kind.TEXT, completed_at__isnull=False
    ).aggregate(at=Min("completed_at"))["at"]
    begun = [day.year for day in (partnership.starts_on, first and localdate(first)) if day]
    is_over = partnership.state == Partnership.State.ENDED and partnership.ends_on
    last = min(today, partnership.ends_on) if is_over and partnership.ends_on else today
    return list(range(last.year, min([*begun, last.year]) - 1, -1))


def read_report(
    partnership: Partnership, parties: Sequence[Party], *, year: int, today: date
) -> YearReport:
    """Return a year of a partnership in the reader's language. A constant number of queries.

    Risks, exchange and open dates are those of today: they keep no daily history.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    until = min(last, today)
    register = read_register(partnership, parties, today=today)
    return YearReport(
        partnership=partnership,
        parties=parties,
        year=year,
        until=until,
        is_over=today > last,
        agreed=_agreed(partnership, first, until),
        goals=_goals(partnership, first, until),
        work=_work(partnership, first, until),
        chapters=[one for find in CHAPTERS for one in find(partnership, first, until)],
        exchange=[one for one in weigh(partnership, parties, today=until) if sum(one.given)],
        stays=stays_of_year(partnership, first, until),
        money=_money(partnership, year, today),
        risks=register.open[:RISKS],
        risks_open=len(register.open),
        opinion=_opinion(partnership, parties, first, until),
        advice=_advice(partnership, first, until),
        coming=_coming(partnership, today),
    )


def _agreed(partnership: Partnership, first: date, until: date) -> list[Agreed]:
    signatures = SignOff.objects.order_by("signed_at", "pk")
    found = list(
        Agreement.objects.filter(partnership=partnership, completed_at__date__range=(first, until))
        .prefetch_related(Prefetch("sign_offs", queryset=signatures))
        .order_by("completed_at", "pk")
    )
    names = texts.names_of(found)
    return [
        Agreed(
            localdate(one.completed_at),
            names[one.pk],
            tuple(tell_name(sign.person_name) for sign in one.sign_offs.all()),
        )
        for one in found
        if one.completed_at
    ]


def _goals(partnership: Partnership, first: date, until: date) -> Goals:
    read = read_goals(partnership.pk, today=until)
    closed = [one for one in read.closed if first <= _closed_on(one) <= until]
    # Objectives closed later were open then.
    still_open = [*read.open, *(one for one in read.closed if _closed_on(one) > until)]
    return Goals([_then(one, until) for one in still_open], [_then(one, until) for one in closed])


def _closed_on(goal: Goal) -> date:
    return goal.record.closed_on or date.max


def _then(goal: Goal, until: date) -> Goal:
    def known(result: Result) -> Result:
        return replace(result, figures=[one for one in result.figures if one.measured_on <= until])

    return replace(goal, results=[known(one) for one in goal.results])


def _work(partnership: Partnership, first: date, until: date) -> Work:
    rows = {"partnership": partnership, "dropped_at": None}
    done = Q(state=Activity.State.DONE)
    # Activities without a date of completion count on the day they were to end.
    when = Q(done_on__range=(first, until)) | Q(done_on=None, ends_on__range=(first, until))
    found = Activity.objects.filter(**rows).order_by("ends_on", "pk")
    actions = Action.objects.filter(**rows)
    return Work(
        done=list(found.filter(done & when)),
        open=list(found.exclude(done).filter(ends_on__range=(first, until))),
        actions_done=actions.filter(done_on__range=(first, until)).count(),
        actions_late=actions.filter(
            Q(done_on=None) | Q(done_on__gt=until), due_on__lt=until
        ).count(),
    )


def _money(partnership: Partnership, year: int, today: date) -> Money | None:
    ledger = read_ledger(partnership, today=today)
    measured = next((one for one in measure_years(ledger) if one.year == year), None)
    if measured is None or not measured.total:
        return None
    shares = measured.by_source.shares
    sums = {pk: Decimal(0) for pk in shares}
    for line in ledger.lines:
        if line.year == year:
            sums[line.source.pk] += line.amount
    rows = {one.source.pk: one for one in list_sources(ledger, today=today)}
    return Money(
        ledger.currency,
        measured,
        [(rows[pk], sums[pk], 100 * share) for pk, share in shares.items() if pk in rows],
        save_core_without_grants(ledger, year=year),
    )


def _opinion(
    partnership: Partnership, parties: Sequence[Party], first: date, until: date
) -> Opinion | None:
    shown = [
        (localdate(one.shown_at), one)
        for one in list_reviews(partnership)
        if one.shown_at and localdate(one.shown_at) <= until
    ]
    if not shown or shown[0][0] < first:
        return None
    readings = read_reviews([one for _day, one in shown[:2]], parties)
    before = readings[1] if len(readings) > 1 else None
    return Opinion(shown[0][1], shown[0][0], group_factors(readings[0], before, parties, ()))


def _advice(partnership: Partnership, first: date, until: date) -> Advice:
    # Recommendations to a company in an assessment are its own business.
    found = Recommendation.objects.filter(FOR_PARTIES, partnership=partnership, dropped_at=None)
    found = found.select_related("party__organisation")
    return Advice(
        decided=list(found.filter(decided_on__range=(first, until)).order_by("decided_on", "pk")),
        adopted=list(found.filter(adopted_on__range=(first, until)).order_by("adopted_on", "pk")),
        year_ago=look_back(partnership, today=until, companies=False),
    )


def _coming(partnership: Partnership, today: date) -> list[tuple[date, str]]:
    rows = {"partnership": partnership, "dropped_at": None}
    ahead = (today, today + timedelta(days=365))
    milestones = Activity.objects.filter(**rows, is_milestone=True, ends_on__range=ahead)
    milestones = milestones.exclude(state=Activity.State.DONE)
    actions = Action.objects.filter(**rows, done_on=None, due_on__range=ahead)
    found = [
        *milestones.order_by("ends_on", "pk").values_list("ends_on", "title")[:NEXT],
        *actions.order_by("due_on", "pk").values_list("due_on", "title")[:NEXT],
    ]
    return sorted(found)[:NEXT]
