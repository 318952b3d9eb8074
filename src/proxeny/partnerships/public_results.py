"""What capabilities above know of a partnership for its page: what came of it, and who sustains it."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from proxeny.partnerships.models import Partnership

#: So many organisations of further countries are told.
MOST_SUPPORTERS = 200


@dataclass(frozen=True, slots=True)
class PublicResult:
    """Something that came of a partnership and can be shown to the world, if the room wants it.

    Attributes
    ----------
    key : str
        Its kind and its number, as `bid:12`.
    title, note : str
        What it is called, and what stands below; in `language`, where that is known.
    on : date, optional
        When it came.
    url : str
        Where everybody reads it; empty where nobody does.
    room_url : str
        Where the room does.
    amount, currency : Decimal, str
        What it brought; shown only if the room wants this as well.
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
        """Whether everybody reads it already."""
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

_RESULTS: dict[str, tuple[Any, FindResults]] = {}
_SUPPORTERS: list[FindSupporters] = []


def tell_results(kind: str, label: Any, find: FindResults) -> None:
    """Have pages of partnerships know of results of a kind; called when Django is ready."""
    _RESULTS[kind] = (label, find)


def tell_supporters(find: FindSupporters) -> None:
    """Have pages of partnerships know who takes part elsewhere; called when Django is ready."""
    _SUPPORTERS.append(find)


def find_results(partnership: Partnership) -> list[PublicResult]:
    """Return what came of a partnership, the newest first; as the reader. A query for each kind."""
    found = [one for _label, find in _RESULTS.values() for one in find(partnership)]
    return sorted(found, key=lambda one: one.on or date.min, reverse=True)


def find_supporters(partnership: Partnership, *, home: Collection[str]) -> list[Supporter]:
    """Return who of other countries than `home` takes part in something, each organisation once.

    As the reader; a query for each kind.
    """
    found: dict[int, Supporter] = {}
    for find in _SUPPORTERS:
        for one in find(partnership, home):
            found.setdefault(one.organisation_id, one)
    return sorted(found.values(), key=lambda one: (one.country, one.name))[:MOST_SUPPORTERS]


def label_of(kind: str) -> str:
    """Return what results of a kind are called; empty for a kind that is known no more."""
    return str(_RESULTS[kind][0]) if kind in _RESULTS else ""
