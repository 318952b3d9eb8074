"""The ties of each actor one after another: compressed rows, as the kernels read them."""

from dataclasses import dataclass

import igraph
import numpy as np
from numpy.typing import NDArray

from proxeny.engine.network.model import Network

__all__ = ["Rows", "components", "make_rows"]


@dataclass(frozen=True, slots=True)
class Rows:
    """Both directions of each tie.

    starts: int32[n + 1]; the neighbours of actor i are at starts[i] to starts[i + 1].
    others: int32[2 m], ascending within an actor's row.
    weights: float64[2 m].
    """

    starts: NDArray[np.int32]
    others: NDArray[np.int32]
    weights: NDArray[np.float64]

    @property
    def size(self) -> int:
        """The number of actors."""
        return len(self.starts) - 1

    @property
    def degree(self) -> NDArray[np.int32]:
        """The number of ties of each, int32[n]."""
        return np.diff(self.starts)


def make_rows(network: Network) -> Rows:
    """Return the rows of a network; O(m log m)."""
    return pack_rows(network.size, network.heads, network.tails, network.weights)


def pack_rows(
    size: int,
    heads: NDArray[np.int32],
    tails: NDArray[np.int32],
    weights: NDArray[np.float64],
) -> Rows:
    """Return the rows of ties that are each named once."""
    origin = np.concatenate([heads, tails])
    target = np.concatenate([tails, heads])
    order = np.lexsort((target, origin))
    starts = np.zeros(size + 1, np.int32)
    np.cumsum(np.bincount(origin, minlength=size), out=starts[1:])
    return Rows(starts, target[order], np.concatenate([weights, weights])[order])


def components(network: Network) -> NDArray[np.int64]:
    """Return the component of each actor, int64[n]: the largest is 0, of equals the earlier."""
    graph = igraph.Graph(n=network.size, edges=np.column_stack([network.heads, network.tails]))
    return by_size(np.array(graph.connected_components().membership, np.int64))


def by_size(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Renumber groups by size, the largest 0; of equal ones by the place of the first member."""
    if not len(labels):
        return labels
    _, first, inverse, counts = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.lexsort((first, -counts))
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    return number[inverse]
