"""Features of a pair beyond its score, as numbers between 0 and 1."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.matching._parts import asking_parts, levels_of, offering_parts
from proxeny.engine.matching._rows import Rows
from proxeny.engine.matching.index import Index
from proxeny.engine.matching.model import Profile
from proxeny.engine.matching.relations import Relations

__all__ = ["FEATURES", "weigh_pairs"]

# The other's offers for me, my offers for the other, closeness of meaning, a common sector, the
# other's country being one that I seek by name, the same region, and past work with or near them.
FEATURES = ("they_offer", "they_need", "meaning", "sector", "country", "place", "relations")


def weigh_pairs(
    index: Index,
    members: Sequence[int],
    targets: Sequence[int],
    *,
    relations: Relations | None = None,
) -> NDArray[np.float64]:
    """Return the features of some pairs, each from 0 to 1.

    Parameters
    ----------
    members, targets : sequences of int of one length
        Places in the index.
    relations : Relations, optional
        Over the members of the index, in its order, and others after them; without it the last
        feature is 0.

    Returns
    -------
    float64 array of shape (pairs, features)
        In the order of `FEATURES`.

    Raises
    ------
    ValueError
        On a member that is not in the index, or relations of other members.
    """
    one, other = np.asarray(members, dtype=np.int64), np.asarray(targets, dtype=np.int64)
    n = len(index.profiles)
    for name, places in (("members", one), ("targets", other)):
        if len(places) and not 0 <= places.min() <= places.max() < n:
            raise ValueError(f"{name}: a member is not in the index")
    if relations is not None and relations.n_members < n:
        raise ValueError("relations: must be of the members of the index")
    offers = index.offers.weights
    columns = [
        dot_pairs(index.needs, offers, one, other),
        dot_pairs(index.needs, offers, other, one),
        _meaning(index, one, other),
        *_facts(index, one, other),
        _relations(relations, one, other),
    ]
    return np.column_stack([np.clip(column, 0.0, 1.0) for column in columns]).astype(np.float64)


def dot_pairs(
    left: Rows, right: Rows, rows: NDArray[np.int64], others: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the product of a row of the one matrix and a row of the other, pair by pair."""
    one, other = left.pick(rows.astype(np.int32)), right.pick(others.astype(np.int32))
    width = max(1, left.n_cols, right.n_cols)
    keys = one.row_of_entries() * width + one.cols
    wanted = other.row_of_entries() * width + other.cols
    _, here, there = np.intersect1d(keys, wanted, assume_unique=True, return_indices=True)
    products = one.vals[here].astype(np.float64) * other.vals[there]
    return np.bincount(keys[here] // width, weights=products, minlength=len(rows))


def _meaning(
    index: Index, one: NDArray[np.int64], other: NDArray[np.int64]
) -> NDArray[np.floating]:
    """The lesser cosine of both directions."""
    if index.asked is None or index.offered is None:
        return np.zeros(len(one))
    forward = (index.asked[one] * index.offered[other]).sum(axis=1)
    return np.asarray(np.minimum(forward, (index.asked[other] * index.offered[one]).sum(axis=1)))


def _facts(
    index: Index, one: NDArray[np.int64], other: NDArray[np.int64]
) -> list[NDArray[np.floating]]:
    """Sector, country and place; what a profile says of itself is read once."""
    known = {int(member): _Facts(index.profiles[member]) for member in np.union1d(one, other)}
    pairs = [(known[int(a)], known[int(b)]) for a, b in zip(one, other, strict=True)]
    return [
        np.array([a.shares_sector(b) or b.shares_sector(a) for a, b in pairs], dtype=float),
        np.array([b.country in a.sought for a, b in pairs], dtype=float),
        np.array([bool(a.region) and a.region == b.region for a, b in pairs], dtype=float),
    ]


class _Facts:
    """Codes of one member; a region is the first level of NUTS below the country."""

    __slots__ = ("above", "codes", "country", "region", "sought")

    def __init__(self, profile: Profile) -> None:
        parts = [*asking_parts(profile), *offering_parts(profile)]
        self.codes = frozenset(code for part in parts for code in part.sectors)
        self.above = frozenset(level for code in self.codes for level in levels_of(code))
        self.country = profile.country
        self.sought = profile.countries_sought
        self.region = profile.place[:3] if len(profile.place) > 2 else ""

    def shares_sector(self, other: "_Facts") -> bool:
        """Whether a sector of this one is one of the other's, or contains one of them."""
        return not self.codes.isdisjoint(other.above)


def _relations(
    relations: Relations | None, one: NDArray[np.int64], other: NDArray[np.int64]
) -> NDArray[np.floating]:
    """Common partners, as a share that nears 1 when there are many."""
    if relations is None:
        return np.zeros(len(one))
    asked, places = np.unique(one, return_inverse=True)
    found = np.empty(len(one))
    for start in range(0, len(asked), 64):
        common = relations.count_common(asked[start : start + 64])
        here = np.flatnonzero((places >= start) & (places < start + 64))
        found[here] = common[places[here] - start, other[here]]
    return found / (1.0 + found)
