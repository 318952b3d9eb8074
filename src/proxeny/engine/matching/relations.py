"""Past work together, as evidence for future work together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.matching._rows import Rows, count_rows

__all__ = ["Relations", "Tie"]

_STEPS = 3
_FORGET = 0.7
# A tie of late is younger than this share of the memory.
_LATE = 0.5
_BASIC = ("common partners", "walk", "partners", "partners of late", "activity")
_CURVED = _BASIC[:3]


@dataclass(frozen=True, slots=True)
class Tie:
    """Something that members did together: a project, a bid, an event.

    Parameters
    ----------
    members : tuple of int
        Two or more, each once; a tie of one says only that the member was active.
    age_years : float
        How long ago, at least 0.
    """

    members: tuple[int, ...]
    age_years: float = 0.0


class Relations:
    """Network of members, with the evidence it gives about each pair.

    Parameters
    ----------
    n_members : int
        Members are numbered from 0.
    ties : sequence of Tie
    labels : sequence of sequences of str
        Other facts about members, each a list of one label per member: country, kind. The frequency
        of label pairs in the ties is learned from them.
    memory_years : float
        After this time a tie weighs 1/e.

    Raises
    ------
    ValueError
        On a member out of range, a negative age, or labels that are not one per member.
    """

    def __init__(
        self,
        n_members: int,
        ties: Sequence[Tie],
        *,
        labels: Sequence[Sequence[str]] = (),
        memory_years: float = 2.0,
    ) -> None:
        _check(n_members, ties, labels, memory_years)
        self.n_members = n_members
        self._members = count_rows([tie.members for tie in ties], n_members)
        self._size = np.diff(self._members.ptr)
        ages = np.array([tie.age_years for tie in ties], dtype=np.float64)
        self._weight = np.exp(-ages / memory_years) * (self._size > 1)
        self._labels = [np.unique(np.asarray(one), return_inverse=True)[1] for one in labels]

    @property
    def names(self) -> tuple[str, ...]:
        """The name of each column of the evidence."""
        labels = range(len(self._labels))
        return (
            *_BASIC,
            *(f"{name} squared" for name in _CURVED),
            *(f"{name} by own" for name in _CURVED),
            *(f"label {i} goes together" for i in labels),
            *(f"label {i} equal" for i in labels),
        )

    @cached_property
    def partners(self) -> Rows:
        """The past partners of each member, without weights, excluding the member itself."""
        one, other = _pair_members(self._members)
        counts = np.bincount(one, minlength=self.n_members)
        ptr = np.concatenate(([0], np.cumsum(counts)))
        ones = np.ones(ptr[-1], dtype=np.float32)
        return Rows(ptr, other.astype(np.int32), ones, self.n_members)

    def weigh(self, sources: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return the evidence about the pairs of some members with all members.

        Parameters
        ----------
        sources : int array of shape (s,)

        Returns
        -------
        float32 array of shape (s, members, columns)
            In the order of `names`; logarithms, so that weights multiply. Common partners count
            less the more partners they have (Adamic and Adar, Social Networks 25, 2003). The walk
            goes from the member over recent ties to their members, three times, and stops with
            probability 0.3 (personalised PageRank; Page et al. 1999). Partners are those of the
            target, ever and of late; its activity is its ties, recent ones rather. A square lets
            evidence count more, or less, where there is much of it; *by own* is evidence times the
            number of partners that the source itself has: a member with few partners needs
            different ones than a member with many.

        Notes
        -----
        Time and memory: s times the ties' memberships, and s times members times columns. Ask in
        blocks.
        """
        rows = sources.astype(np.int32)
        n, s = self.n_members, len(rows)
        degree = np.diff(self.partners.ptr)
        basic = [
            np.log(self.count_common(rows) + 0.05),
            np.log(self._walk(rows) + 1e-6),
            np.broadcast_to(np.log(degree + 1.0), (s, n)),
            np.broadcast_to(np.log(self._partners_of_late() + 1.0), (s, n)),
            np.broadcast_to(np.log(self._activity() + 0.02), (s, n)),
        ]
        own = np.log(degree[rows] + 1.0)[:, None]
        curved = [basic[_BASIC.index(name)] for name in _CURVED]
        columns = [
            *basic,
            *(one**2 for one in curved),
            *(one * own for one in curved),
            *(self._affinity(label)[label[rows]][:, label] for label in self._labels),
            *((label[rows][:, None] == label[None, :]) for label in self._labels),
        ]
        return np.stack([np.asarray(one, dtype=np.float32) for one in columns], axis=2)

    def count_common(self, sources: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return the Adamic-Adar score of some members with all, shape (s, members)."""
        from proxeny.engine.matching._kernels import add_products

        partners = self.partners
        degree = np.maximum(np.diff(partners.ptr), 2)
        mine = partners.pick(sources.astype(np.int32))
        mine = mine.with_values(1.0 / np.log(degree[mine.cols]))
        out = np.empty((len(sources), self.n_members), dtype=np.float32)
        add_products(
            mine.ptr,
            mine.cols,
            mine.vals,
            0,
            len(sources),
            partners.ptr,
            partners.cols,
            partners.vals,
            out,
        )
        return out

    def _walk(self, sources: NDArray[np.int32]) -> NDArray[np.float32]:
        from proxeny.engine.matching._kernels import spread

        to_ties, to_members = self._steps
        here = np.zeros((len(sources), self.n_members), dtype=np.float32)
        here[np.arange(len(sources)), sources] = 1.0
        ties = np.empty((len(sources), to_ties.n_cols), dtype=np.float32)
        total = np.zeros_like(here)
        for step in range(1, _STEPS + 1):
            spread(here, to_ties.ptr, to_ties.cols, to_ties.vals, ties)
            spread(ties, to_members.ptr, to_members.cols, to_members.vals, here)
            total += np.float32(_FORGET**step) * here
        return total

    @cached_property
    def _steps(self) -> tuple[Rows, Rows]:
        """From members to their ties, recent ones rather; from ties to their members."""
        ties = self._members.row_of_entries()
        total = np.bincount(
            self._members.cols, weights=self._weight[ties], minlength=self.n_members
        )
        back = self._members.transpose()
        chance = self._weight[back.cols] / np.maximum(total[back.row_of_entries()], 1e-12)
        return back.with_values(chance), self._members.with_values(1.0 / self._size[ties])

    def _activity(self) -> NDArray[np.float64]:
        """Ties of each member, recent ones rather."""
        weights = self._weight[self._members.row_of_entries()]
        return np.bincount(self._members.cols, weights=weights, minlength=self.n_members)

    def _partners_of_late(self) -> NDArray[np.int64]:
        """Return the number of partners of each member in recent ties."""
        recent = np.flatnonzero(self._weight > np.exp(-_LATE)).astype(np.int32)
        pairs = _pair_members(self._members.pick(recent))
        return np.bincount(pairs[0], minlength=self.n_members)

    def _affinity(self, label: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how much more often than by chance two labels work together, as a logarithm."""
        n = int(label.max(initial=-1)) + 1
        one, other = label[self.partners.row_of_entries()], label[self.partners.cols]
        found = np.bincount(one * n + other, minlength=n * n).reshape(n, n).astype(np.float64)
        by_chance = np.outer(found.sum(1), found.sum(0)) / max(1.0, float(found.sum()))
        # Five pairs more on both sides: a rare pair says little.
        lift: NDArray[np.float64] = np.log((found + 5.0) / (by_chance + 5.0))
        return lift


def _pair_members(members: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Each member with each other member of one of its ties, once, in order."""
    row = members.row_of_entries()
    beside = members.pick(row.astype(np.int32))
    one = np.repeat(members.cols, np.diff(members.ptr)[row]).astype(np.int64)
    pairs = np.unique(one * members.n_cols + beside.cols)
    one, other = np.divmod(pairs, max(1, members.n_cols))
    apart = one != other
    return one[apart], other[apart]


def _check(
    n_members: int, ties: Sequence[Tie], labels: Sequence[Sequence[str]], memory_years: float
) -> None:
    if any(tie.age_years < 0 for tie in ties):
        raise ValueError("ties: an age must not be negative")
    if any(len(set(tie.members)) != len(tie.members) for tie in ties):
        raise ValueError("ties: a member stands twice in one tie")
    if any(not 0 <= member < n_members for tie in ties for member in tie.members):
        raise ValueError("ties: a member is not between 0 and n_members - 1")
    if any(len(one) != n_members for one in labels):
        raise ValueError("labels: must be one per member")
    if not memory_years > 0:
        raise ValueError("memory_years: must be above 0")
