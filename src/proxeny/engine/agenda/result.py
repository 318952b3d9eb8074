"""Results of the agenda solvers: the schedule with its certificate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from proxeny.engine.agenda.model import Assignment

__all__ = ["Moved", "Progress", "RepairResult", "Result", "Status", "Unplaced", "Verdict"]

type Status = Literal["optimal", "feasible", "infeasible", "unknown"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress report of a running solver.

    Parameters
    ----------
    phase : str
        `start`, `value`, `breaks`, `proof` or `done`.
    seconds : float
        Time since the call.
    placed, value, breaks : int
        Of the best schedule so far (0 before there is one; see `has_schedule`).
    bound : int
        Proven lower bound on the breaks.
    gap : float
        (breaks - bound) / max(1, breaks), or 1 before there is a schedule.
    assignment : tuple of Placed, optional
        The best schedule so far, with tables; only if it is better than the last one reported, and
        not more than about once a second. Given as `start`, a later run continues from it.
    """

    phase: str
    seconds: float
    placed: int
    value: int
    breaks: int
    bound: int
    gap: float
    has_schedule: bool = True
    assignment: Assignment | None = None


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Reason why a meeting is not in the agenda: a stable code, and words for the organiser."""

    meeting: int
    code: str
    words: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Findings of the independent checker.

    Parameters
    ----------
    ok : bool
        No rule is broken.
    breaks : tuple of int
        Breaks per participant.
    objective : int
        Their sum.
    value : int
        Value of the placed meetings.
    placed : int
        The number of placed meetings.
    errors : tuple of str
        Every broken rule, in words with numbers from 1.
    """

    ok: bool
    breaks: tuple[int, ...]
    objective: int
    value: int
    placed: int
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """An agenda and what is proven about it.

    Parameters
    ----------
    status : {"optimal", "feasible", "infeasible", "unknown"}
        `optimal`: value first, breaks second, both proven. `unknown`: neither a schedule nor a
        proof that there is none was found in time.
    objective, bound : int, optional
        Total breaks, and the proven lower bound for schedules of this value.
    value, value_bound : int
        Value placed, and the proven upper bound.
    gap : float, optional
        (objective - bound) / max(1, objective).
    seconds : float
        Wall time.
    breaks : tuple of int
        Per participant.
    assignment : tuple of Placed
        In the order of the meetings; each has a table.
    unplaced : tuple of Unplaced
        Each meeting that has no place, with the reason.
    clashes : tuple of str
        If infeasible: requirements that cannot hold together, none of which can be spared.
    notes : tuple of str
        Remarks that are no errors, such as a pair that meets twice.
    verdict : Verdict, optional
        The independent checker's, where there is a schedule.
    """

    status: Status
    objective: int | None
    bound: int | None
    value: int
    value_bound: int
    gap: float | None
    seconds: float
    seed: int
    breaks: tuple[int, ...] = ()
    assignment: Assignment = ()
    unplaced: tuple[Unplaced, ...] = ()
    clashes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A published meeting whose slot, table or both changed."""

    meeting: int
    from_slot: int
    from_table: int
    to_slot: int
    to_table: int


@dataclass(frozen=True, slots=True)
class RepairResult:
    """A repaired agenda with as few published meetings moved as possible.

    Parameters
    ----------
    status : {"optimal", "feasible", "infeasible", "unknown"}
        `optimal`: no repair drops less value, and none of that value moves fewer meetings.
    moved : tuple of Moved
        Meetings that got another slot or table. Only a change of slot or table of a meeting that
        is still wanted counts.
    dropped : tuple of Unplaced
        Meetings that were published, are still wanted, and have no place now.
    cancelled : tuple of int
        Meetings that fell away with the people or by themselves.
    moves_bound : int
        Proven least number of moved meetings.
    """

    status: Status
    assignment: Assignment
    moved: tuple[Moved, ...]
    dropped: tuple[Unplaced, ...]
    cancelled: tuple[int, ...]
    moves_bound: int
    objective: int
    breaks: tuple[int, ...]
    seconds: float
    verdict: Verdict
