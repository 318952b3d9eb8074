"""Upper bound on the worth of a consortium with a given member, by linear duality."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from proxeny.engine.consortium._problem import Bools, Ints, Problem
from proxeny.engine.consortium.directory import MOST_LEVEL

__all__ = ["Floats", "bound_each"]

type Floats = NDArray[np.float64]
_START, _PER_ROUND, _ROUNDS = 300, 300, 25
#: Cost of an unmet demand in the relaxation; the bound is valid for any number.
_SLACK = 1e6


@dataclass(frozen=True, slots=True)
class _Prices:
    """Prices of demands and levels; any prices at least 0 give a bound that holds.

    Parameters
    ----------
    level : ndarray, shape (needs, levels)
        What covering a need at a level earns, at most its weight.
    least, most : ndarray, shape (rows,)
        What a row's numbers earn, and what they cost.
    pair : ndarray, shape (sides, sides)
        What a member of the first side costs and of the second earns.
    pull : ndarray, shape (n,)
        What one earns by being known to others, less what its own relations are promised to them.
    """

    level: Floats
    least: Floats
    most: Floats
    pair: Floats
    pull: Floats


def bound_each(problem: Problem, is_up: Callable[[], bool], before: Floats | None = None) -> Floats:
    """Return how much a consortium with each of them is worth at most.

    The Lagrangian of the relaxation at its dual prices: members chosen by price alone, as many as
    are allowed, plus what the prices promise. One that is not among those chosen takes the place of
    the last of them. Linear in the number of organisations beside the prices.

    Parameters
    ----------
    before : ndarray, shape (n,), optional
        Bounds of a larger problem; the highest are where to look first.
    """
    gain = _gain(problem)
    likely = gain + problem.levels @ problem.weights if before is None else before
    prices = _find_prices(problem, gain, likely, is_up)
    value = _price_of(problem, gain, prices)
    whole = _constant(problem, prices)
    wish = problem.wish
    free = np.flatnonzero(~_is_kept(problem))
    room = max(0, wish.most_members - len(problem.kept))
    needed = max(0, wish.least_members - len(problem.kept))
    whole += float(value[problem.kept].sum())
    order = free[np.argsort(-value[free], kind="stable")]
    ranked = value[order]
    count = int(max(min(needed, len(order)), min(room, int((ranked > 0).sum()))))
    whole += float(ranked[:count].sum())
    bound = np.full(problem.count, -np.inf)
    bound[problem.kept] = whole
    bound[order[:count]] = whole
    # One more joins if there is room, or takes the place of the last.
    rest = ranked[count:]
    joins = rest if count < room else np.full(len(rest), -np.inf)
    replaces = rest - ranked[count - 1] if count else np.full(len(rest), -np.inf)
    bound[order[count:]] = whole + np.minimum(np.maximum(joins, replaces), 0.0)
    return bound


def _gain(problem: Problem) -> Floats:
    """Return what each is worth by itself, its relations as if the strongest were there."""
    relations = problem.wish.weights.relation * problem.best_relation()
    return (problem.worth + relations).astype(np.float64)


def _find_prices(
    problem: Problem, gain: Floats, likely: Floats, is_up: Callable[[], bool]
) -> _Prices:
    """Return the dual prices of the linear relaxation, by columns that pay.

    A column that pays comes with rows for its relations, which share what they are worth with those
    it knows; all others' relations count as if the strongest were there. Demands on different
    countries and on each participant alone are left out. Columns are added while some would pay, a
    few hundred at a time and for a few rounds; stopping early costs sharpness, not truth.
    """
    master = _Master(problem)
    start = np.argsort(-likely)[:_START]
    master.add(np.union1d(start, problem.kept))
    prices = master.solve()
    for _ in range(_ROUNDS):
        if is_up():
            break
        value = _price_of(problem, gain, prices)
        value[master.has] = -np.inf
        fresh = np.flatnonzero(value > master.entry + 1e-6)
        if not len(fresh):
            break
        master.add(fresh[np.argsort(-value[fresh])[:_PER_ROUND]])
        prices = master.solve()
    return prices


def _price_of(problem: Problem, gain: Floats, prices: _Prices) -> Floats:
    """Return the gain of each organisation at these prices."""
    value = gain + prices.pull
    # The gain of each level of each need, up to that level.
    earned = np.zeros((len(problem.weights), MOST_LEVEL + 1))
    earned[:, 1:] = np.cumsum(prices.level, axis=1)
    for need in range(len(problem.weights)):
        value += earned[need][problem.levels[:, need]]
    for at, row in enumerate(problem.rows):
        paid = prices.least[at] - prices.most[at]
        if paid:
            value += paid * row.numbers
    if len(problem.wish.sides):
        of_side = prices.pair.sum(axis=0) - prices.pair.sum(axis=1)
        on = problem.side >= 0
        value[on] += of_side[problem.side[on]]
    return value


def _constant(problem: Problem, prices: _Prices) -> float:
    whole = float((problem.weights[:, None] - prices.level).sum())
    for at, row in enumerate(problem.rows):
        if prices.least[at]:
            whole -= prices.least[at] * row.least
        if prices.most[at]:
            whole += prices.most[at] * row.most
    return whole


def _is_kept(problem: Problem) -> Bools:
    kept = np.zeros(problem.count, dtype=bool)
    kept[problem.kept] = True
    return kept


class _Master:
    """The linear relaxation over some columns."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.columns: dict[int, Any] = {}
        self.knows: dict[tuple[int, int], Any] = {}
        self.has = np.zeros(problem.count, dtype=bool)
        self.entry = 0.0
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        self.goal = self.solver.Objective()
        self.goal.SetMaximization()
        infinity = self.solver.infinity()
        self.levels = []
        for weight in problem.weights.tolist():
            rows = []
            for _ in range(MOST_LEVEL):
                row = self.solver.Constraint(-infinity, 0)
                covered = self.solver.NumVar(0, 1, "")
                row.SetCoefficient(covered, 1)
                self.goal.SetCoefficient(covered, weight)
                rows.append(row)
            self.levels.append(rows)
        # Amounts of money next to head counts: each row is scaled by its largest number.
        self.scale = [float(max(1, np.abs(row.numbers).max(initial=1))) for row in problem.rows]
        self.rows = [
            self._row(
                row.least / scale if row.has_least else None,
                row.most / scale if row.has_most else None,
            )
            for row, scale in zip(problem.rows, self.scale, strict=True)
        ]
        self.pairs = self._pairs()
        self.is_kept = _is_kept(problem)

    def _row(self, least: float | None, most: float | None) -> Any:
        infinity = self.solver.infinity()
        low = -infinity if least is None else least
        high = infinity if most is None else most
        row = self.solver.Constraint(low, high)
        for sign in (1, -1):
            slack = self.solver.NumVar(0, infinity, "")
            row.SetCoefficient(slack, sign)
            self.goal.SetCoefficient(slack, -_SLACK)
        return row

    def _pairs(self) -> dict[tuple[int, int], Any]:
        count = len(self.problem.wish.sides)
        spread = self.solver.NumVar(0, self.solver.infinity(), "")
        self.goal.SetCoefficient(spread, -self.problem.wish.weights.balance)
        pairs = {}
        for a in range(count):
            for b in range(count):
                if a != b:
                    pairs[a, b] = self.solver.Constraint(-self.solver.infinity(), 0)
                    pairs[a, b].SetCoefficient(spread, -1)
        return pairs

    def add(self, some: Ints) -> None:
        """Add columns."""
        problem = self.problem
        for at in some.tolist():
            one = self.solver.NumVar(1 if self.is_kept[at] else 0, 1, "")
            self.columns[at] = one
            self.goal.SetCoefficient(one, float(problem.worth[at]))
            for need in np.flatnonzero(problem.levels[at]).tolist():
                for level in range(int(problem.levels[at, need])):
                    self.levels[need][level].SetCoefficient(one, -1)
            for row, made, scale in zip(problem.rows, self.rows, self.scale, strict=True):
                if row.if_any is None and row.numbers[at]:
                    made.SetCoefficient(one, float(row.numbers[at]) / scale)
            for (a, b), made in self.pairs.items():
                if problem.side[at] in (a, b):
                    made.SetCoefficient(one, 1 if problem.side[at] == a else -1)
        self.has[some] = True
        for at in some.tolist():
            self._relate(at)

    def _relate(self, at: int) -> None:
        """Have the relations of a column worth something only with those it knows."""
        problem, weight = self.problem, self.problem.wish.weights.relation
        around = slice(problem.start[at], problem.start[at + 1])
        near = [
            (other, level)
            for other, level in zip(
                problem.edges[around, 1].tolist(), problem.strength[around].tolist(), strict=True
            )
        ]
        if not weight or not near:
            return
        infinity = self.solver.infinity()
        for level in range(1, max(level for _, level in near) + 1):
            known = self.solver.NumVar(0, 1, "")
            self.goal.SetCoefficient(known, weight)
            row = self.solver.Constraint(-infinity, 0)
            row.SetCoefficient(known, 1)
            own = self.solver.Constraint(-infinity, 0)
            own.SetCoefficient(known, 1)
            own.SetCoefficient(self.columns[at], -1)
            self.knows[at, level] = row
            for other, strength in near:
                if strength >= level and other in self.columns:
                    row.SetCoefficient(self.columns[other], -1)
        for other, strength in near:
            for level in range(1, strength + 1):
                if (other, level) in self.knows:
                    self.knows[other, level].SetCoefficient(self.columns[at], -1)

    def _pull(self) -> Floats:
        problem = self.problem
        upto = np.zeros((problem.count, MOST_LEVEL + 1))
        for (at, level), row in self.knows.items():
            dual = min(max(0.0, row.dual_value()), float(problem.wish.weights.relation))
            upto[at, level:] += dual
        pull = -upto[:, MOST_LEVEL]
        known = {at for at, _ in self.knows}
        around = [np.arange(problem.start[at], problem.start[at + 1]) for at in sorted(known)]
        if not around:
            return pull
        edges = np.concatenate(around)
        credit = upto[problem.edges[edges, 0], problem.strength[edges]]
        return pull + np.bincount(problem.edges[edges, 1], credit, minlength=problem.count)

    def solve(self) -> _Prices:
        """Return the current prices; `entry` is the gain at which a column pays."""
        problem = self.problem
        self.solver.Solve()
        level = np.array([[row.dual_value() for row in rows] for rows in self.levels])
        level = np.clip(
            level.reshape(len(problem.weights), MOST_LEVEL), 0, problem.weights[:, None]
        )
        duals = [row.dual_value() / scale for row, scale in zip(self.rows, self.scale, strict=True)]
        least, most = np.zeros(len(duals)), np.zeros(len(duals))
        for at, (row, dual) in enumerate(zip(problem.rows, duals, strict=True)):
            if row.if_any is not None:
                continue
            if row.name == "members":
                # The number of members is kept to by choosing that many.
                self.entry = max(0.0, dual)
            elif dual < 0 and row.has_least:
                least[at] = -dual
            elif dual > 0 and row.has_most:
                most[at] = dual
        count = len(problem.wish.sides)
        pair = np.zeros((count, count))
        for (a, b), made in self.pairs.items():
            pair[a, b] = max(0.0, made.dual_value())
        spread = pair.sum()
        if spread > problem.wish.weights.balance:
            pair *= problem.wish.weights.balance / spread
        return _Prices(level, least, most, pair, self._pull())
