"""Growth of shares, with each topic's few documents weighed against the trend of all topics."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Growth", "estimate_growth", "score_test", "spread_of"]

type Floats = NDArray[np.float64]

# Rates from a 20th to 20 times a period; finer steps change no figure told.
_RATES = np.linspace(-3.0, 3.0, 241)
_ROUNDS, _SETTLED = 500, 1e-7
# Degrees of freedom of the prior: heavy tails, so that a topic which stands out is hardly shrunk.
_TAIL = 3.0
# The prior never becomes narrower: nobody knows that all topics grow alike.
_LEAST_DEVIATION = 0.02


@dataclass(frozen=True, eq=False)
class Growth:
    """Rates of growth, in natural logarithms of the share's factor from a period to the next.

    Parameters
    ----------
    mean, low, high : float64 arrays of shape (topics,)
        Of the posterior; the interval has equal tails.
    rising : float64 array of shape (topics,)
        The posterior probability that the share grows.
    centre, deviation : float
        Centre and scale of Student's distribution from which topics' rates come.
    """

    mean: Floats
    low: Floats
    high: Floats
    rising: Floats
    centre: float
    deviation: float


def estimate_growth(
    counts: Floats, totals: Floats, *, spread: float, level: float, learn: NDArray[np.bool_]
) -> Growth:
    """Estimate each topic's rate by empirical Bayes.

    Given how often a topic was met in all, its documents fall to periods with chances in
    proportion to total · e^(rate · period); rates come from one Student's distribution with three
    degrees of freedom, whose centre and scale are those under which the counts of all topics are most likely (expectation
    maximisation over a grid of rates, over the topics of `learn`). What is more than chance
    (`spread`) flattens the likelihood.

    Notes
    -----
    B. Efron, Large-Scale Inference (2010), chapter 1; C. N. Morris, "Parametric empirical Bayes
    inference", JASA 78 (1983) 47-55; the expectation maximisation is that of K. L. Lange, R. J. A.
    Little and J. M. G. Taylor, "Robust statistical modeling using the t distribution", JASA 84
    (1989) 881-896. Costs topics · 241 · (periods + rounds).
    """
    times = np.arange(len(totals), dtype=np.float64)
    with np.errstate(divide="ignore"):
        chances = np.log(totals)[:, None] + np.outer(times, _RATES)
    chances = np.where(totals[:, None] > 0, chances, -1e9)
    chances -= np.logaddexp.reduce(chances, axis=0)
    likely = counts @ chances / spread
    likely = np.exp(likely - likely.max(axis=1, keepdims=True))
    centre, deviation = 0.0, 0.5
    for _ in range(_ROUNDS if learn.any() else 0):
        posterior = _weigh(likely[learn], centre, deviation)
        # A normal distribution whose width is drawn for each topic is Student's: `hold` is the
        # expected precision of the draw.
        hold = (_TAIL + 1) / (_TAIL + ((_RATES - centre) / deviation) ** 2)
        held = posterior @ hold
        moved = float((posterior @ (hold * _RATES)).sum() / held.sum())
        square = float((posterior @ (hold * (_RATES - moved) ** 2)).mean())
        width = max(_LEAST_DEVIATION, float(np.sqrt(square)))
        settled = abs(moved - centre) + abs(width - deviation) < _SETTLED
        centre, deviation = moved, width
        if settled:
            break
    posterior = _weigh(likely, centre, deviation)
    below = np.cumsum(posterior, axis=1)
    return Growth(
        posterior @ _RATES,
        _RATES[np.argmax(below >= (1 - level) / 2, axis=1)],
        _RATES[np.argmax(below >= (1 + level) / 2, axis=1)],
        posterior[:, _RATES > 0].sum(axis=1) + posterior[:, _RATES == 0].sum(axis=1) / 2,
        centre,
        deviation,
    )


def _weigh(likely: Floats, centre: float, deviation: float) -> Floats:
    prior = (1 + ((_RATES - centre) / deviation) ** 2 / _TAIL) ** (-(_TAIL + 1) / 2)
    weighed = likely * prior
    posterior: Floats = weighed / np.maximum(weighed.sum(axis=1, keepdims=True), 1e-300)
    return posterior


def spread_of(counts: Floats, totals: Floats) -> float:
    """Return the overdispersion of counts around each topic's own trend, at least 1.

    Pearson's statistic over its degrees of freedom, over all topics together; 1 for two periods or
    fewer.

    Notes
    -----
    P. McCullagh and J. A. Nelder, Generalized Linear Models (1989), section 9.2.
    """
    there = totals > 0
    counts, totals = counts[:, there], totals[there]
    sums = counts.sum(axis=1)
    free = (sums > 0).sum() * (len(totals) - 2)
    if free <= 0:
        return 1.0
    times = np.flatnonzero(there).astype(np.float64)
    chances = _fit(counts, totals, times)
    expected = sums[:, None] * chances
    pearson = ((counts - expected) ** 2 / np.maximum(expected, 1e-12))[sums > 0].sum()
    return max(1.0, float(pearson / free))


def _fit(counts: Floats, totals: Floats, times: Floats) -> Floats:
    """Return each topic's chances by period at its most likely rate, on the grid."""
    chances = np.log(totals)[:, None] + np.outer(times, _RATES)
    chances -= np.logaddexp.reduce(chances, axis=0)
    best = np.argmax(counts @ chances, axis=1)
    fitted: Floats = np.exp(chances[:, best]).T
    return fitted


def score_test(counts: Floats, totals: Floats, spread: float) -> Floats:
    """Return z of the trend of each share: above 0 where it rises.

    Notes
    -----
    P. Armitage, "Tests for linear trends in proportions and frequencies", Biometrics 11 (1955)
    375-386, given each topic's sum, its variance times `spread`.
    """
    part = totals / max(totals.sum(), 1e-300)
    times = np.arange(len(totals), dtype=np.float64)
    middle = float(part @ times)
    variance = float(part @ (times - middle) ** 2)
    sums = counts.sum(axis=1)
    z: Floats = counts @ (times - middle) / np.sqrt(np.maximum(1e-300, spread * sums * variance))
    return np.where(sums * variance > 0, z, 0.0)
