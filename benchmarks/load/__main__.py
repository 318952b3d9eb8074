"""Fifty users at once, reading and writing for three minutes.

    python -m benchmarks.load [--users 50] [--minutes 3]

Starts the product with its demo world in a folder of its own, lets locust play the users of
`users.py` against it, and writes `docs/reference/load.md`. An error fails the command.
"""

import argparse
import csv
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reference" / "load.md"
BIN = Path(sys.executable).parent

TOKENS = """
from django.utils import timezone
from proxeny.accounts.models import Seat
from proxeny.accounts.operations.tokens import create_token
from proxeny.accounts.queries import get_reader_of_person
from proxeny.kernel.tenancy import GATE, SERVICE, WEB, acting_as
now = timezone.now()
for address in ("manager@athens.example", "manager@paris.example"):
    with acting_as(SERVICE):
        seat = Seat.objects.get(person__email=address, role="manager")
    with acting_as(GATE):
        reader = get_reader_of_person(seat.person_id, today=now.date())
    for number in range(5):
        with acting_as(WEB, reader):
            made = create_token(actor=reader, seat_id=seat.pk, name=f"Load {number}", now=now,
                scopes=["people:read", "directory:read", "directory:write"])
        print("TOKEN", made.secret)
"""


def main() -> None:
    """Start, play, write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=3)
    options = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="proxeny-load-"))
    port = _free_port()
    environment = {**os.environ, "PROXENY_HOME": str(home), "PORT": str(port)}
    said = home / "said.txt"
    with said.open("w") as log:
        product = subprocess.Popen(
            [BIN / "proxeny", "run"], env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_ready(product, said)
        tokens = _make_tokens(environment)
        rows = _play(f"http://127.0.0.1:{port}", tokens, home, options)
    finally:
        product.terminate()
        product.wait(60)
        shutil.rmtree(home, ignore_errors=True)
    _write(rows, options)
    failures = sum(int(row["Failure Count"]) for row in rows if row["Name"] == "Aggregated")
    if failures:
        raise SystemExit(f"{failures} requests failed.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_ready(product: "subprocess.Popen[bytes]", said: Path) -> None:
    while product.poll() is None:
        if "Ctrl-C stops everything" in said.read_text(encoding="utf-8"):
            return
        time.sleep(0.5)
    raise SystemExit(f"It did not start:\n{said.read_text(encoding='utf-8')}")


def _make_tokens(environment: dict[str, str]) -> list[str]:
    # The running server's database is the one of this folder: a second command joins it.
    made = subprocess.run(
        [BIN / "proxeny", "manage", "shell", "-c", TOKENS],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise SystemExit(made.stderr)
    return [line.split()[1] for line in made.stdout.splitlines() if line.startswith("TOKEN")]


def _play(
    host: str, tokens: list[str], home: Path, options: argparse.Namespace
) -> list[dict[str, str]]:
    environment = {
        **os.environ,
        "PROXENY_LOAD_PASSWORD": "proxeny-demo-2026",
        "PROXENY_LOAD_TOKENS": json.dumps(tokens),
    }
    command = [
        str(BIN / "locust"),
        "-f",
        str(Path(__file__).with_name("users.py")),
        "--headless",
        "-u",
        str(options.users),
        "-r",
        "5",
        "-t",
        f"{int(options.minutes * 60)}s",
        "--host",
        host,
        "--csv",
        str(home / "load"),
        "--only-summary",
        "--stop-timeout",
        "10",
    ]
    subprocess.run(command, env=environment, check=False)
    with (home / "load_failures.csv").open() as file:
        for row in csv.DictReader(file):
            print(row, file=sys.stderr)
    with (home / "load_stats.csv").open() as file:
        return list(csv.DictReader(file))


def _write(rows: list[dict[str, str]], options: argparse.Namespace) -> None:
    day = time.strftime("%Y-%m-%d")
    lines = [
        "# Under load",
        "",
        f"Written by `python -m benchmarks.load`: {options.users} users at once (two in five are",
        "managers, two members, one a program), reading and writing with one to two seconds between",
        f"their clicks for {options.minutes:g} minutes, against `proxeny run` with the demo world.",
        f"Database, web server, worker and the users' machine share {os.cpu_count()} cores. {day}.",
        "",
        "| request | count | errors | median | p95 | p99 |",
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
