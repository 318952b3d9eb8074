"""Measure matching on real data and write `docs/reference/matching.md`.

    python -m benchmarks.matching [--parts partners,choices,titles,profiles,speed] [--largest 100000]

Each part keeps its figures in `build/matching-benchmarks.json`, so that parts can be run apart; the
page is written from what is there. Embeddings of texts need the extra `meaning`.
"""

import argparse
import json
import os
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.matching.choices import run_choices
from benchmarks.matching.page import write_page
from benchmarks.matching.partners import run_partners
from benchmarks.matching.profiles import run_profiles
from benchmarks.matching.speed import SIZES, run_speed
from benchmarks.matching.titles import run_titles

ROOT = Path(__file__).resolve().parents[2]
DATA = (ROOT / ".." / "shared" / "data").resolve()
KEPT = ROOT / "build" / "matching-benchmarks.json"
PAGE = ROOT / "docs" / "reference" / "matching.md"


def main() -> None:
    """Parse the command line and run the parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", default="partners,choices,titles,profiles,speed")
    parser.add_argument("--largest", type=int, default=SIZES[-1], help="members per list, at most")
    parser.add_argument("--askers", type=int, help="so many organisations only (partners)")
    options = parser.parse_args()
    if not DATA.is_dir():
        sys.exit(f"The data are not here: {DATA}")
    runs = {
        "partners": lambda: run_partners(DATA, options.askers),
        "choices": lambda: run_choices(DATA / "speed_dating"),
        "titles": lambda: run_titles(DATA, KEPT.parent),
        "profiles": lambda: run_profiles(DATA, KEPT.parent),
        "speed": lambda: run_speed(tuple(n for n in SIZES if n <= options.largest)),
    }
    for part in options.parts.split(","):
        machine = _describe_machine()
        found = runs[part]()
        # Other parts may have been run beside this one.
        kept: dict[str, Any] = json.loads(KEPT.read_text()) if KEPT.is_file() else {}
        kept[part] = {"machine": machine, "found": found}
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(kept, indent=1))
        write_page(kept, PAGE)


def _describe_machine() -> dict[str, Any]:
    packages = ("numpy", "numba", "pystemmer", "bm25s")
    return {
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in packages},
        "date": time.strftime("%Y-%m-%d"),
    }


if __name__ == "__main__":
    main()
