"""A jury as arrays, in the order of keys: what may be, what is needed, what is left."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from proxeny.engine.label.jury import MOST_FIT, Jury, fit_of

__all__ = ["Bools", "Ints", "Network", "build_network"]

type Bools = NDArray[np.bool_]
type Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Network:
    """Applications (rows) and jurors (columns), both sorted by key.

    Parameters
    ----------
    applications, jurors : list of str
    side : ndarray of int, shape (jurors,)
        The number of the juror's side; for jurors without one, the number of sides.
    fit : ndarray of int, shape (applications, jurors)
    kept, open : ndarray of bool, shape (applications, jurors)
        Existing pairs; possible new pairs.
    base, room : ndarray of int, shape (jurors,)
        The existing load of each, and the room for more.
    needs : ndarray of int, shape (applications, sides + 1)
        1 for each side that is still missing; last the number of further ones of any side.
    """

    applications: list[str]
    jurors: list[str]
    side: Ints
    fit: Ints
    kept: Bools
    open: Bools
    base: Ints
    room: Ints
    needs: Ints

    @property
    def unit(self) -> int:
        """The weight of one point of squared load: more than the largest possible total fit."""
        return MOST_FIT * int(self.needs.sum()) + 1


def build_network(jury: Jury) -> Network:
    """Return the arrays of a jury. O(applications · jurors)."""
    applications = sorted(jury.applications, key=lambda one: one.key)
    jurors = sorted(jury.jurors, key=lambda one: one.key)
    row = {one.key: at for at, one in enumerate(applications)}
    column = {one.key: at for at, one in enumerate(jurors)}
    shape = (len(applications), len(jurors))
    kept, allowed = np.zeros(shape, dtype=bool), np.ones(shape, dtype=bool)
    for application, juror in jury.kept:
        kept[row[application], column[juror]] = True
    for application, juror in jury.barred:
        allowed[row[application], column[juror]] = False
    number = {key: at for at, key in enumerate(jury.sides)}
    side = np.array([number.get(one.side, len(number)) for one in jurors], dtype=np.int64)
    base = kept.sum(axis=0).astype(np.int64)
    limits = [len(applications) if one.most is None else one.most for one in jurors]
    room = np.maximum(0, np.array(limits, dtype=np.int64) - base)
    room[[column[key] for key in jury.closed]] = 0
    opened = allowed & ~kept & (room > 0)
    fit = [[fit_of(one, juror) for juror in jurors] for one in applications]
    return Network(
        applications=list(row),
        jurors=list(column),
        side=side,
        fit=np.array(fit, dtype=np.int64).reshape(shape),
        kept=kept,
        open=opened,
        base=base,
        room=np.minimum(room, opened.sum(axis=0)),
        needs=_needs(kept, side, jury.per, len(number)),
    )


def _needs(kept: Bools, side: Ints, per: int, sides: int) -> Ints:
    needs = np.zeros((len(kept), sides + 1), dtype=np.int64)
    for at in range(sides):
        needs[:, at] = ~kept[:, side == at].any(axis=1)
    needs[:, sides] = np.maximum(0, per - kept.sum(axis=1)) - needs.sum(axis=1)
    return needs
