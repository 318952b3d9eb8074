"""Organisations with their offers and needs, drawn by one seed: the same for every size and peer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from benchmarks.search.words import SHARES, Tongue
from numpy.random import Generator

#: Members of the first cluster, whose manager asks; of all the others.
FIRST_CLUSTER = 10_000
CLUSTER = 500
COINED = 200_000
_BATCH = 10_000
_CODES = (
    "FR DE IT ES GR NL BE PL SE AT PT RO CZ DK FI IE HU BG HR SK LT SI LV EE CY LU MT GB CH NO TR MA "
    "TN DZ EG LB JO AE SA QA IL UA RS MD GE US CA JP KR IN CN BR"
)
_COUNTRIES = _CODES.split()
_KINDS = (
    ("company", 60),
    ("startup", 12),
    ("lab", 6),
    ("university", 5),
    ("public", 6),
    ("investor", 3),
    ("association", 6),
    ("other", 2),
)
_SIZES = (("micro", 40), ("small", 25), ("medium", 12), ("large", 5), ("", 18))
_FORMS = ("", "", "", "SA", "SAS", "GmbH", "Ltd", "SRL", "AE", "BV", "Group", "Lab")
_SECTORS = 300
_CITIES = 4_000
#: Who sees an entry, of a hundred: as many are public as make a stranger's search a large one.
VISIBILITIES = (("public", 30), ("partnership", 60), ("cluster", 7), ("private", 3))


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer or need."""

    direction: str
    kind: str
    title: str
    summary: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Document:
    """One organisation; `cluster` is the number of the cluster that keeps it."""

    number: int
    cluster: int
    name: str
    kind: str
    size: str
    country: str
    city: str
    language: str
    sectors: list[str]
    visibility: str
    summary: str
    offers: list[Offer]


def draw_documents(tongues: dict[str, Tongue], rows: int, *, seed: int = 1) -> Iterator[Document]:
    """Yield so many organisations."""
    random = np.random.default_rng(seed)
    sectors = _pairs(tongues, random, _SECTORS)
    cities = [one.title() for one in _coined(tongues, random, _CITIES)]
    numbers = count()
    for start in range(0, rows, _BATCH):
        many = min(_BATCH, rows - start)
        yield from _batch(tongues, random, many, numbers, sectors, cities)


def clusters_of(rows: int) -> int:
    """Return how many clusters keep so many organisations."""
    return 1 + max(0, -(-(rows - FIRST_CLUSTER) // CLUSTER))


def _batch(
    tongues: dict[str, Tongue],
    random: Generator,
    many: int,
    numbers: Iterator[int],
    sectors: Sequence[str],
    cities: Sequence[str],
) -> Iterator[Document]:
    codes = _pick(random, [*SHARES.items()], many)
    kinds, sizes = _pick(random, _KINDS, many), _pick(random, _SIZES, many)
    seen = _pick(random, VISIBILITIES, many)
    lands = [_COUNTRIES[place] for place in _zipf(random, len(_COUNTRIES), many)]
    towns = [cities[place] for place in _zipf(random, _CITIES, many)]
    topics = _zipf(random, _SECTORS, many * 3).reshape(many, 3)
    lengths = np.minimum(random.lognormal(4.0, 0.6, many), 400).astype(int)
    offers = random.poisson(0.8, many)
    words = {code: _Supply(tongues[code], random) for code in tongues}
    for n in range(many):
        number, supply = next(numbers), words[codes[n]]
        several = sorted({sectors[place] for place in topics[n][: 1 + number % 3]})
        yield Document(
            number=number,
            cluster=_cluster(number),
            name=_name(random, supply),
            kind=kinds[n],
            size=sizes[n],
            country=lands[n],
            city=towns[n],
            language=codes[n],
            sectors=several,
            visibility=seen[n],
            summary=supply.take(lengths[n]),
            offers=[_offer(random, supply) for _ in range(offers[n])],
        )


class _Supply:
    """Words of a language, drawn many at once."""

    def __init__(self, tongue: Tongue, random: Generator) -> None:
        self.tongue, self.random = tongue, random
        self.words: list[str] = []
        self.coined: list[str] = []

    def take(self, count: int) -> str:
        """Return so many words as a text."""
        if len(self.words) < count:
            self.words += self.tongue.draw(self.random, 200_000).tolist()
        taken = [self.words.pop() for _ in range(count)]
        return " ".join(taken)

    def coin(self) -> str:
        """Return one of the coined words."""
        if not self.coined:
            places = self.random.integers(1, COINED, 20_000)
            self.coined = self.tongue.words[-places].tolist()
        return self.coined.pop()


def _cluster(number: int) -> int:
    return 0 if number < FIRST_CLUSTER else 1 + (number - FIRST_CLUSTER) // CLUSTER


def _name(random: Generator, supply: _Supply) -> str:
    # A coined word, mostly with one or two of the language's own, and a legal form.
    form = _FORMS[random.integers(len(_FORMS))]
    words = f"{supply.coin()} {supply.take(int(random.integers(0, 3)))}".title()
    return f"{words.strip()} {form}".strip()[:200]


def _offer(random: Generator, supply: _Supply) -> Offer:
    return Offer(
        direction=("offer", "need")[random.integers(2)],
        kind=("business", "technology", "research", "expertise")[random.integers(4)],
        title=supply.take(6)[:256],
        summary=supply.take(35)[:500],
        is_open=bool(random.random() < 0.8),
    )


def _pairs(tongues: dict[str, Tongue], random: Generator, many: int) -> list[str]:
    draws = [tongues[("en", "fr")[n % 2]].draw(random, 2) for n in range(many)]
    return sorted({" ".join(pair) for pair in draws} | {f"field {n}" for n in range(many)})[:many]


def _coined(tongues: dict[str, Tongue], random: Generator, many: int) -> list[str]:
    return list(tongues["en"].words[-1 - random.integers(0, COINED, many)])


def _zipf(random: Generator, size: int, many: int) -> np.ndarray:
    shares = np.cumsum(1 / np.arange(1, size + 1))
    return np.searchsorted(shares, random.random(many) * shares[-1])


def _pick(random: Generator, weighted: Sequence[tuple[str, int]], many: int) -> list[str]:
    names = [name for name, _ in weighted]
    shares = np.cumsum([weight for _, weight in weighted])
    return [names[place] for place in np.searchsorted(shares, random.random(many) * shares[-1])]
