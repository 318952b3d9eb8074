"""The trends of topics in each kind of text, and the selection of those worth showing."""

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
        """Return the trend of a topic."""
        return self.courses.courses[at].state if self.courses else "too_few"

    def bursts_lately(self, at: int) -> bool:
        """Whether a topic is written of much more than usual, these years."""
        return any(one.end >= len(self.years) - _LATELY for one in self.bursts.get(at, ()))


@dataclass(frozen=True, slots=True)
class Views:
    """All kinds of texts, by name.

    A topic is judged by its main kind. Kinds are never judged together: they do not go equally far
    back, and what members write of most would seem to rise in the year in which they begin to write
    here.
    """

    by_source: Mapping[str, View]

    def main(self, at: int) -> str:
        """Return the kind by which a topic is judged; empty where no text has it.

        That is the one with most texts of it among those in which something can be said, else among
        all; the first, of two with as many.
        """
        having = {name: view for name, view in self.by_source.items() if self.texts(name, at)}
        told = [name for name, view in having.items() if view.state(at) != "too_few"]
        return max(told or having, key=lambda name: self.texts(name, at), default="")

    def texts(self, name: str, at: int) -> int:
        """Return the number of texts of a kind that have a topic."""
        view = self.by_source[name]
        return int(view.counts[at].sum()) if view.years else 0

    def state(self, at: int) -> State:
        """Return the trend of a topic in its main kind of text."""
        main = self.main(at)
        return self.by_source[main].state(at) if main else "too_few"

    def figures(self, at: int) -> dict[str, Any]:
        """Return a topic's stored figures: its number of texts, its main kind, and each kind."""
        having = [name for name in self.by_source if self.texts(name, at)]
        return {
            "texts": sum(self.texts(name, at) for name in having),
            "main": self.main(at),
            "views": {name: _figures(self.by_source[name], at) for name in having},
        }

    def choose(self, known: int) -> list[int]:
        """Return the places of the topics to show, of the first `known`: what emerges first, the
        surest first, then what bursts, what declines, and what most texts have."""
        main = [self.main(at) for at in range(known)]
        texts = [sum(self.texts(name, at) for name in self.by_source) for at in range(known)]
        by_texts = sorted(range(known), key=lambda at: (-texts[at], at))
        rank = {name: _ranks(view) for name, view in self.by_source.items()}
        by_rank = sorted(by_texts, key=lambda at: rank[main[at]].get(at, 1.0) if main[at] else 1.0)
        found: dict[State, list[int]] = {}
        for at in by_rank:
            found.setdefault(self.state(at), []).append(at)
        bursting = [
            at for at in by_texts if main[at] and self.by_source[main[at]].bursts_lately(at)
        ]
        emerging = found.get("emerging", [])[: _MOST_OF["emerging"]]
        declining = found.get("declining", [])[::-1][: _MOST_OF["declining"]]
        return list(dict.fromkeys((*emerging, *bursting, *declining, *by_texts)))[:MOST]


def _ranks(view: View) -> dict[int, float]:
    """Return each topic's place in the ranking of a kind of text, from 0 (rising) to 1."""
    ranking = view.courses.ranking() if view.courses else ()
    return {at: place / len(ranking) for place, at in enumerate(ranking)}


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
    """Return the trends of topics from their counts; each of the years has some text."""
    counts, whole = counted.counts, [int(one) for one in counted.totals]
    if len(years) < 2 or not len(counts):
        return View(years, counts[:, : len(years)], whole[: len(years)], None)
    found: dict[int, list[Burst]] = {}
    for one in bursts(counts, counted.totals):
        found.setdefault(one.topic, []).append(one)
    return View(years, counts, whole, judge_courses(counted), found)


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
            "growth": [_kept(n) for n in (course.growth, course.growth_low, course.growth_high)],
            "rising": _kept(course.rising),
            "p": _kept(course.p),
            "q": _kept(course.q),
        }
    return told


def _kept(number: float) -> float:
    """Return a number rounded for storage: more digits would be meaningless."""
    return round(float(number), 6)
