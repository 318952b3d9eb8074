"""Agenda problem: participants, meetings, available slots, and tables.

Every index in Python (participant, slot, table, meeting) counts from 0; files and the command
line count from 1. Definitions follow Bofill, Coll, Garcia, Giráldez-Cru, Pesant, Suy and
Villaret, "Constraint solving approaches to the business-to-business meeting scheduling
problem", JAIR 74 (2022) 263-301, extended by what a real event needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = [
    "Assignment",
    "Interpreter",
    "Meeting",
    "Participant",
    "Placed",
    "Precedence",
    "Problem",
    "Slot",
    "Table",
]


@dataclass(frozen=True, slots=True)
class Slot:
    """One period in which meetings take place; slots are in time order.

    Parameters
    ----------
    session : int
        Half-day or day the slot belongs to, from 1.
    starts_at_min, ends_at_min : int, optional
        Minutes from the start of the event. Needed only where walking time counts.
    """

    session: int = 1
    starts_at_min: int | None = None
    ends_at_min: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A place where meetings are held.

    Parameters
    ----------
    kind : {"onsite", "video"}
        How people attend; a meeting fits where every party accepts the kind.
    place : str
        Hall or building, for walking time between places.
    capacity : int
        How many meetings it holds at once (1 for a table, more for a lounge or video service).
    seats : int, optional
        Most people in one meeting; no limit if absent.
    unavailable : frozenset of int
        Slots at which it cannot be used.
    """

    name: str = ""
    kind: str = "onsite"
    place: str = ""
    capacity: int = 1
    seats: int | None = None
    unavailable: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Participant:
    """Participant with meetings.

    Parameters
    ----------
    group : str
        Side or cluster, for who-may-meet-whom rules.
    unavailable : frozenset of int
        Slots at which no meeting is possible.
    cap : int, optional
        Most meetings this participant accepts.
    languages : frozenset of str
        Languages spoken; empty means unknown, and then no interpreter is needed for it.
    kinds : frozenset of str
        Kinds of table accepted.
    """

    name: str = ""
    group: str = ""
    unavailable: frozenset[int] = frozenset()
    cap: int | None = None
    languages: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset({"onsite"})


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Interpreter between two languages, for one meeting at a time."""

    pair: tuple[str, str]
    unavailable: frozenset[int] = frozenset()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting to place.

    Parameters
    ----------
    parties : tuple of int
        Two or more different participants.
    slots : frozenset of int, optional
        Slots allowed; one element locks the meeting, none given means all.
    table : int, optional
        The table it is locked to.
    value : int
        The value of placing it (at least 0); counts only among meetings that are not required.
    required : bool
        Must be placed; otherwise it is placed if that gives the best value.
    reference : str
        The caller's own key, carried through untouched.
    """

    parties: tuple[int, ...]
    slots: frozenset[int] | None = None
    table: int | None = None
    value: int = 1
    required: bool = True
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Precedence:
    """Meeting `before` ends before meeting `after` begins, where both are placed."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A meeting with its slot, its table and, where one is needed, its interpreter."""

    meeting: int
    slot: int
    table: int
    interpreter: int | None = None


type Assignment = tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything the agenda has to respect.

    Parameters
    ----------
    participants, slots, tables, meetings : tuple
        In the caller's order, which the indices refer to.
    precedences : tuple of Precedence
        Orders between meetings; they must not form a circle.
    interpreters : tuple of Interpreter
        Shared by all meetings. A meeting whose parties have no common language takes one.
    travel_min : mapping of (place, place) to int
        Minutes to walk between two places, read in both directions; absent pairs take none.
    name : str
        Shown in messages.

    Raises
    ------
    ValueError
        On a value that makes no sense, naming the field and the row (counted from 1).
    """

    participants: tuple[Participant, ...]
    slots: tuple[Slot, ...]
    tables: tuple[Table, ...]
    meetings: tuple[Meeting, ...]
    precedences: tuple[Precedence, ...] = ()
    interpreters: tuple[Interpreter, ...] = ()
    travel_min: Mapping[tuple[str, str], int] = field(default_factory=dict)
    name: str = ""

    def __post_init__(self) -> None:
        """Refuse a problem that no solver could read correctly."""
        from proxeny.engine.agenda.validate import validate_problem

        validate_problem(self)
