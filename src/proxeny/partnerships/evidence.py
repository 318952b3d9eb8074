"""Locations of evidence: from a recommendation to the record that supports it.

Also the origin of a recommendation, the page where it is edited if that is not the room's register,
and further ways to add evidence.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from proxeny.kernel.hooks import Hook, KeyedHook
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Evidence, Recommendation


@dataclass(frozen=True, slots=True)
class Spot:
    """Location of a piece of evidence.

    `label` describes it in words, instead of its place; `is_table` says whether its page shows rows
    of a table in an element `#rows`.
    """

    url: str
    label: str = ""
    is_table: bool = False


#: Returns the address of each piece that the reader may follow, by the piece's number.
Find = Callable[[Reader, list[Evidence]], Mapping[int, str | Spot]]

EVIDENCE: KeyedHook[Find] = KeyedHook(
    "advice.evidence", "The addresses of evidence, by what it is."
)


def find_spots(reader: Reader, pieces: Iterable[Evidence]) -> dict[int, Spot]:
    """Return the location of each piece of evidence, by id; none for what nobody can open.

    External sources have their own `url`. As many queries as there are kinds of target.
    """
    by_target: dict[str, list[Evidence]] = {}
    found: dict[int, Spot] = {}
    for one in pieces:
        if one.url:
            found[one.pk] = Spot(one.url)
        elif one.target in EVIDENCE:
            by_target.setdefault(one.target, []).append(one)
    for target, those in by_target.items():
        for pk, spot in EVIDENCE[target](reader, those).items():
            found[pk] = Spot(spot) if isinstance(spot, str) else spot
    return found


@dataclass(frozen=True, slots=True)
class Home:
    """Pages of a recommendation: its origin, and the form that changes it."""

    url: str
    edit_url: str


HOMES: KeyedHook[Callable[[Recommendation], Home]] = KeyedHook(
    "advice.homes", "The page on which recommendations of a source are written."
)


def find_home(advice: Recommendation) -> Home | None:
    """Return where a recommendation is written; None for what the room's register keeps itself."""
    find = HOMES.get(advice.source)
    return find(advice) if find and advice.source_id else None


@dataclass(frozen=True, slots=True)
class Origin:
    """Origin of a recommendation that keeps its own register.

    `tell` returns its name and page, if the reader sees it; `list_url` is the page of all its
    recommendations.
    """

    tell: Callable[[Recommendation], tuple[str, str] | None]
    list_url: Callable[[Recommendation], str]


ORIGINS: KeyedHook[Origin] = KeyedHook(
    "advice.origins", "What recommendations of a source come from."
)


def find_origin(advice: Recommendation) -> Origin | None:
    """Return what a recommendation comes from, where somebody said so. No query."""
    return ORIGINS.get(advice.source) if advice.source_id else None


@dataclass(frozen=True, slots=True)
class Way:
    """A page on which somebody says what a recommendation rests on, beside the room's form."""

    url: str
    label: str
    icon: str


WAYS: Hook[Callable[[Recommendation], Way | None]] = Hook(
    "advice.ways", "A page on which a recommendation is given evidence."
)


def find_ways(advice: Recommendation) -> Iterator[Way]:
    """Yield the pages on which a recommendation is given evidence. No query."""
    for find in WAYS:
        if way := find(advice):
            yield way
