"""Strictness of jurors and their differences: information for people, never a correction."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import sqrt
from typing import Literal

import numpy as np

from proxeny.engine._checks import check_distinct
from proxeny.engine.label._additive import Floats, Found, Ints, estimate

__all__ = [
    "Adjusted",
    "Calibration",
    "Difference",
    "Row",
    "Spread",
    "Strictness",
    "calibrate",
    "measure_spread",
]


@dataclass(frozen=True, slots=True)
class Row:
    """Score of a juror for an application, in percent of the maximum."""

    juror: str
    application: str
    percent: float | Fraction

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= 100:
            raise ValueError(
                f"row {self.juror!r} {self.application!r}: percent: {self.percent} is not 0 to 100"
            )


@dataclass(frozen=True, slots=True)
class Strictness:
    """Strictness of a juror relative to the others who judged the same applications.

    Parameters
    ----------
    juror : str
    scores : int
        The number of applications they judged.
    panel : int
        Jurors with the same number are compared, directly or through others; their mean is 0.
    points : float, optional
        Points of percent; below 0 is stricter than the panel. None with a reason.
    error, low, high : float, optional
        The standard error, and the interval of 95%.
    reason : {"alone", "too_few"}, optional
        Why there is no figure: nobody else judged their applications, or all scores together are
        too few to distinguish strictness from chance.
    """

    juror: str
    scores: int
    panel: int
    points: float | None = None
    error: float | None = None
    low: float | None = None
    high: float | None = None
    reason: Literal["alone", "too_few"] | None = None


@dataclass(frozen=True, slots=True)
class Adjusted:
    """An application's mean, and the mean had all jurors been as strict as their panel's mean."""

    application: str
    scores: int
    percent: float
    adjusted: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Results of a calibration.

    Parameters
    ----------
    jurors : tuple of Strictness
    applications : tuple of Adjusted
        Both by key.
    share : float, optional
        The share of the variance within applications due to strictness and not chance, 0 to 1; None
        without shrinkage or figures.
    residual : float, optional
        The standard deviation of the residual after application and strictness.
    """

    jurors: tuple[Strictness, ...]
    applications: tuple[Adjusted, ...]
    share: float | None
    residual: float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Two jurors who differ on an application; `points` is the surplus of `high`, in percent."""

    application: str
    low: str
    high: str
    points: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Distance between jurors on one indicator.

    Parameters
    ----------
    deviation : float, optional
        The mean over applications of the standard deviation (n - 1) of the percents of their
        jurors; None if no application has two.
    applications : int
        The number with two jurors or more.
    differences : tuple of Difference
        The pairs that differ most, largest first.
    """

    deviation: float | None
    applications: int
    differences: tuple[Difference, ...]


def calibrate(rows: Sequence[Row], *, shrink: bool = True) -> Calibration:
    """Estimate the strictness of each juror.

    The model: percent = application + juror + chance. Applications are free, since their quality is
    what is judged; jurors are drawn from one normal distribution, so that few scores have little
    effect (best linear unbiased prediction, [1]_, [2]_). The variance between jurors is not fixed
    at one estimate, which is 0 too often for small panels: the restricted likelihood [3]_ weighs
    each share of the variance from 0 to 1, a uniform prior [4]_, and figures and errors are the
    mean over these.

    Parameters
    ----------
    rows : sequence of Row
        One for each juror and application.
    shrink : bool
        False is plain least squares: each panel's mean is 0, and few scores may have a large
        effect.

    Returns
    -------
    Calibration
        Information only: results are not corrected by it.

    Raises
    ------
    ValueError
        If a juror has two rows for an application.

    Notes
    -----
    O(rows · jurors + jurors³ + 400 · jurors²). Standard errors are relative to the panel's mean; the
    interval is Student's, with as many degrees of freedom as there are scores less applications.

    References
    ----------
    .. [1] C. R. Henderson, "Best linear unbiased estimation and prediction under a selection
       model", Biometrics 31 (1975), 423-447.
    .. [2] G. K. Robinson, "That BLUP is a good thing: the estimation of random effects",
       Statistical Science 6 (1991), 15-32.
    .. [3] H. D. Patterson and R. Thompson, "Recovery of inter-block information when block sizes
       are unequal", Biometrika 58 (1971), 545-554.
    .. [4] A. Gelman et al., Bayesian Data Analysis, 3rd edition, 2013, chapter 5.
    """
    check_distinct("rows", ((one.juror, one.application) for one in rows))
    jurors = sorted({one.juror for one in rows})
    applications = sorted({one.application for one in rows})
    column = {key: at for at, key in enumerate(jurors)}
    line = {key: at for at, key in enumerate(applications)}
    who = np.array([column[one.juror] for one in rows], dtype=np.int64)
    what = np.array([line[one.application] for one in rows], dtype=np.int64)
    percent = np.array([float(one.percent) for one in rows])
    panel = _panels(who, what, len(jurors))
    found = estimate(who, what, percent, panel, shrink=shrink) if rows else None
    return Calibration(
        jurors=tuple(
            _tell_juror(key, at, np.bincount(who, minlength=len(jurors)), panel, found)
            for at, key in enumerate(jurors)
        ),
        applications=_adjust(applications, what, percent, who, found),
        share=None if found is None else found.share,
        residual=None if found is None else found.residual,
    )


def _tell_juror(key: str, at: int, counts: Ints, panel: Ints, found: Found | None) -> Strictness:
    scores, number = int(counts[at]), int(panel[at])
    if (panel == number).sum() == 1:
        return Strictness(key, scores, number, reason="alone")
    if found is None:
        return Strictness(key, scores, number, reason="too_few")
    points, error = float(found.points[at]), float(found.errors[at])
    half = found.quantile * error
    return Strictness(key, scores, number, points, error, points - half, points + half)


def _adjust(
    keys: Sequence[str], what: Ints, percent: Floats, who: Ints, found: Found | None
) -> tuple[Adjusted, ...]:
    fair = percent if found is None else percent - found.points[who]
    count = np.bincount(what, minlength=len(keys))
    given, less = np.bincount(what, percent), np.bincount(what, fair)
    return tuple(
        Adjusted(key, int(count[at]), float(given[at] / count[at]), float(less[at] / count[at]))
        for at, key in enumerate(keys)
    )


def _panels(who: Ints, what: Ints, count: int) -> Ints:
    """Return each juror's panel: those connected by applications, numbered by the first of them."""
    panel = np.arange(count, dtype=np.int64)
    by_application: dict[int, list[int]] = {}
    for juror, application in zip(who.tolist(), what.tolist(), strict=True):
        by_application.setdefault(application, []).append(juror)
    changed = True
    while changed:
        changed = False
        for some in by_application.values():
            first = panel[some].min()
            if (panel[some] != first).any():
                panel[some] = first
                changed = True
    numbers: Ints = np.unique(panel, return_inverse=True)[1].astype(np.int64)
    return numbers


def measure_spread(rows: Sequence[Row], *, most: int = 5) -> Spread:
    """Return how far jurors are apart on one indicator.

    Parameters
    ----------
    rows : sequence of Row
        Of this indicator only, one for each juror and application.
    most : int
        How many pairs at most.

    Raises
    ------
    ValueError
        If a juror has two rows for an application.
    """
    check_distinct("rows", ((one.juror, one.application) for one in rows))
    groups: dict[str, list[Row]] = {}
    for one in sorted(rows, key=lambda one: (one.application, one.percent, one.juror)):
        groups.setdefault(one.application, []).append(one)
    deviations, differences = [], []
    for key, own in groups.items():
        if len(own) < 2:
            continue
        given = [float(one.percent) for one in own]
        middle = sum(given) / len(given)
        deviations.append(sqrt(sum((one - middle) ** 2 for one in given) / (len(given) - 1)))
        for low, high in combinations(own, 2):
            points = float(high.percent) - float(low.percent)
            differences.append(Difference(key, low.juror, high.juror, points))
    differences.sort(key=lambda one: (-one.points, one.application, one.low, one.high))
    return Spread(
        deviation=sum(deviations) / len(deviations) if deviations else None,
        applications=len(deviations),
        differences=tuple(differences[:most]),
    )
