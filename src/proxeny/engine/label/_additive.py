"""The additive model of applications and jurors, in the coordinates in which jurors are free."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Floats", "Found", "Ints", "estimate"]

type Floats = NDArray[np.float64]
type Ints = NDArray[np.int64]

#: Fewer degrees of freedom say nothing.
_LEAST_FREEDOM = 3
#: Number of points for integrating over the share of the variance.
_POINTS = 400
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Found:
    """Strictness of each juror and its standard error; both 0 for those alone."""

    points: Floats
    errors: Floats
    quantile: float
    share: float | None
    residual: float


def estimate(who: Ints, what: Ints, percent: Floats, panel: Ints, *, shrink: bool) -> Found | None:
    """Return each juror's strictness, or None if there are too few scores.

    Parameters
    ----------
    who, what : ndarray of int, shape (rows,)
        The juror and the application of each row.
    percent : ndarray, shape (rows,)
    panel : ndarray of int, shape (jurors,)
        Which jurors are connected.
    shrink : bool

    Notes
    -----
    Taking each application's mean off leaves jurors only: their normal equations are ``C u = z``
    with one unknown direction per panel, its mean. In the other ones, the eigenvectors of C,
    strictness is ``q / sqrt(d)`` with ``q`` of variance ``1 + ratio d`` relative to chance, and the
    residuals have variance 1: the restricted likelihood of the ratio is a product over these.
    """
    count = np.bincount(what)
    jurors, free = len(panel), len(who) - int((count > 0).sum())
    rank = jurors - len(np.unique(panel))
    if free - (0 if shrink else rank) < _LEAST_FREEDOM:
        return None
    within = percent - (np.bincount(what, percent) / np.maximum(count, 1))[what]
    rows = np.zeros((len(count), jurors))
    rows[what, who] = 1
    normal = np.diag(rows.sum(axis=0)) - (rows / np.maximum(count, 1)[:, None]).T @ rows
    values, vectors = np.linalg.eigh(normal)
    # The smallest are the panels' means, exactly as many as there are panels.
    values, vectors = values[jurors - rank :], vectors[:, jurors - rank :]
    q = vectors.T @ np.bincount(who, within, minlength=jurors) / np.sqrt(values)
    left = max(float(within @ within - q @ q), 0.0)
    if not shrink:
        variance = left / (free - rank)
        errors = np.sqrt(np.maximum(variance * (vectors**2 / values).sum(axis=1), 0))
        points = vectors @ (q / np.sqrt(values))
        return Found(points, errors, _quantile(free - rank), None, float(np.sqrt(variance)))
    return _average(values, vectors, q, left, free)


def _average(values: Floats, vectors: Floats, q: Floats, left: float, free: int) -> Found:
    """Return the mean over all shares of the variance, each as likely as the scores are with it."""
    share = (np.arange(_POINTS) + 0.5) / _POINTS
    ratio = share / (1 - share)
    growth = 1 + ratio[:, None] * values
    # A whole score sheet without any difference has no variance at all.
    square = left + (q**2 / growth).sum(axis=1) + _TINY
    likelihood = -0.5 * (np.log(growth).sum(axis=1) + free * np.log(square))
    weight = np.exp(likelihood - likelihood.max())
    weight /= weight.sum()
    variance = square / free
    # Strictness in each direction, and its variance, by share.
    strict = ratio[:, None] * np.sqrt(values) * q / growth
    spread = variance[:, None] * ratio[:, None] / growth
    by_share = strict @ vectors.T
    points = weight @ by_share
    error = (weight @ spread) @ (vectors**2).T + weight @ (by_share - points) ** 2
    return Found(
        points,
        np.sqrt(error),
        _quantile(free),
        float(weight @ share),
        float(np.sqrt(weight @ variance)),
    )


def _quantile(freedom: int) -> float:
    """Return Student's 97.5% point (Abramowitz and Stegun, 1964, 26.7.5); to 0.03 from 3 on."""
    x = 1.959963984540054
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
    )
    return x + terms[0] / freedom + terms[1] / freedom**2 + terms[2] / freedom**3
