"""Refuse problems that make no sense, naming the field and the row (counted from 1)."""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from proxeny.engine.agenda.model import Placed, Problem

__all__ = ["validate_assignment", "validate_problem"]

KINDS = frozenset({"onsite", "video"})


def validate_problem(problem: "Problem") -> None:
    """Check every field of a problem.

    Raises
    ------
    ValueError
        At the first field that is out of range or contradicts another one.
    """
    _check_slots(problem)
    _check_tables(problem)
    _check_participants(problem)
    _check_interpreters(problem)
    _check_meetings(problem)
    _check_precedences(problem)
    _check_travel(problem)


def validate_assignment(problem: "Problem", assignment: "Iterable[Placed]", field: str) -> None:
    """Check that an assignment speaks of meetings, slots and tables that exist, each once."""
    seen: set[int] = set()
    for row, placed in enumerate(assignment, 1):
        where = f"{field}, row {row}"
        _in_range(placed.meeting, len(problem.meetings), f"{where}: meeting")
        _in_range(placed.slot, len(problem.slots), f"{where}: slot")
        _in_range(placed.table, len(problem.tables), f"{where}: table")
        if placed.interpreter is not None:
            _in_range(placed.interpreter, len(problem.interpreters), f"{where}: interpreter")
        if placed.meeting in seen:
            raise ValueError(f"{where}: meeting {placed.meeting + 1} is placed twice")
        seen.add(placed.meeting)


def _in_range(index: int, size: int, what: str) -> None:
    if not 0 <= index < size:
        raise ValueError(f"{what} {index + 1} does not exist (there are {size})")


def _all_in_range(indices: Iterable[int], size: int, what: str) -> None:
    for index in sorted(indices):
        _in_range(index, size, what)


def _check_slots(problem: "Problem") -> None:
    if not problem.slots:
        raise ValueError("slots: at least one slot is needed")
    previous_end: int | None = None
    for row, slot in enumerate(problem.slots, 1):
        if slot.session < 1:
            raise ValueError(f"slots, row {row}: session must be at least 1")
        start, end = slot.starts_at_min, slot.ends_at_min
        if start is None or end is None:
            continue
        if end <= start:
            raise ValueError(f"slots, row {row}: it ends before it starts")
        if previous_end is not None and start < previous_end:
            raise ValueError(f"slots, row {row}: it starts before the slot before it has ended")
        previous_end = end


def _check_tables(problem: "Problem") -> None:
    if not problem.tables:
        raise ValueError("tables: at least one table is needed")
    for row, table in enumerate(problem.tables, 1):
        if table.kind not in KINDS:
            raise ValueError(f"tables, row {row}: kind must be onsite or video")
        if table.capacity < 1:
            raise ValueError(f"tables, row {row}: capacity must be at least 1")
        if table.seats is not None and table.seats < 2:
            raise ValueError(f"tables, row {row}: seats must be at least 2")
        _all_in_range(table.unavailable, len(problem.slots), f"tables, row {row}: unavailable slot")


def _check_participants(problem: "Problem") -> None:
    for row, participant in enumerate(problem.participants, 1):
        where = f"participants, row {row}"
        _all_in_range(participant.unavailable, len(problem.slots), f"{where}: unavailable slot")
        if participant.cap is not None and participant.cap < 0:
            raise ValueError(f"{where}: cap must not be negative")
        if not participant.kinds or not participant.kinds <= KINDS:
            raise ValueError(f"{where}: kinds must be onsite, video or both")


def _check_interpreters(problem: "Problem") -> None:
    for row, interpreter in enumerate(problem.interpreters, 1):
        where = f"interpreters, row {row}"
        if len(set(interpreter.pair)) != 2:
            raise ValueError(f"{where}: pair must name two different languages")
        _all_in_range(interpreter.unavailable, len(problem.slots), f"{where}: unavailable slot")


def _check_meetings(problem: "Problem") -> None:
    for row, meeting in enumerate(problem.meetings, 1):
        where = f"meetings, row {row}"
        if len(meeting.parties) < 2:
            raise ValueError(f"{where}: parties must be at least two")
        _all_in_range(meeting.parties, len(problem.participants), f"{where}: participant")
        if len(set(meeting.parties)) != len(meeting.parties):
            raise ValueError(f"{where}: parties must differ, a participant cannot meet itself")
        if meeting.slots is not None:
            if not meeting.slots:
                raise ValueError(f"{where}: slots must name at least one slot")
            _all_in_range(meeting.slots, len(problem.slots), f"{where}: slot")
        if meeting.table is not None:
            _in_range(meeting.table, len(problem.tables), f"{where}: table")
        if meeting.value < 0:
            raise ValueError(f"{where}: value must not be negative")


def _check_precedences(problem: "Problem") -> None:
    after: dict[int, set[int]] = {}
    for row, precedence in enumerate(problem.precedences, 1):
        where = f"precedences, row {row}"
        _in_range(precedence.before, len(problem.meetings), f"{where}: meeting")
        _in_range(precedence.after, len(problem.meetings), f"{where}: meeting")
        after.setdefault(precedence.after, set()).add(precedence.before)
    try:
        TopologicalSorter(after).prepare()
    except CycleError as error:
        circle = " before ".join(str(meeting + 1) for meeting in error.args[1])
        raise ValueError(f"precedences: meetings form a circle ({circle})") from None


def _check_travel(problem: "Problem") -> None:
    if any(minutes < 0 for minutes in problem.travel_min.values()):
        raise ValueError("travel_min: minutes must not be negative")
    if not any(problem.travel_min.values()):
        return
    for row, slot in enumerate(problem.slots, 1):
        if slot.starts_at_min is None or slot.ends_at_min is None:
            raise ValueError(f"slots, row {row}: walking time needs a start and an end")
