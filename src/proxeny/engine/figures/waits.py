"""Time until an answer, with those still waiting counted as censored."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist

import numpy as np

from proxeny.engine.figures._tails import binomial_at_least, check_confidence


@dataclass(frozen=True, slots=True)
class Waits:
    """The median time until an answer.

    Attributes
    ----------
    median, low, high : float or None
        In the unit of the durations. `median` is None where more than half still wait; `low` and
        `high` are None where the data give no such limit.
    answered, waiting : int
        How many got an answer; how many have none, or never will (censored).
    method : {"order", "survival"}
        From ordered values where all were answered, else from the survival curve.
    """

    median: float | None
    low: float | None
    high: float | None
    answered: int
    waiting: int
    method: str


def median_wait(
    durations: Sequence[float],
    answered: Sequence[bool],
    counts: Sequence[int] | None = None,
    *,
    confidence: float = 0.95,
) -> Waits:
    """Return the median time until an answer with limits that assume no distribution.

    Parameters
    ----------
    durations : sequence of float, shape (n,)
        How long each waited, 0 or more.
    answered : sequence of bool, shape (n,)
        Whether an answer ended it; otherwise it is known only to have lasted so long at least.
    counts : sequence of int, shape (n,), optional
        How often each such wait was seen; once by default.
    confidence : float
        Between 0 and 1.

    Returns
    -------
    Waits
        Where all were answered, the median with the limits that two ordered values give: they hold
        at the confidence or more, and take six values or more with 95%. Otherwise the time at
        which the product-limit estimate (Kaplan and Meier 1958) reaches one half, with limits by
        Brookmeyer and Crowley, on the log-log scale, on which they stay within 0 and 1.

    Raises
    ------
    ValueError
        Lengths that differ, a duration or count below 0, or a confidence that is none.

    Notes
    -----
    O(n log n). Which waits are cut off must say nothing of how long they would have gone on.

    References
    ----------
    E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", Journal of
    the American Statistical Association 53 (1958) 457-481. R. Brookmeyer and J. Crowley, "A
    confidence interval for the median survival time", Biometrics 38 (1982) 29-41. W. J. Conover,
    "Practical Nonparametric Statistics", 3rd ed., 1999, section 3.2 (ordered values).

    Examples
    --------
    >>> median_wait([1, 2, 3, 4, 5, 6], [True] * 6)
    Waits(median=3.5, low=1.0, high=6.0, answered=6, waiting=0, method='order')
    """
    times = np.asarray(durations, dtype=float)
    ended = np.asarray(answered, dtype=bool)
    often = np.ones(len(times), dtype=np.int64) if counts is None else np.asarray(counts, np.int64)
    if not len(times) == len(ended) == len(often):
        raise ValueError("durations, answered and counts: must be of the same length.")
    if (times < 0).any() or (often < 0).any():
        raise ValueError("durations, counts: must be 0 or more.")
    check_confidence(confidence)
    yes, no = int(often[ended].sum()), int(often[~ended].sum())
    if not yes:
        return Waits(None, None, None, 0, no, "survival" if no else "order")
    if not no:
        return _by_order(times, often, confidence)
    return _by_survival(times, ended, often, confidence)


def _by_order(times: np.ndarray, often: np.ndarray, confidence: float) -> Waits:
    order = np.argsort(times, kind="stable")
    values, upto = times[order], np.cumsum(often[order])
    count = int(upto[-1])

    def nth(place: int) -> float:
        return float(values[np.searchsorted(upto, place)])

    median = (nth((count + 1) // 2) + nth(count // 2 + 1)) / 2
    place = _place_of_limit(count, (1 - confidence) / 2)
    low, high = (nth(place), nth(count + 1 - place)) if place else (None, None)
    return Waits(median, low, high, count, 0, "order")


def _place_of_limit(count: int, tail: float) -> int:
    """Return the last place below which the median lies by chance at most as often as `tail`."""
    low, high = 0, count // 2 + 1
    while high - low > 1:
        middle = (low + high) // 2
        # At most `middle - 1` of all values fall below the median.
        if 1 - binomial_at_least(middle, count, 0.5) <= tail:
            low = middle
        else:
            high = middle
    return low


def _by_survival(
    times: np.ndarray, ended: np.ndarray, often: np.ndarray, confidence: float
) -> Waits:
    moments, inverse = np.unique(times, return_inverse=True)
    came, left = np.zeros(len(moments)), np.zeros(len(moments))
    np.add.at(came, inverse, np.where(ended, often, 0))
    np.add.at(left, inverse, often)
    at_risk = left[::-1].cumsum()[::-1]
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    stays, greenwood = 1.0, 0.0
    found: dict[str, float | None] = {"median": None, "low": None, "high": None}
    for moment, events, risk in zip(moments, came, at_risk, strict=True):
        if not events:
            continue
        stays *= 1 - events / risk
        greenwood += events / (risk * (risk - events)) if risk > events else 0.0
        lower, upper = _limits(stays, greenwood, z)
        for name, value in (("low", lower), ("median", stays), ("high", upper)):
            # A product of shares that should be one half misses it by its last digit.
            if found[name] is None and value <= 0.5 + 1e-12:
                found[name] = float(moment)
    return Waits(
        found["median"],
        found["low"],
        found["high"],
        int(often[ended].sum()),
        int(often[~ended].sum()),
        "survival",
    )


def _limits(stays: float, greenwood: float, z: float) -> tuple[float, float]:
    """Return the limits of a point of the survival curve, on the log-log scale."""
    if stays <= 0:
        return 0.0, 0.0
    if stays >= 1:
        return 1.0, 1.0
    spread = exp(z * greenwood**0.5 / abs(log(stays)))
    return stays**spread, stays ** (1 / spread)
