"""Measure network position and write the figures to `docs/reference/network.md`.

    python -m benchmarks.network [--only whole,sizes,peers,sampled]

Each run is a process of its own (`benchmarks.network.runs`), so that its memory is its own. What a
part finds is kept in `build/network-benchmarks.json`, so that parts can be run apart; the page is
written from what is there. A run that is not done after `--limit` seconds is told as such.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.network.page import write_page
from benchmarks.network.world import DATA

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "network-benchmarks.json"
SHARES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
#: Of each part: kind of run, network, share of its projects.
PARTS: dict[str, tuple[tuple[str, str, float], ...]] = {
    "whole": tuple((kind, name, 1.0) for name in ("fp7", "h2020") for kind in ("together", "ours")),
    "sizes": tuple(("together", "fp7", share) for share in SHARES),
    "peers": (
        ("networkx", "fp7", 0.01),
        ("networkx", "fp7", 0.1),
        ("igraph", "fp7", 0.1),
        ("igraph", "fp7", 1.0),
    ),
    "sampled": (("sampled", "fp7", 1.0), ("sampled", "1000000", 1.0)),
}


def main() -> None:
    """Run the parts and write the page."""
    parser = argparse.ArgumentParser(description="Measure network position.")
    parser.add_argument("--only", default=",".join(PARTS))
    parser.add_argument("--limit", type=float, default=1800.0, help="seconds for one run")
    options = parser.parse_args()
    if not DATA.is_dir():
        sys.exit(f"There are no participations at {DATA}: put the shared data beside the project.")
    kept: dict[str, Any] = json.loads(KEPT.read_text()) if KEPT.is_file() else {}
    for part in options.only.split(","):
        for kind, name, share in PARTS[part]:
            kept[f"{kind} {name} {share:g}"] = run_apart(kind, name, share, options.limit)
            KEPT.parent.mkdir(exist_ok=True)
            KEPT.write_text(json.dumps(kept, indent=1))
            write_page(kept, ROOT / "docs" / "reference")


def run_apart(kind: str, name: str, share: float, limit: float) -> dict[str, Any]:
    """Return what a run in its own process prints, with the machine; `late` if it was stopped."""
    machine = describe_machine()
    command = [sys.executable, "-m", "benchmarks.network.runs", kind, name, "--share", str(share)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=limit, check=True, cwd=ROOT
        )
    except subprocess.TimeoutExpired:
        return {"machine": machine, "late": limit}
    found: dict[str, Any] = json.loads(done.stdout) | {"machine": machine}
    print(kind, name, share, found["seconds"], found["peak_mb"], flush=True)
    return found


def describe_machine() -> dict[str, Any]:
    """Return the day, and on what is measured; the load is that before the start."""
    return {
        "date": time.strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in ("igraph", "networkx", "numba", "numpy")},
    }


if __name__ == "__main__":
    main()
