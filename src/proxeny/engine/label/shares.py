"""Shares of the places: fractions, percents and numbers of places, all exact."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from proxeny.engine._checks import check_whole

__all__ = ["Share", "read_share"]

_MOST = 1_000_000
#: Greater denominators are no shares that people agree on.
_MOST_PARTS = 1000
_FRACTION = re.compile(r"(\d{1,4})\s*/\s*(\d{1,4})")
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,4})?)\s*[%٪]?")
_PLACES = re.compile(r"(\d{1,7})\s+(\w+)")


@dataclass(frozen=True, slots=True)
class Share:
    """A part of all places, or a number of places.

    Parameters
    ----------
    amount : Fraction
        From 0 to 1 of all places; with `is_places` a whole number of them.
    is_places : bool
    is_percent : bool
        Whether it was written in percent.
    """

    amount: Fraction
    is_places: bool = False
    is_percent: bool = False

    def __post_init__(self) -> None:
        most = _MOST if self.is_places else 1
        if not isinstance(self.amount, Fraction) or not 0 <= self.amount <= most:
            raise ValueError(f"share: {self.amount!r} is no fraction from 0 to {most}")
        if self.is_places and self.amount.denominator != 1:
            raise ValueError(f"share: {self.amount} is no number of places")

    def of(self, places: int) -> Fraction:
        """Return how many of so many places it is, exactly."""
        check_whole("places", places, _MOST)
        return self.amount if self.is_places else self.amount * places

    def at_least(self, places: int) -> int:
        """Return the places that it asks for at least: rounded down.

        Shares that are together not more than 1 never ask for more than all places.
        """
        return self.of(places).__floor__()

    def at_most(self, places: int) -> int:
        """Return the places that it allows at most: rounded up."""
        return self.of(places).__ceil__()

    def __str__(self) -> str:
        """Return it as it is kept: `1/3`, `33.00` for percent, `10 places`."""
        if self.is_places:
            return f"{self.amount.numerator} places"
        if self.is_percent:
            percent = 100 * self.amount
            figure = Decimal(percent.numerator) / Decimal(percent.denominator)
            return f"{figure:.2f}" if percent * 100 % 1 == 0 else f"{figure.normalize():f}"
        return f"{self.amount.numerator}/{self.amount.denominator}"


def read_share(text: str | int | Decimal, *, words: Collection[str] = ("place", "places")) -> Share:
    """Read a share as people write it.

    Parameters
    ----------
    text : str, int or Decimal
        A fraction such as `1/3`, percent such as `33 %`, `33,5` or a plain number, or a number of
        places such as `10 places`.
    words : collection of str
        How places are called.

    Raises
    ------
    ValueError
        It is none of these, or more than all.

    Examples
    --------
    >>> from proxeny.engine.label import read_share
    >>> third, percent, ten = map(read_share, ("1/3", "33%", "10 places"))
    >>> [one.at_least(30) for one in (third, percent, ten)], str(percent)
    ([10, 9, 10], '33.00')
    >>> third.at_least(25), third.at_most(25)
    (8, 9)
    """
    told = str(text).strip()
    if found := _FRACTION.fullmatch(told):
        part, whole = int(found[1]), int(found[2])
        if not 0 < whole <= _MOST_PARTS or part > whole:
            raise ValueError(f"share: {told!r} is no fraction from 0 to 1")
        return Share(Fraction(part, whole))
    if found := _PERCENT.fullmatch(told):
        percent = Fraction(found[1].replace(",", "."))
        if percent > 100:
            raise ValueError(f"share: {told!r} is more than all places")
        return Share(percent / 100, is_percent=True)
    if (found := _PLACES.fullmatch(told)) and found[2].casefold() in {
        one.casefold() for one in words
    }:
        return Share(Fraction(int(found[1])), is_places=True)
    raise ValueError(f"share: {told!r} is no fraction, percent or number of places")
