"""The organisations of a network in rows: found by name, country and kind, sorted by a figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from proxeny.insight.queries.networks import Named, find_named


@dataclass(frozen=True, slots=True)
class Actor:
    """An organisation that the reader sees, with its figures by their names in the snapshot."""

    named: Named
    figures: Mapping[str, float | None]
    community: int
    is_core: bool

    @property
    def id(self) -> int:
        """Its number in the directory."""
        return self.named.id


@dataclass(frozen=True, slots=True)
class Actors:
    """Rows in order; `unseen` are told in figures alone, as the reader does not see who they are."""

    rows: list[Actor]
    unseen: int
    countries: list[str]


def find_actors(
    present: Mapping[str, Any], *, words: str = "", country: str = "", kind: str = "",
    sort: str = "-strength",
) -> Actors:  # fmt: skip
    """Return the organisations that are told one by one, narrowed and sorted. Two queries.

    Parameters
    ----------
    sort : str
        A figure, `name` or `country`, with `-` for the highest first. Who has no such figure comes
        last.
    """
    columns: Mapping[str, list[Any]] = present["actors"]
    ids: list[int] = columns["ids"]
    everybody = find_named(ids)
    narrowed = bool(words or country or kind)
    found = find_named(ids, words=words, country=country, kind=kind) if narrowed else everybody
    place = {pk: number for number, pk in enumerate(ids)}
    figures = [name for name in columns if name not in ("ids", "core", "community")]
    rows = [
        Actor(
            one, {name: columns[name][place[one.id]] for name in figures},
            columns["community"][place[one.id]], bool(columns["core"][place[one.id]]),
        )
        for one in found
    ]  # fmt: skip
    countries = sorted({one.country for one in everybody if one.country})
    return Actors(_sorted(rows, sort), len(ids) - len(everybody), countries)


def _sorted(rows: list[Actor], sort: str) -> list[Actor]:
    name, falls = sort.lstrip("-"), sort.startswith("-")
    if name in ("name", "country"):

        def by_word(one: Actor) -> tuple[str, str, int]:
            first = one.named.country if name == "country" else one.named.sort_name
            return first, one.named.sort_name, one.id

        return sorted(rows, key=by_word, reverse=falls)

    def by_figure(one: Actor) -> tuple[bool, float, str, int]:
        value = one.figures.get(name)
        return value is None, (-1 if falls else 1) * (value or 0), one.named.sort_name, one.id

    return sorted(rows, key=by_figure)
