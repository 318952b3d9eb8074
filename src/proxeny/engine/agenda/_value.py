"""Choose what to place where not everything fits: value first, then breaks."""

from dataclasses import replace
from typing import Any

from ortools.sat.python import cp_model

from proxeny.engine.agenda._core import Core, restrict
from proxeny.engine.agenda._cpsat import AgendaModel, run_cpsat
from proxeny.engine.agenda._search import Search

__all__ = ["choose_by_value", "counting_bound"]

# Booleans up to which the whole model is built; above, annealing and the counting bound remain.
WHOLE_MODEL = 200_000


def choose_by_value(search: Search, *, workers: int, seed: int) -> bool:
    """Run the stages; returns whether it is proven that there is no schedule.

    First a quick schedule by annealing, and an upper bound by counting. If everything fits, the
    rest is the exact route's; else the value is maximised, and then the breaks at that value are
    minimised.
    """
    core = search.core
    if not all(d for d, needed in zip(core.domains, core.required, strict=True) if needed):
        return True
    search.report("value")
    pairs = sum(map(len, core.domains))
    if not core.walking:
        _anneal(search, seed, seconds=min(1.0, pairs / 4000) if pairs <= WHOLE_MODEL else 1e9)
    search.lower_value_bound(counting_bound(core, search, workers))
    if _everything_placed(search):
        return _exact(search, workers, seed)
    if pairs > WHOLE_MODEL:
        return False
    return _whole_model(search, workers, seed)


def _whole_model(search: Search, workers: int, seed: int) -> bool:
    """Value and then breaks with the plain model; whether there is proven to be no schedule."""
    core = search.core
    model = AgendaModel(core)
    model.count_breaks()
    if search.fairness is not None:
        model.fair(search.fairness)
    if search.slots is None or search.value < search.value_bound:
        if _maximise_value(model, search, workers, seed):
            return True
        if search.slots is None or search.stopped():
            return False
        if _everything_placed(search):
            return _exact(search, workers, seed)
    if not core.walking:
        _improve_chosen(search, workers, seed)
    _minimise_breaks(model, search, workers, seed)
    return False


def counting_bound(core: Core, search: Search, workers: int) -> int:
    """Upper bound on the value: nobody has more meetings than open slots, nor do the tables.

    A b-matching with side rules, solved as a small integer program.
    """
    model = cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in core.parties]
    for one, domain in zip(chosen, core.domains, strict=True):
        if not domain:
            model.add(one == 0)
    for meetings, cap in zip(core.meetings_of, core.caps, strict=True):
        is_open = len({slot for m in meetings for slot in core.domains[m]})
        if len(meetings) > min(cap, is_open):
            model.add(sum(chosen[m] for m in meetings) <= min(cap, is_open))
    for resource in core.resources:
        if len(resource.meetings) > sum(resource.capacity):
            model.add(sum(chosen[m] for m in resource.meetings) <= sum(resource.capacity))
    model.maximize(sum(v * one for v, one in zip(core.values, chosen, strict=True)))
    status, solver = run_cpsat(model, search, workers=workers, seed=0, limit_s=3.0)
    if status not in ("OPTIMAL", "FEASIBLE"):
        return sum(core.values)
    return int(solver.best_objective_bound + 1e-6)


def _everything_placed(search: Search) -> bool:
    """Whether every meeting is placed and none is worth nothing, so that leaving out costs."""
    core = search.core
    worth = all(v > 0 or r for v, r in zip(core.values, core.required, strict=True))
    return worth and not core.walking and search.slots is not None and min(search.slots) >= 0


def _anneal(search: Search, seed: int, seconds: float) -> None:
    from proxeny.engine.agenda._anneal import anneal_in_thread

    anneal_in_thread(search, seed=seed, seconds=min(seconds, search.left_s * 0.6))


def _exact(search: Search, workers: int, seed: int) -> bool:
    from proxeny.engine.agenda._exact import prove_breaks

    whole = replace(search.core, required=(True,) * search.core.n_meetings)
    return prove_breaks(whole, search, workers=workers, seed=seed)


def _maximise_value(model: AgendaModel, search: Search, workers: int, seed: int) -> bool:
    if search.slots is not None:
        model.hint(search.slots)

    def on_solution(value_of: Any) -> None:
        search.offer(model.read(value_of), model.read_places(value_of))

    model.model.maximize(model.value())
    status, solver = run_cpsat(
        model.model,
        search,
        workers=workers,
        seed=seed,
        limit_s=search.left_s * 0.5,
        on_solution=on_solution,
    )
    if status == "INFEASIBLE":
        return True
    if status in ("OPTIMAL", "FEASIBLE"):
        search.lower_value_bound(int(solver.best_objective_bound + 1e-6))
    return False


def _improve_chosen(search: Search, workers: int, seed: int) -> None:
    """Best breaks for the meetings chosen so far; a good start, and no proof for other choices."""
    from proxeny.engine.agenda._exact import prove_breaks

    slots = list(search.slots or ())
    chosen = [meeting for meeting, slot in enumerate(slots) if slot >= 0]
    part = replace(restrict(search.core, chosen, {}), required=(True,) * len(chosen))
    inner = Search(
        core=part,
        fairness=search.fairness,
        deadline=min(search.deadline, search.started + search.seconds + search.left_s * 0.4),
        started=search.started,
        should_stop=lambda: not search.poll(),
    )
    inner.offer([slots[meeting] for meeting in chosen])
    prove_breaks(part, inner, workers=workers, seed=seed)
    if inner.slots is not None:
        for meeting, slot in zip(chosen, inner.slots, strict=True):
            slots[meeting] = slot
        search.offer(slots)


def _minimise_breaks(model: AgendaModel, search: Search, workers: int, seed: int) -> None:
    if search.slots is None or search.proven or search.stopped():
        return
    search.report("breaks")
    model.model.add(model.value() >= search.value)
    model.hint(search.slots)
    model.model.minimize(sum(model.breaks_of))

    def on_solution(value_of: Any) -> None:
        search.offer(model.read(value_of), model.read_places(value_of))

    status, solver = run_cpsat(
        model.model, search, workers=workers, seed=seed, on_solution=on_solution
    )
    if status in ("OPTIMAL", "FEASIBLE"):
        search.raise_bound(int(solver.best_objective_bound + 1 - 1e-6))
