"""From jurors' points to a result, in exact fractions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import stdev

from proxeny.engine._checks import check_whole
from proxeny.engine.label.scheme import Criterion, Indicator, Number, Rule, Scheme

__all__ = ["CriterionResult", "IndicatorResult", "Result", "combine"]


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """Result of an indicator.

    Parameters
    ----------
    key : str
    points, percent : Fraction, optional
        By the scheme's rule from the existing scores, and in percent of the scale; None without any
        score.
    count : int
        The number of scores.
    passes : bool, optional
        Whether the threshold is reached, True without one; None if scores are missing.
    gap : Fraction, optional
        Points minus the threshold; negative if points are missing. None without a threshold or if
        scores are missing.
    deviation : float, optional
        The standard deviation of the points over the jurors (n - 1); None below two scores.
    lowest, highest : Fraction, optional
        Of the jurors' points.
    """

    key: str
    points: Fraction | None
    percent: Fraction | None
    count: int
    passes: bool | None
    gap: Fraction | None
    deviation: float | None
    lowest: Fraction | None
    highest: Fraction | None


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """Result of a criterion; `percent` and `passes` are None if an indicator is missing."""

    key: str
    percent: Fraction | None
    passes: bool | None
    gap: Fraction | None


@dataclass(frozen=True, slots=True)
class Result:
    """Result of an application.

    Parameters
    ----------
    indicators : tuple of IndicatorResult
    criteria : tuple of CriterionResult
    percent : Fraction, optional
        The total; None if something is missing.
    total_passes : bool, optional
        Whether the total reaches its threshold.
    gap : Fraction, optional
        The total minus its threshold, in percentage points.
    passes : bool, optional
        Whether all thresholds are reached: of each indicator, of each criterion, of the total. None
        if something is missing.
    level : str, optional
        The highest level that the total reaches, if all thresholds are reached.
    missing : tuple of str
        Indicators with fewer scores than needed.
    """

    indicators: tuple[IndicatorResult, ...]
    criteria: tuple[CriterionResult, ...]
    percent: Fraction | None
    total_passes: bool | None
    gap: Fraction | None
    passes: bool | None
    level: str | None
    missing: tuple[str, ...]


def combine(
    scheme: Scheme,
    scores: Mapping[str, Mapping[str, Number | None]],
    least_scores: int = 1,
) -> Result:
    """Combine the points of jurors into a result.

    Parameters
    ----------
    scheme : Scheme
    scores : mapping of str to mapping of str to Fraction, int or None
        Per juror the points per indicator; None, or no entry, is no score. An applicant's own
        assessment is one juror.
    least_scores : int
        How many scores each indicator needs, at least 1; with fewer it is missing.

    Returns
    -------
    Result
        Exact; nothing is rounded, and nothing is guessed where something is missing.

    Raises
    ------
    ValueError
        On an unknown indicator, or points that are inexact, below 0 or above the scale; the message
        names juror and indicator.

    Notes
    -----
    O(jurors · indicators · log jurors).

    Examples
    --------
    >>> from proxeny.engine.label import Criterion, Indicator, Level, Scheme, combine
    >>> scheme = Scheme(
    ...     criteria=[Criterion(key="team", indicators=[Indicator(key="skills", scale=5, least=3)])],
    ...     levels=[Level("bronze", 40), Level("gold", 80)],
    ... )
    >>> found = combine(scheme, {"ana": {"skills": 5}, "luc": {"skills": 2}})
    >>> found.indicators[0].points, found.percent, found.passes, found.level
    (Fraction(7, 2), Fraction(70, 1), True, 'bronze')
    """
    check_whole("least_scores", least_scores, 1000, least=1)
    given = _read(scheme, scores)
    indicators = tuple(
        _rate_indicator(one, given[one.key], scheme.rule, least_scores) for one in scheme.indicators
    )
    missing = {one.key for one in indicators if one.count < least_scores}
    percents = {one.key: None if one.key in missing else one.percent for one in indicators}
    criteria = tuple(_rate_criterion(one, percents) for one in scheme.criteria)
    percent = _weigh((one.weight for one in scheme.criteria), [one.percent for one in criteria])
    total_passes, gap = _hold_to(percent, scheme.least)
    every = [one.passes for one in indicators] + [one.passes for one in criteria] + [total_passes]
    passes = None if None in every else all(every)
    reached = [
        one.key for one in scheme.levels if passes and percent is not None and percent >= one.least
    ]
    return Result(
        indicators=indicators,
        criteria=criteria,
        percent=percent,
        total_passes=total_passes,
        gap=gap,
        passes=passes,
        level=reached[-1] if reached else None,
        missing=tuple(one.key for one in indicators if one.key in missing),
    )


def _read(
    scheme: Scheme, scores: Mapping[str, Mapping[str, Number | None]]
) -> dict[str, list[Fraction]]:
    scales = {one.key: one.scale for one in scheme.indicators}
    given: dict[str, list[Fraction]] = {key: [] for key in scales}
    for juror, own in scores.items():
        for key, points in own.items():
            name = f"scores: juror {juror!r}: indicator {key!r}"
            if key not in scales:
                raise ValueError(f"{name}: the scheme has none such")
            if points is None:
                continue
            if not isinstance(points, Fraction | int) or not 0 <= points <= scales[key]:
                raise ValueError(f"{name}: {points!r} is no fraction from 0 to {scales[key]}")
            given[key].append(Fraction(points))
    return given


def _rate_indicator(
    indicator: Indicator, given: Sequence[Fraction], rule: Rule, least_scores: int
) -> IndicatorResult:
    points = _combine_points(sorted(given), rule) if given else None
    passes, gap = _hold_to(points if len(given) >= least_scores else None, indicator.least)
    return IndicatorResult(
        key=indicator.key,
        points=points,
        percent=None if points is None else 100 * points / indicator.scale,
        count=len(given),
        passes=passes,
        gap=gap,
        deviation=float(stdev(given)) if len(given) > 1 else None,
        lowest=min(given, default=None),
        highest=max(given, default=None),
    )


def _rate_criterion(
    criterion: Criterion, percents: Mapping[str, Fraction | None]
) -> CriterionResult:
    own = [percents[one.key] for one in criterion.indicators]
    percent = _weigh((one.weight for one in criterion.indicators), own)
    passes, gap = _hold_to(percent, criterion.least)
    return CriterionResult(criterion.key, percent, passes, gap)


def _combine_points(points: Sequence[Fraction], rule: Rule) -> Fraction:
    """Combine sorted points, at least one."""
    count = len(points)
    if rule == "lowest":
        return points[0]
    if rule == "mean":
        return sum(points, Fraction()) / count
    if rule == "trimmed" and count >= 4:
        return sum(points[1:-1], Fraction()) / (count - 2)
    return (points[(count - 1) // 2] + points[count // 2]) / 2


def _weigh(weights: Iterable[Number], percents: Sequence[Fraction | None]) -> Fraction | None:
    """Return the weighted mean, or None if one is missing."""
    whole, total = Fraction(), Fraction()
    for weight, percent in zip(weights, percents, strict=True):
        if percent is None:
            return None
        whole += weight
        total += weight * percent
    return total / whole


def _hold_to(reached: Fraction | None, least: Number | None) -> tuple[bool | None, Fraction | None]:
    """Return whether a threshold is reached and by how much."""
    if reached is None:
        return None, None
    if least is None:
        return True, None
    return reached >= least, reached - least
