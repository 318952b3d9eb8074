"""Portfolio of solvers: distribution of the work, and merging of their answers."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from proxeny.engine.agenda._explain import explain_unplaced
from proxeny.engine.agenda._greedy import Start, build_greedy
from proxeny.engine.agenda._rooms import hand_out
from proxeny.engine.agenda._search import Search
from proxeny.engine.agenda.check import check
from proxeny.engine.agenda.model import Assignment, Problem
from proxeny.engine.agenda.result import Result, Status

__all__ = ["run_portfolio"]


def run_portfolio(
    problem: Problem,
    search: Search,
    *,
    workers: int,
    seed: int,
    start: Assignment | None,
    certificate: Path | None,
) -> Result:
    """Run the solvers that suit the problem and gather the result."""
    search.seat = lambda slots, places: _seat(problem, search, slots, places)[0]
    if start and not search.core.walking:
        search.offer(_start_slots(search, start))
    infeasible = _choose_route(search, workers, seed, _start_places(search, start or ()))
    clashes: tuple[str, ...] = ()
    if infeasible:
        from proxeny.engine.agenda._clash import find_clashes

        clashes = find_clashes(problem, search)
    result = finish(problem, search, infeasible=infeasible, clashes=clashes, seed=seed)
    if certificate is not None:
        from proxeny.engine.agenda._certificate import write_certificate

        return write_certificate(problem, search, result, certificate)
    return result


def _start_slots(search: Search, start: Assignment) -> list[int]:
    """Slots of a schedule to begin with, less what breaks a rule by itself."""
    slots = [-1] * search.core.n_meetings
    taken: set[tuple[int, int]] = set()
    for placed in start:
        people = [(party, placed.slot) for party in search.core.parties[placed.meeting]]
        if placed.slot in search.core.domains[placed.meeting] and taken.isdisjoint(people):
            slots[placed.meeting] = placed.slot
            taken.update(people)
    return slots


def _start_places(search: Search, start: Assignment) -> Start:
    """The schedule to begin with as meetings, slots and places."""
    walks = search.core.walks
    place_of = {t: x for x, group in enumerate(walks.tables) for t in group} if walks else {}
    return [(one.meeting, one.slot, place_of.get(one.table)) for one in start]


def _seat(
    problem: Problem, search: Search, slots: Sequence[int], places: Mapping[int, int] | None
) -> tuple[Assignment, list[int]]:
    """Hand out the tables of a schedule; and which meetings got none."""
    slot_of = {m: slot for m, slot in enumerate(slots) if slot >= 0}
    return hand_out(problem, slot_of, allowed=_tables_allowed(search, places))


def _choose_route(search: Search, workers: int, seed: int, start: Start) -> bool:
    """Refutation where every meeting has to be placed, else the stages by value."""
    core = search.core
    if core.walking or not all(core.required) or core.caps_bind:
        # Before the large libraries load, so that a stop at any time keeps a schedule.
        first = build_greedy(core, search.fairness, start)
        search.offer(first.slots, first.places or None)
        search.report("value")
        from proxeny.engine.agenda._value import choose_by_value

        return choose_by_value(search, workers=workers, seed=seed)
    if not all(core.domains):
        return True
    from proxeny.engine.agenda._exact import prove_breaks

    return prove_breaks(core, search, workers=workers, seed=seed)


def finish(
    problem: Problem, search: Search, *, infeasible: bool, clashes: tuple[str, ...], seed: int
) -> Result:
    """Hand out tables, ask the independent checker, and say what is proven."""
    search.report("done")
    search.close()
    notes = _notes(problem)
    if search.slots is None:
        status: Status = "infeasible" if infeasible else "unknown"
        return Result(
            status=status,
            objective=None,
            bound=None,
            value=0,
            value_bound=search.value_bound,
            gap=None,
            seconds=search.seconds,
            seed=seed,
            clashes=clashes,
            notes=notes,
        )
    assignment, left = _seat(problem, search, search.slots, search.places)
    for meeting in left:
        # Only where tables differ in more ways than the core states (see `_core.MAX_HALL_SETS`).
        search.slots[meeting] = -1
        search.raise_value_doubt()
    verdict = check(problem, assignment, fairness=search.fairness)
    if not verdict.ok:
        raise RuntimeError("the solver's schedule breaks a rule: " + "; ".join(verdict.errors))
    return Result(
        status="optimal" if search.proven else "feasible",
        objective=verdict.objective,
        bound=search.bound,
        value=verdict.value,
        value_bound=search.value_bound,
        gap=(verdict.objective - search.bound) / max(1, verdict.objective),
        seconds=search.seconds,
        seed=seed,
        breaks=verdict.breaks,
        assignment=assignment,
        unplaced=explain_unplaced(problem, search.core, search.slots),
        notes=notes,
        verdict=verdict,
    )


def _tables_allowed(search: Search, places: Mapping[int, int] | None) -> dict[int, frozenset[int]]:
    walks = search.core.walks
    if walks is None or places is None:
        return {}
    return {meeting: walks.tables[place] for meeting, place in places.items()}


def _notes(problem: Problem) -> tuple[str, ...]:
    seen: dict[tuple[int, ...], int] = {}
    notes = []
    for index, meeting in enumerate(problem.meetings):
        parties = tuple(sorted(meeting.parties))
        if parties in seen:
            people = " and ".join(str(party + 1) for party in parties)
            notes.append(
                f"participants {people} meet more than once: "
                f"meetings {seen[parties] + 1} and {index + 1}"
            )
        else:
            seen[parties] = index
    return tuple(notes)
