"""Explanations, in an organiser's words, of why a meeting has no place."""

from collections.abc import Mapping, Sequence

from proxeny.engine.agenda._core import Core, fitting_interpreters, fitting_tables
from proxeny.engine.agenda.model import Problem
from proxeny.engine.agenda.result import Unplaced

__all__ = ["explain_unplaced", "list_slots", "name_person"]


def explain_unplaced(problem: Problem, core: Core, slots: Sequence[int]) -> tuple[Unplaced, ...]:
    """Explain every meeting that `slots` leaves out.

    Parameters
    ----------
    slots : sequence of int
        Slot per meeting, -1 where unplaced.

    Returns
    -------
    tuple of Unplaced
        Codes: `no-table`, `no-interpreter`, `no-common-slot`, `cap`, `busy`, `tables-full`,
        `interpreters-busy`, `order`, `outweighed`.
    """
    holder = {
        (party, slot): meeting
        for meeting, slot in enumerate(slots)
        if slot >= 0
        for party in core.parties[meeting]
    }
    return tuple(
        _explain(problem, core, slots, holder, meeting)
        for meeting, slot in enumerate(slots)
        if slot < 0
    )


def name_person(problem: Problem, person: int) -> str:
    """Name to show for a participant."""
    return problem.participants[person].name or f"participant {person + 1}"


def list_slots(slots: Sequence[int]) -> str:
    """Slots as people count them, such as "slot 3" or "slots 1, 2 and 5"."""
    numbers = [str(slot + 1) for slot in slots]
    if len(numbers) == 1:
        return f"slot {numbers[0]}"
    return f"slots {', '.join(numbers[:-1])} and {numbers[-1]}"


def _explain(
    problem: Problem,
    core: Core,
    slots: Sequence[int],
    holder: Mapping[tuple[int, int], int],
    meeting: int,
) -> Unplaced:
    return (
        _never_possible(problem, core, meeting)
        or _cap_reached(problem, core, holder, meeting)
        or _no_room(problem, core, slots, holder, meeting)
    )


def _never_possible(problem: Problem, core: Core, meeting: int) -> Unplaced | None:
    """Return the obstacle that no change to the rest of the agenda removes."""
    if core.domains[meeting]:
        return None
    one = problem.meetings[meeting]
    people = _people(problem, meeting)
    if not fitting_tables(problem, one):
        words = f"No table suits {people}: none has the kind they all accept and enough seats."
        return Unplaced(meeting, "no-table", words)
    interpreters = fitting_interpreters(problem, one)
    if interpreters is not None and not interpreters:
        words = f"{people} share no language and no interpreter speaks theirs."
        return Unplaced(meeting, "no-interpreter", words)
    away = {
        name_person(problem, p): sorted(problem.participants[p].unavailable) for p in one.parties
    }
    details = "; ".join(
        f"{name} is unavailable in {list_slots(gone)}" for name, gone in away.items() if gone
    )
    words = f"There is no slot in which {people} could meet" + (f": {details}." if details else ".")
    return Unplaced(meeting, "no-common-slot", words, {"unavailable": away})


def _cap_reached(
    problem: Problem, core: Core, holder: Mapping[tuple[int, int], int], meeting: int
) -> Unplaced | None:
    for party in core.parties[meeting]:
        held = sum((party, slot) in holder for slot in range(core.n_slots))
        cap = problem.participants[party].cap
        if cap is not None and held >= cap:
            words = (
                f"{name_person(problem, party)} accepts at most {cap} meetings, "
                "and the others are worth at least as much to the whole agenda."
            )
            return Unplaced(meeting, "cap", words, {"participant": party})
    return None


def _no_room(
    problem: Problem,
    core: Core,
    slots: Sequence[int],
    holder: Mapping[tuple[int, int], int],
    meeting: int,
) -> Unplaced:
    """Return the obstacle in each slot that the parties share."""
    people = _people(problem, meeting)
    busy: dict[int, list[int]] = {}
    free: list[int] = []
    for slot in core.domains[meeting]:
        taken = [party for party in core.parties[meeting] if (party, slot) in holder]
        for party in taken:
            busy.setdefault(party, []).append(slot)
        if not taken:
            free.append(slot)
    if not free:
        details = "; ".join(
            f"{name_person(problem, party)} has another meeting in {list_slots(at)}"
            for party, at in busy.items()
        )
        words = f"In every slot open to {people} one of them is busy: {details}."
        return Unplaced(meeting, "busy", words, {"busy": busy})
    full = {_full_resource(core, slots, meeting, slot) for slot in free}
    where = list_slots(free)
    if None not in full and "tables" in full:
        words = f"{people} are both free in {where}, but every table that suits them is taken then."
        return Unplaced(meeting, "tables-full", words, {"slots": free})
    if None not in full:
        words = f"{people} are free in {where}, but every interpreter they need is busy then."
        return Unplaced(meeting, "interpreters-busy", words, {"slots": free})
    if any(meeting in pair for pair in core.precedences):
        words = f"{people} are free in {where}, but not in the order asked for with other meetings."
        return Unplaced(meeting, "order", words, {"slots": free})
    words = f"{people} are free in {where}, but nothing is gained: the meeting adds too little."
    return Unplaced(meeting, "outweighed", words, {"slots": free})


def _full_resource(core: Core, slots: Sequence[int], meeting: int, slot: int) -> str | None:
    for resource in core.resources:
        if meeting in resource.meetings:
            used = sum(slots[other] == slot for other in resource.meetings)
            if used >= resource.capacity[slot]:
                return resource.label
    return None


def _people(problem: Problem, meeting: int) -> str:
    names = [name_person(problem, party) for party in problem.meetings[meeting].parties]
    return f"{', '.join(names[:-1])} and {names[-1]}"
