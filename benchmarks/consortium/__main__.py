"""Measure consortia and write the figures to `docs/reference/consortium.md`.

    python -m benchmarks.consortium [--only sizes|held-out] [--seeds 2] [--data ../shared/data]

Beside the engine the same model over all candidates without pruning (CP-SAT), and a greedy choice.
With the folder of real data, past projects with one partner held out. Seconds are processor time
of this process, one thread. With `--only`, the other part keeps its text.
"""

import argparse
import os

# Before NumPy is loaded: one thread, whatever the machine has.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from collections.abc import Callable
from pathlib import Path

from benchmarks.consortium.held_out import tell_held_out
from benchmarks.consortium.page import PAGE, replace_part
from benchmarks.consortium.sizes import tell_sizes


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description="Measure consortia and write the figures.")
    parser.add_argument("--only", choices=("sizes", "held-out"))
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    options = parser.parse_args()
    parts: dict[str, Callable[[], str | None]] = {
        "held-out": lambda: tell_held_out(options.data),
        "sizes": lambda: tell_sizes(options.seeds),
    }
    for name, tell in parts.items():
        if options.only in (None, name):
            told = tell()
            if told is None:
                print(f"{options.data}: no real data here, so the page keeps what it says of it")
                continue
            text = PAGE.read_text(encoding="utf-8")
            PAGE.write_text(replace_part(text, name, told), encoding="utf-8")


if __name__ == "__main__":
    main()
