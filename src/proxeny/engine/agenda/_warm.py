"""Compile ahead of time, so that the first agenda does not wait for it."""

from proxeny.engine.agenda._core import build_core
from proxeny.engine.agenda.model import Meeting, Participant, Problem, Slot, Table

__all__ = ["warm_up"]


def warm_up() -> None:
    """Compile the kernels and keep them on disk.

    Takes about a quarter of a minute the first time, and next to nothing after that. Where nothing
    can be kept on disk it changes nothing: each process compiles for itself then.
    """
    from proxeny.engine.agenda._anneal import Annealer

    problem = Problem(
        (Participant(), Participant()), (Slot(), Slot()), (Table(),), (Meeting((0, 1)),)
    )
    Annealer(build_core(problem), fairness=None, seed=0).run(0.01)
