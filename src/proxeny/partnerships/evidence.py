"""Where a piece of evidence stands: from a recommendation to the record that it rests on.

And where a recommendation comes from, where it is written if that is not the room's register, and
how else somebody can say what it rests on.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Evidence, Recommendation


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a piece of evidence stands.

    `label` says it in words, instead of its place; `is_table` whether its page shows rows of a
    table in an element `#rows`.
    """

    url: str
    label: str = ""
    is_table: bool = False


#: Returns the address of each piece that the reader may follow, by the piece's number.
Find = Callable[[Reader, list[Evidence]], Mapping[int, str | Spot]]

_FIND: dict[str, Find] = {}


def lead_to(target: str, find: Find) -> None:
    """Say where evidence of a target stands; called by its capability when Django is ready."""
    _FIND[target] = find


def find_spots(reader: Reader, pieces: Iterable[Evidence]) -> dict[int, Spot]:
    """Return where each piece of evidence stands, by its number; none for what nobody can open.

    What stands outside has its own `url`. As many queries as there are kinds of target.
    """
    by_target: dict[str, list[Evidence]] = {}
    found: dict[int, Spot] = {}
    for one in pieces:
        if one.url:
            found[one.pk] = Spot(one.url)
        elif one.target in _FIND:
            by_target.setdefault(one.target, []).append(one)
    for target, those in by_target.items():
        for pk, spot in _FIND[target](reader, those).items():
            found[pk] = Spot(spot) if isinstance(spot, str) else spot
    return found


@dataclass(frozen=True, slots=True)
class Home:
    """Where a recommendation is written: the page it comes from, and the form that changes it."""

    url: str
    edit_url: str


_HOMES: dict[str, Callable[[Recommendation], Home]] = {}


def write_at(source: str, find: Callable[[Recommendation], Home]) -> None:
    """Say where recommendations of a source are written, by the capability they come from."""
    _HOMES[source] = find


def find_home(advice: Recommendation) -> Home | None:
    """Return where a recommendation is written; None for what the room's register keeps itself."""
    find = _HOMES.get(advice.source)
    return find(advice) if find and advice.source_id else None


@dataclass(frozen=True, slots=True)
class Origin:
    """What a recommendation comes from that the room's register keeps itself.

    `tell` returns its name and page, if the reader sees it; `list_url` is the page of all that come
    from it.
    """

    tell: Callable[[Recommendation], tuple[str, str] | None]
    list_url: Callable[[Recommendation], str]


_ORIGINS: dict[str, Origin] = {}


def come_from(source: str, origin: Origin) -> None:
    """Say what recommendations of a source come from, by the capability that has it."""
    _ORIGINS[source] = origin


def find_origin(advice: Recommendation) -> Origin | None:
    """Return what a recommendation comes from, where somebody said so. No query."""
    return _ORIGINS.get(advice.source) if advice.source_id else None


@dataclass(frozen=True, slots=True)
class Way:
    """A page on which somebody says what a recommendation rests on, beside the room's form."""

    url: str
    label: str
    icon: str


_WAYS: list[Callable[[Recommendation], Way | None]] = []


def offer_way(find: Callable[[Recommendation], Way | None]) -> None:
    """Offer a page on which a recommendation is given evidence, by the capability that has it."""
    _WAYS.append(find)


def find_ways(advice: Recommendation) -> Iterator[Way]:
    """Yield the pages on which a recommendation is given evidence. No query."""
    for find in _WAYS:
        if way := find(advice):
            yield way
