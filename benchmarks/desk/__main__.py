"""Ten people at once at a desk with 5,000 open cases and 50,000 past meetings.

    python -m benchmarks.desk [--open 5000] [--past 50000] [--users 10] [--minutes 2]

Starts the product with its demo world in a folder of its own, fills one desk, lets locust play the
people of `users.py`, and writes `docs/reference/desk.md`. An error fails the command.
"""

import argparse
import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.load.__main__ import _free_port, _wait_until_ready

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "desk.md"
BIN = Path(sys.executable).parent
#: What the issue of the desk asks for, in milliseconds.
BAR_MS = 200


def main() -> None:
    """Start, fill, play, write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--open", type=int, default=5_000)
    parser.add_argument("--past", type=int, default=50_000)
    parser.add_argument("--users", type=int, default=10)
    parser.add_argument("--minutes", type=float, default=2)
    options = parser.parse_args()
    home, port = Path(tempfile.mkdtemp(prefix="proxeny-desk-")), _free_port()
    environment = {**os.environ, "PROXENY_HOME": str(home), "PORT": str(port)}
    said = home / "said.txt"
    with said.open("w") as log:
        product = subprocess.Popen(
            [BIN / "proxeny", "run"], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_ready(product, said)
        room, case = _fill(environment, options)
        rows = _play(f"http://127.0.0.1:{port}", room, case, home, options)
    finally:
        product.terminate()
        product.wait(60)
        shutil.rmtree(home, ignore_errors=True)
    _write(rows, options)
    failures = sum(int(row["Failure Count"]) for row in rows if row["Name"] == "Aggregated")
    if failures:
        raise SystemExit(f"{failures} requests failed.")


def _fill(environment: dict[str, str], options: argparse.Namespace) -> tuple[str, str]:
    code = f"from benchmarks.desk.fill import fill; print('FILLED', *fill({options.open}, {options.past}))"
    made = subprocess.run(
        [BIN / "proxeny", "manage", "shell", "-c", code],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    found = [line.split()[1:] for line in made.stdout.splitlines() if line.startswith("FILLED")]
    if made.returncode or not found:
        raise SystemExit(made.stderr)
    return found[0][0], found[0][1]


def _play(
    host: str, room: str, case: str, home: Path, options: argparse.Namespace
) -> list[dict[str, str]]:
    environment = {
        **os.environ,
        "PROXENY_DESK_ROOM": room,
        "PROXENY_DESK_CASE": case,
        "PROXENY_LOAD_PASSWORD": "proxeny-demo-2026",
    }
    command = [
        str(BIN / "locust"),
        "-f",
        str(Path(__file__).with_name("users.py")),
        "--headless",
        "-u",
        str(options.users),
        "-r",
        "2",
        "-t",
        f"{int(options.minutes * 60)}s",
        "--host",
        host,
        "--csv",
        str(home / "desk"),
        "--only-summary",
        "--stop-timeout",
        "10",
        # What it takes to sign in and to warm up is not what the pages take.
        "--reset-stats",
    ]
    subprocess.run(command, env=environment, check=False)
    with (home / "desk_failures.csv").open() as file:
        for row in csv.DictReader(file):
            print(row, file=sys.stderr)
    with (home / "desk_stats.csv").open() as file:
        return list(csv.DictReader(file))


def _write(rows: list[dict[str, str]], options: argparse.Namespace) -> None:
    lines = [
        "# The desk with many cases",
        "",
        f"Written by `python -m benchmarks.desk`: {options.users} people of one desk at once, one to",
        f"two seconds between their clicks, for {options.minutes:g} minutes; {options.open:,} open",
        f"cases and {options.past:,} past meetings. Database, web server, worker and the people's",
        f"machine share {os.cpu_count()} cores. {time.strftime('%Y-%m-%d')}. Aim: p95 under {BAR_MS} ms.",
        "",
        "| page | count | errors | median | p95 | p99 |",
        "|---|---|---|---|---|---|",
    ]
    for row in sorted(rows, key=lambda row: (row["Name"] == "Aggregated", row["Name"])):
        name = "**all**" if row["Name"] == "Aggregated" else row["Name"]
        lines.append(
            f"| {name} | {row['Request Count']} | {row['Failure Count']} | {row['50%']} ms"
            f" | {row['95%']} ms | {row['99%']} ms |"
        )
    PAGE.write_text("\n".join([*lines, ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
