"""Search at 10⁴, 10⁵ and 10⁶ organisations, as a manager, a member and a stranger.

    python -m benchmarks.search [--sizes 10000 100000 1000000] [--each 8] [--rounds 3] [--keep FOLDER]

Each size has a database of its own, filled by one seed. A search is what a page of the list costs:
words read, hits counted inside the policies, numbers beside the filters, fifty rows. Beside it, in
the same run, a plain `ILIKE` list and the library tantivy (`pip install tantivy`). The page and the
plot go to `docs/reference/search.md`. With `--keep`, filled databases are used again.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.search.page import write_page


def main() -> None:
    """Measure each size in a process of its own, then write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--each", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one, options)), flush=True)
        return
    results = []
    for size in options.sizes:
        command = [sys.executable, "-m", "benchmarks.search", *sys.argv[1:], "--one", str(size)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        results.append(json.loads(done.stdout.splitlines()[-1]))
        Path(tempfile.gettempdir(), "search-figures.json").write_text(
            json.dumps(results), encoding="utf-8"
        )
        write_page(results)


def measure(size: int, options: Any) -> dict[str, Any]:
    """Return all figures of one size."""
    home = options.keep / str(size) if options.keep else Path(tempfile.mkdtemp(prefix="bench-"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "proxeny.config.settings"
    os.environ["PROXENY_HOME"] = str(home)
    from proxeny.config.postgres import EmbeddedServer

    server = EmbeddedServer(home, throwaway=options.keep is None)
    server.start()
    try:
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0, interactive=False)
        return _measure(server, size, options, home)
    finally:
        server.stop()


def _measure(server: Any, size: int, options: Any, home: Path) -> dict[str, Any]:
    from benchmarks.search.asking import make_asks, time_asks
    from benchmarks.search.peers import time_list

    filled, readers = _filled(server, size, home)
    with server._connect("proxeny") as connection:
        words = connection.execute(
            "SELECT word, count FROM directory_word WHERE word ~ '^[a-z]+$' AND count > 1"
            " ORDER BY count DESC, word"
        ).fetchall()
        asks = make_asks(words, options.each)
        load = os.getloadavg()[0]
        result = {
            "size": size,
            "load": [load],
            "seconds": filled.seconds,
            "sizes": filled.sizes,
            "rows": list(time_asks(asks, readers, options.rounds)),
            "list": list(time_list(asks[:: max(1, options.each)], readers)),
            "library": [],
            "changes": _time_changes(),
        }
        result |= _ask_library(connection, asks, readers)
        result["load"].append(os.getloadavg()[0])
    return result


def _filled(server: Any, size: int, home: Path) -> tuple[Any, dict[str, Any]]:
    import pickle

    from benchmarks.search.world import fill, make_readers

    kept = home / "filled.pickle"
    if kept.exists():
        return pickle.loads(kept.read_bytes())  # noqa: S301 - written below
    filled, readers = fill(server, size), make_readers(size)
    kept.write_bytes(pickle.dumps((filled, readers)))
    return filled, readers


def _ask_library(connection: Any, asks: list[Any], readers: dict[str, Any]) -> dict[str, Any]:
    from benchmarks.search.peers import Library

    with tempfile.TemporaryDirectory() as folder:
        try:
            library = Library(folder)
        except ImportError:
            return {}
        connection.execute("BEGIN")
        library.fill(connection)
        connection.execute("COMMIT")
        rows = [row for _ in range(3) for row in library.time_asks(asks, readers)]
        return {"library": rows, "library_s": library.seconds}


def _time_changes(*, many: int = 60) -> list[float]:
    """Return how many milliseconds of processor it takes to save one entry with other words, one by one."""
    from benchmarks.search.asking import Clock, backend
    from django.db import connection

    from proxeny.kernel.tenancy import SERVICE, acting_as

    times = []
    for number in range(many):
        with acting_as(SERVICE), connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, search_text FROM directory_organisation WHERE kind <> 'cluster'"
                " ORDER BY id OFFSET %s LIMIT 1",
                [number * 7],
            )
            pk, words = cursor.fetchone()
            clock = Clock(backend())
            # As the generated column does it, which filling took away.
            cursor.execute(
                "UPDATE directory_organisation SET search_text = %s,"
                " search_vector = proxeny_vector(sort_name, %s) WHERE id = %s",
                [f"{words} changed {number}", f"{words} changed {number}", pk],
            )
            times.append(clock.read()["cpu"])
    return times


if __name__ == "__main__":
    main()
