"""Results of an applicant's own points: the distance from each threshold."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from proxeny.engine.label import combine
from proxeny.labels.content import CriterionText, IndicatorText, LevelText, SchemeText
from proxeny.labels.operations.engine_scheme import exactly, scheme_of
from proxeny.labels.operations.standing import tell_percent


@dataclass(frozen=True, slots=True)
class Line:
    """A figure beside its threshold; `gap` is what is missing to it, none once it is reached.

    `passes` is None while something is not answered.
    """

    reached: Decimal | None
    least: Decimal | None
    passes: bool | None
    gap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OwnIndicator:
    """An indicator with the applicant's own points."""

    indicator: IndicatorText
    line: Line


@dataclass(frozen=True, slots=True)
class OwnCriterion:
    """A criterion in percent, with its indicators."""

    criterion: CriterionText
    line: Line
    indicators: tuple[OwnIndicator, ...]


@dataclass(frozen=True, slots=True)
class SelfAssessment:
    """An applicant's self-assessment, by the rule of the scheme with itself as the only juror.

    `level` is the one that it would reach, `next_level` the one above, `next_gap` the percent that
    are missing; `open` are indicators without points.
    """

    criteria: tuple[OwnCriterion, ...]
    total: Line
    passes: bool | None
    level: LevelText | None
    next_level: LevelText | None
    next_gap: Decimal | None
    open: int


def assess_oneself(scheme: SchemeText, points: Mapping[str, Decimal | None]) -> SelfAssessment:
    """Return the distance of an applicant's own points from each threshold.

    Parameters
    ----------
    points : mapping
        Points by key of the indicator, None or absent where there are none; each from 0 to the
        scale. Keys that the scheme has not are left out.

    Returns
    -------
    SelfAssessment
        Percents with two decimals, never rounded up to a threshold.
    """
    known = {one.key for one in scheme.indicators()}
    given = {key: exactly(one) for key, one in points.items() if key in known}
    found = combine(scheme_of(scheme), {"own": given})
    indicators = {one.key: one for one in found.indicators}
    criteria = tuple(
        OwnCriterion(
            text,
            _line(result.percent, text.least, result.passes, result.gap),
            tuple(
                OwnIndicator(
                    one,
                    _line(
                        indicators[one.key].points,
                        one.least,
                        indicators[one.key].passes,
                        indicators[one.key].gap,
                    ),
                )
                for one in text.indicators
            ),
        )
        for text, result in zip(scheme.criteria, found.criteria, strict=True)
    )
    above = _next_level(scheme, found.percent)
    return SelfAssessment(
        criteria,
        _line(found.percent, scheme.total_least, found.total_passes, found.gap),
        found.passes,
        scheme.level(found.level) if found.level else None,
        above,
        _missing(Fraction(above.least) - found.percent)
        if above and found.percent is not None
        else None,
        len(found.missing),
    )


def _next_level(scheme: SchemeText, percent: Fraction | None) -> LevelText | None:
    """Return the lowest level that a total does not reach."""
    if percent is None:
        return None
    return next((one for one in scheme.levels if percent < Fraction(one.least)), None)


def _line(
    reached: Fraction | None, least: Decimal | None, passes: bool | None, gap: Fraction | None
) -> Line:
    missing = _missing(-gap) if gap is not None and gap < 0 else None
    return Line(tell_percent(reached, exactly(least)), least, passes, missing)


def _missing(gap: Fraction) -> Decimal:
    """Return the missing percent with two decimals, rounded up."""
    hundredths = -(-(gap * 100).numerator // (gap * 100).denominator)
    return Decimal(hundredths) / 100
