"""Scheme of a label: criteria with indicators, thresholds, levels."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Literal

from proxeny.engine._checks import check_distinct, check_whole

__all__ = ["Criterion", "Indicator", "Level", "Rule", "Scheme"]

type Number = Fraction | int
type Rule = Literal["median", "mean", "lowest", "trimmed"]

_RULES = ("median", "mean", "lowest", "trimmed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """Something that jurors give points for.

    Parameters
    ----------
    key : str
    scale : int
        The greatest points, at least 1; the smallest are 0.
    weight : Fraction or int
        Beside the other indicators of its criterion, at least 0; with 0 only the threshold counts.
    least : Fraction or int, optional
        The points that have to be reached.
    """

    key: str
    scale: int
    weight: Number = 1
    least: Number | None = None

    def __post_init__(self) -> None:
        name = f"indicator {self.key!r}"
        check_whole(f"{name}: scale", self.scale, 1_000_000, least=1)
        _check_number(f"{name}: weight", self.weight)
        if self.least is not None:
            _check_number(f"{name}: least", self.least, self.scale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """Indicators that belong together; its percent is their weighted mean.

    Parameters
    ----------
    key : str
    indicators : sequence of Indicator
        At least one with a weight.
    weight : Fraction or int
        Beside the other criteria, at least 0.
    least : Fraction or int, optional
        The percent that has to be reached.
    """

    key: str
    indicators: Sequence[Indicator]
    weight: Number = 1
    least: Number | None = None

    def __post_init__(self) -> None:
        name = f"criterion {self.key!r}"
        _check_number(f"{name}: weight", self.weight)
        _check_percent(f"{name}: least", self.least)
        if not any(one.weight for one in self.indicators):
            raise ValueError(f"{name}: indicators: none has a weight")


@dataclass(frozen=True, slots=True)
class Level:
    """A level of the label, from so many percent in total on."""

    key: str
    least: Number

    def __post_init__(self) -> None:
        _check_percent(f"level {self.key!r}: least", self.least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A scheme of scores.

    Parameters
    ----------
    criteria : sequence of Criterion
        The total is the weighted mean of their percents; at least one has a weight. Where the total
        is all points of all there are, each indicator weighs its scale and each criterion the sum
        of its scales.
    least : Fraction or int, optional
        The total percent that has to be reached.
    levels : sequence of Level
        Rising.
    rule : {"median", "mean", "lowest", "trimmed"}
        How the points of several jurors become one: `median`, of an even number the mean of the two
        in the middle; `trimmed`, from four on the mean without the highest and the lowest, below
        that the median.

    Raises
    ------
    ValueError
        On two of one key, a weight below 0, a percent outside of 0 to 100, levels that do not rise;
        the message names the field.
    """

    criteria: Sequence[Criterion]
    least: Number | None = None
    levels: Sequence[Level] = ()
    rule: Rule = "median"

    def __post_init__(self) -> None:
        check_distinct("criteria", (one.key for one in self.criteria))
        check_distinct("indicators", (one.key for one in self.indicators))
        check_distinct("levels", (one.key for one in self.levels))
        _check_percent("least", self.least)
        if not any(one.weight for one in self.criteria):
            raise ValueError("criteria: none has a weight")
        if self.rule not in _RULES:
            raise ValueError(f"rule: {self.rule!r} is none of {', '.join(_RULES)}")
        for before, level in pairwise(self.levels):
            if level.least <= before.least:
                raise ValueError(f"level {level.key!r}: least: is not above {before.key!r}")

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators, in order."""
        return tuple(one for criterion in self.criteria for one in criterion.indicators)


def _check_number(name: str, value: Number, most: int | None = None) -> None:
    if not isinstance(value, Fraction | int):
        raise ValueError(f"{name}: {value!r} is no whole number or fraction")
    if value < 0 or (most is not None and value > most):
        up_to = "on" if most is None else f"to {most}"
        raise ValueError(f"{name}: {value} is not from 0 {up_to}")


def _check_percent(name: str, value: Number | None) -> None:
    if value is not None:
        _check_number(name, value, 100)
