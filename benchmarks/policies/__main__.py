"""What the row-level policies cost: the busiest lists under them, beside the same query filtered by hand.

    python -m benchmarks.policies [--rows 200000] [--rounds 40]

Both are asked in one run, in turns, on the same connection: once in the role that serves pages,
where the policies filter, and once in the service's role, which sees every row, with the condition
that a careful developer would write. The table goes to `docs/reference/policy-cost.md`.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "policy-cost.md"
LIMIT = 1.15


@contextmanager
def database() -> Iterator[None]:
    """Have a throw-away server with all tables and policies for the block."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "proxeny.config.settings")
    os.environ["PROXENY_HOME"] = tempfile.mkdtemp(prefix="proxeny-bench-")
    from django.conf import settings

    from proxeny.config.postgres import EmbeddedServer

    server = EmbeddedServer(Path(os.environ["PROXENY_HOME"]), throwaway=True)
    server.start()
    try:
        import django

        django.setup()
        from django.core.management import call_command

        assert settings.DATABASES
        call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        server.stop()


def main() -> None:
    """Fill, measure in turns, write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=40)
    options = parser.parse_args()
    with database():
        from benchmarks.policies.world import fill, pairs, reader_of_first

        fill(options.rows)
        reader = reader_of_first()
        table = [measure(pair, reader, options.rounds) for pair in pairs(reader)]
    write(table, options)


def measure(pair: Any, reader: Any, rounds: int) -> tuple[str, int, float, float, float]:
    """Return name, rows, milliseconds under the policies, by hand, and the ratio of medians."""
    from proxeny.kernel.tenancy import SERVICE, WEB, acting_as

    times: dict[str, list[float]] = {WEB: [], SERVICE: []}
    counts = {}
    for number in range(rounds + 3):
        # In turns, and each first in half of the rounds: what is warm for one is for the other.
        for role in (WEB, SERVICE) if number % 2 else (SERVICE, WEB):
            with acting_as(role, reader):
                started = time.perf_counter()
                rows = pair.rows()
                if role == SERVICE:
                    rows = rows.extra(where=[pair.hand])
                found = list(rows[:50])
                taken = time.perf_counter() - started
            counts[role] = [row.pk for row in found]
            if number >= 3:
                times[role].append(taken * 1000)
    assert counts[WEB] == counts[SERVICE], pair.name
    policy, hand = (statistics.median(times[role]) for role in (WEB, SERVICE))
    ratio = statistics.median(
        one / other for one, other in zip(times[WEB], times[SERVICE], strict=True)
    )
    print(f"{pair.name}: {policy:.2f} ms, by hand {hand:.2f} ms, {ratio:.2f}")
    return pair.name, len(counts[WEB]), policy, hand, ratio


def write(table: list[tuple[str, int, float, float, float]], options: Any) -> None:
    """Write the page."""
    lines = [
        "# What the row-level policies cost",
        "",
        "Written by `python -m benchmarks.policies`. The busiest lists, each asked in turns under",
        "the policies and in a role that sees everything with the filter a careful developer would",
        f"write; {options.rows:,} members, {options.rounds} rounds, medians. The bar is a ratio of",
        f"{LIMIT}.",
        "",
        "| list | under the policies | filtered by hand | ratio |",
        "|---|---|---|---|",
        *(
            f"| {name} | {policy:.2f} ms | {hand:.2f} ms | {ratio:.2f} |"
            for name, _, policy, hand, ratio in table
        ),
        "",
    ]
    PAGE.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
