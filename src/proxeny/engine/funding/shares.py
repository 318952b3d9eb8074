"""Payers' shares, and the dependence on few of them."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

__all__ = ["Concentration", "measure_shares"]


@dataclass(frozen=True, slots=True)
class Concentration[Key: Hashable]:
    """Distribution of a total over its payers.

    Parameters
    ----------
    shares : mapping
        Each payer's part, from 0 to 1, the largest first; empty without money.
    index : float or None
        The Herfindahl-Hirschman index, the sum of the squared shares: 1 if one pays all, 1/n if n
        pay alike; None without money. Times 10,000 it is the figure used by authorities.
    """

    total: int
    shares: Mapping[Key, float]
    index: float | None

    @property
    def as_many_as(self) -> float | None:
        """The number of equal payers with the same concentration: the inverse of the index."""
        return None if self.index is None else 1 / self.index


def measure_shares[Key: Hashable](amounts: Iterable[tuple[Key, int]]) -> Concentration[Key]:
    """Return the share of each payer, and how concentrated the sum is.

    Parameters
    ----------
    amounts : iterable of (key, int)
        Sums in minor units, at least 0; of one payer any number.

    Raises
    ------
    ValueError
        On a negative sum.

    References
    ----------
    U.S. Department of Justice and Federal Trade Commission, "Merger Guidelines", 2023, section 2.1,
    with the example of four firms of 30, 30, 20 and 20 per cent: 2,600.

    Examples
    --------
    >>> found = measure_shares([("a", 30), ("b", 30), ("c", 20), ("d", 20)])
    >>> round(found.index * 10_000)
    2600
    """
    sums: dict[Key, int] = {}
    for key, amount in amounts:
        if amount < 0:
            raise ValueError(f"amounts: {key!r} must not be negative")
        sums[key] = sums.get(key, 0) + amount
    total = sum(sums.values())
    if not total:
        return Concentration(0, {}, None)
    shares = {key: sums[key] / total for key in sorted(sums, key=lambda one: -sums[one])}
    return Concentration(total, shares, sum(share**2 for share in shares.values()))
