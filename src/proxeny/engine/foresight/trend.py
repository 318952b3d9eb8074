"""Trend of a series of any shape: Mann-Kendall's test and Sen's slope."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import comb, erfc, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

__all__ = ["EXACT_MOST", "Slope", "Trend", "mann_kendall", "sen_slope"]

type Floats = NDArray[np.float64]

#: Up to this many periods the test is exact.
EXACT_MOST = 10


@dataclass(frozen=True, slots=True)
class Trend:
    """Mann-Kendall's test of a series.

    Parameters
    ----------
    s : int
        Pairs that rise less pairs that fall.
    variance : float
        Of `s` without a trend, corrected for equal values.
    p : float
        How likely an `s` this far from 0 is without a trend, both sides.
    exact : bool
        Whether `p` counts all orders of these values; else it is the normal approximation, with
        the correction for continuity.
    """

    s: int
    variance: float
    p: float
    exact: bool


@dataclass(frozen=True, slots=True)
class Slope:
    """Sen's slope: the median of the slopes between all pairs, per period, with its interval."""

    slope: float
    low: float
    high: float


def mann_kendall(values: Sequence[float]) -> Trend:
    """Test whether a series has a monotonic trend.

    Parameters
    ----------
    values : sequence of float
        One a period, at least two.

    Raises
    ------
    ValueError
        On fewer than two values, or one that is not finite.

    Notes
    -----
    H. B. Mann, Econometrica 13 (1945) 245-259; M. G. Kendall, Rank Correlation Methods (1975);
    R. O. Gilbert, Statistical Methods for Environmental Pollution Monitoring (1987), chapter 16.
    The exact distribution is that of the inversions of all orders of the values, with equal ones
    as they are: a Gaussian multinomial coefficient. Costs n^2, and for 10 values no more than
    some hundreds of additions.

    Examples
    --------
    >>> trend = mann_kendall([1, 2, 3, 4])
    >>> trend.s, round(trend.p, 4), trend.exact
    (6, 0.0833, True)
    """
    series = _check(values)
    n = len(series)
    signs = np.sign(series[None, :] - series[:, None])
    s = int(signs[np.triu_indices(n, 1)].sum())
    ties = _ties(series)
    variance = _variance(n, ties)
    if n <= EXACT_MOST:
        return Trend(s, variance, _exact_p(n, ties, abs(s)), True)
    z = 0.0 if s == 0 else (abs(s) - 1) / sqrt(variance)
    return Trend(s, variance, erfc(z / sqrt(2)), False)


def sen_slope(values: Sequence[float], *, level: float = 0.95) -> Slope:
    """Return Sen's slope with its interval.

    Parameters
    ----------
    values : sequence of float
        One a period, at least two.
    level : float
        Between 0 and 1.

    Raises
    ------
    ValueError
        On fewer than two values, one that is not finite, or a level out of range.

    Notes
    -----
    P. K. Sen, JASA 63 (1968) 1379-1389; ranks rounded outwards, and at most those there are: for
    few periods the interval is all slopes between pairs.

    Examples
    --------
    >>> sen_slope([0, 1, 2, 3, 10]).slope
    1.0
    """
    series = _check(values)
    if not 0 < level < 1:
        raise ValueError(f"level: {level} is not between 0 and 1")
    n = len(series)
    first, second = np.triu_indices(n, 1)
    slopes = np.sort((series[second] - series[first]) / (second - first))
    z = NormalDist().inv_cdf((1 + level) / 2)
    reach = z * sqrt(_variance(n, _ties(series)))
    count = len(slopes)
    high = min(round((count + reach) / 2), count - 1)
    low = max(round((count - reach) / 2) - 1, 0)
    return Slope(float(np.median(slopes)), float(slopes[low]), float(slopes[high]))


def _ties(series: Floats) -> tuple[int, ...]:
    """Return how many values are equal, for each value that comes more than once."""
    return tuple(sorted(size for size in Counter(series.tolist()).values() if size > 1))


def _variance(n: int, ties: tuple[int, ...]) -> float:
    less = sum(size * (size - 1) * (2 * size + 5) for size in ties)
    return (n * (n - 1) * (2 * n + 5) - less) / 18


def _check(values: Sequence[float]) -> Floats:
    series = np.array(values, dtype=np.float64)
    if series.ndim != 1 or len(series) < 2:
        raise ValueError("values: a trend needs at least two periods")
    if not np.isfinite(series).all():
        raise ValueError("values: one is not a finite number")
    return series


@lru_cache(maxsize=4096)
def _exact_p(n: int, ties: tuple[int, ...], s: int) -> float:
    """Return the share of all orders whose S is at least this far from 0."""
    ways = [1]
    for size in range(1, n + 1):
        ways = _times(ways, size)
    for tied in ties:
        for size in range(1, tied + 1):
            ways = _over(ways, size)
    untied = comb(n, 2) - sum(comb(size, 2) for size in ties)
    far = sum(many for falls, many in enumerate(ways) if abs(untied - 2 * falls) >= s)
    return far / sum(ways)


def _times(ways: list[int], size: int) -> list[int]:
    """Multiply by 1 + q + … + q^(size - 1)."""
    out = [0] * (len(ways) + size - 1)
    for at, many in enumerate(ways):
        for more in range(size):
            out[at + more] += many
    return out


def _over(ways: list[int], size: int) -> list[int]:
    """Divide by the same, which leaves nothing over."""
    rest, out = list(ways), []
    for at in range(len(ways) - size + 1):
        out.append(rest[at])
        for more in range(size):
            rest[at + more] -= out[at]
    return out
