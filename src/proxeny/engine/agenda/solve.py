"""The public verb: from a problem to a schedule with its certificate."""

import time
from collections.abc import Callable
from pathlib import Path

from proxeny.engine.agenda._core import build_core
from proxeny.engine.agenda._search import Search
from proxeny.engine.agenda.model import Assignment, Problem
from proxeny.engine.agenda.result import Progress, Result
from proxeny.engine.agenda.validate import validate_assignment

__all__ = ["solve"]


def solve(
    problem: Problem,
    *,
    time_limit_s: float = 60.0,
    fairness: int | None = None,
    workers: int = 2,
    seed: int = 0,
    start: Assignment | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
    certificate: Path | None = None,
) -> Result:
    """Find the schedule of most value and, among those, fewest breaks; prove what can be proven.

    Parameters
    ----------
    problem : Problem
    time_limit_s : float
        Wall time in seconds. The best schedule so far is kept when it runs out.
    fairness : int, optional
        Largest difference between two participants' numbers of breaks; none if absent. The
        published tables (JAIR 2022) use 2.
    workers : int
        Processes or threads that search at the same time, at least 1.
    seed : int
        Same seed, problem and machine load: same search; the optimum does not depend on it.
    start : tuple of Placed, optional
        A schedule to begin with. Parts of it that break a rule are dropped.
    on_progress, should_stop : callable, optional
        Called in this thread, at least every half second; `should_stop` returning true keeps the
        best schedule so far.
    certificate : Path, optional
        Where to keep the refutation that proves the bound, if a solver could write one.

    Returns
    -------
    Result
        Infeasible is a status, not an exception. Every schedule has passed `check`.

    Raises
    ------
    ValueError
        On bad arguments, naming the field.
    """
    from proxeny.engine.agenda._portfolio import run_portfolio

    _check_arguments(time_limit_s, fairness, workers)
    if start is not None:
        validate_assignment(problem, start, "start")
    begun = time.monotonic()
    search = Search(
        core=build_core(problem),
        fairness=fairness,
        deadline=begun + time_limit_s,
        started=begun,
        should_stop=should_stop,
        on_progress=on_progress,
    )
    return run_portfolio(
        problem, search, workers=workers, seed=seed, start=start, certificate=certificate
    )


def _check_arguments(time_limit_s: float, fairness: int | None, workers: int) -> None:
    if not time_limit_s > 0:
        raise ValueError("time_limit_s: must be more than 0")
    if fairness is not None and fairness < 0:
        raise ValueError("fairness: must not be negative")
    if workers < 1:
        raise ValueError("workers: must be at least 1")
