"""Hand out real tables and interpreters once the slots are known."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from proxeny.engine.agenda._core import fitting_interpreters, table_choices
from proxeny.engine.agenda.model import Assignment, Placed, Problem

__all__ = ["hand_out"]


def hand_out(
    problem: Problem,
    slot_of: Mapping[int, int],
    *,
    prefer: Mapping[int, int] | None = None,
    allowed: Mapping[int, frozenset[int]] | None = None,
) -> tuple[Assignment, list[int]]:
    """Give each placed meeting a table and, where it needs one, an interpreter.

    Parameters
    ----------
    slot_of : mapping of meeting to slot
    prefer : mapping of meeting to table, optional
        Tables to keep where possible (a published agenda).
    allowed : mapping of meeting to tables, optional
        Where a solver has chosen the place.

    Returns
    -------
    assignment : tuple of Placed
        In the order of the meetings.
    left : list of int
        Meetings for which no table or interpreter was left; empty if the core's conditions hold.

    Notes
    -----
    One augmenting-path matching per slot (Kuhn 1955), tables with most choice tried last.
    """
    by_slot: dict[int, list[int]] = defaultdict(list)
    for meeting in sorted(slot_of):
        by_slot[slot_of[meeting]].append(meeting)
    choices = table_choices(problem)
    for meeting, chosen in (allowed or {}).items():
        choices[meeting] &= chosen
    placed: list[Placed] = []
    left: list[int] = []
    for slot in sorted(by_slot):
        tables = _match_tables(problem, by_slot[slot], slot, choices, prefer or {})
        interpreters = _match_interpreters(problem, by_slot[slot], slot)
        for meeting in by_slot[slot]:
            table, interpreter = tables.get(meeting), interpreters.get(meeting, -1)
            if table is None or interpreter == -1:
                left.append(meeting)
            else:
                placed.append(Placed(meeting, slot, table, interpreter))
    return tuple(sorted(placed, key=lambda one: one.meeting)), left


def _match_tables(
    problem: Problem,
    meetings: Sequence[int],
    slot: int,
    choices: Sequence[frozenset[int]],
    prefer: Mapping[int, int],
) -> dict[int, int]:
    room = [0 if slot in table.unavailable else table.capacity for table in problem.tables]
    ordered: dict[frozenset[int], list[int]] = {}
    options = {m: ordered.setdefault(choices[m], sorted(choices[m])) for m in meetings}
    # Meetings with a preference choose before those without, the least flexible first.
    order = sorted(meetings, key=lambda m: (m not in prefer, len(options[m]), m))
    return _match(order, options, room, prefer)


def _match_interpreters(
    problem: Problem, meetings: Sequence[int], slot: int
) -> dict[int, int | None]:
    choices: dict[int, list[int]] = {}
    result: dict[int, int | None] = {}
    for meeting in meetings:
        fitting = fitting_interpreters(problem, problem.meetings[meeting])
        if fitting is None:
            result[meeting] = None
        else:
            choices[meeting] = sorted(
                one for one in fitting if slot not in problem.interpreters[one].unavailable
            )
    result.update(_match(list(choices), choices, [1] * len(problem.interpreters), {}))
    return result


def _match(
    order: Sequence[int],
    choices: Mapping[int, Sequence[int]],
    room: Sequence[int],
    prefer: Mapping[int, int],
) -> dict[int, int]:
    matching = _Matching(choices, room)
    # First everybody who can keep a table keeps it, so that no one else takes it meanwhile.
    for meeting in order:
        matching.keep(meeting, prefer.get(meeting, -1))
    for meeting in order:
        if meeting not in matching.chosen:
            matching.seat(meeting, set())
    return matching.chosen


class _Matching:
    """Meetings and places, each place with some room; grows by augmenting paths."""

    def __init__(self, choices: Mapping[int, Sequence[int]], room: Sequence[int]) -> None:
        self.choices = choices
        self.room = room
        self.holders: list[list[int]] = [[] for _ in room]
        self.chosen: dict[int, int] = {}

    def keep(self, meeting: int, place: int) -> None:
        """Take a place if it is among the choices and has room."""
        if place in self.choices[meeting] and len(self.holders[place]) < self.room[place]:
            self._take(meeting, place)

    def seat(self, meeting: int, seen: set[int]) -> bool:
        """Find a place with room, or one whose holder finds another."""
        for place in self.choices[meeting]:
            if len(self.holders[place]) < self.room[place]:
                return self._take(meeting, place)
        return any(
            self._push_out(meeting, place, seen)
            for place in self.choices[meeting]
            if place not in seen
        )

    def _take(self, meeting: int, place: int) -> bool:
        self.holders[place].append(meeting)
        self.chosen[meeting] = place
        return True

    def _push_out(self, meeting: int, place: int, seen: set[int]) -> bool:
        seen.add(place)
        for holder in list(self.holders[place]):
            if self.seat(holder, seen):
                self.holders[place].remove(holder)
                return self._take(meeting, place)
        return False
