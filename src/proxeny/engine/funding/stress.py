"""The stress test: what goes on when some of the money ends, exactly."""

import os
import time
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

from proxeny.engine.funding.model import Outcome, Plan, Rescue, Stop

__all__ = ["find_pillars", "find_rescue", "stress"]

#: Sources are tried side by side in at most so many threads; the solver lets go of the lock.
MOST_THREADS = 4


def stress(
    plan: Plan, parts_left: Mapping[int, int] | None = None, *, time_limit_s: float = 30.0
) -> Outcome:
    """Find the best set of activities that the remaining money pays for.

    Money meant for one activity pays for that one only; what may move pays for whatever is done.
    An activity goes on only with all that it needs. Of two sets the better one keeps more value of
    the core; then more value; then it spends less.

    Parameters
    ----------
    plan : Plan
        Activities and money.
    parts_left : mapping of int to int, optional
        Per source, how many hundredths of its money are left (0 to 100); all of it where a source
        is not named. Of each line, fractions of a minor unit are lost.
    time_limit_s : float
        Seconds after which the best set found so far is returned.

    Returns
    -------
    Outcome
        With what stops, why, and the smallest sums that would save it.

    Raises
    ------
    ValueError
        On a part outside 0 to 100.

    Notes
    -----
    A 0-1 knapsack with precedence (Kellerer, Pferschy and Pisinger, "Knapsack problems", 2004,
    section 13.2), solved to proof by CP-SAT, one goal after the other: one sum that weighed them all
    would take longer. Sums that save need no search: the cost of a fixed set is known.

    Examples
    --------
    >>> from proxeny.engine.funding import Activity, Line, Plan, stress
    >>> plan = Plan(
    ...     [Activity(400, value=5, core=True), Activity(300, value=3, needs=(0,))],
    ...     [Line(0, 500, movable=True), Line(1, 200, activity=1)],
    ... )
    >>> stress(plan).kept, stress(plan, {1: 0}).kept
    ((0, 1), (0,))
    >>> stress(plan, {1: 0}).stopped
    (Stop(activity=1, code='money', missing=200),)
    """
    parts = _checked(parts_left)
    money = _remaining(plan, parts)
    status, kept = _choose(plan, money, time_limit_s)
    return _outcome(plan, money, status, kept, parts)


def find_pillars(
    plan: Plan, sources: Collection[int] | None = None, *, time_limit_s: float = 30.0
) -> dict[int, Outcome]:
    """Return, per source, what goes on if that source alone ends.

    The same outcomes as `stress(plan, {source: 0})`, in at most one solve per source and one more:
    a source whose money pays for nothing beyond what is there without it is not solved for.

    Raises
    ------
    ValueError
        As for `stress`.
    """
    wanted = plan.sources if sources is None else tuple(sources)
    if not wanted:
        return {}
    whole = stress(plan, time_limit_s=time_limit_s)
    with ThreadPoolExecutor(min(MOST_THREADS, os.cpu_count() or 1)) as pool:
        found = pool.map(lambda one: _without(plan, one, whole, time_limit_s), wanted)
        return dict(zip(wanted, found, strict=True))


def find_rescue(plan: Plan, parts_left: Mapping[int, int] | None = None) -> Rescue:
    """Return the smallest sums with which the core, or everything, goes on; nothing is searched.

    The core goes on if and only if its sum is 0. Takes time linear in the size of the plan.

    Raises
    ------
    ValueError
        On a part outside 0 to 100.
    """
    return _rescue(plan, _remaining(plan, _checked(parts_left)), _core(plan))


def _checked(parts_left: Mapping[int, int] | None) -> dict[int, int]:
    parts = dict(parts_left or {})
    for source, part in parts.items():
        if not 0 <= part <= 100:
            raise ValueError(f"parts_left[{source}]: must be from 0 to 100")
    return parts


def _without(plan: Plan, source: int, whole: Outcome, time_limit_s: float) -> Outcome:
    parts = {source: 0}
    money = _remaining(plan, parts)
    before = _remaining(plan, {})
    # Less money is never worth more, so that what is still paid for stays the best; and if only
    # movable money went, no other set of that worth became cheaper.
    if whole.status == "optimal" and money.short == before.short and not money.missing(whole.kept):
        return _outcome(plan, money, "optimal", frozenset(whole.kept), parts)
    status, kept = _choose(plan, money, time_limit_s)
    return _outcome(plan, money, status, kept, parts)


@dataclass(frozen=True, slots=True)
class _Money:
    """Needs of each activity beyond its own money, and the movable money."""

    short: tuple[int, ...]
    movable: int

    def of(self, activities: Collection[int]) -> int:
        return sum(self.short[one] for one in activities)

    def missing(self, activities: Collection[int]) -> int:
        return max(0, self.of(activities) - self.movable)


def _remaining(plan: Plan, parts: Mapping[int, int]) -> _Money:
    own = [0] * len(plan.activities)
    movable = 0
    for line in plan.lines:
        amount = line.amount * parts.get(line.source, 100) // 100
        if line.activity is None or line.movable:
            movable += amount
        else:
            own[line.activity] += amount
    short = tuple(max(0, one.cost - had) for one, had in zip(plan.activities, own, strict=True))
    return _Money(short, movable)


def _choose(
    plan: Plan, money: _Money, time_limit_s: float
) -> tuple[Literal["optimal", "feasible"], frozenset[int]]:
    """Return the best set: one goal after the other, each held while the next is sought."""
    everything = frozenset(range(len(plan.activities)))
    if not money.missing(everything):
        return "optimal", everything
    search = _Search(plan, money, time_limit_s)
    core = _core(plan)
    if not money.missing(core):
        search.keep(core)
    else:
        search.maximize({at: one.value for at, one in enumerate(plan.activities) if one.core})
    search.maximize({at: one.value for at, one in enumerate(plan.activities)})
    search.maximize({at: -short for at, short in enumerate(money.short)})
    return ("optimal" if search.is_proven else "feasible"), search.best


class _Search:
    """Activities that go on or not, with one goal after the other."""

    def __init__(self, plan: Plan, money: _Money, time_limit_s: float) -> None:
        # Here, not above: it takes a quarter of a second to load.
        from ortools.sat.python import cp_model

        self._cp = cp_model
        self._model = cp_model.CpModel()
        self._ends = time.monotonic() + time_limit_s
        self._goes_on = [self._model.new_bool_var("") for _ in plan.activities]
        for place, activity in enumerate(plan.activities):
            for need in activity.needs:
                self._model.add_implication(self._goes_on[place], self._goes_on[need])
        self._model.add(self._sum(dict(enumerate(money.short))) <= money.movable)
        self.best = frozenset[int]()
        self.is_proven = True

    def keep(self, activities: Collection[int]) -> None:
        """Have activities go on in whatever is found; what is left pays for them and their needs."""
        for place in activities:
            self._model.add(self._goes_on[place] == 1)
        self.best = frozenset(activities)

    def maximize(self, worth: Mapping[int, int]) -> None:
        """Find the set of the highest worth and hold that worth from now on.

        Once time is up the search ends, and the last set found is kept.
        """
        if not self.is_proven:
            return
        goal = self._sum(worth)
        self._model.maximize(goal)
        solver = self._cp.CpSolver()
        # Otherwise it would disable Ctrl-C for the calling process, for good.
        solver.parameters.catch_sigint_signal = False
        solver.parameters.max_time_in_seconds = max(self._ends - time.monotonic(), 0.0)
        solver.parameters.num_workers = 1  # the same answer each time
        # The linear relaxation is nearly the answer: with all of it at hand, and without rewriting
        # the model first, 400 activities take a tenth of the time.
        solver.parameters.linearization_level = 2
        solver.parameters.cp_model_presolve = False
        status = solver.solve(self._model)
        if status in (self._cp.OPTIMAL, self._cp.FEASIBLE):
            self.best = frozenset(
                place for place, one in enumerate(self._goes_on) if solver.boolean_value(one)
            )
            self._model.add(goal >= sum(worth.get(place, 0) for place in self.best))
            self._model.clear_hints()
            for place, one in enumerate(self._goes_on):
                self._model.add_hint(one, place in self.best)
        self.is_proven = status == self._cp.OPTIMAL

    def _sum(self, worth: Mapping[int, int]) -> Any:
        places = [place for place, one in worth.items() if one]
        return self._cp.LinearExpr.weighted_sum(
            [self._goes_on[place] for place in places], [worth[place] for place in places]
        )


def _outcome(
    plan: Plan,
    money: _Money,
    status: Literal["optimal", "feasible"],
    kept: frozenset[int],
    parts: dict[int, int],
) -> Outcome:
    core = _core(plan)
    spent = money.of(kept)
    return Outcome(
        status=status,
        kept=tuple(sorted(kept)),
        stopped=tuple(_stops(plan, money, kept)),
        value=sum(plan.activities[one].value for one in kept),
        core_kept=core <= kept,
        spent=spent,
        left=money.movable - spent,
        rescue=_rescue(plan, money, core),
        parts_left=parts,
    )


def _core(plan: Plan) -> frozenset[int]:
    return plan.with_needs([place for place, one in enumerate(plan.activities) if one.core])


def _rescue(plan: Plan, money: _Money, core: Collection[int]) -> Rescue:
    return Rescue(money.missing(core), money.missing(range(len(plan.activities))))


def _stops(plan: Plan, money: _Money, kept: frozenset[int]) -> list[Stop]:
    stopped = []
    for place, activity in enumerate(plan.activities):
        if place not in kept:
            beside = kept | plan.with_needs([place])
            code: Literal["money", "needs"] = (
                "needs" if any(need not in kept for need in activity.needs) else "money"
            )
            stopped.append(Stop(place, code, money.missing(beside)))
    return stopped
