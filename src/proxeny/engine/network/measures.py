"""Position of each actor in a network, and the measures of the whole network."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.network._groups import (
    coreness,
    find_communities,
    find_core,
    graph_of,
    modularity,
    page_rank,
)
from proxeny.engine.network._layers import find_twins, peel
from proxeny.engine.network._paths import Reach, run_paths
from proxeny.engine.network._rows import Rows, components, make_rows
from proxeny.engine.network._sample import Bound, sample_paths
from proxeny.engine.network._triangles import measure_holes
from proxeny.engine.network.model import Network

__all__ = ["BUDGET", "FIGURES", "Bound", "Measures", "Whole", "measure"]

#: Ties that exact shortest paths may look at before they are sampled: some minutes on two cores.
BUDGET = 4e11

#: The measures an actor has a place in, by their names in `Measures`.
FIGURES = (
    "degree",
    "strength",
    "betweenness",
    "harmonic",
    "closeness",
    "pagerank",
    "constraint",
    "effective_size",
    "coreness",
)


@dataclass(frozen=True, slots=True)
class Whole:
    """The network as a whole. What does not exist, such as a mean of nothing, is NaN.

    size, ties: actors, and pairs that are tied. density: ties / pairs.
    components, largest_share: parts that hang together, and the largest one's share of actors.
    communities, modularity: of the communities found; modularity is weighted.
    mean_distance: hops, over pairs that reach each other.
    clustering: of all pairs of ties that meet in an actor, the share that is closed (transitivity).
    core_size, core_fit: actors of the core, and the correlation of the division with its ideal.
    """

    size: int
    ties: int
    density: float
    components: int
    largest_share: float
    communities: int
    modularity: float
    mean_distance: float
    clustering: float
    core_size: int
    core_fit: float


@dataclass(frozen=True, slots=True)
class Measures:
    """Measures as one array each, n entries, in the order of `Network.keys`; float64 by default.

    On hops, since a strong tie is no shorter path to a third one than a weak one: for reach it only
    matters whether there is a tie.

    degree: the number of ties.
    betweenness: pairs of others whose shortest paths run through, each by the share of them.
    betweenness_share: of all (n - 1)(n - 2) / 2 pairs of others; 0 below three actors.
    harmonic: mean of 1 / distance to all others, 0 where there is no path; 0 to 1.
    closeness: (r / (n - 1)) r / (sum of distances), r others reached (Wasserman and Faust 1994).
    coreness: greatest k of a k-core one is in. core: bool, see `find_core`.
    component: int64, 0 for the largest.

    On weights, since these divide an actor's time and attention:

    strength: sum of weights. pagerank: damping .85, sum 1.
    constraint: lower is freer (Burt 1992); NaN without ties. effective_size: 0 without ties.
    community: int64, 0 for the largest; Leiden on weighted modularity.

    exact: False when betweenness, harmonic, closeness and the mean distance are estimates; `bound`
    is then their largest error.
    """

    keys: NDArray[np.int64]
    degree: NDArray[np.float64]
    strength: NDArray[np.float64]
    betweenness: NDArray[np.float64]
    betweenness_share: NDArray[np.float64]
    harmonic: NDArray[np.float64]
    closeness: NDArray[np.float64]
    pagerank: NDArray[np.float64]
    constraint: NDArray[np.float64]
    effective_size: NDArray[np.float64]
    coreness: NDArray[np.float64]
    core: NDArray[np.bool_]
    community: NDArray[np.int64]
    component: NDArray[np.int64]
    whole: Whole
    exact: bool
    bound: Bound | None


def measure(
    network: Network,
    *,
    seed: int = 0,
    exact: bool | None = None,
    budget: float = BUDGET,
    epsilon: float = 0.01,
    delta: float = 0.05,
) -> Measures:
    """Measure every actor and the whole.

    exact: None decides by the amount of work: exact shortest paths if they look at no more than
    `budget` ties, else estimates within `epsilon` with probability 1 - `delta`. The same network
    and seed give the same result, for any number of cores.

    Notes
    -----
    Exact: at most O(n m) for shortest paths, far less where actors are alike (see `_layers`), and
    O(m^1.5) for triangles. Memory O(n + m).

    Raises
    ------
    ValueError
        epsilon or delta is not between 0 and 1.
    """
    for name, value in (("epsilon", epsilon), ("delta", delta)):
        if not 0 < value < 1:
            raise ValueError(f"{name} is {value}; it must be between 0 and 1.")
    rows = make_rows(network)
    part = components(network)
    reach, bound = _find_reach(rows, part, seed, exact, budget, epsilon, delta)
    graph = graph_of(network)
    holes = measure_holes(rows)
    cores = coreness(graph)
    core, fit = find_core(rows, cores)
    community = find_communities(graph, seed)
    degree = rows.degree.astype(np.float64)
    others = max(network.size - 1, 1)
    reached = (np.bincount(part)[part] - 1).astype(np.float64)
    pairs = float(degree @ (degree - 1))
    whole = Whole(
        size=network.size,
        ties=len(network.heads),
        density=_over(2 * len(network.heads), network.size * (network.size - 1)),
        components=int(part.max(initial=-1)) + 1,
        largest_share=_over(int((part == 0).sum()), network.size),
        communities=int(community.max(initial=-1)) + 1,
        modularity=modularity(graph, community),
        mean_distance=_over(float(reach.far.sum()), float(reached.sum())),
        clustering=_over(2 * float(holes.triangles.sum()), pairs),
        core_size=int(core.sum()),
        core_fit=fit,
    )
    return Measures(
        keys=network.keys,
        degree=degree,
        strength=np.add(
            np.bincount(network.heads, network.weights, network.size),
            np.bincount(network.tails, network.weights, network.size),
            dtype=np.float64,
        ),
        betweenness=reach.between,
        betweenness_share=reach.between / max(1.0, others * (others - 1) / 2),
        harmonic=reach.near / others,
        closeness=np.divide(
            reached * reached, reach.far * others, out=np.zeros(network.size), where=reach.far > 0
        ),
        pagerank=page_rank(graph),
        constraint=holes.constraint,
        effective_size=holes.effective_size,
        coreness=cores,
        core=core,
        community=community,
        component=part,
        whole=whole,
        exact=bound is None,
        bound=bound,
    )


def _find_reach(
    rows: Rows,
    part: NDArray[np.int64],
    seed: int,
    exact: bool | None,
    budget: float,
    epsilon: float,
    delta: float,
) -> tuple[Reach, Bound | None]:
    """Return the results of shortest paths: exact, or sampled when that is too much work."""
    if exact is not False:
        twins = find_twins(rows)
        layers = peel(rows, twins, part, sides=True)
        if exact or sum(layer.work for layer in layers) <= budget:
            return run_paths(layers, twins, rows), None
    return sample_paths(rows, part, seed=seed, epsilon=epsilon, delta=delta)


def _over(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")
