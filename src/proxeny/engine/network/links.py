"""Changed ties (what if): an actor's position with them, and the new ones that move it most."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.network._position import count_betweenness, find_constraint, levels_from
from proxeny.engine.network._question import Gain, Link, Proposal, Question
from proxeny.engine.network._rows import make_rows
from proxeny.engine.network.model import Network

__all__ = ["BETWEENNESS_UP_TO", "Change", "Link", "Proposal", "Standing", "best_links", "what_if"]

#: Actors times ties up to which `what_if` counts betweenness unasked: about a second on one core.
BETWEENNESS_UP_TO = 50_000_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Position of an actor. A distance is the number of ties on the shortest path.

    Parameters
    ----------
    degree : int
        The number of its ties.
    strength : float
        The sum of the weights of its ties.
    harmonic : float
        Harmonic closeness, between 0 and 1: the mean over all others of 1 / distance, with 0 for
        those that cannot be reached.
    reach : int
        The number of others at distance 1 or 2.
    constraint : float, optional
        Burt's constraint, by weight; None without ties.
    betweenness : float, optional
        The number of pairs whose shortest paths run through it, each pair once, shared among
        equally short paths; None if it was not counted.
    """

    degree: int
    strength: float
    harmonic: float
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

    before: Standing
    after: Standing
    linked: tuple[int, ...]
    lost: tuple[int, ...]
    weight: float


def what_if(
    network: Network,
    key: int,
    *,
    link: Iterable[int] = (),
    lose: Iterable[int] = (),
    weight: float | None = None,
    betweenness: bool | None = None,
) -> Change:
    """Return an actor's position if it linked to some and lost others.

    Parameters
    ----------
    link, lose : iterable of int
        Keys of new partners, and of partners of today.
    weight : float, optional
        Of each new tie; else the median of the weights of the actor's ties, or 1 if it has none.
    betweenness : bool, optional
        Whether to count it, which takes time proportional to actors times ties; by default it is
        counted if these are at most `BETWEENNESS_UP_TO`.

    Raises
    ------
    ValueError
        An actor is not in the network, is to be linked but is tied already, is to be lost but is
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


def _find_position(network: Network, place: int, betweenness: bool) -> Standing:
    rows = make_rows(network)
    levels = levels_from(rows, place)
    around = slice(rows.starts[place], rows.starts[place + 1])
    near = levels[(levels > 0) & (levels <= network.size)]
    return Standing(
        degree=int(rows.starts[place + 1] - rows.starts[place]),
        strength=float(rows.weights[around].sum()),
        harmonic=float((1 / near).sum()) / max(network.size - 1, 1),
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
    """Choose the k new partners that bring an actor closest to all, or most within two steps.

    Parameters
    ----------
    candidates : iterable of int
        Keys of possible partners. The actor itself and its current partners are ignored.
    k : int
        The number of links, above 0, including the must.
    gain : {"closeness", "reach"}
        Harmonic closeness, or the number of actors at distance 1 or 2; as in `Standing`.
    worth : mapping of int to float, optional
        The importance of coming near an actor, at least 0, 1 by default. Closeness is then the
        weighted mean, reach the sum.
    must, never : iterable of int
        Keys of actors that are linked in any case, and of those that are not.
    exact_up_to : int
        The most candidates left in the running, after the first bound, for which the search
        continues to the proof. 0 for the first bound alone.

    Returns
    -------
    Proposal

    Raises
    ------
    ValueError
        An actor is not in the network, k is below 1, a worth is not a finite number of at least 0,
        or an actor must and must not be linked.

    Notes
    -----
    A shortest path from the actor uses one new tie at most, its first. So the addition by links is
    the gain of serving each actor from the nearest of them, monotone and submodular: choosing the
    best one by one reaches 1 - 1/e of the best set (Nemhauser, Wolsey and Fisher 1978; Crescenzi,
    D'Angelo, Severini and Velaj 2016, "Greedily improving our own closeness centrality in a
    network"), and a gain once counted bounds later ones, so that few are counted again (Minoux
    1978). The remaining candidates, whose gain with the best others might still win, go into a
    search with the bound of Cornuéjols, Fisher and Nemhauser (1977) that ends with the proof or,
    after a set number of steps, with a bound. The same input gives the same result: of equals the
    lower key is chosen one by one, and a set is replaced only by a better one.

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
    question = Question(network, network.place(key), gain, worth or {})
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
