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
from pathlib import Path

from benchmarks.policies.__main__ import database

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "credentials.md"
BEGIN, END = "<!-- figures of the site -->\n", "<!-- end of figures of the site -->"


def main() -> None:
    """Fill, measure, write the page."""
    parser = argparse.ArgumentParser(description="Measure the check of one award among many.")
    parser.add_argument("--awards", type=int, default=100_000)
    parser.add_argument("--checks", type=int, default=500)
    options = parser.parse_args()
    with database():
        rows = [_measure(_fill(count), options.checks) for count in (100, options.awards)]
    told = _tell(rows, options.checks)
    print(told)
    before, _begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{told}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def _fill(count: int) -> list[str]:
    """Write awards that two clusters have signed, until there are so many; return their codes."""
    from django.db import connection
    from django.utils import timezone
    from tests.factories.world import make_world
    from tests.labels.awarding import awarded

    from proxeny.kernel.tenancy import SERVICE, acting_as
    from proxeny.labels.models import Award, StatusList
    from proxeny.labels.operations.credentials import build_credential
    from proxeny.labels.operations.issuing import issuing_of, method_of
    from proxeny.labels.operations.keys import open_key
    from proxeny.labels.operations.signing_awards import _sign
    from proxeny.labels.queries.keys import current_keys

    with acting_as(SERVICE):
        first = Award.objects.first() or awarded(make_world())[0]
        issuing, now = issuing_of(first.scheme_version), timezone.now()
        keys = [(one, open_key(one)) for one in current_keys(issuing.clusters).values()]
        have = Award.objects.count()
        made = []
        for index in range(have, count):
            one = Award.objects.model(**{
                field.attname: getattr(first, field.attname)
                for field in Award._meta.concrete_fields if field.name != "id"
            })  # fmt: skip
            one.code, one.status_index, one.replaces = f"bench{index:019}", index, None
            credential = build_credential(one, issuing)
            for key, signer in keys:
                credential = _sign(credential, issuing, key, signer, now)
            assert method_of(issuing, keys[0][0]) in json.dumps(credential)
            one.credential = credential
            made.append(one)
        Award.objects.bulk_create(made, batch_size=1000)
        StatusList.objects.update(taken=count)
        codes = list(Award.objects.order_by("pk").values_list("code", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE labels_award")
    return codes


def _measure(codes: list[str], checks: int) -> tuple[int, list[float], int]:
    """Return how many awards there are, milliseconds of each check, and how many queries it takes."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from proxeny.kernel.tenancy import STRANGER, WEB, acting_as
    from proxeny.labels.operations.verifying import check_file
    from proxeny.labels.queries.public_awards import get_award

    taken, queries = [], 0
    for code in random.Random(7).choices(codes, k=checks + 20):
        with acting_as(WEB, STRANGER):
            data = json.dumps(get_award(code).credential).encode()
            began = time.perf_counter()
            found = check_file(data=data, now=timezone.now())
            taken.append((time.perf_counter() - began) * 1000)
            assert found.state == "valid", found
    with acting_as(WEB, STRANGER), CaptureQueriesContext(connection) as asked:
        check_file(data=data, now=timezone.now())
        queries = len(asked)
    return len(codes), taken[20:], queries


def _tell(rows: list[tuple[int, list[float], int]], checks: int) -> str:
    return "\n".join([
        f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores, load average {os.getloadavg()[0]:.1f}"
        f" at the end, {checks} checks of awards drawn at random, by the site itself with its database.",
        "", "| awards | queries | median, ms | p99, ms |", "|--:|--:|--:|--:|",
        *(f"| {count:,} | {queries} | {statistics.median(taken):.1f} |"
          f" {statistics.quantiles(taken, n=100)[98]:.1f} |" for count, taken, queries in rows),
    ])  # fmt: skip


if __name__ == "__main__":
    main()
