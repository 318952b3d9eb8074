"""A published scheme as the engine reckons with it."""

from decimal import Decimal
from fractions import Fraction

from proxeny.engine.label import Criterion, Indicator, Level, Rule, Scheme
from proxeny.labels.content import SchemeText

_RULES: dict[str, Rule] = {
    "median": "median",
    "mean": "mean",
    "lowest": "lowest",
    "trimmed": "trimmed",
}


def scheme_of(text: SchemeText) -> Scheme:
    """Return the exact requirements of a scheme, with the keys of its text.

    Raises
    ------
    ValueError
        It has no criterion, or one without an indicator: nobody publishes such a scheme.
    """
    return Scheme(
        criteria=[
            Criterion(
                key=criterion.key,
                weight=criterion.weight,
                least=exactly(criterion.least),
                indicators=[
                    Indicator(
                        key=one.key, scale=one.scale, weight=one.weight, least=exactly(one.least)
                    )
                    for one in criterion.indicators
                ],
            )
            for criterion in text.criteria
        ],
        least=exactly(text.total_least),
        levels=[Level(one.key, Fraction(one.least)) for one in text.levels],
        rule=_RULES[text.rule],
    )


def exactly(figure: Decimal | None) -> Fraction | None:
    """Return a figure as it was written, or None."""
    return None if figure is None else Fraction(figure)
