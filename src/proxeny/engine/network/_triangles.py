# mypy: disallow-untyped-defs=False, disallow-untyped-calls=False
"""Triangles, each listed once, and what they say of brokerage.

Each tie is followed only to the end with more ties, which bounds the work by O(m^1.5) (Chiba and
Nishizeki 1985, "Arboricity and subgraph listing algorithms", SIAM J. Computing 14).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxeny.engine._jit import compiled
from proxeny.engine.network._rows import Rows

__all__ = ["Holes", "measure_holes"]


@dataclass(frozen=True, slots=True)
class Holes:
    """Brokerage of each actor, float64[n].

    constraint: NaN for an actor without ties. effective_size: 0 for one.
    triangles: in how many triangles the actor is.
    """

    constraint: NDArray[np.float64]
    effective_size: NDArray[np.float64]
    triangles: NDArray[np.float64]


def measure_holes(rows: Rows) -> Holes:
    """Return constraint and effective size by Burt 1992, "Structural Holes", chapter 2.

    With p(i, j) the share of i's strength that goes to j, constraint sums over contacts
    (p(i, j) + sum over q of p(i, q) p(q, j))^2, and effective size is the number of contacts less
    the sum over contacts j and q of p(i, q) times the tie of j and q relative to j's strongest.
    """
    size = rows.size
    origin = np.repeat(np.arange(size), rows.degree)
    # An empty bincount has whole numbers, whatever its weights.
    strength = np.bincount(origin, rows.weights, size).astype(np.float64)
    strongest = np.zeros(size)
    np.maximum.at(strongest, origin, rows.weights)
    share = rows.weights / strength[origin]
    indirect = np.zeros(len(share))
    redundant, triangles = np.zeros(size), np.zeros(size)
    _list_triangles(
        rows.starts, rows.others, rows.weights, share, strongest, indirect, redundant, triangles
    )
    constraint = np.bincount(origin, (share + indirect) ** 2, size).astype(np.float64)
    constraint[rows.degree == 0] = np.nan
    return Holes(constraint, rows.degree - redundant, triangles)


@compiled
def _list_triangles(starts, others, weights, share, strongest, indirect, redundant, triangles):
    """Add to each tie's indirect share and each actor's redundancy, triangle by triangle."""
    size = starts.shape[0] - 1
    back = np.empty(others.shape[0], np.int32)
    cursor = starts[:-1].copy()
    up_starts = np.zeros(size + 1, np.int32)
    up = np.empty(others.shape[0] // 2, np.int32)
    used = 0
    for actor in range(size):
        degree = starts[actor + 1] - starts[actor]
        for at in range(starts[actor], starts[actor + 1]):
            other = others[at]
            # Rows ascend, so the ways back come in the order of the rows, too.
            back[at] = cursor[other]
            cursor[other] += 1
            more = starts[other + 1] - starts[other]
            if more > degree or (more == degree and other > actor):
                up[used] = at
                used += 1
        up_starts[actor + 1] = used
    found = np.full(size, -1, np.int32)
    for a in range(size):
        for step in range(up_starts[a], up_starts[a + 1]):
            found[others[up[step]]] = up[step]
        for step in range(up_starts[a], up_starts[a + 1]):
            ab = up[step]
            b, ba = others[ab], back[ab]
            for further in range(up_starts[b], up_starts[b + 1]):
                bc = up[further]
                c = others[bc]
                ac = found[c]
                if ac < 0:
                    continue
                ca, cb = back[ac], back[bc]
                indirect[ab] += share[ac] * share[cb]
                indirect[ac] += share[ab] * share[bc]
                indirect[ba] += share[bc] * share[ca]
                indirect[bc] += share[ba] * share[ac]
                indirect[ca] += share[cb] * share[ba]
                indirect[cb] += share[ca] * share[ab]
                w_ab, w_ac, w_bc = weights[ab], weights[ac], weights[bc]
                redundant[a] += share[ac] * w_bc / strongest[b] + share[ab] * w_bc / strongest[c]
                redundant[b] += share[bc] * w_ac / strongest[a] + share[ba] * w_ac / strongest[c]
                redundant[c] += share[cb] * w_ab / strongest[a] + share[ca] * w_ab / strongest[b]
                triangles[a] += 1
                triangles[b] += 1
                triangles[c] += 1
        for step in range(up_starts[a], up_starts[a + 1]):
            found[others[up[step]]] = -1
