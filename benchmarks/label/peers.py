"""Other ways to the same answers: CP-SAT over the same model, and greedy ones."""

from collections import Counter
from fractions import Fraction

from ortools.sat.python import cp_model

from proxeny.engine.label import MOST_FIT, Choice, Jury, fit_of

__all__ = ["assign_by_cp_sat", "assign_greedily", "select_greedily"]

type Rated = tuple[int, int]


def assign_by_cp_sat(jury: Jury, time_limit_s: float) -> tuple[Rated, bool] | None:
    """Return squared loads, fit, and whether that is proven; None without an answer in time."""
    model = cp_model.CpModel()
    pairs = {
        (a.key, j.key): model.new_bool_var("")
        for a in jury.applications
        for j in jury.jurors
        if (a.key, j.key) not in jury.barred
    }
    for a in jury.applications:
        own = [(j, pairs[a.key, j.key]) for j in jury.jurors if (a.key, j.key) in pairs]
        model.add(sum(var for _, var in own) == jury.per)
        for side in jury.sides:
            model.add(sum(var for j, var in own if j.side == side) >= 1)
    unit = MOST_FIT * jury.per * len(jury.applications) + 1
    cost = []
    for j in jury.jurors:
        most = len(jury.applications) if j.most is None else j.most
        units = [model.new_bool_var("") for _ in range(most)]
        model.add(sum(var for (_, key), var in pairs.items() if key == j.key) == sum(units))
        cost += [(unit * (2 * at + 1), var) for at, var in enumerate(units)]
    topics = {a.key: a for a in jury.applications}
    who = {j.key: j for j in jury.jurors}
    cost += [(-fit_of(topics[a], who[j]), var) for (a, j), var in pairs.items()]
    model.minimize(cp_model.LinearExpr.weighted_sum([v for _, v in cost], [w for w, _ in cost]))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    # The relaxation of a flow is all there is to it; without it the search is lost.
    solver.parameters.linearization_level = 2
    solver.parameters.max_time_in_seconds = time_limit_s
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    chosen = [pair for pair, var in pairs.items() if solver.value(var)]
    return rate(jury, chosen), status == cp_model.OPTIMAL


def rate(jury: Jury, pairs: list[tuple[str, str]]) -> Rated:
    """Return squared loads and fit."""
    topics = {a.key: a for a in jury.applications}
    who = {j.key: j for j in jury.jurors}
    loads = Counter(key for _, key in pairs)
    return (
        sum(load**2 for load in loads.values()),
        sum(fit_of(topics[a], who[j]) for a, j in pairs),
    )


def assign_greedily(jury: Jury) -> tuple[Rated, int]:
    """Return squared loads, fit, and the places left empty: always who has least, then who fits."""
    loads: Counter[str] = Counter()
    pairs: list[tuple[str, str]] = []
    empty = 0
    for a in jury.applications:
        taken: set[str] = set()
        for side in [*jury.sides, *[None] * (jury.per - len(jury.sides))]:
            may = [
                j
                for j in jury.jurors
                if j.key not in taken
                and side in (None, j.side)
                and (a.key, j.key) not in jury.barred
                and (j.most is None or loads[j.key] < j.most)
            ]
            if not may:
                empty += 1
                continue
            one = min(may, key=lambda j: (loads[j.key], -fit_of(a, j), j.key))
            taken.add(one.key)
            loads[one.key] += 1
            pairs.append((a.key, one.key))
    return rate(jury, pairs), empty


def select_greedily(choice: Choice) -> tuple[Fraction, int]:
    """Return the total, and the places that are missing to leasts.

    As it is done by hand: for each quota in turn the best until its least is met, then the best of
    all that still fit.
    """
    ranked = sorted(choice.candidates, key=lambda one: (-one.score, one.order))
    taken: dict[str, Fraction] = {}
    counts: Counter[str] = Counter()

    def take(quota: str | None, least: int) -> None:
        for one in ranked:
            if len(taken) >= choice.places or (quota and counts[quota] >= least):
                return
            own = [q for q in choice.quotas if one.origin in q.origins]
            fits = all(q.most is None or counts[q.key] < q.most for q in own)
            if one.key not in taken and fits and (not quota or quota in [q.key for q in own]):
                taken[one.key] = one.score
                counts.update(q.key for q in own)

    for quota in choice.quotas:
        take(quota.key, quota.least)
    take(None, 0)
    missing = sum(
        max(0, min(q.least, sum(one.origin in q.origins for one in ranked)) - counts[q.key])
        for q in choice.quotas
    )
    return sum(taken.values(), Fraction()), missing
