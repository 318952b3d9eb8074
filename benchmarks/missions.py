"""Days of visits: how long the best one takes, beside the routing solver of OR-Tools.

    python -m benchmarks.missions [--seeds 9] [--instances FOLDER]

FOLDER holds instances of the travelling salesman problem with time windows in the format of
http://lopez-ibanez.eu/tsptw-instances; those with a published optimum and no more visits than a day
may have are planned. Seconds are processor time of this process: everything runs in one thread. The
page goes to `docs/reference/missions.md`; without FOLDER its section on instances stays as it is.
"""

import argparse
import os
import platform
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

from proxeny.engine.missions import (
    CAR,
    MOST_MINUTES,
    TRANSPORT,
    WALKING,
    Day,
    Itinerary,
    Point,
    Visit,
    plan_day,
    travel_matrix,
)

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "missions.md"
SIZES = (6, 8, 10, 12, 14, 16)
MODES = (WALKING, TRANSPORT, CAR)
#: Seconds by the clock of the routing solver's tabu search, which does not stop by itself.
TABU_S = 3
#: The least time on the way (Ascheuer, Fischetti and Grötschel 2001; Potvin and Bengio 1996) and
#: the earliest end (López-Ibáñez, Blum, Ohlmann and Thomas 2013), both with the time of services.
PUBLISHED = {
    "rbg010a": (671, 3840),
    "rbg016a": (938, 2596),
    "rbg016b": (1304, 2094),
    "rbg017.2": (852, 2351),
    "rbg017": (893, 2351),
    "rc_202.2": (304.14, 338.52),
    "rc_203.4": (314.29, 338.52),
    "rc_205.1": (343.21, 417.81),
    "rc_206.1": (117.85, 117.85),
    "rc_207.4": (119.64, 133.14),
}


@dataclass
class Timed:
    """Milliseconds of some calls, and how many answers were as good as the engine's.

    Of the engine itself: how many there were.
    """

    ms: list[float] = field(default_factory=list)
    same: int = 0
    less_worth: int = 0
    peak_mb: float = 0.0

    @property
    def middle(self) -> float:
        """The median."""
        return statistics.median(self.ms)


def clocked(call: Callable[[], Any]) -> tuple[Any, float]:
    """Return what a call answers, and the milliseconds of processor time that it took."""
    started = time.process_time()
    answer = call()
    return answer, (time.process_time() - started) * 1000


def make_day(count: int, seed: int) -> Day[int]:
    """Return a day from 8:30 to 19:00 with visits within six kilometres of a hotel in Athens.

    On foot, by public transport or by car in turns; one visit in five is a must, one in ten is
    agreed for an hour, two in five have a lunch break.
    """
    dice = random.Random(f"{count} {seed}")
    hotel = Point(37.9755, 23.7348)
    spread = 0.02 if seed % 3 == 0 else 0.054
    places = [
        Point(
            hotel.latitude + dice.uniform(-spread, spread),
            hotel.longitude + dice.uniform(-spread, spread) * 1.27,
        )
        for _ in range(count)
    ]
    return Day(
        visits=[_make_visit(dice, number) for number in range(count)],
        travel_min=travel_matrix([*places, hotel], MODES[seed % 3]),
        start=count,
        starts_at=510,
        end=count,
        ends_by=1140,
    )


def _make_visit(dice: random.Random, number: int) -> Visit[int]:
    opens, closes = dice.choice((540, 570, 600)), dice.choice((1020, 1050, 1080))
    has_break = dice.random() < 0.4
    return Visit(
        key=number,
        place=number,
        duration_min=dice.choice((20, 30, 40, 50, 60)),
        windows=((opens, 750), (810, closes)) if has_break else ((opens, closes),),
        fixed_at=dice.choice((630, 690, 840, 900, 945)) if dice.random() < 0.1 else None,
        worth=dice.randint(1, 5),
        must=dice.random() < 0.2,
        buffer_min=dice.choice((5, 10)),
    )


def make_hard_day(count: int, seed: int) -> Day[int]:
    """Return a day of twelve hours with no must, much room, and two windows of its own per visit.

    Much can be made in many orders and little is told apart early, so that most labels stay.
    """
    dice = random.Random(f"hard {count} {seed}")
    places = [
        Point(dice.uniform(37.95, 38.01), dice.uniform(23.70, 23.78)) for _ in range(count + 1)
    ]
    visits = [
        Visit(
            key=number,
            place=number,
            duration_min=dice.choice((5, 15, 25, 40, 55)),
            windows=(
                (540 + dice.randint(0, 120), 700 + dice.randint(0, 40)),
                (780 + dice.randint(0, 60), 1000 + dice.randint(0, 120)),
            ),
            worth=dice.randint(1, 5),
        )
        for number in range(count)
    ]
    matrix = travel_matrix(places, TRANSPORT)
    return Day(
        visits=visits, travel_min=matrix, start=count, starts_at=500, end=count, ends_by=1220
    )


def route_with_or_tools(day: Day[int], *, tabu_s: int = 0) -> tuple[int, int, int] | None:
    """Return worth, end and time on the way of the day that the routing solver of OR-Tools finds.

    One vehicle, a time dimension with the windows, a penalty for each visit left out. One cost in
    which a unit of worth outweighs every end, and a minute of the end every way. With the search it
    takes by itself, to a local optimum; or for some seconds with tabu search, which found more of
    the best days than guided local search, annealing and generic tabu search did.
    """
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    count, minute, unit = len(day.visits), 10_000, 20_000_000
    manager = pywrapcp.RoutingIndexManager(count + 2, 1, [count], [count + 1])
    routing = pywrapcp.RoutingModel(manager)
    places = [*(visit.place for visit in day.visits), day.start, day.end]
    stays = [*(visit.duration_min for visit in day.visits), 0, 0]
    buffers = [*(visit.buffer_min for visit in day.visits), 0, 0]

    def way(start: int, end: int) -> int:
        a, b = manager.IndexToNode(start), manager.IndexToNode(end)
        return day.travel_min[places[a]][places[b]]

    def takes(start: int, end: int) -> int:
        a, b = manager.IndexToNode(start), manager.IndexToNode(end)
        return stays[a] + day.travel_min[places[a]][places[b]] + buffers[b]

    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitCallback(way))
    routing.AddDimension(
        routing.RegisterTransitCallback(takes), day.ends_by, day.ends_by, False, "time"
    )
    clock = routing.GetDimensionOrDie("time")
    routing.solver().Add(clock.CumulVar(routing.Start(0)) == day.starts_at)
    clock.SetCumulVarSoftUpperBound(routing.End(0), 0, minute)
    routing.AddVariableMinimizedByFinalizer(clock.CumulVar(routing.End(0)))
    for node, visit in enumerate(day.visits):
        index, spans = manager.NodeToIndex(node), visit.begins
        if spans:
            clock.CumulVar(index).SetRange(spans[0][0], min(spans[-1][1], day.ends_by))
            for (_, last), (first, _) in pairwise(spans):
                clock.CumulVar(index).RemoveInterval(last + 1, first - 1)
        else:
            routing.solver().Add(routing.ActiveVar(index) == 0)
        if not visit.must:
            routing.AddDisjunction([index], visit.worth * unit)
    options = pywrapcp.DefaultRoutingSearchParameters()
    if tabu_s:
        options.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.TABU_SEARCH
        options.time_limit.FromSeconds(tabu_s)
    found = routing.SolveWithParameters(options)
    return None if found is None else _read_route(day, manager, routing, clock, found)


def _read_route(day: Day[int], manager: Any, routing: Any, clock: Any, found: Any) -> Any:
    worth, travel, index = 0, 0, routing.Start(0)
    here = day.start
    while not routing.IsEnd(index):
        index = found.Value(routing.NextVar(index))
        is_visit = not routing.IsEnd(index)
        there = day.visits[manager.IndexToNode(index)].place if is_visit else day.end
        worth += day.visits[manager.IndexToNode(index)].worth if is_visit else 0
        travel += day.travel_min[here][there]
        here = there
    return worth, found.Min(clock.CumulVar(index)), travel


PEERS: dict[str, Callable[[Day[int]], tuple[int, int, int] | None]] = {
    "routing": route_with_or_tools,
    "tabu": lambda day: route_with_or_tools(day, tabu_s=TABU_S),
}


def measure_size(count: int, seeds: int) -> dict[str, Timed]:
    """Plan days of a size, and put each to the peers as well."""
    timed = {name: Timed() for name in ("engine", *PEERS)}
    for seed in range(seeds):
        day = make_day(count, seed)
        found, ms = clocked(lambda day=day: plan_day(day))
        timed["engine"].ms.append(ms)
        timed["engine"].peak_mb = max(timed["engine"].peak_mb, _peak_mb(day))
        timed["engine"].same += found.status == "optimal"
        for name, solve in PEERS.items():
            other, ms = clocked(lambda solve=solve, day=day: solve(day))
            timed[name].ms.append(ms)
            _compare(timed[name], found, other)
    print(count, {name: round(one.middle, 1) for name, one in timed.items()}, flush=True)
    return timed


def measure_hard(count: int, seeds: int) -> Timed:
    """Plan days that are hard for the engine."""
    timed = Timed()
    for seed in range(seeds):
        day = make_hard_day(count, seed)
        timed.ms.append(clocked(lambda day=day: plan_day(day))[1])
        timed.peak_mb = max(timed.peak_mb, _peak_mb(day))
    return timed


def _peak_mb(day: Day[int]) -> float:
    tracemalloc.start()
    plan_day(day)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def _compare(timed: Timed, found: Itinerary[int], other: tuple[int, int, int] | None) -> None:
    if found.status == "infeasible":
        assert other is None, "a peer found a day where the engine says there is none"
        timed.same += 1
        return
    if other is None:
        timed.less_worth += 1
        return
    ours = (found.worth, -found.ends_at, -found.travel_min)
    theirs = (other[0], -other[1], -other[2])
    assert theirs <= ours, "a peer found a better day than the engine"
    timed.same += theirs == ours
    timed.less_worth += other[0] < found.worth


def read_instance(path: Path) -> tuple[Day[int], int]:
    """Return a published instance as a day, and how many of its units are one of the file's."""
    rows = [line.split() for line in path.read_text().splitlines() if line[:1] not in ("", "#")]
    scale = 10_000 if any("." in text for row in rows for text in row) else 1
    count, *numbers = [
        [min(round(float(text) * scale), MOST_MINUTES) for text in row] for row in rows
    ]
    size = count[0] // scale
    windows = [(row[0], row[1]) for row in numbers[size : 2 * size]]
    day = Day(
        visits=[Visit(at, at, 0, [windows[at]], must=True) for at in range(1, size)],
        travel_min=[
            [0 if a == b else minutes for b, minutes in enumerate(row)]
            for a, row in enumerate(numbers[:size])
        ],
        start=0,
        starts_at=windows[0][0],
        end=0,
        ends_by=windows[0][1],
    )
    return day, scale


def measure_instances(folder: Path) -> str:
    """Plan the published instances of a folder and return the rows of their table."""
    rows = []
    for path in sorted(folder.iterdir()):
        name = path.name.removesuffix(".tw").removesuffix(".txt")
        if name not in PUBLISHED:
            continue
        day, scale = read_instance(path)
        early, ms = clocked(lambda day=day: plan_day(day))
        short = plan_day(day, prefer="travel")
        ours = (round(short.travel_min / scale, 2), round(early.ends_at / scale, 2))
        assert ours == PUBLISHED[name], (name, ours)
        rows.append(f"| {name} | {len(day.visits)} | {ours[0]:g} | {ours[1]:g} | {ms:.1f} |")
    assert len(rows) == len(PUBLISHED), f"{folder}: has {len(rows)} of {len(PUBLISHED)} instances"
    return "\n".join(rows)


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=9)
    parser.add_argument("--instances", type=Path)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    for solve in PEERS.values():
        solve(make_day(3, 1))  # loads the solver
    grown = {count: measure_size(count, options.seeds) for count in SIZES}
    hard = {count: measure_hard(count, options.seeds) for count in SIZES}
    text = PAGE.read_text(encoding="utf-8")
    before, mark, rest = text.partition(BEGIN)
    published = rest.partition(END)[0].rpartition("|--:|\n")[2].strip()
    if options.instances:
        published = measure_instances(options.instances)
    figures = FIGURES.format(
        seeds=options.seeds,
        machine=(
            f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load average {load:.1f} before "
            f"the start, Python {platform.python_version()}, ortools {version('ortools')}."
        ),
        tabu=TABU_S,
        rows="\n".join(_row(count, timed) for count, timed in grown.items()),
        hard="\n".join(
            f"| {count} | {one.middle:.1f} | {max(one.ms):.1f} | {one.peak_mb:.1f} |"
            for count, one in hard.items()
        ),
        published=published,
    )
    PAGE.write_text(before + mark + figures + END + text.partition(END)[2], encoding="utf-8")


def _row(count: int, timed: dict[str, Timed]) -> str:
    engine = timed["engine"]
    cells: list[Any] = [count, len(engine.ms) - engine.same]
    cells += [f"{engine.middle:.1f}", f"{max(engine.ms):.1f}", f"{engine.peak_mb:.1f}"]
    for name in PEERS:
        one = timed[name]
        cells += [
            f"{one.middle:.1f}",
            f"{one.middle / engine.middle:.1f}",
            f"{one.same} of {len(one.ms)}",
            one.less_worth,
        ]
    return f"| {' | '.join(map(str, cells))} |"


BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
FIGURES = """
{seeds} days of each size, from 8:30 to 19:00 within six kilometres of a hotel in Athens, on foot, by
public transport or by car in turns; visits of 20 to 60 minutes, one in five a must, one in ten agreed
for an hour, two in five with a lunch break. Milliseconds of processor time in one thread, median and
slowest, with the reasons of what is left out; the highest memory of a plan in megabytes. *None*: days
whose must-visits cannot all be made.

Beside it the routing solver of OR-Tools with time windows and a penalty for each visit left out, with
the search that it takes by itself (*routing*), and with {tabu} seconds by the clock of tabu search
(*tabu*), which found more of the best days than its other searches did. Neither proves its answer nor
says what is in the way of one. *Ratio*: their time to the engine's. *Same*: days as good as the
engine's. *Less*: days worth less than the engine's, or none found; the rest end later or travel
longer. None was better, which each run asserts.

{machine}

| visits | none | engine | slowest | memory | routing | ratio | same | less | tabu | ratio | same | less |
|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
{rows}

Days that are hard for the engine: twelve hours, no must, visits of 5 to 55 minutes, each with two
windows of its own, so that most visits fit and in many orders.

| visits | median | slowest | memory |
|--:|--:|--:|--:|
{hard}

## Published instances

The instances of the travelling salesman problem with time windows that have at most 16 visits, from
the collection of López-Ibáñez and Blum (http://lopez-ibanez.eu/tsptw-instances): every least time on
the way and every earliest end is the published one (Ascheuer, Fischetti and Grötschel 2001; Potvin
and Bengio 1996; López-Ibáñez, Blum, Ohlmann and Thomas 2013). Services are part of the ways there.

| instance | visits | least way | earliest end | ms |
|---|--:|--:|--:|--:|
{published}

"""

if __name__ == "__main__":
    main()
