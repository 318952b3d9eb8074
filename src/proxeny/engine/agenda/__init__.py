"""Agendas of meetings: the best schedule, with a proof of how good it is.

Examples
--------
>>> from proxeny.engine.agenda import Meeting, Participant, Problem, Slot, Table, solve
>>> problem = Problem(
...     participants=(Participant("Ada"), Participant("Bo"), Participant("Cy")),
...     slots=(Slot(), Slot(), Slot()),
...     tables=(Table("1"),),
...     meetings=(Meeting((0, 1)), Meeting((1, 2))),
... )
>>> result = solve(problem, time_limit_s=10)
>>> result.status, result.objective
('optimal', 0)
"""

from proxeny.engine.agenda._warm import warm_up
from proxeny.engine.agenda.check import check
from proxeny.engine.agenda.model import (
    Assignment,
    Interpreter,
    Meeting,
    Participant,
    Placed,
    Precedence,
    Problem,
    Slot,
    Table,
)
from proxeny.engine.agenda.read import (
    problem_from_json,
    problem_to_json,
    read_dzn,
    read_problem,
    read_schedule,
)
from proxeny.engine.agenda.repair import repair
from proxeny.engine.agenda.requests import (
    GroupRule,
    MeetingPlan,
    Refused,
    Request,
    Weights,
    meetings_from_requests,
)
from proxeny.engine.agenda.result import (
    Moved,
    Progress,
    RepairResult,
    Result,
    Status,
    Unplaced,
    Verdict,
)
from proxeny.engine.agenda.solve import solve

__all__ = [
    "Assignment",
    "GroupRule",
    "Interpreter",
    "Meeting",
    "MeetingPlan",
    "Moved",
    "Participant",
    "Placed",
    "Precedence",
    "Problem",
    "Progress",
    "Refused",
    "RepairResult",
    "Request",
    "Result",
    "Slot",
    "Status",
    "Table",
    "Unplaced",
    "Verdict",
    "Weights",
    "check",
    "meetings_from_requests",
    "problem_from_json",
    "problem_to_json",
    "read_dzn",
    "read_problem",
    "read_schedule",
    "repair",
    "solve",
    "warm_up",
]
