"""Emerging, declining and steady topics, with the confidence in each."""

from dataclasses import dataclass
from math import erfc, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from proxeny.engine._checks import check_whole
from proxeny.engine.foresight._growth import estimate_growth, score_test, spread_of
from proxeny.engine.foresight.counts import Counts, share_interval
from proxeny.engine.foresight.kleinberg import check_counts
from proxeny.engine.foresight.trend import Slope, Trend, mann_kendall, sen_slope

__all__ = [
    "MANN_KENDALL_LEAST",
    "Course",
    "Emergence",
    "State",
    "emergence",
    "false_discovery",
    "judge_courses",
]

type Floats = NDArray[np.float64]
type State = Literal["emerging", "declining", "steady", "too_few"]

#: From so many periods on Mann-Kendall's test decides; in fewer even a series that only rises is
#: too likely by chance to stand out among many topics.
MANN_KENDALL_LEAST = 8


@dataclass(frozen=True, slots=True)
class Course:
    """Course of one topic: the figures behind its state.

    Parameters
    ----------
    state : {"emerging", "declining", "steady", "too_few"}
    weight : float
        Of all its documents.
    periods : int
        The number of periods.
    share, share_low, share_high : float
        In the last period, with Wilson's interval.
    share_before : float
        In all periods before the last together.
    trend : Trend
        Mann-Kendall's, of the share.
    slope : Slope
        Sen's, of the share, per period.
    growth, growth_low, growth_high : float
        The factor by which the share changes from a period to the next, shrunk towards that of all
        topics, with its interval; 1 is no change.
    rising : float
        The probability that the share grows, 0 to 1.
    outlook : float
        The factor expected of the share from all these periods to `ahead` periods after the last,
        relative to the typical topic's: `growth` so many times; copies of one text, which describe
        the past and not the future, count as usual.
    p : float
        Of the deciding test, two-sided: that of `trend` from eight periods on, else Armitage's of
        the counts.
    q : float
        The same with all topics in mind: flag every topic with at most this q, and that is the
        share of them, expected, that are chance (Benjamini and Hochberg). 1 where `too_few`.
    """

    state: State
    weight: float
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
    outlook: float
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
        Centre and scale of the logarithms of growth, over all topics.
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


def judge_courses(
    counted: Counts,
    *,
    least: int = 5,
    false_share: float = 0.1,
    level: float = 0.95,
    ahead: int = 3,
) -> Emergence:
    """Say of each topic whether its share emerges, declines or is steady: `emergence` of counts.

    What documents, texts and copies say beside the weights is taken from `counted`.
    """
    return emergence(
        counted.counts,
        counted.totals,
        documents=counted.documents,
        texts=counted.texts,
        repeats=counted.repeats,
        least=least,
        false_share=false_share,
        level=level,
        ahead=ahead,
    )


def emergence(
    counts: Floats,
    totals: Floats,
    *,
    documents: NDArray[np.int64] | None = None,
    texts: NDArray[np.int64] | None = None,
    repeats: Floats | None = None,
    least: int = 5,
    false_share: float = 0.1,
    level: float = 0.95,
    ahead: int = 3,
) -> Emergence:
    """Say of each topic whether its share emerges, declines or is steady.

    Parameters
    ----------
    counts : float64 array of shape (topics, periods)
        As of `count_topics`.
    totals : float64 array of shape (periods,)
        Every period with some document.
    documents, repeats : arrays of shape (topics,), optional
    texts : int64 array of shape (topics, periods), optional
        As of `count_topics`; without them each unit of `counts` is a document and its own text.
    least : int
        Of fewer documents nothing is said, from 1.
    false_share : float
        Which share of the flags may be chance, between 0 and 1.
    level : float
        Of all intervals, between 0 and 1.
    ahead : int
        How many periods on `outlook` looks, from 1 to 100.

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
    same, falling, for declining. Copies count as one piece of evidence: weights are divided by
    `repeats` before they are tested (the effective size of a clustered sample, L. Kish, Survey
    Sampling, 1965). O(topics · periods²), and 241 rates for each topic.
    Y. Benjamini and Y. Hochberg, J. R. Stat. Soc. B 57 (1995) 289-300.
    """
    counts, totals = check_counts(counts, totals)
    _check(totals, least, ahead, false_share, level)
    weights = counts.sum(axis=1)
    enough = (weights if documents is None else documents) >= least
    stands_for = _one_each(repeats, len(counts))
    if texts is not None and texts.shape != counts.shape:
        raise ValueError(f"texts: its shape {texts.shape} is not that of counts, {counts.shape}")
    if documents is not None and documents.shape != weights.shape:
        raise ValueError(
            f"documents: its shape {documents.shape} is not {weights.shape}, one a topic"
        )
    evidence = counts / stands_for[:, None]
    spread = spread_of(evidence[enough], totals)
    growth = estimate_growth(evidence, totals, spread=spread, level=level, learn=enough)
    trends = [mann_kendall(row) for row in counts / totals]
    p = _decide(trends, score_test(evidence, totals, spread), len(totals))
    q = np.ones(len(p))
    q[enough] = false_discovery(p[enough])
    copies = _copies(weights, texts, enough)
    courses = []
    for at, row in enumerate(counts):
        last, total = min(float(row[-1]), float(totals[-1])), float(totals[-1])
        mean = float(growth.mean[at])
        courses.append(
            Course(
                _state(bool(enough[at]), float(q[at]) <= false_share, mean, trends[at].s),
                float(weights[at]),
                len(totals),
                last / total,
                *share_interval(last, total, level=level, spread=spread * float(stands_for[at])),
                float(row[:-1].sum() / totals[:-1].sum()),
                trends[at],
                sen_slope(row / totals, level=level),
                float(np.exp(mean)),
                float(np.exp(growth.low[at])),
                float(np.exp(growth.high[at])),
                float(growth.rising[at]),
                float(np.exp(ahead * mean) / copies[at]),
                float(p[at]),
                float(q[at]),
            )
        )
    return Emergence(tuple(courses), spread, growth.centre, growth.deviation)


def _one_each(repeats: Floats | None, topics: int) -> Floats:
    given = np.ones(topics) if repeats is None else np.asarray(repeats, dtype=np.float64)
    if given.shape != (topics,):
        raise ValueError(f"repeats: its shape {given.shape} is not {(topics,)}, one a topic")
    if not (np.isfinite(given).all() and (given > 0).all()):
        raise ValueError("repeats: one is not above 0")
    return given


def _copies(weights: Floats, texts: NDArray[np.int64] | None, enough: NDArray[np.bool_]) -> Floats:
    """Return how much more weight a text of each topic has than one of the typical topic."""
    if texts is None:
        return np.ones(len(weights))
    different = texts.sum(axis=1)
    known = (different > 0) & (weights > 0)
    each = np.divide(weights, different, out=np.ones(len(weights)), where=known)
    typical = float(np.median(each[known & enough])) if (known & enough).any() else 1.0
    return np.where(known, each / typical, 1.0)


def false_discovery(p: Floats) -> Floats:
    """Return Benjamini and Hochberg's q of each p, in the same order."""
    order = np.argsort(p, kind="stable")
    ranked = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(1.0, np.minimum.accumulate(ranked[::-1])[::-1])
    return q


def _check(totals: Floats, least: int, ahead: int, false_share: float, level: float) -> None:
    check_whole("least", least, 1_000_000_000, least=1)
    check_whole("ahead", ahead, 100, least=1)
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
