"""Times when a topic was written about much more than usual."""

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

__all__ = ["Burst", "bursts"]

type Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Burst:
    """A burst of a topic.

    Parameters
    ----------
    topic : int
        The row of `counts`.
    start, end : int
        The first and the last period of it, as columns.
    weight : float
        By how much the burst explains these periods better than the usual share: the saving of
        cost, in natural logarithms.
    """

    topic: int
    start: int
    end: int
    weight: float


def bursts(
    counts: Floats, totals: Floats, *, s: float = 2.0, gamma: float = 1.0
) -> tuple[Burst, ...]:
    """Find bursts: the cheapest course between a usual share and one `s` times as high.

    Parameters
    ----------
    counts : float64 array of shape (topics, periods)
    totals : float64 array of shape (periods,)
        At least each count of the period.
    s : float
        How many times the usual share, above 1.
    gamma : float
        The cost of a rise, in ln(periods), at least 0.

    Returns
    -------
    tuple of Burst
        By topic, then start.

    Raises
    ------
    ValueError
        On shapes that do not fit or numbers out of range.

    Notes
    -----
    J. Kleinberg, "Bursty and hierarchical structure in streams", KDD 2002, section 4: two states,
    batches, binomial cost; the coefficient is the same in both states and left out. A share of
    which `s` times is more than 1 can burst to 1 only. The course begins in the usual state, and
    of two that cost the same stays there. Costs topics · periods.
    """
    counts, totals = check_counts(counts, totals)
    if not s > 1:
        raise ValueError(f"s: {s} is not above 1")
    if not gamma >= 0:
        raise ValueError(f"gamma: {gamma} is below 0")
    usual = counts.sum(axis=1) / max(totals.sum(), 1e-300)
    saving = _cost(usual, counts, totals) - _cost(np.minimum(1.0, s * usual), counts, totals)
    found = []
    for topic in np.flatnonzero((saving > 0).any(axis=1)).tolist():
        states = _cheapest(saving[topic].tolist(), gamma * log(max(1, counts.shape[1])))
        edges = np.diff(np.r_[0, states, 0])
        for start, stop in zip(np.flatnonzero(edges > 0), np.flatnonzero(edges < 0), strict=True):
            weight = float(saving[topic, start:stop].sum())
            found.append(Burst(topic, int(start), int(stop) - 1, weight))
    return tuple(found)


def check_counts(counts: Floats, totals: Floats) -> tuple[Floats, Floats]:
    """Return both as float64.

    Raises
    ------
    ValueError
        On shapes that do not fit, a count below 0 or above its total.
    """
    counts, totals = np.asarray(counts, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    if counts.ndim != 2 or totals.shape != counts.shape[1:]:
        raise ValueError(
            f"totals: its shape {totals.shape} does not fit that of counts, {counts.shape}; give one"
            " row a topic and one column a period"
        )
    if not (np.isfinite(totals).all() and np.isfinite(counts).all()):
        raise ValueError("counts, totals: one is not a finite number")
    bad = (counts < 0) | (counts > totals * (1 + 1e-9))
    if bad.any():
        topic, period = map(int, np.argwhere(bad)[0])
        raise ValueError(
            f"counts: {counts[topic, period]} of topic {topic} in period {period} is not from 0 to"
            f" the total, {totals[period]}"
        )
    return counts, totals


def _cost(share: Floats, counts: Floats, totals: Floats) -> Floats:
    """Return -ln(p^r (1 - p)^(d - r)), with 0 ln 0 = 0."""
    rest = np.maximum(0.0, totals - counts)
    with np.errstate(divide="ignore", invalid="ignore"):
        yes = np.where(counts > 0, -counts * np.log(share)[:, None], 0.0)
        no = np.where(rest > 0, -rest * np.log1p(-share)[:, None], 0.0)
    cost: Floats = yes + no
    return cost


def _cheapest(saving: list[float], rise: float) -> list[int]:
    """Return the state of each period (Viterbi), costs being those against the usual state."""
    usual, high = 0.0, float("inf")
    steps: list[tuple[int, int]] = []
    for save in saving:
        to_usual = int(high < usual)
        to_high = int(high < usual + rise)
        steps.append((to_usual, to_high))
        usual, high = min(usual, high), min(high, usual + rise) - save
    state = int(high < usual)
    states = []
    for step in reversed(steps):
        states.append(state)
        state = step[state]
    return states[::-1]
