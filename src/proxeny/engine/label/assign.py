"""Exact juries: loads as even as possible, then the best fit."""

import numpy as np
from ortools.graph.python import min_cost_flow

from proxeny.engine.label._cut import find_reasons
from proxeny.engine.label._network import Bools, Ints, Network, build_network
from proxeny.engine.label._prices import find_prices
from proxeny.engine.label.jury import MOST_FIT, Assignment, Impossible, Jury, NoRoom

__all__ = ["assign_jury"]


def assign_jury(jury: Jury) -> Assignment | Impossible:
    """Assign jurors to applications, or return the reasons why that is impossible.

    Each application has `per` jurors, at least one of each side, none with a conflict, none above
    their limit; those kept stay. Of all such assignments the result has the smallest sum of squared
    loads, and of these the best fit: jurors who know the topics, and of another side than the
    applicant. Ties are broken by the order of keys: the same input gives the same result, in any
    order of its parts.

    Parameters
    ----------
    jury : Jury

    Returns
    -------
    Assignment or Impossible
        The best one with its proof, or reasons in terms of the keys.

    Notes
    -----
    A minimum-cost flow: an application sends one review to each of its sides that is missing and
    the rest to any side, a side sends at most one to each of its jurors, and a juror's reviews cost
    1, 3, 5, ... so that together they cost the square. All is in whole numbers, so the flow is an
    assignment; it is solved by cost scaling [3]_.

    The loads that are possible form an M-convex set. On such a set the smallest sum of squares is
    least majorised: it also has the smallest greatest load, then the fewest jurors with it, and so
    on [1]_, [2]_.

    References
    ----------
    .. [1] A. Frank and K. Murota, "Decreasing minimization on M-convex sets: background and
       structures", Mathematical Programming 195 (2022), 977-1025.
    .. [2] K. Murota, Discrete Convex Analysis, SIAM, 2003, chapter 9 (flows and M-convexity).
    .. [3] A. V. Goldberg, "An efficient implementation of a scaling minimum-cost flow algorithm",
       Journal of Algorithms 22 (1997), 1-29; in OR-Tools.

    Examples
    --------
    >>> from proxeny.engine.label import Application, Juror, Jury, assign_jury
    >>> found = assign_jury(Jury(
    ...     applications=[Application("a", frozenset({"wind"})), Application("b")],
    ...     jurors=[
    ...         Juror("ana", "athens"), Juror("ion", "athens", frozenset({"wind"})),
    ...         Juror("luc", "paris"),
    ...     ],
    ...     per=2, sides=("athens", "paris"),
    ... ))
    >>> found.pairs, found.fit
    ((('a', 'ion'), ('a', 'luc'), ('b', 'ana'), ('b', 'luc')), 1)
    """
    network = build_network(jury)
    if reasons := _list_no_room(jury, network):
        return Impossible(reasons)
    new = _flow(network)
    if new is None:
        return Impossible(find_reasons(jury, network))
    pairs = network.kept | new
    loads = pairs.sum(axis=0).astype(np.int64)
    keys = network.jurors
    return Assignment(
        pairs=tuple((network.applications[a], keys[j]) for a, j in np.argwhere(pairs).tolist()),
        loads=dict(zip(keys, loads.tolist(), strict=True)),
        squares=int((loads**2).sum()),
        fit=int(network.fit[pairs].sum()),
        prices=dict(zip(keys, find_prices(network, new).tolist(), strict=True)),
    )


def _list_no_room(jury: Jury, network: Network) -> tuple[NoRoom, ...]:
    return tuple(
        NoRoom(
            application=network.applications[a],
            kept=tuple(network.jurors[j] for j in np.flatnonzero(network.kept[a]).tolist()),
            sides=tuple(jury.sides[s] for s in np.flatnonzero(network.needs[a, :-1]).tolist()),
        )
        for a in np.flatnonzero(network.needs[:, -1] < 0).tolist()
    )


def _flow(network: Network) -> Bools | None:
    """Return the new pairs at the least cost, or None if there are none that meet the needs."""
    count, width = network.needs.shape
    sink = count * (width + 1) + len(network.jurors)
    solver = min_cost_flow.SimpleMinCostFlow()
    a, j = np.nonzero(network.open)
    # The node of an application's side; after them the jurors. Fit as a cost of what is missing.
    sides = count + a * width + network.side[j]
    first = count * (width + 1)
    pairs = solver.add_arcs_with_capacity_and_unit_cost(
        sides, first + j, np.ones_like(a), MOST_FIT - network.fit[a, j]
    )
    rest = np.repeat(network.needs[:, -1], width)
    apps, nodes = np.repeat(np.arange(count), width), count + np.arange(count * width)
    solver.add_arcs_with_capacity_and_unit_cost(apps, nodes, rest, np.zeros_like(rest))
    who, costs = _unit_costs(network)
    solver.add_arcs_with_capacity_and_unit_cost(
        first + who, np.full(len(who), sink), np.ones_like(who), costs
    )
    solver.set_nodes_supplies(np.arange(count), network.needs[:, -1])
    ones = np.column_stack([network.needs[:, :-1], np.zeros(count, dtype=np.int64)])
    solver.set_nodes_supplies(nodes, ones.ravel())
    solver.set_node_supply(sink, -int(network.needs.sum()))
    status = solver.solve()
    if status == solver.INFEASIBLE:
        return None
    if status != solver.OPTIMAL:
        raise RuntimeError(f"the flow ended with {status}")
    new = np.zeros_like(network.open)
    new[a, j] = solver.flows(pairs) > 0
    return new


def _unit_costs(network: Network) -> tuple[Ints, Ints]:
    """Return a juror and a cost for each review that jurors may take: what the square grows by."""
    who = np.repeat(np.arange(len(network.jurors)), network.room)
    before = np.concatenate([[0], np.cumsum(network.room)])[who]
    load = network.base[who] + np.arange(len(who)) - before
    return who, network.unit * (2 * load + 1)
