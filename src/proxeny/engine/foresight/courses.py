"""Which topics emerge, decline or stay, with how sure that is."""

from dataclasses import dataclass
from math import erfc, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from proxeny.engine._checks import check_whole
from proxeny.engine.foresight._growth import estimate_growth, score_test, spread_of
from proxeny.engine.foresight.counts import share_interval
from proxeny.engine.foresight.kleinberg import check_counts
from proxeny.engine.foresight.trend import Slope, Trend, mann_kendall, sen_slope

__all__ = ["MANN_KENDALL_LEAST", "Course", "Emergence", "State", "emergence", "false_discovery"]

type Floats = NDArray[np.float64]
type State = Literal["emerging", "declining", "steady", "too_few"]

#: From so many periods on Mann-Kendall's test decides; in fewer even a series that only rises is
#: too likely by chance to stand out among many topics.
MANN_KENDALL_LEAST = 8


@dataclass(frozen=True, slots=True)
class Course:
    """What is known of one topic's course: the figures behind its state.

    Parameters
    ----------
    state : {"emerging", "declining", "steady", "too_few"}
    documents : float
        The weight of all its documents.
    periods : int
        Over how many periods.
    share, share_low, share_high : float
        In the last period, with Wilson's interval.
    share_before : float
        In all periods before the last together.
    trend : Trend
        Mann-Kendall's, of the share.
    slope : Slope
        Sen's, of the share, per period.
    growth, growth_low, growth_high : float
        By which factor the share changes from a period to the next, shrunk towards what all topics
        do, with its interval; 1 is no change.
    rising : float
        How probable it is that the share grows, 0 to 1.
    p : float
        Of the test that decides, both sides: that of `trend` from eight periods on, else
        Armitage's of the counts.
    q : float
        The same with all topics in mind: flag every topic with at most this q, and that is the
        share of them, expected, that are chance (Benjamini and Hochberg). 1 where `too_few`.
    """

    state: State
    documents: float
    periods: int
    share: float
    share_low: float
    share_high: float
    share_before: float
    trend: Trend
    slope: Slope
    growth: float
    growth_low: float
    growth_high: float
    rising: float
    p: float
    q: float


@dataclass(frozen=True, eq=False)
class Emergence:
    """The courses of all topics.

    Parameters
    ----------
    courses : tuple of Course
        In the order of the rows.
    spread : float
        How much more than by chance counts vary, at least 1; held against every topic.
    typical_growth, growth_deviation : float
        Centre and standard deviation of the logarithms of growth, over all topics.
    """

    courses: tuple[Course, ...]
    spread: float
    typical_growth: float
    growth_deviation: float

    def ranking(self) -> tuple[int, ...]:
        """Return rows of topics with enough documents, the surest rise first."""
        told = [at for at, one in enumerate(self.courses) if one.state != "too_few"]
        return tuple(
            sorted(told, key=lambda at: (-self.courses[at].rising, self.courses[at].q, at))
        )


def emergence(
    counts: Floats,
    totals: Floats,
    *,
    least: int = 5,
    false_share: float = 0.1,
    level: float = 0.95,
) -> Emergence:
    """Say of each topic whether its share emerges, declines or is steady.

    Parameters
    ----------
    counts : float64 array of shape (topics, periods)
        As of `count_topics`.
    totals : float64 array of shape (periods,)
        Every period with some document.
    least : int
        Of fewer documents nothing is said, from 1.
    false_share : float
        Which share of the flags may be chance, between 0 and 1.
    level : float
        Of all intervals, between 0 and 1.

    Returns
    -------
    Emergence

    Raises
    ------
    ValueError
        On fewer than two periods, an empty period, shapes that do not fit, numbers out of range.

    Notes
    -----
    Emerging is what the test says (`q` at most `false_share`) and also grows as estimated; the
    same, falling, for declining. O(topics · periods²), and 241 rates for each topic.
    Y. Benjamini and Y. Hochberg, J. R. Stat. Soc. B 57 (1995) 289-300.
    """
    counts, totals = check_counts(counts, totals)
    _check(totals, least, false_share, level)
    sums = counts.sum(axis=1)
    enough = sums >= least
    spread = spread_of(counts[enough], totals)
    growth = estimate_growth(counts, totals, spread=spread, level=level, learn=enough)
    shares = counts / totals
    trends = [mann_kendall(row) for row in shares]
    p = _decide(trends, score_test(counts, totals, spread), len(totals))
    q = np.ones(len(p))
    q[enough] = false_discovery(p[enough])
    before = counts[:, :-1].sum(axis=1) / totals[:-1].sum()
    courses = []
    for at, row in enumerate(counts):
        low, high = share_interval(
            min(float(row[-1]), float(totals[-1])), float(totals[-1]), level=level, spread=spread
        )
        mean = float(growth.mean[at])
        state = _state(bool(enough[at]), float(q[at]) <= false_share, mean, trends[at].s)
        courses.append(
            Course(
                state,
                float(sums[at]),
                len(totals),
                float(shares[at, -1]),
                low,
                high,
                float(before[at]),
                trends[at],
                sen_slope(shares[at], level=level),
                float(np.exp(mean)),
                float(np.exp(growth.low[at])),
                float(np.exp(growth.high[at])),
                float(growth.rising[at]),
                float(p[at]),
                float(q[at]),
            )
        )
    return Emergence(tuple(courses), spread, growth.centre, growth.deviation)


def false_discovery(p: Floats) -> Floats:
    """Return Benjamini and Hochberg's q of each p, in the same order."""
    order = np.argsort(p, kind="stable")
    ranked = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(1.0, np.minimum.accumulate(ranked[::-1])[::-1])
    return q


def _check(totals: Floats, least: int, false_share: float, level: float) -> None:
    check_whole("least", least, 1_000_000_000, least=1)
    for name, value in (("false_share", false_share), ("level", level)):
        if not 0 < value < 1:
            raise ValueError(f"{name}: {value} is not between 0 and 1")
    if len(totals) < 2:
        raise ValueError("totals: a course needs at least two periods")
    empty = np.flatnonzero(totals <= 0)
    if len(empty):
        raise ValueError(
            f"totals: period {int(empty[0])} has no document; leave it out or join it with another"
        )


def _decide(trends: list[Trend], z: Floats, periods: int) -> Floats:
    if periods >= MANN_KENDALL_LEAST:
        return np.array([trend.p for trend in trends], dtype=np.float64)
    return np.array([erfc(abs(float(one)) / sqrt(2)) for one in z], dtype=np.float64)


def _state(enough: bool, is_sure: bool, growth: float, s: int) -> State:
    if not enough:
        return "too_few"
    if is_sure and growth > 0 and s >= 0:
        return "emerging"
    if is_sure and growth < 0 and s <= 0:
        return "declining"
    return "steady"
