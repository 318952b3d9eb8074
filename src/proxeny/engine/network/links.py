"""What if: where an actor would stand with other ties, and which new ones would move it most."""

from collections.abc import Iterable, Mapping
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
from proxeny.engine.network._position import count_betweenness, find_constraint, levels_from
from proxeny.engine.network._prices import Slate, trim_slate
from proxeny.engine.network._rows import Rows, components, make_rows
from proxeny.engine.network.model import Network

__all__ = ["BETWEENNESS_UP_TO", "Change", "Link", "Position", "Proposal", "best_links", "what_if"]

#: Actors times ties up to which `what_if` counts betweenness unasked: about a second on one core.
BETWEENNESS_UP_TO = 50_000_000

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
class Position:
    """Where an actor stands. A distance is the number of ties on the shortest way.

    Parameters
    ----------
    degree : int
        How many it is tied to.
    strength : float
        The sum of the weights of its ties.
    closeness : float
        Harmonic closeness, between 0 and 1: the mean over all others of 1 / distance, where 0
        stands for those that cannot be reached.
    reach : int
        How many others are at distance 1 or 2.
    constraint : float, optional
        Burt's constraint, by weight; None without ties.
    betweenness : float, optional
        Through how many pairs' shortest ways it lies, each pair once, shared among equally short
        ways; None where it was not counted.
    """

    degree: int
    strength: float
    closeness: float
    reach: int
    constraint: float | None
    betweenness: float | None


@dataclass(frozen=True, slots=True)
class Change:
    """An actor's position as it is, and as it would be.

    Parameters
    ----------
    linked, lost : tuple of int
        Keys of the new partners and of those it would lose, ascending.
    weight : float
        Of each new tie.
    """

    before: Position
    after: Position
    linked: tuple[int, ...]
    lost: tuple[int, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Link:
    """A new partner, and what the tie to it adds to the ties before it in the same proposal."""

    key: int
    gain: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """What `best_links` answers.

    Parameters
    ----------
    status : {"optimal", "bounded", "empty", "infeasible"}
        `optimal`: no set of as many links gains more. `bounded`: none gains more than `bound`.
        `empty`: there is nobody to link to. `infeasible`: more links are a must than are asked
        for.
    links : tuple of Link
        At most k, the must first, then each the one that adds most.
    before : float
        What the actor has without them: closeness or reach.
    gain : float
        What the links add to that together.
    bound : float
        No set of as many links adds more; equal to `gain` where `optimal`.
    missing : int
        How many of k could not be filled, as there are not so many candidates.
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


def what_if(
    network: Network,
    key: int,
    *,
    link: Iterable[int] = (),
    lose: Iterable[int] = (),
    weight: float | None = None,
    betweenness: bool | None = None,
) -> Change:
    """Say where an actor would stand if it linked to some and lost others.

    Parameters
    ----------
    link, lose : iterable of int
        Keys of new partners, and of partners of today.
    weight : float, optional
        Of each new tie; else the median of the weights of the actor's ties, or 1 if it has none.
    betweenness : bool, optional
        Whether to count it, which takes as long as actors times ties; else it is counted where
        these are at most `BETWEENNESS_UP_TO`.

    Raises
    ------
    ValueError
        Somebody is not in the network, is to be linked but is tied already, is to be lost but is
        not tied, or is the actor itself; or the weight is not a finite number above 0.

    Notes
    -----
    All but betweenness takes O(m). Closeness: Marchiori and Latora 2000, "Harmony in the small
    world"; Boldi and Vigna 2014, "Axioms for centrality".

    Examples
    --------
    >>> from proxeny.engine.network.model import Tie, build_network
    >>> chain = build_network([Tie(1, 2), Tie(2, 3), Tie(3, 4)])
    >>> change = what_if(chain, 1, link=[4])
    >>> change.before.reach, change.after.reach, change.after.degree
    (2, 3, 2)
    """
    place = network.place(key)
    new, old = sorted(set(link)), sorted(set(lose))
    own = _ties_of(network, place)
    partners = {int(network.tails[at] + network.heads[at]) - place: at for at in own.tolist()}
    for other in new:
        if other == key:
            raise ValueError(f"Actor {key} cannot be linked to itself.")
        if network.place(other) in partners:
            raise ValueError(f"Actor {key} is tied to {other} already; name only new partners.")
    for other in old:
        if network.place(other) not in partners:
            raise ValueError(f"Actor {key} is not tied to {other} and cannot lose it.")
    if weight is None:
        weight = float(np.median(network.weights[own])) if len(own) else 1.0
    elif not (np.isfinite(weight) and weight > 0):
        raise ValueError(f"A weight of {weight} is not a number above 0.")
    if betweenness is None:
        betweenness = network.size * len(network.heads) <= BETWEENNESS_UP_TO
    gone = [partners[network.place(other)] for other in old]
    changed = _change_ties(network, place, [network.place(other) for other in new], gone, weight)
    return Change(
        _find_position(network, place, betweenness),
        _find_position(changed, place, betweenness),
        tuple(new),
        tuple(old),
        weight,
    )


def _ties_of(network: Network, place: int) -> NDArray[np.int64]:
    return np.flatnonzero((network.heads == place) | (network.tails == place))


def _change_ties(
    network: Network, place: int, new: list[int], gone: list[int], weight: float
) -> Network:
    added = np.array(new, np.int32)
    heads = np.append(np.delete(network.heads, gone), np.minimum(added, place).astype(np.int32))
    tails = np.append(np.delete(network.tails, gone), np.maximum(added, place).astype(np.int32))
    weights = np.append(np.delete(network.weights, gone), np.full(len(new), weight))
    order = np.lexsort((tails, heads))
    return Network(network.keys, heads[order], tails[order], weights[order], network.places)


def _find_position(network: Network, place: int, betweenness: bool) -> Position:
    rows = make_rows(network)
    levels = levels_from(rows, place)
    around = slice(rows.starts[place], rows.starts[place + 1])
    near = levels[(levels > 0) & (levels <= network.size)]
    return Position(
        degree=int(rows.starts[place + 1] - rows.starts[place]),
        strength=float(rows.weights[around].sum()),
        closeness=float((1 / near).sum()) / max(network.size - 1, 1),
        reach=int((near <= 2).sum()),
        constraint=find_constraint(rows, place),
        betweenness=count_betweenness(network, place) if betweenness else None,
    )


def best_links(
    network: Network,
    key: int,
    candidates: Iterable[int],
    k: int,
    *,
    gain: Gain = "closeness",
    worth: Mapping[int, float] | None = None,
    must: Iterable[int] = (),
    never: Iterable[int] = (),
    exact_up_to: int = 5_000,
) -> Proposal:
    """Choose the k new partners that bring an actor closest to all, or bring most within two steps.

    Parameters
    ----------
    candidates : iterable of int
        Keys of who could become a partner. The actor itself and its partners of today are passed
        over.
    k : int
        How many links, above 0, the must among them.
    gain : {"closeness", "reach"}
        Harmonic closeness, or the number of actors at distance 1 or 2; as in `Position`.
    worth : mapping of int to float, optional
        How much it matters to come near an actor, at least 0, 1 for who is not named. Closeness is
        the weighted mean then, reach the sum.
    must, never : iterable of int
        Keys of who is linked in any case, and of who is not.
    exact_up_to : int
        The most candidates left in the running, after the first bound, for which the search goes
        on to the proof. 0 for the first bound alone.

    Returns
    -------
    Proposal

    Raises
    ------
    ValueError
        Somebody is not in the network, k is below 1, a worth is not a finite number of at least 0,
        or somebody must and must not be linked.

    Notes
    -----
    A shortest way from the actor uses one new tie at most, its first. So what links add is the
    gain of serving each actor from the nearest of them, monotone and submodular: choosing the best
    one by one reaches 1 - 1/e of the best set (Nemhauser, Wolsey and Fisher 1978; Crescenzi,
    D'Angelo, Severini and Velaj 2016, "Greedily improving our own closeness centrality in a
    network"), and a gain once counted bounds later ones, so that few are counted again (Minoux
    1978). Whoever is left in the running, as his gain with the best others might still win, goes
    into a search with the bound of Cornuéjols, Fisher and Nemhauser (1977) that ends with the
    proof or, after a set number of steps, with a bound. The same question has the same answer: of
    equals the lower key is chosen one by one, and a set gives way only to a better one.

    Examples
    --------
    >>> from proxeny.engine.network.model import Tie, build_network
    >>> chain = build_network([Tie(at, at + 1) for at in range(1, 7)])
    >>> found = best_links(chain, 1, range(1, 8), 1, gain="reach")
    >>> [(one.key, one.gain) for one in found.links], found.proven
    ([(5, 3.0)], True)
    """
    if k < 1:
        raise ValueError(f"k: at least 1 link must be asked for, not {k}.")
    question = _Question(network, network.place(key), gain, worth or {})
    forced, barred = set(must), set(never)
    if forced & barred:
        raise ValueError(f"Actor {min(forced & barred)} must and must not be linked.")
    first = question.open_places(forced)
    rest = question.open_places(set(candidates) - forced - barred)
    missing = max(0, k - len(first) - len(rest))
    if len(first) > k:
        return Proposal("infeasible", before=question.before)
    if not len(first) and not len(rest):
        return Proposal("empty", before=question.before, missing=missing)
    return question.answer(first, rest, k - len(first) - missing, exact_up_to, missing)


class _Question:
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
        """Return where those stand that the actor is not tied to, ascending."""
        places = np.array([self.network.place(key) for key in sorted(keys)], np.int32)
        return places[self.level[places] > 1]

    @property
    def grain(self) -> float:
        """Two sets that differ in what they bring differ by more than this, or by nothing much."""
        if (self.worth != np.rint(self.worth)).any():
            return _GRAIN * float((self.worth.max() * self.value).max())
        highest = int(self.level[self.level < self.far].max()) + 1
        if self.limit == 2:
            return 0.5
        if highest > 22 or (self.level == self.far).any():
            return _GRAIN * _UNIT
        return 0.5 * reduce(gcd, (_UNIT // step for step in range(1, highest + 1)))

    def answer(
        self, first: NDArray[np.int32], rest: NDArray[np.int32], count: int, exact_up_to: int,
        missing: int,
    ) -> Proposal:  # fmt: skip
        level = self.level.copy()
        links = self._follow(level, first)
        forced = sum(one.gain for one in links)
        if count == 0:
            chosen, bound = rest[:0], 0.0
        else:
            chosen, bound = self._choose(level, rest, count, exact_up_to)
        links += self._follow(level, self._order(level, chosen))
        total = sum(one.gain for one in links)
        # What is proven is equal but for the last digits.
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
            self.rows.starts, self.rows.others, level, self.worth, self.value, self.limit, places,
            _HELD, gains,
        )  # fmt: skip
        return gains if done else None

    def _limits(self, level: NDArray[np.int32], places: NDArray[np.int32]) -> NDArray[np.float64]:
        parts = components(self.network).astype(np.int32)
        fourth = self.worth * np.maximum(
            self.value[min(4, self.far)] - self.value[level], 0.0
        )  # fmt: skip
        return limit_gains(
            self.rows.starts, self.rows.others, level, self.worth, self.value,
            float(self.worth.max()), np.bincount(parts, self.worth * (level >= 4)),
            np.bincount(parts, fourth * (level >= 5)), places, parts,
        )  # fmt: skip

    def _choose_greedily(
        self, level: NDArray[np.int32], places: NDArray[np.int32], count: int
    ) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        gains = self._limits(level, places)
        chosen, steps = np.empty(count, np.int32), np.empty(count)
        states = np.empty((count + 1, len(places)))
        lazy_greedy(
            self.rows.starts, self.rows.others, level, self.worth, self.value, self.limit, places,
            gains, count, chosen, steps, states,
        )  # fmt: skip
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
            slate, count, chosen=tuple(np.searchsorted(kept, np.sort(chosen)).tolist()),
            prices=prices, grain=self.grain, most=exact_up_to, work=_WORK,
        )  # fmt: skip
        return places[kept[list(proof.chosen)]], min(bound, proof.bound)

    def _in_running(
        self, level: NDArray[np.int32], places: NDArray[np.int32], gains: NDArray[np.float64],
        count: int, value: float,
    ) -> NDArray[np.int64] | None:  # fmt: skip
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
        """Return what each candidate brings, and the actors that more than one brings nearer."""
        sizes = np.zeros(len(places) + 1, np.int64)
        given = (
            self.rows.starts, self.rows.others, level, self.worth, self.value, self.limit, places,
            sizes,
        )  # fmt: skip
        write_entries(*given, np.empty(0, np.int32), np.empty(0))
        who, what = np.empty(sizes[-1], np.int32), np.empty(sizes[-1])
        write_entries(*given, who, what)
        floor = self.worth * self.value[level]
        slate, shared = trim_slate(
            Slate(sizes, who, what, np.zeros(len(places)), floor), np.arange(len(places))
        )
        return slate, np.flatnonzero(shared)
