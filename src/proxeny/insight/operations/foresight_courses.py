"""How topics went in one kind of text, and which of them are worth showing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.foresight import (
    Burst,
    Counts,
    Emergence,
    State,
    bursts,
    judge_courses,
    share_interval,
)

type Floats = NDArray[np.float64]

#: So many topics are shown at most, and so many of each state before all others.
MOST = 150
_MOST_OF = {"emerging": 70, "declining": 30}
# A burst counts as one of today if it reaches into the last three years.
_LATELY = 3


@dataclass(frozen=True, slots=True)
class View:
    """One kind of texts: counts of each topic by year, and what is known of its course.

    `courses` is None where texts are of one year, or none: nothing can be said then.
    """

    years: Sequence[int]
    counts: Floats
    totals: list[int]
    courses: Emergence | None
    bursts: Mapping[int, Sequence[Burst]] = field(default_factory=dict)

    def state(self, at: int) -> State:
        """Return how a topic goes."""
        return self.courses.courses[at].state if self.courses else "too_few"

    def bursts_lately(self, at: int) -> bool:
        """Whether a topic is written of much more than usual, these years."""
        return any(one.end >= len(self.years) - _LATELY for one in self.bursts.get(at, ()))


def join_counts(counted: Sequence[Counts]) -> Counts:
    """Return counts of the same documents and periods as one, their topics in a row."""
    return Counts(
        tuple(key for one in counted for key in one.topics),
        counted[0].periods,
        np.vstack([one.counts for one in counted]),
        counted[0].totals,
        np.concatenate([one.documents for one in counted]),
        np.vstack([one.texts for one in counted]),
        np.concatenate([one.repeats for one in counted]),
    )


def view_of(counted: Counts, years: Sequence[int]) -> View:
    """Return what is known of topics from their counts; each of the years has some text."""
    counts, whole = counted.counts, [int(one) for one in counted.totals]
    if len(years) < 2 or not len(counts):
        return View(years, counts[:, : len(years)], whole[: len(years)], None)
    found: dict[int, list[Burst]] = {}
    for one in bursts(counts, counted.totals):
        found.setdefault(one.topic, []).append(one)
    return View(years, counts, whole, judge_courses(counted), found)


def choose_topics(view: View, known: int) -> list[int]:
    """Return the places of the topics to show, of the first `known`: what emerges first, the
    surest first, then what bursts, what declines, and what most texts have."""
    texts = view.counts[:known].sum(axis=1) if known else np.zeros(0)
    by_texts = sorted(range(known), key=lambda at: (-texts[at], at))
    if view.courses is None:
        return by_texts[:MOST]
    ranked = [at for at in view.courses.ranking() if at < known]
    emerging = [at for at in ranked if view.state(at) == "emerging"][: _MOST_OF["emerging"]]
    declining = [at for at in reversed(ranked) if view.state(at) == "declining"]
    bursting = [at for at in by_texts if view.bursts_lately(at)]
    order = (*emerging, *bursting, *declining[: _MOST_OF["declining"]], *by_texts)
    return list(dict.fromkeys(order))[:MOST]


def figures_of(views: Mapping[str, View], at: int) -> dict[str, Any]:
    """Return a topic's figures by kind of text, of those that have it."""
    return {
        name: _figures(view, at)
        for name, view in views.items()
        if view.years and view.counts[at].sum() > 0
    }


def _figures(view: View, at: int) -> dict[str, Any]:
    counts = [int(one) for one in view.counts[at]]
    course = view.courses.courses[at] if view.courses else None
    spread = view.courses.spread if view.courses else 1.0
    low, high = share_interval(sum(counts), sum(view.totals), spread=spread)
    told: dict[str, Any] = {
        "counts": counts,
        "texts": sum(counts),
        "share": _kept(sum(counts) / sum(view.totals)),
        "interval": [_kept(low), _kept(high)],
        "bursts": [
            [view.years[one.start], view.years[one.end], _kept(one.weight)]
            for one in view.bursts.get(at, ())
        ],
    }
    if course is not None:
        told["course"] = {
            "state": course.state,
            "now": [_kept(n) for n in (course.share, course.share_low, course.share_high)],
            "before": _kept(course.share_before),
            "slope": [_kept(n) for n in (course.slope.slope, course.slope.low, course.slope.high)],
            "growth": [
                _kept(n) for n in (course.growth, course.growth_low, course.growth_high)
            ],
            "rising": _kept(course.rising),
            "p": _kept(course.p),
            "q": _kept(course.q),
        }  # fmt: skip
    return told


def _kept(number: float) -> float:
    """Return a number as it is kept: more digits say nothing."""
    return round(float(number), 6)
