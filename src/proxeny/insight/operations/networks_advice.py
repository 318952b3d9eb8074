"""The causes of a cluster's movement since last year, and the new partners that would gain most."""

from dataclasses import asdict
from typing import Any

from proxeny.engine.network import Network
from proxeny.engine.network.introducers import Introducers, introducers
from proxeny.engine.network.links import Proposal, best_links
from proxeny.engine.network.movement import Effect, Movement, TieChange, movement
from proxeny.insight.operations.networks_build import tidy

#: So many new partners are proposed, with so many ways to each.
PROPOSED, WAYS = 5, 3
#: So many new and lost ties are told one by one.
MOST_CHANGES = 6
#: Ties that may be looked at for what moved bridges: some ten seconds on two cores. In a network of
#: 20,000 organisations that is enough for the whole, and not for each tie by itself.
_BUDGET = 2e10


def tell_movement(before: Network, after: Network, own: int) -> dict[str, Any]:
    """Return the causes of a cluster's movement from one network to another."""
    found = movement(before, after, own, most=MOST_CHANGES, budget=_BUDGET)
    return {
        **{
            name: _effect(getattr(found, name))
            for name in ("before", "after", "new", "lost", "others")
        },
        "new_ties": [_change(one) for one in found.new_ties],
        "lost_ties": [_change(one) for one in found.lost_ties],
        **{
            name: getattr(found, name)
            for name in ("stronger", "weaker", "others_new", "others_lost", "joined", "gone")
        },
        **{name: _rest(found, name) for name in ("new_rest", "lost_rest")},
    }


def _rest(found: Movement, name: str) -> dict[str, Any] | None:
    rest = getattr(found, name)
    return None if rest is None else {"count": rest[0], "effect": _effect(rest[1])}


def _effect(one: Effect) -> dict[str, float | None]:
    return {name: tidy(value) for name, value in asdict(one).items()}


def _change(one: TieChange) -> dict[str, Any]:
    return {"id": one.key, "weight": tidy(one.weight, 4), "effect": _effect(one.effect)}


def tell_proposals(network: Network, own: int, clusters: set[int]) -> dict[str, Any]:
    """Return the best new partners among clusters, and among all other organisations."""
    keys = network.keys.tolist()
    return {
        "clusters": _tell(network, own, [one for one in keys if one in clusters]),
        "organisations": _tell(network, own, [one for one in keys if one not in clusters]),
    }


def _tell(network: Network, own: int, candidates: list[int]) -> dict[str, Any]:
    found: Proposal = best_links(network, own, candidates, PROPOSED)
    return {
        "status": found.status,
        "proven": found.proven,
        "missing": found.missing,
        "before": tidy(found.before),
        "gain": tidy(found.gain),
        "bound": tidy(found.bound),
        "links": [
            {
                "id": one.key,
                "gain": tidy(one.gain),
                "ways": tell_ways(introducers(network, own, one.key, WAYS)),
            }
            for one in found.links
        ],
    }


def tell_ways(found: Introducers) -> dict[str, Any]:
    """Return the possible introducers: the ids on each way, and the weight of each tie."""
    return {
        "distance": found.distance,
        "found": found.found,
        "paths": [
            {"ids": list(one.actors), "weights": [tidy(weight, 4) for weight in one.weights]}
            for one in found.paths
        ],
    }
