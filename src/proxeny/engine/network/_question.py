"""One actor's question for new ties: the choice made one by one, the bound, and the proof."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from math import gcd, lcm
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.network._choice import choose_few
from proxeny.engine.network._gain import (
    add_tie,
    count_gains,
    lazy_greedy,
    limit_gains,
    write_entries,
)
from proxeny.engine.network._position import levels_from
from proxeny.engine.network._prices import Slate, trim_slate
from proxeny.engine.network._rows import Rows, components, make_rows
from proxeny.engine.network.model import Network

__all__ = ["Gain", "Link", "Proposal", "Question"]

type Gain = Literal["closeness", "reach"]

# Divides by every distance up to 22, so that sums of what actors count are exact and equal gains
# are equal numbers.
_UNIT = lcm(*range(1, 23))
_GRAIN = 1e-9
# Entries (a candidate and an actor it brings nearer) that are held in memory at once, 12 bytes
# each, and that are looked at in all.
_HELD = 20_000_000
_WORK = 3_000_000_000


@dataclass(frozen=True, slots=True)
class Link:
    """A new partner, and what the tie to it adds to the ties before it in the same proposal."""

    key: int
    gain: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """Result of `best_links`.

    Parameters
    ----------
    status : {"optimal", "bounded", "empty", "infeasible"}
        `optimal`: no set of as many links gains more. `bounded`: none gains more than `bound`.
        `empty`: there is nobody to link to. `infeasible`: more links are a must than requested.
    links : tuple of Link
        At most k, the must first, then in the order of the largest addition.
    before : float
        The actor's value without them: closeness or reach.
    gain : float
        The total addition by the links.
    bound : float
        No set of as many links adds more; equal to `gain` where `optimal`.
    missing : int
        The number of k that could not be filled, for lack of candidates.
    """

    status: Literal["optimal", "bounded", "empty", "infeasible"]
    links: tuple[Link, ...] = ()
    before: float = 0.0
    gain: float = 0.0
    bound: float = 0.0
    missing: int = 0

    @property
    def proven(self) -> bool:
        """No set of as many links gains more."""
        return self.status != "bounded"


class Question:
    """One actor's, with what each other counts at each distance."""

    def __init__(
        self, network: Network, place: int, gain: Gain, worth: Mapping[int, float]
    ) -> None:
        self.network, self.place = network, place
        self.rows: Rows = make_rows(network)
        self.level = levels_from(self.rows, place)
        self.far = network.size + 1
        self.worth = np.ones(network.size)
        for other, number in worth.items():
            if not (np.isfinite(number) and number >= 0):
                raise ValueError(f"worth: {number} of actor {other} is not a number from 0 up.")
            self.worth[network.place(other)] = number
        steps = np.arange(self.far + 1)
        self.value = np.zeros(self.far + 1)
        if gain == "closeness":
            self.value[1 : self.far] = _UNIT / steps[1 : self.far]
            self.limit = network.size
            others = self.worth.sum() - self.worth[place]
            self.scale = _UNIT * others if others > 0 else 1.0
        else:
            self.value[1:3] = 1.0
            self.value[self.far] = 0.0
            self.limit, self.scale = 2, 1.0
        self.before = self._sum(self.level) / self.scale

    def _sum(self, level: NDArray[np.int32]) -> float:
        return float((self.worth * self.value[level]).sum())

    def open_places(self, keys: set[int]) -> NDArray[np.int32]:
        """Return the places of those keys that the actor is not tied to, ascending."""
        places = np.array([self.network.place(key) for key in sorted(keys)], np.int32)
        return places[self.level[places] > 1]

    @property
    def grain(self) -> float:
        """The least difference between the gains of two sets that are not practically equal."""
        if (self.worth != np.rint(self.worth)).any():
            return _GRAIN * float((self.worth.max() * self.value).max())
        highest = int(self.level[self.level < self.far].max()) + 1
        if self.limit == 2:
            return 0.5
        if highest > 22 or (self.level == self.far).any():
            return _GRAIN * _UNIT
        return 0.5 * reduce(gcd, (_UNIT // step for step in range(1, highest + 1)))

    def answer(
        self,
        first: NDArray[np.int32],
        rest: NDArray[np.int32],
        count: int,
        exact_up_to: int,
        missing: int,
    ) -> Proposal:
        """Link `first` in any case and the best `count` of `rest`; return the gain and the proof.

        Both are places in the network; the links come in the order in which each adds most.
        """
        level = self.level.copy()
        links = self._follow(level, first)
        forced = sum(one.gain for one in links)
        if count == 0:
            chosen, bound = rest[:0], 0.0
        else:
            chosen, bound = self._choose(level, rest, count, exact_up_to)
        links += self._follow(level, self._order(level, chosen))
        total = sum(one.gain for one in links)
        # Proven values are equal except for the last digits.
        proven = forced + bound / self.scale <= total + self.grain / self.scale
        return Proposal(
            "optimal" if proven else "bounded",
            tuple(links),
            self.before,
            total,
            total if proven else forced + bound / self.scale,
            missing,
        )

    def _follow(self, level: NDArray[np.int32], places: NDArray[np.int32]) -> list[Link]:
        """Return the links in this order, each with what it adds; `level` follows."""
        near, queue = np.zeros(len(level), np.int32), np.empty(len(level), np.int32)
        links = []
        for place in places.tolist():
            before = self._sum(level)
            add_tie(self.rows.starts, self.rows.others, level, self.limit, place, near, queue)
            added = (self._sum(level) - before) / self.scale
            links.append(Link(int(self.network.keys[place]), added))
        return links

    def _order(self, level: NDArray[np.int32], places: NDArray[np.int32]) -> NDArray[np.int32]:
        """Put the one first that adds most, and so on."""
        if not len(places):
            return places
        chosen = self._choose_greedily(level.copy(), places, len(places))[0]
        return places[chosen]

    def _count(
        self, level: NDArray[np.int32], places: NDArray[np.int32]
    ) -> NDArray[np.float64] | None:
        """Return the gain of each alone; None where that is more than can be held."""
        gains = np.empty(len(places))
        done = count_gains(
            self.rows.starts,
            self.rows.others,
            level,
            self.worth,
            self.value,
            self.limit,
            places,
            _HELD,
            gains,
        )
        return gains if done else None

    def _limits(self, level: NDArray[np.int32], places: NDArray[np.int32]) -> NDArray[np.float64]:
        parts = components(self.network).astype(np.int32)
        fourth = self.worth * np.maximum(self.value[min(4, self.far)] - self.value[level], 0.0)
        return limit_gains(
            self.rows.starts,
            self.rows.others,
            level,
            self.worth,
            self.value,
            float(self.worth.max()),
            np.bincount(parts, self.worth * (level >= 4)),
            np.bincount(parts, fourth * (level >= 5)),
            places,
            parts,
        )

    def _choose_greedily(
        self, level: NDArray[np.int32], places: NDArray[np.int32], count: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        gains = self._limits(level, places)
        chosen, steps = np.empty(count, np.int32), np.empty(count)
        states = np.empty((count + 1, len(places)))
        lazy_greedy(
            self.rows.starts,
            self.rows.others,
            level,
            self.worth,
            self.value,
            self.limit,
            places,
            gains,
            count,
            chosen,
            steps,
            states,
        )
        return chosen, steps, states, gains

    def _choose(
        self, level: NDArray[np.int32], places: NDArray[np.int32], count: int, exact_up_to: int
    ) -> tuple[NDArray[np.int32], float]:
        """Return the best `count` of the candidates and what no such set exceeds."""
        chosen, steps, states, gains = self._choose_greedily(level.copy(), places, count)
        value = float(steps.sum())
        reached = np.append(0.0, np.cumsum(steps))
        tops = np.partition(states, len(places) - count, axis=1)[:, len(places) - count :]
        bounds = reached + tops.sum(axis=1)
        bound = float(bounds.min())
        if bound < value + self.grain:
            return places[chosen], value
        kept = self._in_running(level, places, gains, count, value)
        if kept is None:
            return places[chosen], bound
        kept = np.union1d(kept, chosen)
        slate, actors = self._make_slate(level, places[kept])
        at = int(np.argmin(bounds))
        nearer = level.copy()
        self._follow(nearer, places[chosen[:at]])
        prices = (self.worth * self.value[nearer])[actors]
        proof = choose_few(
            slate,
            count,
            chosen=tuple(np.searchsorted(kept, np.sort(chosen)).tolist()),
            prices=prices,
            grain=self.grain,
            most=exact_up_to,
            work=_WORK,
        )
        return places[kept[list(proof.chosen)]], min(bound, proof.bound)

    def _in_running(
        self,
        level: NDArray[np.int32],
        places: NDArray[np.int32],
        gains: NDArray[np.float64],
        count: int,
        value: float,
    ) -> NDArray[np.int64] | None:
        """Return which candidates may still be in a better set; None if too many are near too many.

        gains: at least the gain of each alone.
        """
        company = float(np.sort(gains)[::-1][: count - 1].sum())
        kept = np.flatnonzero(gains + company >= value + self.grain)
        exact = self._count(level, places[kept])
        return None if exact is None else kept[exact + company >= value + self.grain]

    def _make_slate(
        self, level: NDArray[np.int32], places: NDArray[np.int32]
    ) -> tuple[Slate, NDArray[np.int64]]:
        """Return each candidate's gains, and the actors that more than one brings nearer."""
        sizes = np.zeros(len(places) + 1, np.int64)
        given = (
            self.rows.starts,
            self.rows.others,
            level,
            self.worth,
            self.value,
            self.limit,
            places,
            sizes,
        )
        write_entries(*given, np.empty(0, np.int32), np.empty(0))
        who, what = np.empty(sizes[-1], np.int32), np.empty(sizes[-1])
        write_entries(*given, who, what)
        floor = self.worth * self.value[level]
        slate, shared = trim_slate(
            Slate(sizes, who, what, np.zeros(len(places)), floor), np.arange(len(places))
        )
        return slate, np.flatnonzero(shared)
