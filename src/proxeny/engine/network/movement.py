"""Causes of an actor's movement between two networks: its own new and lost ties, and others'."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from proxeny.engine.network._layers import find_twins, peel
from proxeny.engine.network._paths import harmonic_of, run_paths
from proxeny.engine.network._rows import components, make_rows
from proxeny.engine.network.model import Network

__all__ = ["MOST_APART", "Effect", "Movement", "TieChange", "movement"]

#: Own ties of each kind that are judged apart, the strongest; the others are judged together.
MOST_APART = 20
#: Ties that searches for betweenness may look at, in all: about a minute on two cores.
BUDGET = 1e11


@dataclass(frozen=True, slots=True)
class Effect:
    """A change of the actor's harmonic closeness (0 to 1) and share of betweenness (0 to 1).

    betweenness: None where it was too much work to find out.
    """

    harmonic: float
    betweenness: float | None


@dataclass(frozen=True, slots=True)
class TieChange:
    """New or lost tie of the actor: the other actor, the weight, and its own effect.

    effect: the change if this tie alone is removed from the network that has it, with the opposite
    sign for a lost tie. Two ties to the same group each have little effect alone and more together,
    so the effects of single ties do not add up to `Movement.new` or `Movement.lost`.
    """

    key: int
    weight: float
    effect: Effect


@dataclass(frozen=True, slots=True)
class Movement:
    """Movement of one actor, by cause.

    before, after: the figures themselves; 0 while the actor is not there.
    new, lost: what all its new ties did together, and all its lost ones (then mostly below 0).
    others: what others did: the change with only those ties of the actor that it has in both.
        after - before = new + lost + others, exactly.
    new_ties, lost_ties: the strongest, judged apart, strongest first.
    new_rest, lost_rest: what the remaining ones did together, and how many they are; None if none.
    stronger, weaker: ties kept whose weight rose or fell, which moves neither figure.
    others_new, others_lost: ties among others that came and went.
    joined, gone: actors that came and went, this one left out.
    """

    key: int
    before: Effect
    after: Effect
    new: Effect
    lost: Effect
    others: Effect
    new_ties: tuple[TieChange, ...]
    lost_ties: tuple[TieChange, ...]
    new_rest: tuple[int, Effect] | None
    lost_rest: tuple[int, Effect] | None
    stronger: int
    weaker: int
    others_new: int
    others_lost: int
    joined: int
    gone: int


def movement(
    before: Network, after: Network, key: int, *, most: int = MOST_APART, budget: float = BUDGET
) -> Movement:
    """Return the causes of an actor's movement from one network to another.

    At most `most` new and `most` lost ties are judged separately. Betweenness is computed exactly
    or not at all: first for the whole, then for all own ties together, then tie by tie until the
    searches would examine more than `budget` ties of the network.

    Raises
    ------
    ValueError
        The actor is in neither network.
    """
    if key not in before.places and key not in after.places:
        raise ValueError(f"Nobody in either network has the key {key}.")
    old, new = own_ties(before, key), own_ties(after, key)
    came = _strongest({one: weight for one, weight in new.items() if one not in old})
    went = _strongest({one: weight for one, weight in old.items() if one not in new})
    judge = _Judge(budget)
    start, end = judge.look(before, key, set()), judge.look(after, key, set())
    without_went = judge.look(before, key, set(went))
    without_came = judge.look(after, key, set(came))
    new_ties, new_rest = _apart(judge, after, key, came, end, most)
    lost_ties, lost_rest = _apart(judge, before, key, went, start, most)
    kept = [(old[one], new[one]) for one in old.keys() & new.keys()]
    ties = [_ties_of_others(network, key) for network in (before, after)]
    actors = [set(network.places) - {key} for network in (before, after)]
    return Movement(
        key=key,
        before=start,
        after=end,
        new=_less(end, without_came),
        lost=_less(without_went, start),
        others=_less(without_came, without_went),
        new_ties=new_ties,
        lost_ties=tuple(_turned(one) for one in lost_ties),
        new_rest=new_rest,
        lost_rest=lost_rest and (lost_rest[0], _negative(lost_rest[1])),
        stronger=sum(now > then for then, now in kept),
        weaker=sum(now < then for then, now in kept),
        others_new=len(ties[1] - ties[0]),
        others_lost=len(ties[0] - ties[1]),
        joined=len(actors[1] - actors[0]),
        gone=len(actors[0] - actors[1]),
    )


def own_ties(network: Network, key: int) -> dict[int, float]:
    """Return the weights of an actor's ties by the other's key; none if the actor is not there."""
    if key not in network.places:
        return {}
    place = network.places[key]
    found: dict[int, float] = {}
    for ends, others in ((network.heads, network.tails), (network.tails, network.heads)):
        at = np.flatnonzero(ends == place)
        found.update(
            zip(network.keys[others[at]].tolist(), network.weights[at].tolist(), strict=True)
        )
    return found


def _strongest(ties: dict[int, float]) -> dict[int, float]:
    return dict(sorted(ties.items(), key=lambda tie: (-tie[1], tie[0])))


def _ties_of_others(network: Network, key: int) -> set[tuple[int, int]]:
    heads, tails = network.keys[network.heads], network.keys[network.tails]
    aside = (heads != key) & (tails != key)
    return set(zip(heads[aside].tolist(), tails[aside].tolist(), strict=True))


class _Judge:
    """Looks at networks without some of an actor's ties, as long as the budget lasts."""

    def __init__(self, budget: float) -> None:
        self.left = budget

    def look(self, network: Network, key: int, without: set[int]) -> Effect:
        """Return the actor's figures in the network without its ties to some."""
        if key not in network.places:
            return Effect(0.0, 0.0)
        less = _drop(network, key, without)
        place = less.places[key]
        rows = make_rows(less)
        twins = find_twins(rows)
        layers = peel(rows, twins, components(less), sides=True)
        self.left -= sum(layer.work for layer in layers)
        near = harmonic_of(rows, place)
        if self.left < 0:
            return Effect(near, None)
        pairs = max(1.0, (less.size - 1) * (less.size - 2) / 2)
        return Effect(near, float(run_paths(layers, twins, rows).between[place]) / pairs)


def _drop(network: Network, key: int, without: set[int]) -> Network:
    """Return the network without an actor's ties to some; the actors stay."""
    if not without:
        return network
    place = network.places[key]
    others = [network.places[one] for one in without]
    gone = ((network.heads == place) & np.isin(network.tails, others)) | (
        (network.tails == place) & np.isin(network.heads, others)
    )
    return Network(
        network.keys,
        network.heads[~gone],
        network.tails[~gone],
        network.weights[~gone],
        network.places,
    )


def _apart(
    judge: _Judge, network: Network, key: int, ties: dict[int, float], whole: Effect, most: int
) -> tuple[tuple[TieChange, ...], tuple[int, Effect] | None]:
    """Return what the strongest ties did one by one, and what the rest did together."""
    rest = list(ties)[most:]
    together = (len(rest), _less(whole, judge.look(network, key, set(rest)))) if rest else None
    changes = tuple(
        TieChange(one, ties[one], _less(whole, judge.look(network, key, {one})))
        for one in list(ties)[:most]
    )
    return changes, together


def _pairwise(one: Effect, other: Effect, how: Callable[[float, float], float]) -> Effect:
    known = one.betweenness is not None and other.betweenness is not None
    return Effect(
        how(one.harmonic, other.harmonic),
        how(one.betweenness or 0.0, other.betweenness or 0.0) if known else None,
    )


def _less(one: Effect, other: Effect) -> Effect:
    return _pairwise(one, other, lambda a, b: a - b)


def _negative(one: Effect) -> Effect:
    return _pairwise(Effect(0.0, 0.0), one, lambda a, b: a - b)


def _turned(one: TieChange) -> TieChange:
    return TieChange(one.key, one.weight, _negative(one.effect))
