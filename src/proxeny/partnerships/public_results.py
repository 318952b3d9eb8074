"""Facts from higher-level packages for a partnership's public page: results and supporters."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from proxeny.kernel.hooks import Hook, KeyedHook
from proxeny.partnerships.models import Partnership

#: So many organisations of further countries are told.
MOST_SUPPORTERS = 200


@dataclass(frozen=True, slots=True)
class PublicResult:
    """Result of a partnership that can be published, if the room wants it.

    Attributes
    ----------
    key : str
        Its kind and its number, for example `bid:12`.
    title, note : str
        Its title, and the text below; in `language`, where that is known.
    on : date, optional
        Its date.
    url : str
        Its public page; empty if there is none.
    room_url : str
        Its page in the room.
    amount, currency : Decimal, str
        Its value; shown only if the room wants this as well.
    """

    key: str
    title: str
    note: str = ""
    language: str = ""
    on: date | None = None
    url: str = ""
    room_url: str = ""
    amount: Decimal | None = None
    currency: str = ""

    @property
    def kind(self) -> str:
        """Of which kind it is."""
        return self.key.partition(":")[0]

    @property
    def is_public(self) -> bool:
        """Whether it is public already."""
        return bool(self.url)


@dataclass(frozen=True, slots=True)
class Supporter:
    """An organisation beside the parties that takes part in something of theirs, as the room reads."""

    organisation_id: int
    name: str
    country: str
    what: str
    url: str


FindResults = Callable[[Partnership], Iterator[PublicResult]]
#: Leaves out those of some countries, named by their codes.
FindSupporters = Callable[[Partnership, Collection[str]], Iterator[Supporter]]


@dataclass(frozen=True, slots=True)
class Results:
    """Results of a kind: what they are called, and how they are found."""

    label: Any
    find: FindResults


RESULTS: KeyedHook[Results] = KeyedHook(
    "public.results", "Results of a kind on the public page of a partnership."
)
SUPPORTERS: Hook[FindSupporters] = Hook(
    "public.supporters", "Supporters on the public page of a partnership."
)


def find_results(partnership: Partnership) -> list[PublicResult]:
    """Return the outcomes of a partnership, newest first; as the reader. A query for each kind."""
    found = [one for kind in RESULTS.values() for one in kind.find(partnership)]
    return sorted(found, key=lambda one: one.on or date.min, reverse=True)


def find_supporters(partnership: Partnership, *, home: Collection[str]) -> list[Supporter]:
    """Return participants from other countries than `home`, each organisation once.

    As the reader; a query for each kind.
    """
    found: dict[int, Supporter] = {}
    for find in SUPPORTERS:
        for one in find(partnership, home):
            found.setdefault(one.organisation_id, one)
    return sorted(found.values(), key=lambda one: (one.country, one.name))[:MOST_SUPPORTERS]


def label_of(kind: str) -> str:
    """Return what results of a kind are called; empty for a kind that is known no more."""
    return str(RESULTS[kind].label) if kind in RESULTS else ""
