"""The best of some candidates within bounds, with CP-SAT, exactly whatever the fractions."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd, lcm
from typing import Any

from ortools.sat.python import cp_model

from proxeny.engine.label.places import Candidate, Quota

__all__ = ["Bound", "choose", "count_extreme", "order_of"]

#: Scores are taken apart into digits of that many bits, orders into so many candidates at a time.
_BITS, _AT_ONCE = 40, 40


@dataclass(frozen=True, slots=True)
class Bound:
    """At least and at most so many of some origins."""

    quota: Quota
    least: int
    most: int


def order_of(one: Candidate) -> tuple[int, str]:
    """Return the sort key among equals."""
    return one.order, one.key


def choose(
    candidates: Sequence[Candidate], places: int, bounds: Sequence[Bound]
) -> tuple[Candidate, ...] | None:
    """Return the most candidates, then with the most score, then the earliest; by score.

    None if the bounds cannot be met.
    """
    model = _Model(candidates, bounds)
    model.model.add(sum(model.chosen) <= places)
    if model.settle(sum(model.chosen)) is None:
        return None
    for part in model.score_parts():
        model.settle(part)
    if model.has_another():
        for part in model.order_parts():
            model.settle(part)
    found = [one for one, is_in in zip(model.candidates, model.values, strict=True) if is_in]
    return tuple(sorted(found, key=lambda one: (-one.score, order_of(one))))


def count_extreme(
    candidates: Sequence[Candidate],
    places: int | None,
    bounds: Sequence[Bound],
    *,
    of: frozenset[str] | None,
    sign: int,
) -> int | None:
    """Return the most (sign 1) or fewest (-1) of some origins, or of all; None if there is no way."""
    model = _Model(candidates, bounds)
    if places is not None:
        model.model.add(sum(model.chosen) <= places)
    counted = [
        var
        for one, var in zip(model.candidates, model.chosen, strict=True)
        if of is None or one.origin in of
    ]
    found = model.settle(sign * sum(counted))
    return None if found is None else sign * found


class _Model:
    def __init__(self, candidates: Sequence[Candidate], bounds: Sequence[Bound]) -> None:
        self.candidates = sorted(candidates, key=order_of)
        self.model = cp_model.CpModel()
        self.chosen = [self.model.new_bool_var("") for _ in self.candidates]
        self.values = [0] * len(self.chosen)
        self._best_of_each_origin()
        for bound in bounds:
            inside = [
                var
                for one, var in zip(self.candidates, self.chosen, strict=True)
                if one.origin in bound.quota.origins
            ]
            self.model.add(sum(inside) >= bound.least)
            self.model.add(sum(inside) <= bound.most)

    def _best_of_each_origin(self) -> None:
        """Quotas know origins only, so of each origin the best are chosen."""
        last: dict[str, Any] = {}
        paired = zip(self.candidates, self.chosen, strict=True)
        for one, var in sorted(paired, key=lambda pair: -pair[0].score):
            if one.origin in last:
                self.model.add_implication(var, last[one.origin])
            last[one.origin] = var

    def has_another(self) -> bool:
        """Return whether others of the same number and score could be chosen."""
        found = [var for var, is_in in zip(self.chosen, self.values, strict=True) if is_in]
        other = self.model.new_bool_var("")
        self.model.add(sum(found) < len(found)).only_enforce_if(other)
        return self.settle(other, hold=False) == 1

    def settle(self, goal: Any, *, hold: bool = True) -> int | None:
        """Maximise something and hold it there; return what is reached, None if there is no way."""
        solver = cp_model.CpSolver()
        # Otherwise it would disable Ctrl-C for the calling process, for good.
        solver.parameters.catch_sigint_signal = False
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 1
        self.model.clear_objective()
        self.model.maximize(goal)
        status = solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            return None
        if status != cp_model.OPTIMAL:
            raise RuntimeError(f"the search ended with {solver.status_name(status)}")
        self.values = [solver.value(var) for var in self.chosen]
        reached = int(solver.value(goal))
        if hold:
            self.model.add(goal == reached)
        return reached

    def score_parts(self) -> list[Any]:
        """Return what to maximise one after the other: the digits of the total, the highest first.

        Scores become whole numbers by their common denominator; as the number of places is settled,
        the lowest score can be taken off. Each digit's sum carries into the next.
        """
        scores = [one.score for one in self.candidates]
        common = lcm(*(score.denominator for score in scores))
        whole = [int(score * common) for score in scores]
        low = min(whole, default=0)
        divisor = gcd(*(one - low for one in whole)) or 1
        whole = [(one - low) // divisor for one in whole]
        parts: list[Any] = []
        carry: Any = 0
        base = 1 << _BITS
        while max(whole, default=0) >= base:
            total = _weigh(self.chosen, [one % base for one in whole]) + carry
            digit = self.model.new_int_var(0, base - 1, "")
            carry = self.model.new_int_var(0, len(whole), "")
            self.model.add(total == digit + base * carry)
            parts.append(digit)
            whole = [one // base for one in whole]
        parts.append(_weigh(self.chosen, whole) + carry)
        return parts[::-1]

    def order_parts(self) -> list[Any]:
        """Return what to maximise one after the other, so that the earliest are chosen."""
        parts = []
        for start in range(0, len(self.chosen), _AT_ONCE):
            some = self.chosen[start : start + _AT_ONCE]
            parts.append(_weigh(some, [1 << (len(some) - 1 - at) for at in range(len(some))]))
        return parts


def _weigh(some: Sequence[Any], weights: Sequence[int]) -> Any:
    return cp_model.LinearExpr.weighted_sum(list(some), list(weights))
