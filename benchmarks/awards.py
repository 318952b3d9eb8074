"""Measure how long the check of one award takes among many, as its page does it.

    python -m benchmarks.awards [--awards 100000] [--checks 500]

Wall time of one thread, from the file to the verdict, with all queries, in the role of a stranger;
in a throw-away database. The figures go to `docs/reference/credentials.md`.
"""

import argparse
import json
import os
import random
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.policies.__main__ import database

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "credentials.md"
REAL = 500
BEGIN, END = "<!-- figures of the site -->\n", "<!-- end of figures of the site -->"


@dataclass(frozen=True)
class Row:
    """Milliseconds of checks among so many awards."""

    awards: int
    queries: int
    wall_ms: list[float]
    own_ms: list[float]


def main() -> None:
    """Fill, measure, write the page."""
    parser = argparse.ArgumentParser(description="Measure the check of one award among many.")
    parser.add_argument("--awards", type=int, default=100_000)
    parser.add_argument("--checks", type=int, default=500)
    options = parser.parse_args()
    with database():
        rows = [_measure(count, _fill(count), options.checks) for count in (100, options.awards)]
    told = _tell(rows, options.checks)
    print(told)
    before, _begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{told}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def _fill(count: int) -> list[str]:
    """Write awards until there are so many; return the codes of some that two clusters signed."""
    from django.db import connection
    from django.utils import timezone
    from tests.factories.world import make_world
    from tests.labels.awarding import awarded

    from proxeny.engine.credentials import add_proof
    from proxeny.kernel.tenancy import SERVICE, acting_as
    from proxeny.labels.models import Award, StatusList
    from proxeny.labels.operations.credentials import build_credential
    from proxeny.labels.operations.issuing import issuing_of, method_of
    from proxeny.labels.operations.keys import open_key
    from proxeny.labels.queries.keys import current_keys

    with acting_as(SERVICE):
        first = Award.objects.first() or awarded(make_world())[0]
        issuing, now = issuing_of(first.scheme_version), timezone.now()
        keys = [(one, open_key(one)) for one in current_keys(issuing.clusters).values()]
        have = Award.objects.count()
        made = []
        # Those that are checked are real; the others are as heavy, and say what the first says.
        step, codes = max(1, count // REAL), []
        for index in range(have, count):
            one = Award(
                **{
                    field.attname: getattr(first, field.attname)
                    for field in Award._meta.concrete_fields
                    if field.name != "id"
                }
            )
            one.code, one.status_index, one.replaces = f"bench{index:019}", index, None
            if index % step == 0:
                one.credential = build_credential(one, issuing)
                for key, signer in keys:
                    one.credential = add_proof(
                        one.credential, signer=signer, method=method_of(issuing, key), created=now
                    )
                codes.append(one.code)
            made.append(one)
        Award.objects.bulk_create(made, batch_size=1000)
        StatusList.objects.update(taken=count)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE labels_award")
    return codes


def _measure(count: int, codes: list[str], checks: int) -> Row:
    """Check some of the awards at random, as a stranger would."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from proxeny.kernel.tenancy import STRANGER, WEB, acting_as
    from proxeny.labels.operations.verifying import check_file
    from proxeny.labels.queries.public_awards import get_award

    taken, own, queries = [], [], 0
    for code in random.Random(7).choices(codes, k=checks + 20):
        with acting_as(WEB, STRANGER):
            data = json.dumps(get_award(code).credential).encode()
            began, worked = time.perf_counter(), time.process_time()
            found = check_file(data=data, now=timezone.now())
            own.append((time.process_time() - worked) * 1000)
            taken.append((time.perf_counter() - began) * 1000)
            assert found.state == "valid", found
    with acting_as(WEB, STRANGER), CaptureQueriesContext(connection) as asked:
        check_file(data=data, now=timezone.now())
        queries = len(asked)
    return Row(count, queries, taken[20:], own[20:])


def _tell(rows: list[Row], checks: int) -> str:
    machine = f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}"
    return "\n".join(
        [
            f"{machine}; {checks} checks of awards drawn at random, by the site with its own database.",
            "",
            "| awards | queries | median, ms | p99, ms | of it our own processor time, median |",
            "|--:|--:|--:|--:|--:|",
            *(
                f"| {one.awards:,} | {one.queries} | {statistics.median(one.wall_ms):.1f} |"
                f" {statistics.quantiles(one.wall_ms, n=100)[98]:.1f} | {statistics.median(one.own_ms):.1f} |"
                for one in rows
            ),
        ]
    )


if __name__ == "__main__":
    main()
