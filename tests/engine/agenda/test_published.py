"""The published events (JAIR 74, 2022): every optimum proven, through the command, then checked."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from proxeny.engine.agenda import read_problem, solve
from proxeny.engine.agenda._bounds import cover_by_hubs, window_bound
from proxeny.engine.agenda._core import build_core

ROOT = Path(__file__).resolve().parents[3]
DATA = (ROOT / ".." / "shared" / "data" / "b2bsp").resolve()

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"the published events are not at {DATA}"),
]


def published():
    table = DATA / "published_jair2022_table5.csv"
    if not table.is_file():
        return {}
    with table.open(encoding="utf-8") as file:
        return {row["instance"]: int(row["optimum"]) for row in csv.DictReader(file)}


OPTIMA = published()
COMMAND = (
    "from proxeny.engine.agenda import command; import sys; getattr(command, sys.argv.pop(1))()"
)


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("name", sorted(OPTIMA))
def test_original_is_proven_and_accepted(name, tmp_path):
    instance = DATA / "originals" / f"{name}.dzn"
    solved = run("solve_command", instance, "--json", "--time-limit", 60, "--workers", 2)
    assert solved.returncode == 0, solved.stderr
    found = json.loads(solved.stdout)
    assert (found["status"], found["objective"], found["bound"]) == (
        "optimal",
        OPTIMA[name],
        OPTIMA[name],
    )
    schedule = tmp_path / "schedule.json"
    schedule.write_text(solved.stdout, encoding="utf-8")
    checked = run("check_command", instance, schedule)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("name", sorted(OPTIMA))
def test_window_bound_never_exceeds_the_optimum(name):
    core = build_core(read_problem(DATA / "originals" / f"{name}.dzn"))
    assert 0 <= window_bound(core, cover_by_hubs(core)) <= OPTIMA[name]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("tic-13.prec25", "optimal"),
        ("forumt-14.fixed020", "optimal"),
        ("tic-12.forb0007", "infeasible"),
        ("forum-13.prec25", "infeasible"),
    ],
)
def test_some_variants_are_decided(name, status):
    result = solve(read_problem(DATA / "variants" / f"{name}.dzn"), fairness=2, time_limit_s=60)
    assert result.status == status
    assert bool(result.clashes) == (status == "infeasible")


@pytest.mark.parametrize("fairness", [0, 1, 3, None])
def test_other_fairness_bounds(fairness):
    problem = read_problem(DATA / "originals" / "tic-13crafc.dzn")
    result = solve(problem, fairness=fairness, time_limit_s=60)
    assert result.status in ("optimal", "infeasible")
    if result.status == "optimal" and fairness != 0:
        # 2 is a compromise between these: a tighter bound cannot need fewer breaks.
        assert (result.objective - OPTIMA["tic-13crafc"]) * ((fairness or 9) - 2) <= 0
