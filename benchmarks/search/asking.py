"""What is asked, by whom, and how long the answers take."""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Ask:
    """One search as a person makes it."""

    kind: str
    filters: dict[str, Any]
    page: int = 1


def make_asks(words: list[tuple[str, int]], count: int, *, seed: int = 7) -> list[Ask]:
    """Return a mix of searches, `count` of each kind; `words` with their number of entries."""
    chance = random.Random(seed)
    most = max(number for _, number in words)
    frequent = [word for word, number in words if number > most / 40 and len(word) > 4]
    rare = [word for word, number in words if 2 <= number <= 50 and len(word) > 5]
    some = [word for word, number in words if 50 < number <= most / 40 and len(word) > 5]
    countries = ["FR", "DE", "IT", "GR", "MA", "EE"]
    makers: dict[str, Callable[[], dict[str, Any]]] = {
        "rare word": lambda: {"q": chance.choice(rare)},
        "frequent word": lambda: {"q": chance.choice(frequent)},
        "two words": lambda: {"q": f"{chance.choice(frequent)} {chance.choice(some)}"},
        "beginning": lambda: {"q": chance.choice(some + frequent)[: chance.choice((3, 4, 5))]},
        "misspelt": lambda: {"q": _wrong(chance.choice(some + frequent), chance)},
        "word and filters": lambda: {
            "q": chance.choice(frequent),
            "country": chance.choice(countries),
            "kind": "company",
        },
        "filters alone": lambda: {
            "country": chance.choice(countries),
            "size": chance.choice(("micro", "large")),
        },
        "one filter": lambda: {"country": chance.choice(countries)},
    }
    asks = [Ask(kind, make()) for kind, make in makers.items() for _ in range(count)]
    asks += [
        Ask("nothing typed", {}),
        Ask("page 20", {"q": frequent[0]}, 20),
        Ask("by name, page 100", {"sort": "name"}, 100),
    ]
    return asks


def _wrong(word: str, chance: random.Random) -> str:
    # Two neighbours change places, a letter is missing, or stands twice.
    place = chance.randrange(1, len(word) - 1)
    kind = chance.randrange(3)
    if kind == 0:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    return word[:place] + (word[place] * 2 if kind == 1 else "") + word[place + 1 :]


def time_asks(asks: list[Ask], readers: dict[str, Any], rounds: int) -> Iterator[dict[str, Any]]:
    """Ask each as everybody, and yield kind, reader, hits and milliseconds by wall and processor.

    A whole page of the list: words read, hits counted, numbers beside the filters, fifty rows. The
    processor's time is that of the database's process and of this one: what the wall would show
    on a machine that nobody else uses, as all is in memory.
    """
    from proxeny.directory.queries import Filters, get_page
    from proxeny.kernel.tenancy import WEB, acting_as

    for number in range(rounds + 1):
        for ask in asks:
            for name, reader in readers.items():
                with acting_as(WEB, reader):
                    clock = Clock(backend())
                    page = get_page(Filters(**ask.filters), number=ask.page)
                    taken = clock.read()
                if number:
                    yield {
                        "kind": ask.kind,
                        "reader": name,
                        "hits": page.total,
                        **taken,
                        "what": str(ask.filters),
                    }


def backend() -> int:
    """Return the process that answers Django's connection."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid: int = cursor.fetchone()[0]
        return pid


class Clock:
    """The wall's time and the processor's, of this process and of the database's."""

    def __init__(self, pid: int | None) -> None:
        self.told = Path(f"/proc/{pid}/schedstat") if pid else None
        self.wall, self.busy = time.perf_counter(), self._busy()

    def _busy(self) -> float:
        own = time.process_time()
        return own + (int(self.told.read_text().split()[0]) / 1e9 if self.told else 0.0)

    def read(self) -> dict[str, float]:
        """Return the milliseconds since the clock was made."""
        return {
            "ms": (time.perf_counter() - self.wall) * 1000,
            "cpu": (self._busy() - self.busy) * 1000,
        }


def percentile(values: list[float], share: float) -> float:
    """Return the value below which a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def summarise(rows: list[dict[str, Any]], key: str) -> list[tuple[Any, ...]]:
    """Return name, number, and of processor and wall median and 95th percentile, by `key`."""
    told = []
    for name in dict.fromkeys(row[key] for row in rows):
        busy = [row["cpu"] for row in rows if row[key] == name]
        wall = [row["ms"] for row in rows if row[key] == name]
        told.append(
            (
                name,
                len(busy),
                statistics.median(busy),
                percentile(busy, 0.95),
                statistics.median(wall),
                percentile(wall, 0.95),
            )
        )
    return told
