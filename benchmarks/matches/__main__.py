"""Times of the whole work behind "Whom to meet", introductions and suggestions.

    python -m benchmarks.matches [--rows 1000 10000 100000] [--lists 100 1000] [--event 500]

For each number of visible members a throw-away database is filled; then the job runs as a
manager, under the policies, twice: the second time is told, as a worker that has run before works.
The page's own queries are timed beside it. The table goes to `docs/reference/matches.md`.
"""

import argparse
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "matches.md"
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


def main() -> None:
    """Measure each size in a process of its own, then write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--lists", type=int, nargs="*", default=[100, 1_000])
    parser.add_argument("--event", type=int, default=500)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        kind, count = options.one.split(":")
        print("|", measure(kind, int(count)))
        return
    wanted = [f"member:{n}" for n in options.rows] + [f"lists:{n}" for n in options.lists]
    lines = [_run(one) for one in (*wanted, f"event:{options.event}") if one != "event:0"]
    write(lines)


def _run(one: str) -> str:
    print(one, flush=True)
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks.matches", "--one", one],
        check=True,
        capture_output=True,
        text=True,
    )
    line = next(line for line in answer.stdout.splitlines() if line.startswith("| "))
    print(line, flush=True)
    return line


def measure(kind: str, count: int) -> str:
    """Return the row of one measurement."""
    from benchmarks.policies.__main__ import database

    with database():
        from benchmarks.matches.world import fill, fill_event

        first = fill({"member": count, "lists": 2 * count, "event": max(count, 1_000)}[kind])
        if kind == "member":
            return _member(count, first)
        if kind == "lists":
            return _lists(count)
        return _event(count, fill_event(count))


def _reader() -> Any:
    from django.utils import timezone

    from proxeny.accounts.models import Person
    from proxeny.accounts.queries import get_reader_of_person
    from proxeny.kernel.tenancy import GATE, SERVICE, acting_as

    with acting_as(SERVICE):
        person = Person.objects.order_by("pk").first()
    assert person is not None
    with acting_as(GATE):
        return get_reader_of_person(person.pk, today=timezone.now().date())


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    answer = work()
    return time.perf_counter() - begun, answer


def _job(start: Callable[[Any], Any]) -> float:
    """Start a piece of work as the reader and run it to its end; the second time is told."""
    from proxeny.kernel import jobs
    from proxeny.kernel.models import Job
    from proxeny.kernel.tenancy import SERVICE, WEB, acting_as

    reader, taken = _reader(), 0.0
    for _ in range(2):
        with acting_as(WEB, reader):
            pk = start(reader)
        taken, _none = _timed(lambda pk=pk: jobs.run(pk))
        with acting_as(SERVICE):
            job = Job.objects.get(pk=pk)
        if job.state != "done":
            raise SystemExit(f"{job.kind}: {job.state}: {job.error}")
    return taken


def _member(count: int, first: int) -> str:
    from django.utils import timezone

    from proxeny.directory.operations.matching import start_matching
    from proxeny.directory.proposals import age_of, find_standing, make_cards
    from proxeny.directory.queries.matching import choices_of
    from proxeny.kernel.tenancy import WEB, acting_as

    taken = _job(
        lambda reader: start_matching(actor=reader, organisation_id=first, now=timezone.now()).pk
    )
    reader = _reader()

    def page() -> int:
        standing = find_standing(reader, first)
        age_of(standing)
        return len(make_cards(standing.made, choices_of(first)))

    with acting_as(WEB, reader):
        page()
        shown, cards = _timed(page)
    return _row("whom one member should meet", count, taken, f"{cards} proposals", 1000 * shown)


def _lists(count: int) -> str:
    from proxeny.directory.models import Organisation
    from proxeny.kernel.tenancy import SERVICE, WEB, acting_as
    from proxeny.partnerships.introduction_queries import rows_of
    from proxeny.partnerships.introductions import tell_rows
    from proxeny.partnerships.models import IntroductionPlan, Partnership
    from proxeny.partnerships.operations.introductions import PlanSettings, plan_introductions

    with acting_as(SERVICE):
        partnership = Partnership.objects.get()
        assert Organisation.objects.filter(kind="company").exists()

    def start(reader: Any) -> int:
        plan = plan_introductions(
            actor=reader, partnership_id=partnership.pk, settings=PlanSettings()
        )
        return int(plan.job_id or 0)

    taken = _job(start)
    with acting_as(WEB, _reader()):
        plan = IntroductionPlan.objects.order_by("-pk")[0]
        proposed = rows_of(plan).count()
        shown, _rows = _timed(lambda: list(tell_rows(rows_of(plan)[:50])))
    return _row(
        f"introductions between two lists of {count:,}",
        2 * count,
        taken,
        f"{proposed} proposals",
        1000 * shown,
    )


def _event(count: int, participation_id: int) -> str:
    from django.utils import timezone

    from proxeny.events.operations.suggest import start_suggestions
    from proxeny.events.queries.participants import get_participation
    from proxeny.events.suggestions import find_suggestions
    from proxeny.kernel.tenancy import WEB, acting_as

    taken = _job(
        lambda reader: (
            start_suggestions(
                actor=reader, participation_id=participation_id, now=timezone.now()
            ).pk
        )
    )
    reader = _reader()
    with acting_as(WEB, reader):
        own = get_participation(participation_id)
        shown, found = _timed(lambda: find_suggestions(reader, own))
    return _row(
        "suggestions at an event", count, taken, f"{len(found.rows)} suggestions", 1000 * shown
    )


def _row(what: str, count: int, taken: float, came: str, shown_ms: float) -> str:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return f"{what} | {count:,} | {taken:.1f} | {came} | {shown_ms:.0f} | {peak} |"


def write(lines: list[str]) -> None:
    """Put the figures into the page."""
    load = os.getloadavg()[0]
    head = [
        "| work | members visible | job, s | came out | page's queries, ms | peak, MB |",
        "|---|--:|--:|---|--:|--:|",
    ]
    told = f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, load {load:.1f} at the end."
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    figures = "\n".join([BEGIN, "", told, "", *head, *lines, "", END])
    PAGE.write_text(before + figures + after, encoding="utf-8")


if __name__ == "__main__":
    main()
