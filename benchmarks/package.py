"""Tables and stores: how long they take, how much memory, and how that grows.

    python -m benchmarks.package [--gigabytes 2]

Tables are checked beside frictionless, with the same schema and the same verdict; each measure is a
process of its own, in processor time. The figures go to `docs/reference/packages.md`.
"""

import argparse
import contextlib
import hashlib
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from proxeny.engine.package import (
    FolderStore,
    detect_dialect,
    dump_schema,
    infer_schema,
    load_schema,
    validate_table,
)

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "packages.md"
ROWS = (10_000, 100_000, 1_000_000)
#: What the engine has to keep to.
MOST_S, MOST_MB = 60, 300
BLOCK = 1 << 16


def make_table(path: Path, rows: int) -> None:
    """Write a table of six columns; one number in ten thousand is none."""
    dice = random.Random(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("id,country,sector,worth,day,note\n")
        for number in range(rows):
            worth = "unknown" if number % 10_000 == 9_999 else dice.randrange(10**7) / 100
            file.write(
                f"{number},{dice.choice(('GR', 'FR', 'UK'))},{dice.choice(('food', 'energy'))},{worth},"
                f"20{dice.randrange(10, 27)}-0{dice.randrange(1, 10)}-{dice.randrange(10, 29)},"
                f"about {dice.random()}\n"
            )


def schema_of(path: Path) -> dict[str, Any]:
    """Return the table's schema, with rules as a person would add them."""
    with path.open("rb") as file:
        said = dump_schema(infer_schema(file, detect_dialect(file)).schema)
    said["primaryKey"] = ["id"]
    rules = {
        "id": {"required": True, "unique": True, "minimum": 0},
        "country": {"enum": ["GR", "FR", "UK"]},
        "note": {"pattern": "about .*"},
    }
    for field in said["fields"]:
        field["constraints"] = rules.get(field["name"], {})
    return said


def check_with_engine(path: Path, said: dict[str, Any]) -> int:
    """Return how many errors the engine finds."""
    with path.open("rb") as file:
        dialect = detect_dialect(file)
        infer_schema(file, dialect)
        report = validate_table(file, dialect, load_schema(said))
    assert not report.stopped
    return sum(report.counts.values())


def check_with_frictionless(path: Path, said: dict[str, Any]) -> int:
    """Return how many errors frictionless finds."""
    from frictionless import Resource, Schema, system, validate

    with system.use_context(trusted=True):
        schema = Schema.from_descriptor(said)
        report = validate(Resource(path=str(path), schema=schema, encoding="utf-8"))
    return int(report.stats["errors"])


class Made:
    """A stream of bytes that are made as they are read, and breaks at a place."""

    def __init__(self, start: int, size: int, cut: int) -> None:
        self.at, self.size, self.cut = start, size, cut

    def read(self, most: int) -> bytes:
        """Return some bytes."""
        if self.at >= self.cut:
            raise ConnectionResetError
        within = self.at % BLOCK
        most = min(most, self.size - self.at, self.cut - self.at, BLOCK - within)
        piece = random.Random(self.at // BLOCK).randbytes(BLOCK)[within : within + most]
        self.at += len(piece)
        return piece


def store_a_file(path: Path, size: int) -> dict[str, float]:
    """Put a file into a store with a cut in the middle, take it out with another, and time both."""
    store, times = FolderStore(path), {}
    key, cut = store.begin(size), size // 2 + 12_345
    began = time.process_time()
    with contextlib.suppress(ConnectionResetError):
        store.append(key, 0, Made(0, size, cut))
    store.append(key, store.state(key).received, Made(cut, size, size + 1))
    times["in"] = time.process_time() - began
    began = time.process_time()
    kept = store.finish(key)
    times["check"] = time.process_time() - began
    began = time.process_time()
    digest = hashlib.sha256()
    for piece in _cut_and_gone_on(store, kept, size // 3):
        digest.update(piece)
    times["out"] = time.process_time() - began
    assert digest.hexdigest() == kept
    return times


def _cut_and_gone_on(store: FolderStore, kept: str, at: int) -> Iterator[bytes]:
    yield from store.read(kept, 0, at)
    yield from store.read(kept, at)


def measure(what: str, path: str, size: int) -> None:
    """Measure one thing in this process and print it."""
    if what == "frictionless":
        # Loading it takes longer than many a table.
        import frictionless  # noqa: F401
    began = time.process_time()
    said: dict[str, Any] = {}
    if what == "store":
        said |= store_a_file(Path(path), size)
    else:
        schema = json.loads(Path(f"{path}.json").read_text(encoding="utf-8"))
        check = check_with_engine if what == "engine" else check_with_frictionless
        said["errors"] = check(Path(path), schema)
    said["s"] = time.process_time() - began
    peak = Path("/proc/self/status").read_text(encoding="utf-8").partition("VmHWM:")[2]
    print(json.dumps(said | {"mb": int(peak.split()[0]) / 1000}))


def _measured(*task: object) -> dict[str, float]:
    line = [sys.executable, "-m", "benchmarks.package", "--task", *map(str, task)]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    print(*task[:1], *task[2:], done.stdout.strip(), flush=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measure_tables(folder: Path) -> list[str]:
    """Check tables of all sizes and return the rows of the page."""
    lines = []
    for rows in ROWS:
        path = folder / f"{rows}.csv"
        make_table(path, rows)
        Path(f"{path}.json").write_text(json.dumps(schema_of(path)), encoding="utf-8")
        ours = _measured("engine", path, rows)
        theirs = _measured("frictionless", path, rows)
        assert ours["errors"] == theirs["errors"] == rows // 10_000
        assert ours["s"] < MOST_S
        assert ours["mb"] < MOST_MB
        lines.append(
            f"| {rows:,} | {path.stat().st_size / 1e6:.1f} | {ours['s']:.1f} | {ours['mb']:.0f} "
            f"| {theirs['s']:.1f} | {theirs['mb']:.0f} | {theirs['s'] / ours['s']:.1f} |"
        )
    return lines


def main() -> None:
    """Measure and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=int, default=2)
    parser.add_argument("--task", nargs=3)
    options = parser.parse_args()
    if options.task:
        what, path, size = options.task
        measure(what, path, int(size))
        return
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        rows = measure_tables(Path(folder))
        size = options.gigabytes << 30
        stored = _measured("store", Path(folder) / "store", size)
    assert stored["mb"] < MOST_MB
    figures = FIGURES.format(
        machine=(
            f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load average {load:.1f} before "
            f"the start, Python {platform.python_version()}, frictionless {version('frictionless')}."
        ),
        rows="\n".join(rows),
        gigabytes=options.gigabytes,
        **{name: f"{stored[name]:.1f}" for name in ("in", "check", "out")},
        mb=f"{stored['mb']:.0f}",
    )
    text = PAGE.read_text(encoding="utf-8")
    before, mark, rest = text.partition(BEGIN)
    PAGE.write_text(before + mark + figures + END + rest.partition(END)[2], encoding="utf-8")


BEGIN, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
FIGURES = """
A table of six columns (integer, two short texts, number, date, long text), with a required and unique
key, bounds, an enumeration and a pattern, and one wrong number in ten thousand. *Engine*: dialect,
schema and check, seconds of processor time after loading; the highest memory of the whole process in
megabytes. Beside it frictionless with the same schema, and the same errors, which each run asserts.

{machine}

| rows | MB | engine, s | memory | frictionless, s | memory | ratio |
|--:|--:|--:|--:|--:|--:|--:|
{rows}

A file of {gigabytes} GB into the folder store and out again, both cut in the middle and gone on with:
{in} s of processor time to make its bytes and take them in, {check} s to check them, {out} s to read
them and check them again; {mb} MB of memory at most.

"""

if __name__ == "__main__":
    main()
