"""`proxeny solve` and `proxeny check`: the agenda engine on files.

Exit codes: 0 done (schedule found, or check passed), 1 check failed, 2 bad input, 3 proven
infeasible, 4 nothing found in time.
"""

import json
from pathlib import Path
from typing import Any, NoReturn

import click

from proxeny.engine.agenda.model import Assignment, Problem
from proxeny.engine.agenda.read import read_problem, read_schedule
from proxeny.engine.agenda.result import Progress, Result

__all__ = ["check_command", "solve_command"]

EXIT_OF_STATUS = {"optimal": 0, "feasible": 0, "infeasible": 3, "unknown": 4}
EXIT_CHECK_FAILED, EXIT_BAD_INPUT = 1, 2
DZN_FAIRNESS = 2

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


class Fairness(click.ParamType[int | str]):
    """A whole number from 0, or `none`."""

    name = "number|none"

    def convert(self, value: Any, param: Any, ctx: Any) -> int | str:
        """Turn the text into a number, or keep `none`."""
        text = str(value).strip().lower()
        if text == "none":
            return text
        if not text.isdecimal():
            self.fail("a whole number from 0, or none", param, ctx)
        return int(text)


fairness_option = click.option(
    "--fairness",
    type=Fairness(),
    default=None,
    help="Largest difference between two participants' numbers of breaks, or none. "
    "For .dzn files 2 unless given (the published tables' rule; the files do not hold it), "
    "for JSON none.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")

EXIT_HELP = (
    "Exit codes: 0 schedule found or check passed, 1 check failed, 2 bad input, "
    "3 proven infeasible, 4 nothing found in time."
)


@click.command("solve", epilog=EXIT_HELP)
@click.argument("file", type=FILE)
@json_option
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    help="Seconds.",
)
@fairness_option
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=2,
    show_default=True,
    help="Searches at the same time.",
)
@click.option("--seed", type=int, default=0, show_default=True)
@click.option(
    "--certificate",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="Keep the refutation that proves the bound in this file (DRAT), and the "
    "formula it refutes beside it, with .cnf added to the name.",
)
def solve_command(
    file: Path,
    as_json: bool,
    time_limit: float,
    fairness: int | str | None,
    workers: int,
    seed: int,
    certificate: Path | None,
) -> None:
    """Find the best agenda for FILE (.dzn or .json) and say what is proven about it."""
    from proxeny.engine.agenda.solve import solve

    problem = _read_or_exit(file)
    result = solve(
        problem,
        time_limit_s=time_limit,
        fairness=_fairness(fairness, file),
        workers=workers,
        seed=seed,
        certificate=certificate,
        on_progress=None if as_json else _show_progress,
    )
    click.echo(json.dumps(_result_to_json(result)) if as_json else _result_to_text(problem, result))
    raise SystemExit(EXIT_OF_STATUS[result.status])


@click.command("check", epilog=EXIT_HELP)
@click.argument("instance", type=FILE)
@click.argument("schedule", type=FILE)
@fairness_option
@json_option
def check_command(
    instance: Path, schedule: Path, fairness: int | str | None, as_json: bool
) -> None:
    """Verify SCHEDULE (as `solve --json` prints it) against INSTANCE, independently."""
    from proxeny.engine.agenda.check import check

    problem = _read_or_exit(instance)
    try:
        assignment: Assignment = read_schedule(schedule, problem)
    except (ValueError, OSError) as error:
        _exit_bad_input(schedule, error)
    verdict = check(problem, assignment, fairness=_fairness(fairness, instance))
    if as_json:
        click.echo(
            json.dumps(
                {
                    "ok": verdict.ok,
                    "objective": verdict.objective,
                    "value": verdict.value,
                    "placed": verdict.placed,
                    "breaks": list(verdict.breaks),
                    "errors": list(verdict.errors),
                }
            )
        )
    else:
        for broken in verdict.errors:
            click.echo(f"- {broken}")
        word = "accepted" if verdict.ok else f"refused, {len(verdict.errors)} rules broken"
        click.echo(
            f"{word}: {verdict.placed} of {len(problem.meetings)} meetings, "
            f"{verdict.objective} breaks"
        )
    raise SystemExit(0 if verdict.ok else EXIT_CHECK_FAILED)


def _fairness(given: int | str | None, file: Path) -> int | None:
    if given is None:
        return DZN_FAIRNESS if file.suffix.lower() == ".dzn" else None
    return None if isinstance(given, str) else given


def _read_or_exit(file: Path) -> Problem:
    try:
        return read_problem(file)
    except (ValueError, OSError) as error:
        _exit_bad_input(file, error)


def _exit_bad_input(file: Path, error: Exception) -> NoReturn:
    click.echo(f"{file}: {error}", err=True)
    raise SystemExit(EXIT_BAD_INPUT)


def _show_progress(progress: Progress) -> None:
    found = f"{progress.placed} placed, {progress.breaks} breaks" if progress.has_schedule else "-"
    click.echo(
        f"{progress.seconds:7.1f} s  {progress.phase:<7} {found}, bound {progress.bound}", err=True
    )


def _result_to_json(result: Result) -> dict[str, Any]:
    return {
        "status": result.status,
        "objective": result.objective,
        "bound": result.bound,
        "gap": result.gap,
        "value": result.value,
        "value_bound": result.value_bound,
        "seconds": round(result.seconds, 3),
        "seed": result.seed,
        "breaks": list(result.breaks),
        "assignment": [
            {"meeting": one.meeting + 1, "slot": one.slot + 1, "table": one.table + 1}
            | ({} if one.interpreter is None else {"interpreter": one.interpreter + 1})
            for one in result.assignment
        ],
        "unplaced": [
            {"meeting": one.meeting + 1, "code": one.code, "words": one.words}
            for one in result.unplaced
        ],
        "clashes": list(result.clashes),
        "notes": list(result.notes),
        "checked": None if result.verdict is None else result.verdict.ok,
    }


def _result_to_text(problem: Problem, result: Result) -> str:
    lines = [f"{result.status} in {result.seconds:.2f} s"]
    if result.objective is not None:
        lines.append(
            f"{result.objective} breaks (proven bound {result.bound}), "
            f"{len(result.assignment)} of {len(problem.meetings)} meetings placed"
        )
        lines.extend(_timetable(problem, result))
    lines.extend(f"not placed: meeting {one.meeting + 1}: {one.words}" for one in result.unplaced)
    lines.extend(f"clash: {clash}" for clash in result.clashes)
    lines.extend(f"note: {note}" for note in result.notes)
    return "\n".join(lines)


def _timetable(problem: Problem, result: Result) -> list[str]:
    lines = []
    for slot in range(len(problem.slots)):
        here = sorted((one.table, one.meeting) for one in result.assignment if one.slot == slot)
        cells = (
            f"{_table_name(problem, table)}: "
            + " + ".join(_person_name(problem, p) for p in problem.meetings[meeting].parties)
            for table, meeting in here
        )
        lines.append(f"slot {slot + 1:>2}  " + "; ".join(cells))
    return lines


def _table_name(problem: Problem, table: int) -> str:
    return problem.tables[table].name or f"table {table + 1}"


def _person_name(problem: Problem, person: int) -> str:
    return problem.participants[person].name or str(person + 1)
