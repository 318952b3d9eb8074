"""Child process: one SAT solver that answers "is there a schedule with at most k breaks?".

It exchanges pickles over its standard streams with the parent that started it, and with nobody
else. The solvers hold the interpreter lock while they run, so each has a process of its own, which
the parent ends when another was faster.
"""

import contextlib
import os
import pickle
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from proxeny.engine.agenda._core import Core
from proxeny.engine.agenda._formula import AgendaFormula

__all__ = ["Answer", "Job", "Question", "answer_question", "load_solver"]

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Job:
    """Task of a racer: a core with all meetings placed, and a schedule to lean on."""

    core: Core
    fairness: int | None
    hubs: tuple[int, ...]
    top: int
    solver: str
    phases: tuple[int, ...]
    limit_s: float


@dataclass(frozen=True, slots=True)
class Question:
    """Is there a schedule with at most `most` breaks (None: any schedule)?"""

    most: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Slot per meeting, or None for "no"; `hopeless` if there is none with any number."""

    question: Question
    slots: tuple[int, ...] | None
    hopeless: bool = False


def load_solver(job: Job) -> tuple[AgendaFormula, Any]:
    """Build the formula and hand it to the solver."""
    from pysat.solvers import Solver

    formula = AgendaFormula(job.core, fairness=job.fairness, hubs=job.hubs, top=job.top)
    solver = Solver(name=job.solver, bootstrap_with=formula.clauses)
    if job.phases:
        solver.set_phases(
            [
                literal if job.phases[meeting] == slot else -literal
                for meeting, at in enumerate(formula.at)
                for slot, literal in at.items()
            ]
        )
    return formula, solver


def answer_question(formula: AgendaFormula, solver: Any, question: Question) -> Answer:
    """Ask the solver; a core without the assumption means that the problem is infeasible."""
    most = question.most
    assumptions = (
        [] if most is None or most >= len(formula.more_than) else [-formula.more_than[most]]
    )
    if solver.solve(assumptions=assumptions):
        return Answer(question, _read_slots(formula, solver.get_model()))
    return Answer(question, None, hopeless=not (assumptions and solver.get_core()))


def _read_slots(formula: AgendaFormula, model: Sequence[int]) -> tuple[int, ...]:
    true = {literal for literal in model if literal > 0}
    return tuple(next(slot for slot, literal in at.items() if literal in true) for at in formula.at)


def _die_with_parent(limit_s: float) -> None:
    """Leave no orphan: end with the parent where Linux offers it, and at the latest in time."""
    with contextlib.suppress(OSError, AttributeError):
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(int(limit_s) + 10)


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Take a job, then answer questions until the parent closes the pipe."""
    job = pickle.load(source)  # noqa: S301
    _die_with_parent(job.limit_s)
    formula, solver = load_solver(job)
    while True:
        try:
            question = pickle.load(source)  # noqa: S301
        except EOFError:
            return
        pickle.dump(answer_question(formula, solver, question), sink)
        sink.flush()


if __name__ == "__main__":
    # Run as a script this module is `__main__`; the parent pickles classes of the real one.
    from proxeny.engine.agenda import _racer

    # Only answers may reach the pipe: whatever else prints goes to the error stream.
    pipe = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    _racer.serve(sys.stdin.buffer, pipe)
