"""Times that suit several people: how long finding them takes, beside going through all starts.

    python -m benchmarks.booking [--seeds 5]

Both are measured in the same run, in one thread, in processor time; the naive way goes through every
start and every time taken in plain Python, as one would write it first, and has to find the same
starts. The figures go to `docs/reference/booking.md`.
"""

import argparse
import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from proxeny.engine.booking import Found, Person, Request, Taken, check_times, find_times

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "booking.md"
ZONES = ("Europe/Athens", "Europe/Paris", "America/New_York", "Asia/Dubai", "Africa/Cairo")
MONDAY = datetime(2026, 10, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
#: People, days, and times taken of each person.
SIZES = ((3, 15, 125), (3, 30, 250), (3, 60, 500), (3, 120, 1000), (6, 60, 500), (12, 60, 500))


def make_request(people: int, days: int, taken: int, seed: int, **more: Any) -> Request[int]:
    """Return a request over changes of the clocks, of people with hours from 8 to 18 on weekdays."""
    dice = random.Random(f"{people} {days} {taken} {seed}")
    return Request(
        **{
            "people": [_make_person(dice, number, days, taken) for number in range(people)],
            "first_at": MONDAY,
            "last_at": MONDAY + timedelta(days=days),
            "now": MONDAY,
            "zone": "Europe/Athens",
            "duration_min": 30,
            "place": 0,
            "buffer_min": 10,
            "travel_min": [[0 if a == b else 15 + 5 * (a + b) for b in range(4)] for a in range(4)],
            "notice_min": 1440,
            **more,
        }
    )


def _make_person(dice: random.Random, number: int, days: int, taken: int) -> Person[int]:
    return Person(
        key=number,
        zone=ZONES[number % len(ZONES)],
        hours={day: [(480, 750), (780, 1080)] for day in range(5)},
        taken=[_make_taken(dice, days) for _ in range(taken)],
        days_off=[(MONDAY + timedelta(days=dice.randrange(days))).date()],
    )


def _make_taken(dice: random.Random, days: int) -> Taken:
    # Most meetings are within European working hours, and many of them overlap.
    start = MONDAY + timedelta(
        days=dice.randrange(days), minutes=dice.randrange(5 * 60, 20 * 60, 15)
    )
    place = dice.choice((None, 0, 1, 2, 3))
    return Taken(start, start + dice.choice((15, 30, 30, 60)) * MINUTE, place)


def go_through(request: Request[int]) -> int:
    """Return how many starts suit, start by start: the naive way."""
    length, count = request.duration_min * MINUTE, 0
    start = request.first_at
    zones = [ZoneInfo(person.zone) for person in request.people]
    while start + length <= request.last_at:
        if start >= request.now + request.notice_min * MINUTE:
            count += all(
                _suits(request, person, zone, start, start + length)
                for person, zone in zip(request.people, zones, strict=True)
            )
        start += request.step_min * MINUTE
    return count


def _suits(
    request: Request[int], person: Person[int], zone: ZoneInfo, start: datetime, end: datetime
) -> bool:
    local = start.astimezone(zone)
    begins = local.hour * 60 + local.minute
    if local.date() in person.days_off or not any(
        opens <= begins and begins + request.duration_min <= closes
        for opens, closes in person.hours.get(local.weekday(), ())
    ):
        return False
    for one in person.taken:
        here = there = request.buffer_min
        if one.place is not None and request.place is not None:
            here += request.travel_min[one.place][request.place]
            there += request.travel_min[request.place][one.place]
        if start < one.ends_at + here * MINUTE and end > one.starts_at - there * MINUTE:
            return False
    return True


def clocked(call: Callable[[], Any]) -> tuple[Any, float]:
    """Return what a call answers, and the milliseconds of processor time that it took."""
    started = time.process_time()
    answer = call()
    return answer, (time.process_time() - started) * 1000


def measure(size: tuple[int, int, int], seeds: int) -> str:
    """Return the row of a size."""
    ours, naive, found = [], [], []
    for seed in range(seeds):
        request = make_request(*size, seed)
        one, ms = clocked(lambda request=request: find_times(request))
        ours.append(ms)
        count, ms = clocked(lambda request=request: go_through(request))
        naive.append(ms)
        assert (one.starts, check_times(request, one)) == (count, ())
        found.append(one)
    middle, other = statistics.median(ours), statistics.median(naive)
    none = sum(one.status == "none" for one in found)
    row = _row(
        [*size, none, f"{middle:.1f}", f"{max(ours):.1f}", f"{other:.0f}", round(other / middle)]
    )
    print(row, flush=True)
    return row


def measure_kinds(seeds: int) -> list[str]:
    """Return the rows of what else a request may be, at 3 people, 60 days and 500 times taken."""
    kinds: dict[str, dict[str, Any]] = {
        "as above": {},
        "no time: a meeting of 10 hours": {"duration_min": 600},
        "every minute": {"step_min": 1},
        "50 proposals, 5 a day": {"wanted": 50, "per_day": 5},
    }
    rows = []
    for name, more in kinds.items():
        requests = [make_request(3, 60, 500, seed, **more) for seed in range(seeds)]
        results: list[tuple[Found[int], float]] = [
            clocked(lambda request=request: find_times(request)) for request in requests
        ]
        ms = [one for _, one in results]
        starts = statistics.median(one.starts for one, _ in results)
        rows.append(_row([name, f"{starts:.0f}", f"{statistics.median(ms):.1f}", f"{max(ms):.1f}"]))
        print(rows[-1], flush=True)
    return rows


def _row(cells: Iterable[Any]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    find_times(make_request(1, 2, 2, 0))  # loads what is loaded once
    figures = FIGURES.format(
        seeds=options.seeds,
        machine=(
            f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load average {load:.1f} before "
            f"the start, Python {platform.python_version()}."
        ),
        rows="\n".join(measure(size, options.seeds) for size in SIZES),
        kinds="\n".join(measure_kinds(options.seeds)),
    )
    text = PAGE.read_text(encoding="utf-8")
    before, mark, rest = text.partition(BEGIN)
    PAGE.write_text(before + mark + figures + END + rest.partition(END)[2], encoding="utf-8")


BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
FIGURES = """
{seeds} requests of each size: half an hour with a way to most other meetings and a buffer of ten
minutes, starts each quarter of an hour, clocks that change in between, everybody at work from 8 to 18
with half an hour of lunch. Milliseconds of processor time in one thread, median and slowest, with all
reasons. *Naive*: every start against every time taken in plain Python; it only counts the starts that
suit, which each run asserts to be the same, and neither ranks, chooses nor explains. *None*: requests
without a time.

{machine}

| people | days | taken each | none | engine | slowest | naive | ratio |
|--:|--:|--:|--:|--:|--:|--:|--:|
{rows}

With 3 people, 60 days and 500 times taken each:

| request | starts that suit | median | slowest |
|---|--:|--:|--:|
{kinds}

"""

if __name__ == "__main__":
    main()
