"""The stress test: what goes on when some of the money ends, exactly."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from proxeny.engine.funding.model import Outcome, Plan, Rescue, Stop

__all__ = ["find_pillars", "stress"]


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
    section 13.2), solved to proof by CP-SAT. Sums that save need no search: the cost of a fixed
    set is known.

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
    parts = dict(parts_left or {})
    for source, part in parts.items():
        if not 0 <= part <= 100:
            raise ValueError(f"parts_left[{source}]: must be from 0 to 100")
    money = _remaining(plan, parts)
    status, kept = _choose(plan, money, time_limit_s)
    return _outcome(plan, money, status, kept, parts)


def find_pillars(plan: Plan, sources: Collection[int] | None = None) -> dict[int, Outcome]:
    """Return, per source, what goes on if that source alone ends. One solve per source."""
    wanted = plan.sources if sources is None else tuple(sources)
    return {source: stress(plan, {source: 0}) for source in wanted}


@dataclass(frozen=True, slots=True)
class _Money:
    """What each activity needs beyond its own money, and what may move."""

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
    everything = frozenset(range(len(plan.activities)))
    if not money.missing(everything):
        return "optimal", everything
    weights = _weights(plan)
    best, first = _solve(plan, money, weights, None, time_limit_s)
    kept, second = _solve(plan, money, weights, sum(weights[one] for one in best), time_limit_s)
    if second is None:  # no time for the smaller sum: what was found first stands
        return "feasible", best
    return ("optimal" if first and second else "feasible"), kept


def _weights(plan: Plan) -> list[int]:
    """Return values in which any worth of the core outweighs all value together."""
    rest = 1 + sum(one.value for one in plan.activities)
    return [one.value * rest + one.value if one.core else one.value for one in plan.activities]


def _solve(
    plan: Plan, money: _Money, weights: list[int], at_least: int | None, time_limit_s: float
) -> tuple[frozenset[int], bool | None]:
    """Maximise the weight, or with `at_least` minimise what is spent for it.

    The second value is whether that is proven; None if nothing was found in time.
    """
    # Here, not above: it takes a quarter of a second to load.
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    goes_on = [model.new_bool_var("") for _ in plan.activities]
    for place, activity in enumerate(plan.activities):
        for need in activity.needs:
            model.add_implication(goes_on[place], goes_on[need])
    spent: Any = sum(short * one for short, one in zip(money.short, goes_on, strict=True))
    worth: Any = sum(weight * one for weight, one in zip(weights, goes_on, strict=True))
    model.add(spent <= money.movable)
    if at_least is None:
        model.maximize(worth)
    else:
        model.add(worth >= at_least)
        model.minimize(spent)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = time_limit_s
    solver.parameters.num_workers = 1  # the same answer each time
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return frozenset(), None
    kept = frozenset(place for place, one in enumerate(goes_on) if solver.boolean_value(one))
    return kept, status == cp_model.OPTIMAL


def _outcome(
    plan: Plan,
    money: _Money,
    status: Literal["optimal", "feasible"],
    kept: frozenset[int],
    parts: dict[int, int],
) -> Outcome:
    core = plan.with_needs([place for place, one in enumerate(plan.activities) if one.core])
    spent = money.of(kept)
    return Outcome(
        status=status,
        kept=tuple(sorted(kept)),
        stopped=tuple(_stops(plan, money, kept)),
        value=sum(plan.activities[one].value for one in kept),
        core_kept=core <= kept,
        spent=spent,
        left=money.movable - spent,
        rescue=Rescue(money.missing(core), money.missing(range(len(plan.activities)))),
        parts_left=parts,
    )


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
