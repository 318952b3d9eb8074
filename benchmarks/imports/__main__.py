"""How fast lists are imported, and in how much memory: new rows, the same again, a few changed.

    python -m benchmarks.imports [--sizes 10000,100000,1000000] [--write]

Each import is the command's own path in a process of its own, whose peak memory is read at its end.
The tables go to `docs/reference/imports.md`, between its two marks.
"""

import argparse
import csv
import multiprocessing
import os
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.policies.__main__ import database

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "imports.md"
#: Beyond, a list is imported once only.
MOST_AGAIN = 200_000
BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
CHECKED = "read and checked alone"
EMAIL = "manager@bench.example"
HEADER = ["Reference", "Name", "Country", "City", "Website", "E-mail", "Employees", "Fields"]
WORDS = [
    "olive",
    "stone",
    "river",
    "light",
    "harbour",
    "cedar",
    "north",
    "signal",
    "amber",
    "field",
    "copper",
    "garden",
    "tide",
    "lantern",
    "meadow",
    "thread",
    "summit",
    "bridge",
    "crystal",
    "orbit",
]
CITIES = [("GR", "Athens"), ("FR", "Lyon"), ("MA", "Rabat"), ("CY", "Nicosia"), ("IT", "Turin")]


@dataclass(frozen=True, slots=True)
class Measured:
    """One import: its seconds by the clock and of the processor, the peak of its memory.

    `processor` are seconds of Python and of the database together: they take turns, so on an idle
    machine the clock shows as much.
    """

    what: str
    rows: int
    seconds: float
    processor: float
    megabytes: int
    told: str


def rows(count: int, *, changed_every: int = 0) -> Iterator[list[str]]:
    """Yield rows of a member list; the same for the same count."""
    luck = random.Random(7)
    for number in range(count):
        name = " ".join(luck.choices(WORDS, k=3)).title()
        country, city = luck.choice(CITIES)
        if changed_every and number % changed_every == 0:
            city = "Crete"
        yield [
            f"B{number}",
            f"{name} {number}",
            country,
            city,
            f"https://c{number}.example",
            f"info@c{number}.example",
            str(luck.randrange(1, 500)),
            "Health; Energy",
        ]


def write_list(path: Path, count: int, **how: int) -> None:
    """Write a list to a file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows(count, **how))


def measure(what: str, path: Path, cluster: str, count: int) -> Measured:
    """Import a file in a process of its own, or only check it."""
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    work = _check if what == CHECKED else _import
    child = context.Process(target=work, args=(path, cluster, answers))
    child.start()
    answer = answers.get()
    child.join()
    found = Measured(what, count, *answer)
    print(found, flush=True)
    return found


def _check(path: Path, _cluster: str, answers: multiprocessing.Queue) -> None:
    from proxeny.directory.memberlist.check import Options, check_rows
    from proxeny.directory.memberlist.staged import stage
    from proxeny.directory.sources.content import COMMAND, Content
    from proxeny.directory.sources.reading import open_table
    from proxeny.directory.sources.recognising import propose_mapping

    started, spent, count = time.monotonic(), time.process_time(), 0
    table, options = open_table(Content.of_path(path, COMMAND)), Options(country="GR")
    for one in check_rows(table, propose_mapping(table, "members"), options):
        assert one.entry is not None
        stage(one.entry, options)
        count += 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    answers.put((time.monotonic() - started, time.process_time() - spent, peak, str(count)))


def _import(path: Path, cluster: str, answers: multiprocessing.Queue) -> None:
    from django.db import connection

    from proxeny.directory.command import import_from_command_line

    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = cursor.fetchone()[0]
    started, spent = time.monotonic(), time.process_time() + _processor(server)
    told = import_from_command_line(path=path, cluster_name=cluster, manager_email=EMAIL)
    seconds = time.monotonic() - started
    spent = time.process_time() + _processor(server) - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    answers.put((seconds, spent, peak, told))


def _processor(process: int) -> float:
    """Return the processor seconds that a process has taken so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(sizes: list[int], full: int) -> list[Measured]:
    """Check lists of each size, and import those up to `full`, each into a cluster of its own."""
    from django.db import connection

    from proxeny.directory.command import found_from_command_line

    found = []
    with tempfile.TemporaryDirectory() as folder:
        for count in sizes:
            cluster = f"Bench {count}"
            found_from_command_line(
                cluster_name=cluster, country="GR", email=EMAIL, person="Bench Manager"
            )
            connection.close()
            path = Path(folder) / "list.csv"
            write_list(path, count)
            found.append(measure(CHECKED, path, cluster, count))
            if count <= full:
                found.append(measure("new", path, cluster, count))
            if count > min(full, MOST_AGAIN):
                continue
            found.append(measure("the same again", path, cluster, count))
            write_list(path, count, changed_every=100)
            found.append(measure("one row in a hundred changed", path, cluster, count))
    return found


def table(found: list[Measured]) -> str:
    """Return the measurements as a table."""
    lines = [
        "| rows | list | by the clock | of the processor | rows a processor second | peak memory |",
        "|---:|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {one.rows:,} | {one.what} | {one.seconds:,.1f} s | {one.processor:,.1f} s |"
        f" {one.rows / one.processor:,.0f} | {one.megabytes} MB |"
        for one in found
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and write the page if wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    parser.add_argument("--full", type=int, default=1_000_000, help="Import up to so many rows.")
    parser.add_argument("--write", action="store_true", help="Write docs/reference/imports.md.")
    options = parser.parse_args()
    with database():
        measured = table(run([int(size) for size in options.sizes.split(",")], options.full))
    print(measured)
    if options.write:
        page = PAGE.read_text("utf-8")
        before, _begin, rest = page.partition(BEGIN)
        _old, _end, after = rest.partition(END)
        PAGE.write_text(f"{before}{BEGIN}\n\n{measured}\n\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
