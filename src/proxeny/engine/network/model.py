"""Network of actors and weighted ties, the input of all other measures.

Actors are known by a key (a whole number, as a row's); inside they are counted from 0. A tie has no
direction. A joint activity of several (a project, an event) ties each two of them: with weight 1 /
(members - 1) each, so that a large consortium does not outweigh all else, and the weights of one
actor's ties add up to the number of things it did with others (Newman 2001, "Scientific
collaboration networks II", Phys. Rev. E 64, 016132).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Tie:
    """Two actors and how strongly they are tied (above 0)."""

    a: int
    b: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Group:
    """Group of actors that did one thing together; it counts `weight` times (above 0)."""

    members: tuple[int, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Network:
    """Ties among actors, each pair once.

    keys: n keys, ascending, of the actors at 0 … n-1.
    heads, tails: int32[m], heads < tails, in lexicographic order.
    weights: float64[m], above 0.
    """

    keys: NDArray[np.int64]
    heads: NDArray[np.int32]
    tails: NDArray[np.int32]
    weights: NDArray[np.float64]
    places: dict[int, int] = field(repr=False)

    @property
    def size(self) -> int:
        """The number of actors."""
        return len(self.keys)

    def place(self, key: int) -> int:
        """Return the position of the actor with this key.

        Raises
        ------
        ValueError
            No actor has that key.
        """
        try:
            return self.places[key]
        except KeyError:
            raise ValueError(f"Nobody in the network has the key {key}.") from None


def build_network(
    ties: Iterable[Tie] = (), groups: Iterable[Group] = (), actors: Iterable[int] = ()
) -> Network:
    """Add up ties and groups; `actors` are there even when nothing ties them.

    A member named twice in a group counts once; a group of one ties nobody but is there.

    Raises
    ------
    ValueError
        A weight is not a finite number above 0, or a tie leads to its own actor.

    Notes
    -----
    O(m log m) for m ties, those of groups among them.
    """
    pairs_a: list[NDArray[np.int64]] = []
    pairs_b: list[NDArray[np.int64]] = []
    weights: list[NDArray[np.float64]] = []
    known: set[int] = set(actors)
    singles = list(ties)
    if singles:
        a = np.array([tie.a for tie in singles], np.int64)
        b = np.array([tie.b for tie in singles], np.int64)
        if (a == b).any():
            raise ValueError(f"Actor {a[a == b][0]} is tied to itself.")
        known.update(a.tolist(), b.tolist())
        pairs_a.append(a)
        pairs_b.append(b)
        weights.append(np.array([tie.weight for tie in singles], np.float64))
    for group in groups:
        members = np.unique(np.array(group.members, np.int64))
        known.update(members.tolist())
        if len(members) < 2:
            _check(np.array([group.weight]))
            continue
        first, second = np.triu_indices(len(members), 1)
        pairs_a.append(members[first])
        pairs_b.append(members[second])
        weights.append(np.full(len(first), group.weight / (len(members) - 1)))
    keys = np.array(sorted(known), np.int64)
    if not pairs_a:
        empty = np.empty(0, np.int32)
        return _network(keys, empty, empty, np.empty(0, np.float64))
    heads, tails = np.concatenate(pairs_a), np.concatenate(pairs_b)
    values = np.concatenate(weights)
    _check(values)
    low = np.searchsorted(keys, np.minimum(heads, tails))
    high = np.searchsorted(keys, np.maximum(heads, tails))
    code, index = np.unique(low * len(keys) + high, return_inverse=True)
    return _network(
        keys,
        (code // len(keys)).astype(np.int32),
        (code % len(keys)).astype(np.int32),
        np.bincount(index, values, len(code)),
    )


def _check(weights: NDArray[np.float64]) -> None:
    wrong = ~(np.isfinite(weights) & (weights > 0))
    if wrong.any():
        raise ValueError(f"A weight of {weights[wrong][0]} is not a number above 0.")


def _network(
    keys: NDArray[np.int64],
    heads: NDArray[np.int32],
    tails: NDArray[np.int32],
    weights: NDArray[np.float64],
) -> Network:
    places = {key: place for place, key in enumerate(keys.tolist())}
    return Network(keys, heads, tails, weights, places)


def merge_actors(network: Network, into: Sequence[tuple[int, int]]) -> Network:
    """Return the network in which actors represent others: a cluster its members.

    into: pairs (member, head) of keys; a member's ties become its head's, ties inside vanish. A
    member that is not in the network is ignored; one with two heads gives its ties to both.
    """
    heads_of: dict[int, list[int]] = {}
    for member, head in into:
        heads_of.setdefault(member, []).append(head)
    keys = network.keys.tolist()
    stand = [heads_of.get(key, [key]) for key in keys]
    merged: list[Tie] = []
    pairs = zip(
        network.heads.tolist(), network.tails.tolist(), network.weights.tolist(), strict=True
    )
    for a, b, weight in pairs:
        merged += [
            Tie(one, other, weight) for one in stand[a] for other in stand[b] if one != other
        ]
    return build_network(merged, actors={one for heads in stand for one in heads})
