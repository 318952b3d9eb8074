"""Tails of the Poisson and the binomial distribution, and the parameters that give a tail.

By the regularised incomplete gamma and beta functions, computed with their series and continued
fractions (W. H. Press et al., "Numerical Recipes", 3rd ed., 2007, sections 6.2 and 6.4).
"""

from collections.abc import Callable
from math import exp, inf, lgamma, log, log1p, sqrt

_TINY = 1e-300
_EXACT = 1e-15
_HALVINGS = 200


def check_confidence(confidence: float) -> None:
    """Raise a ValueError unless it lies between 0 and 1."""
    if not 0 < confidence < 1:
        raise ValueError("confidence: must lie between 0 and 1, as 0.95.")


def poisson_at_least(count: int, mean: float) -> float:
    """Return how likely `count` (1 or more) things or more are, where `mean` are expected."""
    if mean <= 0:
        return 0.0
    if mean < count + 1:
        return _gamma_series(count, mean)
    return 1.0 - _gamma_fraction(count, mean)


def binomial_at_least(count: int, of: int, chance: float) -> float:
    """Return how likely `count` (1 to `of`) or more of `of` trials succeed, each by `chance`."""
    return _beta(count, of - count + 1, chance)


def solve_rising(tail: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    """Return where a tail that rises from `low` to `high` is as wanted, by halving."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if tail(middle) < wanted:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _rounds(scale: float) -> int:
    """Return after how many terms a sum is given up; it takes a few times the root of its scale."""
    return 200 + int(40 * sqrt(scale))


def _gamma_series(shape: float, x: float) -> float:
    term = total = 1.0 / shape
    for n in range(1, _rounds(shape + x)):
        term *= x / (shape + n)
        total += term
        if term < total * _EXACT:
            break
    return total * exp(shape * log(x) - x - lgamma(shape))


def _gamma_fraction(shape: float, x: float) -> float:
    b = x + 1.0 - shape
    c, d = inf, 1.0 / b
    found = d
    for n in range(1, _rounds(shape + x)):
        step = -n * (n - shape)
        b += 2.0
        d = 1.0 / _not_zero(step * d + b)
        c = _not_zero(b + step / c)
        found *= d * c
        if abs(d * c - 1.0) < _EXACT:
            break
    return found * exp(shape * log(x) - x - lgamma(shape))


def _beta(a: float, b: float, x: float) -> float:
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    if x < (a + 1.0) / (a + b + 2.0):
        return front * _beta_fraction(a, b, x) / a
    return 1.0 - front * _beta_fraction(b, a, 1.0 - x) / b


def _beta_fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1.0 / _not_zero(1.0 - (a + b) * x / (a + 1.0))
    found = d
    for n in range(1, _rounds(a + b)):
        before = found
        for step in (
            n * (b - n) * x / ((a + 2 * n - 1) * (a + 2 * n)),
            -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1)),
        ):
            d = 1.0 / _not_zero(1.0 + step * d)
            c = _not_zero(1.0 + step / c)
            found *= d * c
        if abs(found - before) < _EXACT * abs(found):
            break
    return found


def _not_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY
