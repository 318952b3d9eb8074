"""What speaks for a candidate beside the partners that are kept."""

from collections.abc import Callable, Sequence

import numpy as np
from benchmarks.consortium.history import TYPES, History
from numpy.typing import NDArray

__all__ = [
    "COLUMNS",
    "by_common",
    "by_joint",
    "by_popularity",
    "by_ties",
    "gather",
    "grade",
    "level_any",
    "weigh_strongest",
]

#: What `gather` returns, as the page calls it.
COLUMNS = (
    "joint shares, roots",
    "joint shares",
    "whom one knows",
    "circles that came back",
    "projects",
    "projects of late",
    "same country",
    "same type",
)

type Scores = NDArray[np.float64]
type Level = Callable[[History, int], tuple[NDArray[np.int_], NDArray[np.int_]]]


def by_popularity(history: History, _kept: Sequence[int]) -> Scores:
    """Return how many projects each had."""
    return history.number


def by_common(history: History, kept: Sequence[int]) -> Scores:
    """Return the sum of Adamic-Adar over those that are kept."""
    return np.sum([history.common(one) for one in kept], axis=0, dtype=float)


def by_joint(history: History, kept: Sequence[int]) -> Scores:
    """Return the sum of logarithms of joint projects over those that are kept."""
    scores = np.zeros(len(history))
    for one in kept:
        joint = history.joint(one)
        scores[list(joint)] += np.log1p(list(joint.values()))
    return scores


def by_ties(history: History, kept: Sequence[int]) -> Scores:
    """Return the sum over those kept of the root of the share of its projects that was joint."""
    scores = np.zeros(len(history))
    for one in kept:
        others, weights = history.shared(one)
        scores[others] += np.sqrt(weights / history.together[one])
    return scores


def gather(history: History, kept: Sequence[int]) -> NDArray[np.float32]:
    """Return the evidence for each organisation, shape (organisations, columns).

    Ties as `by_ties` and without the root, as logarithms; how many of those kept one has worked
    with; whole circles: projects with several of those kept count by the square; its projects, ever
    and of late; members of its country, and of its type, among those kept.
    """
    shares, known = np.zeros(len(history)), np.zeros(len(history))
    for one in kept:
        others, weights = history.shared(one)
        shares[others] += weights / history.together[one]
        known[others] += 1 / len(kept)
    countries = np.bincount(history.country[kept], minlength=int(history.country.max()) + 1)
    types = np.bincount(history.kind[kept], minlength=len(TYPES))
    columns = (
        np.log(by_ties(history, kept) + 0.05),
        np.log(shares + 0.02),
        known,
        np.log(history.circles(kept) + 0.05),
        np.log(history.together),
        np.log(history.recent + 0.2),
        np.log1p(countries[history.country]),
        np.log((types[history.kind] + 0.5) / (len(kept) + 0.5 * len(TYPES))),
    )
    return np.stack(columns, axis=1).astype(np.float32)


def level_any(history: History, one: int) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Return whom one has worked with, all at the highest level."""
    others, _weights = history.shared(one)
    return others, np.full(len(others), 3)


def grade(middle: float, high: float) -> Level:
    """Return what gives a level by how much of the work of two was joint work (cosine)."""

    def level(history: History, one: int) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
        others, weights = history.shared(one)
        share = weights / np.sqrt(history.together[one] * history.together[others])
        return others, 1 + (share >= middle) + (share >= high)

    return level


def weigh_strongest(history: History, kept: Sequence[int], level: Level) -> Scores:
    """Return the levels that one more adds to a consortium's worth by relations.

    Its own strongest relation, and what those kept gain over their strongest one so far.
    """
    own, more = np.zeros(len(history)), np.zeros(len(history))
    for one in kept:
        others, levels = level(history, one)
        so_far = int(levels[np.isin(others, kept)].max(initial=0))
        own[others] = np.maximum(own[others], levels)
        more[others] += np.maximum(0, levels - so_far)
    return own + more
