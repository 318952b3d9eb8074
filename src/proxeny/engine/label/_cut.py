"""Reasons for a missing assignment: the smallest of the minimum cuts, in terms of keys."""

from collections.abc import Iterator, Mapping

import numpy as np
from ortools.graph.python import max_flow

from proxeny.engine.label._network import Bools, Network
from proxeny.engine.label.jury import Jury, Need, Room, TooFew, TooMuch

__all__ = ["find_reasons"]

type Reason = TooFew | TooMuch


def find_reasons(jury: Jury, network: Network) -> tuple[Reason, ...]:
    """Return what makes a jury impossible, each part that hangs together by itself.

    The nodes that more could still be sent to are the smallest source side of a minimum cut (Ford
    and Fulkerson, 1956). What they need is more than what leaves them by exactly what is missing,
    and that is so for each of its connected parts, or the cut would not be the smallest.
    """
    cut = _Cut(network)
    most = {one.key: one.most for one in jury.jurors}
    reasons: list[Reason] = []
    for applications, jurors in cut.parts():
        if jurors:
            reasons.append(cut.too_much(jury, applications, jurors, most))
        else:
            for a in applications:
                reasons += _too_few(jury, network, a)
    return tuple(reasons)


class _Cut:
    """Source side of the cut: of each application each side's node and its own; jurors."""

    def __init__(self, network: Network) -> None:
        self.network = network
        count, width = network.needs.shape
        first = count * (width + 1)
        source, sink = first + len(network.jurors), first + len(network.jurors) + 1
        solver = max_flow.SimpleMaxFlow()
        a, j = np.nonzero(network.open)
        sides = count + a * width + network.side[j]
        solver.add_arcs_with_capacity(sides, first + j, np.ones_like(a))
        apps, nodes = np.repeat(np.arange(count), width), count + np.arange(count * width)
        solver.add_arcs_with_capacity(apps, nodes, np.repeat(network.needs[:, -1], width))
        for node, need in enumerate(network.needs[:, -1].tolist()):
            solver.add_arc_with_capacity(source, node, need)
        ones = np.column_stack([network.needs[:, :-1], np.zeros(count, dtype=np.int64)]).ravel()
        for node, need in zip(nodes.tolist(), ones.tolist(), strict=True):
            solver.add_arc_with_capacity(source, node, need)
        for at, room in enumerate(network.room.tolist()):
            solver.add_arc_with_capacity(first + at, sink, room)
        if solver.solve(source, sink) != solver.OPTIMAL:
            raise RuntimeError("the flow did not end")
        inside = np.zeros(sink + 1, dtype=bool)
        inside[solver.get_source_side_min_cut()] = True
        self.whole = inside[:count]
        self.sides = inside[count:first].reshape(count, width)
        self.jurors = inside[first:source]
        #: Pairs that lead out of each application's nodes that are inside.
        self.leads = network.open & self.sides[:, network.side]

    def parts(self) -> Iterator[tuple[list[int], list[int]]]:
        """Yield the applications and jurors of each part that hangs together."""
        left = set(np.flatnonzero(self.whole | self.sides.any(axis=1)).tolist())
        inner = self.leads & self.jurors
        for start in sorted(left):
            if start not in left:
                continue
            rows, columns = {start}, set(np.flatnonzero(inner[start]).tolist())
            while True:
                more = set(np.flatnonzero(inner[:, sorted(columns)].any(axis=1)).tolist()) - rows
                if not more:
                    break
                rows |= more
                columns |= set(np.flatnonzero(inner[sorted(rows)].any(axis=0)).tolist())
            left -= rows
            yield sorted(rows), sorted(columns)

    def too_much(
        self, jury: Jury, rows: list[int], columns: list[int], most: Mapping[str, int | None]
    ) -> TooMuch:
        """Return the reason that a part is, whose jurors' limits bind."""
        network = self.network
        needs: list[Need] = []
        for a in rows:
            key = network.applications[a]
            if self.whole[a]:
                needs.append(Need(key, None, int(network.needs[a].sum())))
                continue
            inside = np.flatnonzero(self.sides[a, :-1] & (network.needs[a, :-1] > 0))
            needs += [Need(key, jury.sides[s], 1) for s in inside.tolist()]
        limits = tuple(
            Room(network.jurors[j], int(network.room[j]), most[network.jurors[j]] or 0)
            for j in columns
        )
        beside = int((self.leads & ~self.jurors)[rows].sum())
        needed, left = sum(one.count for one in needs), sum(one.left for one in limits)
        return TooMuch(tuple(needs), limits, beside, needed - left - beside)


def _too_few(jury: Jury, network: Network, a: int) -> Iterator[TooFew]:
    """Yield the sides of which nobody can, and all together if that is not all."""
    needs, alone = network.needs[a], 0
    for s in np.flatnonzero(needs[:-1]).tolist():
        some = network.side == s
        if not network.open[a, some].any():
            alone += 1
            yield _tell(jury, network, a, some, side=jury.sides[s], needed=1)
    of_all = np.ones(len(network.jurors), dtype=bool)
    if int(needs.sum()) - int(network.open[a].sum()) > alone:
        yield _tell(jury, network, a, of_all, side=None, needed=int(needs.sum()))


def _tell(
    jury: Jury,
    network: Network,
    a: int,
    some: Bools,
    *,
    side: str | None,
    needed: int,
) -> TooFew:
    key = network.applications[a]
    kinds: dict[str, list[str]] = {"open": [], "barred": [], "closed": [], "full": []}
    for j in np.flatnonzero(some & ~network.kept[a]).tolist():
        juror = network.jurors[j]
        if (key, juror) in jury.barred:
            kind = "barred"
        elif juror in jury.closed:
            kind = "closed"
        else:
            kind = "open" if network.open[a, j] else "full"
        kinds[kind].append(juror)
    return TooFew(key, side, needed, **{name: tuple(keys) for name, keys in kinds.items()})
