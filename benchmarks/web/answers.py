"""How long every page of the demo takes the server.

    python -m benchmarks.web.answers [--times 20] [--home FOLDER]

Opens one page of each route that links lead to, as five people, then asks each of them again and
again over HTTP, two askers at once before two web workers; tells the median and the time that 95 of
100 answers take at most.
"""

import argparse
import statistics
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.web import serving
from benchmarks.web.crawl import PEOPLE, Found, find_pages

#: What the issue of the face asks for, in milliseconds.
BAR_MS = 150
ASKERS = 2


def main() -> None:
    """Start the demo, ask, write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--home", type=Path, help="keep the demo's folder for the next run")
    options = parser.parse_args()
    with serving.running(options.home, demo=True) as own:
        serving.set_up_routes()
        pages = _find(own)
        print(f"{len(pages)} pages", file=sys.stderr)
        with ThreadPoolExecutor(ASKERS) as askers:
            asked = [
                askers.submit(_ask, own, pages, options.times // ASKERS) for _ in range(ASKERS)
            ]
            took = [one.result() for one in asked]
    rows = []
    for page in pages:
        seconds = sorted(one for times in took for one in times[page.route])
        rows.append(
            {
                "route": page.route,
                "person": page.person,
                "p50": 1000 * statistics.median(seconds),
                "p95": 1000 * _p95(seconds),
            }
        )
    rows.sort(key=lambda row: -row["p95"])
    everything = sorted(one for times in took for found in times.values() for one in found)
    slow = [row for row in rows if row["p95"] > BAR_MS]
    serving.keep(
        "answers",
        {
            "pages": len(rows),
            "times": options.times,
            "slow": len(slow),
            "p50": 1000 * statistics.median(everything),
            "p95": 1000 * _p95(everything),
            "slowest": rows[:15],
        },
    )
    for row in rows[:30]:
        print(f"{row['p50']:7.1f} {row['p95']:7.1f}  {row['route']} ({row['person']})")
    print(f"{len(slow)} of {len(rows)} pages above {BAR_MS} ms")


def _find(own: serving.Own) -> list[Found]:
    known: set[str] = set()
    pages: list[Found] = []
    for person in PEOPLE:
        caller = own.sign_in(person) if person else serving.Caller(own.url)
        pages += find_pages(caller, person, known=known)
    return pages


def _ask(own: serving.Own, pages: Iterable[Found], times: int) -> dict[str, list[float]]:
    """Ask every page so many times, round after round, each as the person who found it."""
    pages = list(pages)
    callers = {
        person: own.sign_in(person) if person else serving.Caller(own.url)
        for person in dict.fromkeys(page.person for page in pages)
    }
    took: dict[str, list[float]] = {page.route: [] for page in pages}
    for turn in range(times + 1):
        for page in pages:
            answer = callers[page.person].get(page.path)
            if answer.status != 200:
                raise SystemExit(f"{page.path}: {answer.status}")
            # The first round warms up.
            if turn:
                took[page.route].append(answer.seconds)
    return took


def _p95(seconds: list[float]) -> float:
    return seconds[max(0, -(-95 * len(seconds) // 100) - 1)]


if __name__ == "__main__":
    main()
