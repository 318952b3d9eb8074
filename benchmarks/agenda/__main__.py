"""Run the agenda benchmarks and write the tables and the plot into the documentation.

    python -m benchmarks.agenda [--parts originals,variants,large,sizes] [--limit 60]

Each part keeps its figures in `build/agenda-benchmarks.json`, so that parts can be run apart; the
page is written from what is there.
"""

import argparse
import csv
import json
import os
import platform
import resource
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.agenda.generate import hidden_event, random_event
from benchmarks.agenda.page import write_page

from proxeny.engine.agenda import Problem, read_problem, solve

ROOT = Path(__file__).resolve().parents[2]
DATA = (ROOT / ".." / "shared" / "data" / "b2bsp").resolve()
KEPT = ROOT / "build" / "agenda-benchmarks.json"
LARGE = ((500, 2500, 24), (2000, 12000, 32))
SIZES = ((250, 1250, 24), (500, 2500, 24), (1000, 5500, 28), (2000, 12000, 32), (5000, 30000, 32))


def main() -> None:
    """Parse the command line and run the parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", default="originals,variants,large,sizes")
    parser.add_argument("--limit", type=float, default=60.0, help="seconds per run")
    parser.add_argument("--size-limit", type=float, default=20.0, help="seconds per size")
    options = parser.parse_args()
    kept: dict[str, Any] = json.loads(KEPT.read_text()) if KEPT.is_file() else {}
    runs = {
        "originals": lambda: run_originals(options.limit),
        "variants": lambda: run_variants(options.limit),
        "large": lambda: run_large(options.limit),
        "sizes": lambda: run_sizes(options.size_limit),
    }
    for part in options.parts.split(","):
        kept[part] = {"machine": describe_machine(), "limit": options.limit, "rows": runs[part]()}
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(kept, indent=1))
        write_page(kept, ROOT / "docs" / "reference")


def describe_machine() -> dict[str, Any]:
    """Machine, load and versions, for the page."""
    load = os.getloadavg()[0]
    return {
        "cores": os.cpu_count(),
        "load_before": round(load, 1),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in ("ortools", "python-sat", "numba", "numpy")},
        "date": time.strftime("%Y-%m-%d"),
    }


def run_engine(problem: Problem, limit: float, fairness: int | None) -> dict[str, Any]:
    """Solve once; when the first schedule came and how good it was after 5 s, with it."""
    seen: list[Any] = []
    result = solve(problem, time_limit_s=limit, fairness=fairness, on_progress=seen.append)
    first = next((one.seconds for one in seen if one.has_schedule), None)
    at_5 = [one.breaks for one in seen if one.has_schedule and one.seconds <= 5.0]
    return {
        "status": result.status,
        "objective": result.objective,
        "bound": result.bound,
        "placed": len(result.assignment),
        "seconds": result.seconds,
        "first": first,
        "at_5": at_5[-1] if at_5 else None,
        "checked": None if result.verdict is None else result.verdict.ok,
    }


def run_baseline(kind: str, file: Path, limit: float) -> dict[str, Any]:
    """Run a baseline in a child process that is ended when its time is up."""
    command = [sys.executable, "-m", "benchmarks.agenda.baselines", kind, str(file), str(limit)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=limit + 5, cwd=ROOT, check=True
        )
    except subprocess.TimeoutExpired:
        return {"status": "time", "objective": None, "seconds": limit}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def run_originals(limit: float) -> list[dict[str, Any]]:
    """Every published event: the engine and both baselines, one after the other."""
    with (DATA / "published_jair2022_table5.csv").open(encoding="utf-8") as file:
        published = {row["instance"]: row for row in csv.DictReader(file)}
    rows = []
    for name, row in sorted(published.items()):
        file = DATA / "originals" / f"{name}.dzn"
        rows.append(
            {
                "name": name,
                "optimum": int(row["optimum"]),
                "published_s": float(row["maxsat_s"]),
                "engine": run_engine(read_problem(file), limit, 2),
                "cpsat": run_baseline("cpsat", file, limit),
                "maxsat": run_baseline("maxsat", file, limit),
            }
        )
        print(json.dumps(rows[-1]), flush=True)
    return rows


def run_variants(limit: float) -> list[dict[str, Any]]:
    """Every variant, by the engine."""
    rows = []
    for file in sorted((DATA / "variants").glob("*.dzn")):
        rows.append({"name": file.stem, "engine": run_engine(read_problem(file), limit, 2)})
        print(json.dumps(rows[-1]), flush=True)
    return rows


def run_large(limit: float) -> list[dict[str, Any]]:
    """The large events, each with its peak memory so far."""
    rows = []
    for size in LARGE:
        for make in (hidden_event, random_event):
            rows.append(measure(make(*size, seed=1), limit - 3.0))
            print(json.dumps(rows[-1]), flush=True)
    return rows


def run_sizes(limit: float) -> list[dict[str, Any]]:
    """Cost against size, same time for each."""
    rows = []
    for size in SIZES:
        for make in (hidden_event, random_event):
            rows.append(measure(make(*size, seed=2), limit))
            print(json.dumps(rows[-1]), flush=True)
    return rows


def measure(problem: Problem, limit: float) -> dict[str, Any]:
    """Solve a generated event."""
    found = run_engine(problem, limit, None)
    return {
        "name": problem.name,
        "participants": len(problem.participants),
        "meetings": len(problem.meetings),
        "slots": len(problem.slots),
        "tables": len(problem.tables),
        "engine": found,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


if __name__ == "__main__":
    main()
