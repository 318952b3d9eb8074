"""Objectives with what they are measured by, as the page of goals shows them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy

from proxeny.kernel.rows import Column, Rows
from proxeny.partnerships.models import KeyResult, Measurement, Objective
from proxeny.partnerships.trend_chart import Trend, draw_trend

#: So many figures of one key result are listed and drawn, the newest.
FIGURES = 60
#: A day this near is marked.
SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Result:
    """Key result with its figures, newest first, as of a day."""

    record: KeyResult
    figures: Sequence[Measurement]
    due_on: date | None
    today: date
    is_closed: bool
    trend: Trend | None

    @property
    def now(self) -> Measurement | None:
        """The newest figure."""
        return self.figures[0] if self.figures else None

    @property
    def percent(self) -> int:
        """The progress from start to target, 0 to 100, rounded down."""
        if self.now is None:
            return 0
        way = self.record.target - self.record.start
        gone = (self.now.value - self.record.start) / way if way else Decimal(1)
        return int(100 * min(max(gone, Decimal(0)), Decimal(1)))

    @property
    def is_reached(self) -> bool:
        """Whether the newest figure is at the goal or beyond."""
        return self.now is not None and self.percent == 100

    @property
    def is_late(self) -> bool:
        """Whether its due day has passed and it is not reached."""
        return self._is_open and self.due_on is not None and self.due_on < self.today

    @property
    def is_soon(self) -> bool:
        """Whether its day is near."""
        near = self.due_on is not None and self.today <= self.due_on <= self.today + SOON
        return self._is_open and near

    @property
    def _is_open(self) -> bool:
        return not self.is_closed and not self.is_reached


@dataclass(frozen=True, slots=True)
class Goal:
    """An objective with its key results."""

    record: Objective
    results: Sequence[Result]
    today: date

    @property
    def reached(self) -> int:
        """The number of its key results that are reached."""
        return sum(one.is_reached for one in self.results)

    @property
    def is_late(self) -> bool:
        """Whether its day has passed."""
        due = self.record.due_on
        return self.record.closed_on is None and due is not None and due < self.today


@dataclass(frozen=True, slots=True)
class Goals:
    """All objectives of a room: the open ones by their day, the closed ones, the last first."""

    open: Sequence[Goal]
    closed: Sequence[Goal]

    @property
    def results(self) -> list[Result]:
        """The key results of open objectives."""
        return [result for goal in self.open for result in goal.results]

    @property
    def reached(self) -> int:
        """The number of results that are reached."""
        return sum(one.is_reached for one in self.results)

    @property
    def late(self) -> int:
        """The number of results that are late."""
        return sum(one.is_late for one in self.results)

    @property
    def unmeasured(self) -> int:
        """The number of results without a figure yet."""
        return sum(one.now is None for one in self.results)


#: The open objectives of a room; unsorted, by their day. A row is a `Goal`.
GOALS = Rows(
    "goals",
    (
        Column(
            "title",
            gettext_lazy("Objective"),
            lambda one: one.record.title,
            by=lambda one: one.record.title,
        ),
        Column(
            "results",
            gettext_lazy("Key results"),
            lambda one: len(one.results),
            by=lambda one: len(one.results),
            end=True,
        ),
        Column(
            "reached",
            gettext_lazy("Key results reached"),
            lambda one: one.reached,
            by=lambda one: one.reached,
            end=True,
        ),
        Column(
            "due",
            gettext_lazy("Due"),
            lambda one: one.record.due_on,
            by=lambda one: one.record.due_on,
        ),
    ),
    words=lambda one: (
        one.record.title,
        one.record.details,
        *(each.record.title for each in one.results),
    ),
)


def read_goals(partnership_id: int, *, today: date, is_mirrored: bool = False) -> Goals:
    """Return what a room wants to reach and how far it is. Three queries.

    Parameters
    ----------
    is_mirrored : bool
        Whether time goes from right to left in the pictures.
    """
    objectives = list(
        Objective.objects.filter(partnership_id=partnership_id, dropped_at=None).order_by(
            F("due_on").asc(nulls_last=True), "pk"
        )
    )
    results: dict[int, list[KeyResult]] = defaultdict(list)
    found = KeyResult.objects.filter(partnership_id=partnership_id, dropped_at=None)
    for one in found.select_related("party__organisation").order_by("pk"):
        results[one.objective_id].append(one)
    figures = _figures(partnership_id)
    goals = [
        Goal(
            objective,
            [_result(one, objective, figures, today, is_mirrored) for one in results[objective.pk]],
            today,
        )
        for objective in objectives
    ]
    closed = [one for one in goals if one.record.closed_on]
    closed.sort(key=lambda one: (one.record.closed_on, one.record.pk), reverse=True)
    return Goals([one for one in goals if not one.record.closed_on], closed)


def _figures(partnership_id: int) -> Mapping[int, list[Measurement]]:
    order = [F("measured_on").desc(), F("pk").desc()]
    place = Window(RowNumber(), partition_by=F("result_id"), order_by=order)
    found: dict[int, list[Measurement]] = defaultdict(list)
    rows = Measurement.objects.filter(partnership_id=partnership_id).annotate(place=place)
    for one in rows.filter(place__lte=FIGURES).select_related("person").order_by(*order):
        found[one.result_id].append(one)
    return found


def _result(
    record: KeyResult,
    objective: Objective,
    figures: Mapping[int, list[Measurement]],
    today: date,
    is_mirrored: bool,
) -> Result:
    own = figures.get(record.pk, [])
    points = [(one.measured_on, one.value) for one in reversed(own)]
    return Result(
        record=record,
        figures=own,
        due_on=record.due_on or objective.due_on,
        today=today,
        is_closed=objective.closed_on is not None,
        trend=draw_trend(points, target=record.target, is_mirrored=is_mirrored),
    )
