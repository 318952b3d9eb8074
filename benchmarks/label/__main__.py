"""Measure juries and places and write the figures to `docs/reference/label-engine.md`.

    python -m benchmarks.label [--only jury|selection] [--seeds 3]

Seconds are processor time of this process, one thread; each answer is looked at by the independent
checker. With `--only`, the other part keeps its text.
"""

import argparse
import os

# Before NumPy is loaded: one thread, whatever the machine has.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.consortium.page import replace_part, tell_machine
from benchmarks.label.peers import assign_by_cp_sat, assign_greedily, select_greedily
from benchmarks.label.questions import make_choice, make_jury

from proxeny.engine.label import Assignment, Selection, assign_jury, check_jury, check_selection
from proxeny.engine.label import select as select_places

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "label-engine.md"
#: Applications, jurors, jurors for each, sides.
JURIES = (
    (50, 12, 3, 2),
    (100, 20, 3, 2),
    (200, 30, 3, 2),
    (500, 60, 3, 2),
    (500, 60, 4, 4),
    (2_000, 150, 3, 2),
)
#: Candidates and origins.
CHOICES = ((60, 3), (200, 5), (1_000, 5))
LIMIT_S, MOST_PEER = 30.0, 500


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description="Measure juries and places.")
    parser.add_argument("--only", choices=("jury", "selection"))
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    parts: dict[str, Callable[[int], str]] = {"jury": tell_juries, "selection": tell_selections}
    assign_jury(make_jury(10, 6, per=2, sides=2, seed=0))  # loads the solver
    for name, tell in parts.items():
        if options.only in (None, name):
            told = f"{tell_machine()}\n\n{tell(options.seeds)}"
            PAGE.write_text(
                replace_part(PAGE.read_text(encoding="utf-8"), name, told), encoding="utf-8"
            )


def clocked(call: Callable[[], Any]) -> tuple[Any, float]:
    """Return what a call answers, and the seconds of processor time that it took."""
    started = time.process_time()
    answer = call()
    return answer, time.process_time() - started


def tell_juries(seeds: int) -> str:
    """Return the table of juries."""
    rows = []
    for applications, jurors, per, sides in JURIES:
        took, peer, ratios, same, greedy = [], [], [], 0, []
        for seed in range(1, seeds + 1):
            jury = make_jury(applications, jurors, per=per, sides=sides, seed=seed)
            found, seconds = clocked(lambda jury=jury: assign_jury(jury))
            assert isinstance(found, Assignment)
            assert check_jury(jury, found) == []
            took.append(seconds)
            (squares, fit), empty = assign_greedily(jury)
            greedy.append((squares - found.squares, 100 * fit / found.fit, empty))
            if applications <= MOST_PEER:
                answer, seconds = clocked(lambda jury=jury: assign_by_cp_sat(jury, LIMIT_S))
                peer.append(seconds)
                ratios.append(seconds / took[-1])
                same += answer == ((found.squares, found.fit), True)
            print(applications, sides, seed, took[-1], peer[-1:], greedy[-1], flush=True)
        told = ["not tried"] * 3
        if peer:
            told = [
                f"{statistics.median(peer):.2f}",
                f"{statistics.median(ratios):.0f}",
                f"{same} of {seeds}",
            ]
        middle = [sorted(one[at] for one in greedy)[seeds // 2] for at in range(3)]
        rows.append(
            f"| {applications:,} | {jurors} | {per} | {sides} | {statistics.median(took):.3f} | "
            f"{max(took):.3f} | {' | '.join(told)} | {middle[0]:+,} | {middle[1]:.0f} % | {middle[2]} |"
        )
    return JURY_TOLD.format(seeds=seeds, limit=f"{LIMIT_S:.0f}", rows="\n".join(rows))


def tell_selections(seeds: int) -> str:
    """Return the table of places."""
    rows = []
    for candidates, origins in CHOICES:
        took, checked, missed, short = [], [], [], []
        for seed in range(1, seeds + 1):
            choice = make_choice(candidates, origins=origins, seed=seed)
            found, seconds = clocked(lambda choice=choice: select_places(choice))
            assert isinstance(found, Selection), found
            took.append(seconds)
            if candidates <= 200:
                errors, seconds = clocked(
                    lambda choice=choice, found=found: check_selection(choice, found)
                )
                assert errors == []
                checked.append(seconds)
            total, missing = select_greedily(choice)
            missed.append(float(found.total - total))
            short.append(missing)
            print(candidates, origins, seed, seconds, missed[-1], missing, flush=True)
        told = f"{statistics.median(checked):.2f}" if checked else "not tried"
        rows.append(
            f"| {candidates:,} | {origins} | {2 * origins - 1} | {statistics.median(took):.2f} | "
            f"{max(took):.2f} | {told} | {statistics.median(missed):+.1f} | {max(short)} |"
        )
    return SELECTION_TOLD.format(seeds=seeds, rows="\n".join(rows))


JURY_TOLD = """{seeds} juries of each size by a generator: one to four of twelve topics each, half of the jurors
with a limit, 5 % of all pairs barred. Seconds of processor time in one thread, the arrays and the proof
included, median and most. *CP-SAT*: the same model, one worker, {limit} s at most; *ratio*: its time to ours
on the same jury, median; *same*: proven in that time and equal. *Greedy*: always the juror with the least
load who may, then who fits: what its squares are more, its fit to ours, and reviews that nobody could take
(medians); limits are loose here, so even loads are easy.

| applications | jurors | each | sides | s, median | s, most | CP-SAT, s | ratio | same | greedy: squares | fit | empty |
|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
{rows}
"""

SELECTION_TOLD = """{seeds} choices of each size: places for half of the candidates, and quotas for one to three origins each,
with a least or a most that can all be kept together. Seconds of processor time in one thread with the cost of each
quota and of all together: as many solutions as quotas, and two. *Checked*: seconds of the independent
checker (dynamic programming). *Greedy*: quota by quota the best until its least is met, then the best
that fit: points of percent that the best selection has more (median; places left empty count), and places that
its leasts miss (most).

| candidates | origins | quotas | s, median | s, most | checked, s | points over greedy | greedy misses |
|--:|--:|--:|--:|--:|--:|--:|--:|
{rows}
"""

if __name__ == "__main__":
    main()
