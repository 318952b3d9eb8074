"""The independent checker: reads a problem and a schedule and applies every rule afresh.

It shares no code with the solvers, only the definitions in `model`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from proxeny.engine.agenda.model import Assignment, Interpreter, Meeting, Placed, Problem
from proxeny.engine.agenda.result import Verdict
from proxeny.engine.agenda.validate import validate_assignment

__all__ = ["check", "count_breaks"]


def check(problem: Problem, assignment: Assignment, *, fairness: int | None = None) -> Verdict:
    """Verify a schedule against every rule of its problem.

    Parameters
    ----------
    problem : Problem
    assignment : tuple of Placed
        Meetings left out are unplaced, which is an error only for required ones.
    fairness : int, optional
        Largest allowed difference between two participants' numbers of breaks.

    Returns
    -------
    Verdict
        With one sentence per broken rule; numbers in sentences count from 1.

    Raises
    ------
    ValueError
        If the schedule names a meeting, slot or table that does not exist, or a meeting twice.

    Notes
    -----
    Linear in placed meetings and participants times slots.
    """
    validate_assignment(problem, assignment, "assignment")
    breaks = tuple(count_breaks(slots) for slots in _busy_slots(problem, assignment))
    errors = [
        *_missing_meetings(problem, assignment),
        *_slots_not_allowed(problem, assignment),
        *_double_bookings(problem, assignment),
        *_caps_exceeded(problem, assignment),
        *_tables_unfit(problem, assignment),
        *_tables_overfull(problem, assignment),
        *_precedences_broken(problem, assignment),
        *_interpreters_missing(problem, assignment),
        *_walks_too_long(problem, assignment),
        *_unfair(breaks, fairness),
    ]
    return Verdict(
        ok=not errors,
        breaks=breaks,
        objective=sum(breaks),
        value=sum(problem.meetings[placed.meeting].value for placed in assignment),
        placed=len(assignment),
        errors=tuple(errors),
    )


def count_breaks(slots: Iterable[int]) -> int:
    """Count the groups of idle slots between the first and the last of `slots`.

    Examples
    --------
    >>> count_breaks([0, 1, 4, 6])
    2
    """
    ordered = sorted(set(slots))
    return sum(later - earlier > 1 for earlier, later in pairwise(ordered))


def _busy_slots(problem: Problem, assignment: Assignment) -> list[list[int]]:
    busy: list[list[int]] = [[] for _ in problem.participants]
    for placed in assignment:
        for party in problem.meetings[placed.meeting].parties:
            busy[party].append(placed.slot)
    return busy


def _missing_meetings(problem: Problem, assignment: Assignment) -> list[str]:
    there = {placed.meeting for placed in assignment}
    return [
        f"meeting {index + 1} is required and has no slot"
        for index, meeting in enumerate(problem.meetings)
        if meeting.required and index not in there
    ]


def _slots_not_allowed(problem: Problem, assignment: Assignment) -> list[str]:
    errors = []
    for placed in assignment:
        meeting = problem.meetings[placed.meeting]
        where = f"meeting {placed.meeting + 1} is in slot {placed.slot + 1}"
        if meeting.slots is not None and placed.slot not in meeting.slots:
            errors.append(f"{where}, which its own slots do not allow")
        errors.extend(
            f"{where}, when participant {party + 1} is unavailable"
            for party in meeting.parties
            if placed.slot in problem.participants[party].unavailable
        )
    return errors


def _double_bookings(problem: Problem, assignment: Assignment) -> list[str]:
    held: dict[tuple[int, int], int] = {}
    errors = []
    for placed in assignment:
        for party in problem.meetings[placed.meeting].parties:
            other = held.setdefault((party, placed.slot), placed.meeting)
            if other != placed.meeting:
                errors.append(
                    f"participant {party + 1} has meetings {other + 1} and {placed.meeting + 1} "
                    f"in slot {placed.slot + 1}"
                )
    return errors


def _caps_exceeded(problem: Problem, assignment: Assignment) -> list[str]:
    counts = Counter(
        party for placed in assignment for party in problem.meetings[placed.meeting].parties
    )
    return [
        f"participant {index + 1} has {counts[index]} meetings, more than the cap of {person.cap}"
        for index, person in enumerate(problem.participants)
        if person.cap is not None and counts[index] > person.cap
    ]


def _tables_unfit(problem: Problem, assignment: Assignment) -> list[str]:
    errors = []
    for placed in assignment:
        meeting, table = problem.meetings[placed.meeting], problem.tables[placed.table]
        where = f"meeting {placed.meeting + 1} is at table {placed.table + 1}"
        if meeting.table is not None and meeting.table != placed.table:
            errors.append(f"{where} but locked to table {meeting.table + 1}")
        if placed.slot in table.unavailable:
            errors.append(f"{where}, which cannot be used in slot {placed.slot + 1}")
        if table.seats is not None and len(meeting.parties) > table.seats:
            errors.append(f"{where}, which has {table.seats} seats for {len(meeting.parties)}")
        errors.extend(
            f"{where} ({table.kind}), which participant {party + 1} does not accept"
            for party in meeting.parties
            if table.kind not in problem.participants[party].kinds
        )
    return errors


def _tables_overfull(problem: Problem, assignment: Assignment) -> list[str]:
    counts = Counter((placed.table, placed.slot) for placed in assignment)
    return [
        f"table {table + 1} holds {count} meetings in slot {slot + 1}, "
        f"its capacity is {problem.tables[table].capacity}"
        for (table, slot), count in sorted(counts.items())
        if count > problem.tables[table].capacity
    ]


def _precedences_broken(problem: Problem, assignment: Assignment) -> list[str]:
    slot_of = {placed.meeting: placed.slot for placed in assignment}
    return [
        f"meeting {order.before + 1} must be before meeting {order.after + 1}"
        for order in problem.precedences
        if order.before in slot_of
        and order.after in slot_of
        and slot_of[order.before] >= slot_of[order.after]
    ]


def _needs_interpreter(problem: Problem, meeting: Meeting) -> bool:
    spoken = [problem.participants[party].languages for party in meeting.parties]
    known = [languages for languages in spoken if languages]
    return bool(known) and not frozenset.intersection(*known)


def _can_interpret(problem: Problem, meeting: Meeting, interpreter: Interpreter) -> bool:
    spoken = [problem.participants[party].languages for party in meeting.parties]
    return all(not languages or languages & set(interpreter.pair) for languages in spoken)


def _interpreters_missing(problem: Problem, assignment: Assignment) -> list[str]:
    errors = []
    held: dict[tuple[int, int], int] = {}
    for placed in assignment:
        meeting = problem.meetings[placed.meeting]
        where = f"meeting {placed.meeting + 1}"
        if placed.interpreter is None:
            if _needs_interpreter(problem, meeting):
                errors.append(f"{where} has parties without a common language and no interpreter")
            continue
        interpreter = problem.interpreters[placed.interpreter]
        name = f"interpreter {placed.interpreter + 1}"
        if not _can_interpret(problem, meeting, interpreter):
            errors.append(f"{where}: {name} does not speak the languages of its parties")
        if placed.slot in interpreter.unavailable:
            errors.append(f"{where}: {name} is unavailable in slot {placed.slot + 1}")
        other = held.setdefault((placed.interpreter, placed.slot), placed.meeting)
        if other != placed.meeting:
            errors.append(f"{name} has meetings {other + 1} and {placed.meeting + 1} in one slot")
    return errors


def _walks_too_long(problem: Problem, assignment: Assignment) -> list[str]:
    if not any(problem.travel_min.values()):
        return []
    days: dict[int, list[Placed]] = defaultdict(list)
    for placed in sorted(assignment, key=lambda placed: placed.slot):
        for party in problem.meetings[placed.meeting].parties:
            days[party].append(placed)
    errors = []
    for party in sorted(days):
        for earlier, later in pairwise(days[party]):
            minutes = _walk_min(problem, earlier.table, later.table)
            ends = problem.slots[earlier.slot].ends_at_min
            starts = problem.slots[later.slot].starts_at_min
            if ends is not None and starts is not None and starts - ends < minutes:
                errors.append(
                    f"participant {party + 1} has {starts - ends} minutes for a walk of {minutes} "
                    f"from meeting {earlier.meeting + 1} to meeting {later.meeting + 1}"
                )
    return errors


def _walk_min(problem: Problem, table: int, other: int) -> int:
    here, there = problem.tables[table].place, problem.tables[other].place
    if here == there or "video" in (problem.tables[table].kind, problem.tables[other].kind):
        return 0
    walks = problem.travel_min
    return max(walks.get((here, there), 0), walks.get((there, here), 0))


def _unfair(breaks: Sequence[int], fairness: int | None) -> list[str]:
    if fairness is None or not breaks:
        return []
    most, least = max(breaks), min(breaks)
    if most - least <= fairness:
        return []
    people = f"participants {breaks.index(most) + 1} and {breaks.index(least) + 1}"
    return [f"breaks of {people} differ by {most - least}, more than {fairness}"]
