"""Outcome figures and a board over 2,000,000 rows: how long the job takes, and the pages.

    python -m benchmarks.boards [--rows 2000000] [--rounds 100]

One room of two clusters with 1,000 members each; ten years of meetings with parties, ratings and
audit entries, all in that room, which is the worst there is. Written by SQL. The table goes to
`docs/reference/boards.md`; a page that does not resolve is left out.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.policies.__main__ import database

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "boards.md"
#: What the issue of insight asks of the board, in milliseconds.
BAR_MS = 300
MEMBERS = 1_000
YEARS = 10
#: Of all rows so many are meetings; each has two parties, five of four ratings, and audit entries.
MEETING_SHARE = 0.2


@dataclass(frozen=True)
class World:
    """The room, both clusters, and a manager of the first with a sign-in."""

    partnership: Any
    clusters: list[Any]
    manager: Any


@dataclass(frozen=True)
class Taken:
    """What a page took, in milliseconds and queries."""

    name: str
    median: float
    p95: float
    queries: int


def main() -> None:
    """Fill, work out, ask the pages, write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--rounds", type=int, default=100)
    options = parser.parse_args()
    with database():
        world = make_world()
        counts = fill(world, options.rows)
        print(counts)
        jobs = work_out(world)
        print(jobs)
        pages = ask_pages(world, options.rounds)
    write(counts, jobs, pages, options.rounds)


def make_world() -> World:
    """Write the room, its clusters, and their members."""
    from benchmarks.outcomes.__main__ import _clusters

    from proxeny.accounts.models import Account, Person
    from proxeny.kernel.tenancy import SERVICE, acting_as
    from proxeny.partnerships.models import Activity

    with acting_as(SERVICE):
        partnership, clusters, _members = _clusters()
        manager = Person.objects.get(seats__organisation=clusters[0])
        manager.account = Account.objects.create(email="manager@example.org")
        manager.save()
        Activity.objects.bulk_create(
            Activity(
                partnership=partnership,
                title=f"Activity {n}",
                state="done",
                cost=5_000,
                starts_on=f"{2017 + n % YEARS}-02-01",
                ends_on=f"{2017 + n % YEARS}-03-01",
            )
            for n in range(4 * YEARS)
        )
    return World(partnership, clusters, manager)


_MEETINGS = """
INSERT INTO meetings_meeting (partnership_id, kind, desk_id, title, starts_at, ends_at, time_zone,
    place, state, uid, sequence, organisations, cancel_reason, created_at, updated_at)
SELECT %(room)s, 'business', CASE WHEN n %% 3 = 0 THEN %(desk)s END, 'Meeting', at,
    at + interval '20 minutes', 'Europe/Paris', '', CASE n %% 10 WHEN 8 THEN 'missed'
    WHEN 9 THEN 'cancelled' ELSE 'held' END, n || '@bench', 0, '{}', '', at, at
FROM (SELECT n, now() - n * (interval '%(years)s years' / %(count)s) AS at
      FROM generate_series(1, %(count)s) n) one
"""
_PARTIES = """
INSERT INTO meetings_meetingparty (meeting_id, organisation_id, name, guest, answer)
SELECT m.id, (side.members)[1 + (m.id * side.step) %% cardinality(side.members)], 'Somebody', 0,
    'ACCEPTED'
FROM meetings_meeting m CROSS JOIN (
    SELECT steward_id, array_agg(id ORDER BY id) AS members, 7 + steward_id %% 5 AS step
    FROM directory_organisation WHERE steward_id = ANY(%(clusters)s) GROUP BY steward_id) side
"""
_RATINGS = """
INSERT INTO meetings_rating (party_id, phase, value, note, agreed, worth, currency, rated_at)
SELECT p.id, 'day', (ARRAY['possible', 'informative', 'no-interest'])[1 + p.id %% 3], '', '', NULL,
    '', m.starts_at
FROM meetings_meetingparty p JOIN meetings_meeting m ON m.id = p.meeting_id
WHERE m.state = 'held' AND p.id %% 5 < 3
UNION ALL
SELECT p.id, 'later', word, '', CASE word WHEN 'agreement' THEN 'sale' ELSE '' END,
    CASE word WHEN 'agreement' THEN p.id %% 100000 END,
    CASE word WHEN 'agreement' THEN 'EUR' ELSE '' END, m.starts_at + interval '182 days'
FROM (SELECT *, CASE WHEN id %% 97 < 2 THEN 'agreement' WHEN id %% 97 < 10 THEN 'negotiating'
      WHEN id %% 97 < 40 THEN 'contact' ELSE 'no-contact' END AS word
      FROM meetings_meetingparty WHERE id %% 10 < 2) p
JOIN meetings_meeting m ON m.id = p.meeting_id WHERE m.state = 'held'
"""
_AUDIT = """
INSERT INTO kernel_auditentry (at, partnership_id, organisation_id, verb, target, target_id,
    changes, why)
SELECT now() - n * (interval '%(years)s years' / %(count)s), %(room)s, %(desk)s, 'rate_meeting',
    'meetings.Rating', n, '{"phase": "day"}', ''
FROM generate_series(1, %(count)s) n
"""
_TABLES = {
    "meetings": "meetings_meeting",
    "parties": "meetings_meetingparty",
    "ratings": "meetings_rating",
    "audit entries": "kernel_auditentry",
}


def fill(world: World, rows: int) -> dict[str, int]:
    """Write the rows by SQL; return how many of each kind there are."""
    from django.db import connection

    from proxeny.kernel.tenancy import SERVICE, acting_as

    values = {
        "room": world.partnership.pk,
        "desk": world.clusters[0].pk,
        "years": YEARS,
        "clusters": [one.pk for one in world.clusters],
        "count": int(rows * MEETING_SHARE),
    }
    counts: dict[str, int] = {}
    with acting_as(SERVICE), connection.cursor() as cursor:
        for query in (_MEETINGS, _PARTIES, _RATINGS):
            started = time.perf_counter()
            cursor.execute(query, values)
            print(f"{query.split()[2]}: {time.perf_counter() - started:.0f} s to fill")
        for name, table in _TABLES.items():
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[name] = cursor.fetchone()[0]
        missing = max(1, rows - sum(counts.values()))
        cursor.execute(_AUDIT, values | {"count": missing})
        counts["audit entries"] += missing
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return counts


def work_out(world: World) -> dict[str, float]:
    """Work the figures out as the job does; return the seconds of each way."""
    from django.utils import timezone

    from proxeny.insight.models import Snapshot
    from proxeny.insight.operations import boards, outcomes
    from proxeny.insight.operations.refreshing import refresh
    from proxeny.insight.pipeline import eyes_of
    from proxeny.kernel.tenancy import SERVICE, acting_as
    from proxeny.meetings.models import Rating

    eyes = eyes_of(world.clusters[0].pk, world.partnership.pk, today=timezone.localdate())

    def take(part: Any) -> float:
        started = time.perf_counter()
        refresh(eyes, part, report=lambda _step, _percent: None)
        return time.perf_counter() - started

    found = {"the first time": take(outcomes.PART), "with nothing new": take(outcomes.PART)}
    with acting_as(SERVICE):
        old = Rating.objects.filter(
            value="informative", party__meeting__starts_at__lt=timezone.now() - timedelta(days=1500)
        ).order_by("pk")[0]
        Rating.objects.filter(pk=old.pk).update(value="possible", rated_at=timezone.now())
    found["one rating of an old quarter changed"] = take(outcomes.PART)
    with acting_as(SERVICE):
        counted = Snapshot.objects.get(kind="outcomes").content["counted"]
    if len(counted) != 1:
        raise SystemExit(f"{len(counted)} quarters were counted anew, and not one.")
    found["the board itself"] = take(boards.PART)
    return found


def ask_pages(world: World, rounds: int) -> list[Taken]:
    """Ask each page as the manager; the web stack as a whole, without the network."""
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import setup_test_environment
    from django.urls import NoReverseMatch, reverse

    from proxeny.kernel.tenancy import SERVICE, acting_as

    call_command("collectstatic", verbosity=0, interactive=False)
    setup_test_environment()
    client = Client()
    with acting_as(SERVICE):
        client.force_login(world.manager.account)
    room = world.partnership.pk
    asked: dict[str, Callable[[], str]] = {
        "board": lambda: reverse("insight:board", args=[room]),
        "outcome figures, last 12 months": lambda: reverse("insight:outcomes", args=[room]),
        "outcome figures, all": lambda: reverse(
            "insight:outcomes", args=[room], query={"period": "all"}
        ),
        "meetings held, all: rows": lambda: reverse(
            "insight:figure", args=[room, "held"], query={"period": "all"}
        ),
        "agreements, all: rows": lambda: reverse(
            "insight:figure", args=[room, "agreements"], query={"period": "all"}
        ),
        "a month of one's own": lambda: reverse(
            "insight:outcomes", args=[room], query={"since": "2024-03-01", "until": "2024-03-31"}
        ),
    }
    found = []
    for name, address in asked.items():
        try:
            url = address()
        except NoReverseMatch:
            print(f"{name}: there is no such page yet")
            continue
        found.append(_ask(client, name, url, rounds))
        print(found[-1])
    return found


def _ask(client: Any, name: str, url: str, rounds: int) -> Taken:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        answer = client.get(url)
    # Counted now: the next request empties the log.
    count = len(queries)
    if answer.status_code != 200:
        raise SystemExit(f"{name} answered {answer.status_code}.")
    times = []
    for _round in range(rounds):
        started = time.perf_counter()
        client.get(url)
        times.append(1000 * (time.perf_counter() - started))
    return Taken(name, statistics.median(times), statistics.quantiles(times, n=20)[-1], count)


def write(counts: dict[str, int], jobs: dict[str, float], pages: list[Taken], rounds: int) -> None:
    """Write the page."""
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    lines = [
        "# Outcome figures and boards with many rows",
        "",
        f"Written by `python -m benchmarks.boards` on {time.strftime('%Y-%m-%d')}. One room with",
        f"{told}: {sum(counts.values()):,} rows in",
        f"{YEARS} years. Database and web server share {os.cpu_count()} cores; load average at the",
        f"end {load}. Aim: p95 of the board under {BAR_MS} ms.",
        "",
        "| working the figures out | seconds |",
        "|---|---|",
        *(f"| {name} | {seconds:.1f} |" for name, seconds in jobs.items()),
        "",
        f"Pages, each asked {rounds} times, one after the other, without the network:",
        "",
        "| page | queries | median | p95 |",
        "|---|---|---|---|",
        *(
            f"| {one.name} | {one.queries} | {one.median:.0f} ms | {one.p95:.0f} ms |"
            for one in pages
        ),
        "",
    ]
    PAGE.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
