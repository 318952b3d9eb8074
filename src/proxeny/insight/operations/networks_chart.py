"""Parts of a stored network as pictures: everybody, one community, or one actor's surroundings."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.network import Network
from proxeny.insight.operations.networks_kept import KeptNetwork
from proxeny.insight.operations.networks_layout import lay_out

#: Of a community and around one actor so many are drawn, the strongest.
MOST_MEMBERS, MOST_AROUND = 250, 60
#: Ties that are drawn among them.
MOST_TIES = 1_500
_SEED = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """The actors and ties of a drawing, with their positions.

    ids, strengths, groups: one each, in the same order; groups are communities. ties: indices of
    both ends in `ids`, and the weight. more: the number of actors left out.
    """

    ids: list[int]
    place: list[tuple[float, float]]
    strengths: list[float]
    groups: list[int]
    ties: list[tuple[int, int, float]]
    more: int = 0


def draw_everybody(kept: KeptNetwork) -> Picture:
    """Return all actors that are listed individually, at their stored positions."""
    drawn = kept.drawn
    return _picture(kept, drawn.shown, drawn.place, drawn.ties)


def draw_community(kept: KeptNetwork, number: int) -> Picture:
    """Return the strongest of a community and the ties among them."""
    members = np.flatnonzero(kept.community == number)
    strength = _strengths(kept.network)
    order = members[np.lexsort((kept.network.keys[members], -strength[members]))]
    return _laid_out(kept, order[:MOST_MEMBERS], more=max(0, len(order) - MOST_MEMBERS))


def draw_around(kept: KeptNetwork, key: int) -> Picture:
    """Return an actor, those it is tied to most strongly, and the ties among them all.

    Raises
    ------
    ValueError
        Nobody in the network has that key.
    """
    network = kept.network
    place = network.place(key)
    partners, weights = ties_of(network, place)
    order = np.lexsort((network.keys[partners], -weights))
    near = partners[order][:MOST_AROUND]
    return _laid_out(kept, np.append(place, near), more=len(partners) - len(near))


def ties_of(network: Network, place: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the indices of an actor's partners, and the weight of each tie."""
    out, back = network.heads == place, network.tails == place
    partners = np.concatenate([network.tails[out], network.heads[back]]).astype(np.int64)
    return partners, np.concatenate([network.weights[out], network.weights[back]])


def _laid_out(kept: KeptNetwork, members: NDArray[np.int64], *, more: int) -> Picture:
    network = kept.network
    number = np.full(network.size, -1, np.int64)
    number[members] = np.arange(len(members))
    inside = np.flatnonzero((number[network.heads] >= 0) & (number[network.tails] >= 0))
    ties = inside[np.argsort(-network.weights[inside], kind="stable")][:MOST_TIES]
    edges = np.column_stack([number[network.heads[ties]], number[network.tails[ties]]])
    community = np.unique(kept.community[members], return_inverse=True)[1]
    place = lay_out(len(members), edges, network.weights[ties], community, _SEED)
    return _picture(kept, members, place, ties, more=more)


def _picture(
    kept: KeptNetwork,
    members: NDArray[np.int64],
    place: NDArray[np.float64],
    ties: NDArray[np.int64],
    *,
    more: int = 0,
) -> Picture:
    network = kept.network
    number = np.full(network.size, -1, np.int64)
    number[members] = np.arange(len(members))
    return Picture(
        ids=network.keys[members].tolist(),
        place=[(round(x, 1), round(y, 1)) for x, y in place.tolist()],
        strengths=_strengths(network)[members].round(3).tolist(),
        groups=kept.community[members].tolist(),
        ties=list(
            zip(
                number[network.heads[ties]].tolist(),
                number[network.tails[ties]].tolist(),
                network.weights[ties].round(3).tolist(),
                strict=True,
            )
        ),
        more=more,
    )


def _strengths(network: Network) -> NDArray[np.float64]:
    return np.bincount(network.heads, network.weights, network.size) + np.bincount(
        network.tails, network.weights, network.size
    )
