"""The parts of a study as a page shows it; `shown` makes them of plain data."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from proxeny.engine import package as engine
from proxeny.research.beside import Beside, Yield
from proxeny.research.models import Package, Study
from proxeny.research.rows import dump_written
from proxeny.research.rules import Place, tell_place


@dataclass(frozen=True, slots=True)
class Licence:
    """What others may do with something; `url` where that can be read."""

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a data package; `url` where it can be had."""

    name: str
    path: str
    size: int | None
    media_type: str
    sha256: str
    title: str
    details: str
    columns: tuple[engine.Field, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Data:
    """A data package; `number` is ours, where it is one of ours. `anchor` is its place on a page."""

    number: int
    anchor: str
    folder: str
    title: str
    details: str
    licence: Licence | None
    access: str
    access_label: str
    created: date | None
    keywords: tuple[str, ...]
    files: tuple[File, ...]
    terms: str = ""

    @property
    def is_open(self) -> bool:
        """Whether anybody may have its files."""
        return self.access == Package.Access.OPEN

    @property
    def is_on_request(self) -> bool:
        """Whether its files can be asked for."""
        return self.access == Package.Access.REQUEST

    @property
    def size(self) -> int:
        """How long its files are together."""
        return sum(one.size or 0 for one in self.files)


@dataclass(frozen=True, slots=True)
class Piece:
    """What a recommendation rests on; `file` where that is rows of a table here."""

    kind: str
    note: str
    url: str
    path: str
    rows: tuple[int, int] | None
    columns: tuple[str, ...]
    file: File | None = None

    @property
    def place(self) -> Place | None:
        """Which rows and columns; None where it names no rows."""
        return Place(*self.rows, self.columns) if self.rows else None

    @property
    def told(self) -> str:
        """Which rows and columns, in words."""
        return tell_place(self.place) if self.place else ", ".join(self.columns)


@dataclass(frozen=True, slots=True)
class Advice:
    """A recommendation and what became of it; `number` is ours, where it is one of ours."""

    number: int
    anchor: str
    title: str
    text: str
    state: str
    state_label: str
    tone: str
    icon: str
    addressee: str
    decided_on: date | None
    adopted_on: date | None
    reason: str
    pieces: tuple[Piece, ...]
    actions: tuple["Deed", ...]
    proof: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deed:
    """What is done about a recommendation, and when it was done."""

    title: str
    done_on: date | None


@dataclass(frozen=True, slots=True)
class Taker:
    """Who takes part: a person or an organisation."""

    name: str
    url: str
    roles: tuple[str, ...]
    works_for: str
    is_person: bool
    is_cited: bool


@dataclass(frozen=True, slots=True)
class Served:
    """Whom a study serves, and what it did for them."""

    label: str
    results: tuple["Outcome", ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a study yielded."""

    kind: str
    told: Yield
    happened_on: date | None


@dataclass(frozen=True, slots=True)
class Step:
    """What was done when."""

    name: str
    moment: datetime | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a package: of which, how it is written, and what its columns are."""

    title: str
    dialect: dict[str, Any] | None
    schema: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A study as a page shows it."""

    study: engine.Study
    beside: Beside
    title: str
    direction: str
    elements: tuple[tuple[str, str], ...]
    takers: tuple[Taker, ...]
    publisher: str
    served: tuple[Served, ...]
    packages: tuple[Data, ...]
    advice: tuple[Advice, ...]
    steps: tuple[Step, ...]
    reports: tuple[File, ...]
    funding: tuple[str, ...]
    licence: Licence | None

    @property
    def language(self) -> str:
        """The language of its words."""
        return self.study.language or "en"

    @property
    def language_name(self) -> str:
        """The language by its own name, where we know it."""
        return dict(Study._meta.get_field("language").choices or ()).get(self.language, "")

    @property
    def authors(self) -> tuple[Taker, ...]:
        """Who is cited."""
        return tuple(one for one in self.takers if one.is_cited)

    def find_file(self, path: str) -> tuple[Data, File] | None:
        """Return a file with its package."""
        for one in self.packages:
            for file in one.files:
                if file.path == path:
                    return one, file
        return None

    def table_of(self, path: str) -> Table:
        """Return how a table is written, and in which package it is."""
        for dataset in self.study.datasets:
            for file in dataset.files:
                if file.path == path:
                    return Table(
                        dataset.title,
                        dump_written(file.dialect) if file.dialect else None,
                        engine.dump_schema(file.schema) if file.schema else None,
                    )
        return Table("", None, None)

    def find_package(self, number: int) -> Data | None:
        """Return a package of ours."""
        return next((one for one in self.packages if number and one.number == number), None)

    def find_advice(self, number: int) -> Advice | None:
        """Return a recommendation of ours."""
        return next((one for one in self.advice if number and one.number == number), None)
