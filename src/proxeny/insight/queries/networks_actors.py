"""The organisations of a network in rows: found by name, country and kind, sorted by a figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from proxeny.folding import fold
from proxeny.insight.queries.networks import Named, list_named


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
    """The organisations listed individually; `unseen` counts those that the reader may not see."""

    rows: list[Actor]
    unseen: int

    @property
    def countries(self) -> list[str]:
        """The codes of their countries, in order."""
        return sorted({one.named.country for one in self.rows if one.named.country})

    def narrow(
        self, *, words: str = "", country: str = "", kind: str = "", sort: str = "-strength"
    ) -> list[Actor]:
        """Return the organisations of a country and a kind whose name holds all words, sorted.

        `sort` is a figure, `name` or `country`, with `-` for the highest first. Organisations
        without that figure come last.
        """
        wanted = fold(words).split()
        rows = [
            one
            for one in self.rows
            if (not country or one.named.country == country)
            and (not kind or one.named.kind == kind)
            and all(word in one.named.sort_name for word in wanted)
        ]
        return _sorted(rows, sort)


def list_actors(present: Mapping[str, Any]) -> Actors:
    """Return the organisations that are listed individually. One query."""
    columns: Mapping[str, list[Any]] = present["actors"]
    ids: list[int] = columns["ids"]
    named = list_named(ids)
    place = {pk: number for number, pk in enumerate(ids)}
    figures = [name for name in columns if name not in ("ids", "core", "community")]
    rows = [
        Actor(
            one,
            {name: columns[name][place[one.id]] for name in figures},
            columns["community"][place[one.id]],
            bool(columns["core"][place[one.id]]),
        )
        for one in named
    ]
    return Actors(rows, len(ids) - len(named))


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
