"""The stress test of funding: right on small plans, and how its time grows, beside other solvers.

    python -m benchmarks.funding [--seeds 3]

Seconds are processor time of this process: all solvers run in one thread, and other work on the
machine counts for little. The page goes to `docs/reference/funding.md`.
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.funding import peers
from benchmarks.funding.plans import SOURCES, TIGHTNESS, make_plan, make_question

from proxeny.engine.funding import Plan, find_pillars, find_rescue, stress

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "funding.md"
SMALL, SMALL_CASES = 14, 40


@dataclass
class Timed:
    """Milliseconds of some calls, and how many answers were as good as the engine's."""

    ms: list[float] = field(default_factory=list)
    same: int = 0
    missing: int = 0

    @property
    def middle(self) -> float:
        """The median."""
        return statistics.median(self.ms)


def clocked(call: Callable[[], Any]) -> tuple[Any, float]:
    """Return what a call answers, and the milliseconds of processor time that it took."""
    started = time.process_time()
    answer = call()
    return answer, (time.process_time() - started) * 1000


def cases(size: int, seeds: int) -> list[tuple[Plan, dict[int, int]]]:
    """Return plans of a size with a question each."""
    plans = [
        make_plan(size, SOURCES.get(size, 4), tightness=tightness, seed=seed)
        for tightness in TIGHTNESS
        for seed in range(seeds)
    ]
    return [(plan, make_question(plan, seed=at)) for at, plan in enumerate(plans)]


def measure_small() -> tuple[Timed, Timed]:
    """Ask about small plans, and try every set there is."""
    engine, brute = Timed(), Timed()
    for seed in range(SMALL_CASES):
        plan = make_plan(SMALL, 4, tightness=TIGHTNESS[seed % 3], seed=seed)
        parts = make_question(plan, seed=seed)
        found, ms = clocked(lambda plan=plan, parts=parts: stress(plan, parts))
        engine.ms.append(ms)
        best, ms = clocked(lambda plan=plan, parts=parts: peers.try_every_set(plan, parts))
        brute.ms.append(ms)
        brute.same += peers.worth_of(plan, found.kept) == best
    return engine, brute


def measure_size(size: int, seeds: int) -> dict[str, Timed]:
    """Put the same questions to the engine and to each peer, in turns."""
    timed = {name: Timed() for name in ("engine", *peers.SOLVERS)}
    for plan, parts in cases(size, seeds):
        found, ms = clocked(lambda plan=plan, parts=parts: stress(plan, parts))
        assert found.status == "optimal"
        timed["engine"].ms.append(ms)
        for name in peers.SOLVERS:
            best, ms = clocked(
                lambda name=name, plan=plan, parts=parts: peers.solve_as_program(name, plan, parts)
            )
            timed[name].ms.append(ms)
            timed[name].same += best == peers.worth_of(plan, found.kept)
            timed[name].missing += best is None
    print(size, {name: round(one.middle, 1) for name, one in timed.items()}, flush=True)
    return timed


def measure_all_sources(size: int, seeds: int) -> tuple[Timed, Timed]:
    """Ask for every source what hangs on it, and for all sums that save."""
    pillars, rescue = Timed(), Timed()
    for plan, parts in cases(size, seeds):
        pillars.ms.append(clocked(lambda plan=plan: find_pillars(plan))[1])
        rescue.ms.append(clocked(lambda plan=plan, parts=parts: find_rescue(plan, parts))[1])
    return pillars, rescue


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    stress(make_plan(5, 2, tightness=1, seed=0), {0: 0})  # loads the solver
    for name in peers.SOLVERS:
        peers.solve_as_program(name, make_plan(5, 2, tightness=1, seed=0), {0: 0})
    small = measure_small()
    grown = {size: measure_size(size, options.seeds) for size in SOURCES}
    every = measure_all_sources(200, options.seeds)
    PAGE.write_text(page(small, grown, every, load), encoding="utf-8")


def page(small: Any, grown: Any, every: Any, load: float) -> str:
    """Return the page."""
    engine, brute = small
    machine = (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load average {load:.1f} before the "
        f"start, Python {platform.python_version()}, ortools {version('ortools')} with "
        f"{' and '.join(peers.version_of(one) for one in peers.SOLVERS)}."
    )
    told = {
        "count": SMALL_CASES,
        "size": SMALL,
        "sets": f"{2**SMALL:,}",
        "right": brute.same,
        "engine": f"{engine.middle:.1f}",
        "brute": f"{brute.middle:.1f}",
        "machine": machine,
        "pillars": f"{every[0].middle:.0f}",
        "slowest": f"{max(every[0].ms):.0f}",
        "rescue": f"{every[1].middle:.2f}",
        "heads": " | ".join(f"{one} | ratio | same" for one in peers.SOLVERS),
        "rule": "--:|--:|--:|" * len(peers.SOLVERS),
        "rows": "\n".join(_row(size, timed) for size, timed in grown.items()),
    }
    return INTRODUCTION + FIGURES.format(**told)


def _row(size: int, timed: dict[str, Timed]) -> str:
    engine = timed["engine"]
    cells = [str(size), str(SOURCES[size]), f"{engine.middle:.1f}", f"{max(engine.ms):.1f}"]
    for name in peers.SOLVERS:
        one = timed[name]
        cells += [
            f"{one.middle:.1f}",
            f"{one.middle / engine.middle:.1f}",
            f"{one.same} of {len(one.ms)}"
            + (f" ({one.missing} in no time)" if one.missing else ""),
        ]
    return f"| {' | '.join(cells)} |"


INTRODUCTION = """# The stress test of funding

Written by `python -m benchmarks.funding`; do not edit by hand.

What goes on when money ends: `proxeny.engine.funding.stress` finds the set of activities that the
remaining money pays for and that is worth most. Money meant for one activity pays for that one
only; what may move pays for whatever is done; an activity goes on only with all that it needs. Of
two sets the better one keeps more of the core, then more value, then spends less. It is a 0-1
knapsack with precedence (Kellerer, Pferschy and Pisinger, *Knapsack problems*, 2004, section 13.2),
solved to proof by CP-SAT, one goal after the other.

**Concentration** is the Herfindahl–Hirschman index, the sum of the squared shares of the sources,
times 10,000; its inverse says how many sources of one size would be as concentrated. Above 1,800
the Merger Guidelines of 2023 of the U.S. Department of Justice and Federal Trade Commission speak
of high concentration; their example of 30, 30, 20 and 20 per cent (2,600) is one of the tests.

**How plans are made** (`benchmarks/funding/plans.py`): costs between 2,000 and 80,000 in whole
cents, worths from 1 to 5, one activity in seven is core, each needs up to two earlier ones; four
sums in five are meant for one activity, three in ten may move; the money is 50, 80 or 110 per cent
of all costs. Then a third of the sources ends or is halved. Everything follows from a seed.

"""

FIGURES = """## Right on small plans

{count} plans of {size} activities and 4 sources, each against all {sets} sets of activities:
**{right} of {count} answers are the best there is**. Median {engine} ms; trying every set takes
{brute} ms, and twice as long with each further activity.

Besides, a property test compares hundreds of random plans with every set in each run of the tests
(`tests/engine/funding/test_stress.py`).

## How its time grows

Milliseconds of processor time, median and slowest. Beside it the same question as a plain integer
program of two named solvers, proven to a gap of 0; they are not asked which of several equally good
sets spends least, so that they do less. *Ratio*: their time to the engine’s. *Same*: answers of the
same worth as the engine’s.

{machine}

| activities | sources | engine | slowest | {heads} |
|--:|--:|--:|--:|{rule}
{rows}

## For every source at once

200 activities, 30 sources: what goes on if each single source ends takes {pillars} ms of processor
time for all 30 together (slowest {slowest} ms), spread over as many threads as there are cores, four
at most. The sums that save the core and everything need no search: {rescue} ms.
"""

if __name__ == "__main__":
    main()
