"""How long the best ten of a directory take, by its size, and what is proven of them."""

import statistics
import time
from collections.abc import Sequence

from benchmarks.consortium.directories import make_directory, make_wish
from benchmarks.consortium.greedy import choose_greedily
from benchmarks.consortium.page import tell_machine

from proxeny.engine.consortium import (
    Organisation,
    Proposals,
    Relation,
    Settings,
    Wish,
    propose_consortia,
)

__all__ = ["tell_sizes"]

SIZES = (1_000, 10_000, 50_000)
PLAIN_UP_TO, PLAIN_S, LIMIT_S, IN_S = 1_000, 60, 60, 5


def tell_sizes(seeds: int) -> str:
    """Measure, and return what the page says of it."""
    machine = tell_machine()
    rows = "\n".join(_measure_size(size, seeds) for size in SIZES)
    return TOLD.format(machine=machine, seeds=seeds, rows=rows, in_time=_measure_in_time(seeds))


def _clocked(
    organisations: Sequence[Organisation],
    relations: Sequence[Relation],
    wish: Wish,
    settings: Settings,
) -> tuple[Proposals, float]:
    """Return proposals, and the seconds of processor time that they took."""
    started = time.process_time()
    found = propose_consortia(organisations, wish, relations=relations, settings=settings)
    return found, time.process_time() - started


def _measure_size(size: int, seeds: int) -> str:
    """Return a row of the table."""
    seconds, compared, ratios, proven, plain = [], [], [], 0, []
    for seed in range(1, seeds + 1):
        organisations, relations = make_directory(size, seed)
        wish = make_wish()
        found, took = _clocked(organisations, relations, wish, Settings(time_limit_s=LIMIT_S))
        seconds.append(took)
        compared.append(found.compared)
        proven += sum(one.gap == 0 for one in found.proposals)
        greedy = choose_greedily(organisations, relations, wish)
        ratios.append((greedy or 0) / found.proposals[0].worth.total)
        if size <= PLAIN_UP_TO:
            plain.append(_measure_plain(organisations, relations, wish, found))
        print(size, seed, found.status, round(took, 2), found.compared, ratios[-1], flush=True)
    beside = f"{statistics.median(plain):.1f}" if plain else "not tried"
    return (
        f"| {size:,} | {statistics.median(seconds):.1f} | {max(seconds):.1f} "
        f"| {statistics.median(compared):.0f} | {proven} of {10 * seeds} | {beside} "
        f"| {100 * statistics.median(ratios):.1f} % |"
    )


def _measure_plain(
    organisations: Sequence[Organisation],
    relations: Sequence[Relation],
    wish: Wish,
    found: Proposals,
) -> float:
    """Return the seconds that the model over all takes, and see that it finds the same."""
    settings = Settings(time_limit_s=PLAIN_S, is_pruned=False)
    other, took = _clocked(organisations, relations, wish, settings)
    if other.status == found.status == "optimal":
        totals = [one.worth.total for one in found.proposals]
        assert [one.worth.total for one in other.proposals] == totals
    return took


def _measure_in_time(seeds: int) -> str:
    """Return what there is of the largest directory after a few seconds by the clock."""
    seconds, first, last, proven = [], [], [], 0
    for seed in range(1, seeds + 1):
        organisations, relations = make_directory(SIZES[-1], seed)
        started = time.monotonic()
        found = propose_consortia(
            organisations, make_wish(), relations=relations, settings=Settings(time_limit_s=IN_S)
        )
        seconds.append(time.monotonic() - started)
        gaps = [100 * one.gap / one.bound for one in found.proposals]
        assert len(gaps) == make_wish().count
        first.append(gaps[0])
        last.append(gaps[-1])
        proven += sum(gap == 0 for gap in gaps)
        print("in time", seed, found.status, round(seconds[-1], 2), gaps, flush=True)
    return (
        f"{SIZES[-1]:,} organisations, {IN_S} seconds allowed: {max(seconds):.1f} s by the clock at "
        f"most, ten proposals each time, {proven} of {10 * seeds} proven; the best within "
        f"{max(first):.1f} % of what nothing is above, the tenth within {max(last):.1f} %."
    )


TOLD = """
Directories by a generator, {seeds} of each size: forty countries, two sides, one to four of twelve topics
each, fit in the shape of a text's match (normal, few far above), four relations a head with hubs, 5 %
in groups. A research and innovation action, 8 to 15 members, all topics covered, two of each side, EUR 6
million at most, somebody to coordinate; the best ten. Seconds of processor time in one thread, arrays
and reasons included. *Plain*: the same model with CP-SAT over all, at most 60 s, with the same answer
where it ends in time. *Greedy*: its worth to the best.

{machine}

| organisations | s, median | s, most | compared | proven | plain, s | greedy |
|--:|--:|--:|--:|--:|--:|--:|
{rows}

**In time.** {in_time}
"""
