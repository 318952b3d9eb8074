"""Prices of reviews that prove an assignment, by Bellman-Ford on the residual network."""

import numpy as np

from proxeny.engine.label._network import Bools, Ints, Network

__all__ = ["find_prices"]

_FAR = np.int64(2**60)


def find_prices(network: Network, new: Bools) -> Ints:
    """Return prices of a review by each juror at which no change would pay.

    Parameters
    ----------
    network : Network
    new : ndarray of bool, shape (applications, jurors)
        The new pairs of an optimal assignment.

    Returns
    -------
    ndarray of int, shape (jurors,)

    Raises
    ------
    RuntimeError
        If there is a negative cycle: the assignment was not optimal.

    Notes
    -----
    A path through an application's part of the residual network takes a review from one juror and
    gives it to another one, so the shortest such step represents the whole part and only jurors and
    the sink remain as nodes. O(pairs · jurors + jurors³).
    """
    steps = _steps(network, new)
    distance = np.zeros(len(steps), dtype=np.int64)
    for _ in range(len(steps) + 1):
        nearer = np.minimum(distance, (distance[:, None] + steps).min(axis=0))
        if (nearer == distance).all():
            prices: Ints = distance[-1] - distance[:-1]
            return prices
        distance = nearer
    raise RuntimeError("the flow is not optimal")


def _steps(network: Network, new: Bools) -> Ints:
    """Return the cost of a review's move from each juror to each other one; last is the sink."""
    count, sides = len(network.jurors), network.needs.shape[1] - 1
    steps = np.full((count + 1, count + 1), _FAR, dtype=np.int64)
    for a, i in np.argwhere(new).tolist():
        side = network.side[i]
        may = network.open[a] & ~new[a]
        # The only one of a side that was missing can only be replaced by one of it.
        if side < sides and network.needs[a, side] and new[a, network.side == side].sum() == 1:
            may &= network.side == side
        cost = np.where(may, network.fit[a, i] - network.fit[a], _FAR)
        steps[i, :count] = np.minimum(steps[i, :count], cost)
    load = network.base + new.sum(axis=0)
    has_room = load - network.base < network.room
    steps[:count, count] = np.where(has_room, network.unit * (2 * load + 1), _FAR)
    steps[count, :count] = np.where(load > network.base, -network.unit * (2 * load - 1), _FAR)
    return steps
