"""The parts of a study as a page shows it; `shown` makes them of plain data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from proxeny.engine import package as engine
from proxeny.research.crate_extensions import Beside, Yield
from proxeny.research.models import Package, Study
from proxeny.research.rules import Place, tell_place
from proxeny.research.sandboxed import dump_written


@dataclass(frozen=True, slots=True)
class Licence:
    """The licence of something; `url` of its text, if there is one."""

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
        """The total size of its files."""
        return sum(one.size or 0 for one in self.files)


@dataclass(frozen=True, slots=True)
class Piece:
    """The evidence for a recommendation; `file` if it is rows of a table here."""

    kind: str
    note: str
    url: str
    path: str
    rows: tuple[int, int] | None
    columns: tuple[str, ...]
    file: File | None = None

    @property
    def place(self) -> Place | None:
        """The cited rows and columns; None if it cites no rows."""
        return Place(*self.rows, self.columns) if self.rows else None

    @property
    def told(self) -> str:
        """The cited rows and columns, in words."""
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
    """An action on a recommendation, and the day it was done."""

    title: str
    done_on: date | None


@dataclass(frozen=True, slots=True)
class Taker:
    """A contributor: a person or an organisation."""

    name: str
    url: str
    roles: tuple[str, ...]
    works_for: str
    is_person: bool
    is_cited: bool


@dataclass(frozen=True, slots=True)
class Served:
    """A group of beneficiaries, and the results that serve it."""

    label: str
    results: tuple["Outcome", ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A result of a study."""

    kind: str
    told: Yield
    happened_on: date | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a study, and its date."""

    name: str
    moment: datetime | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a package: its package, its format, and its columns."""

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
    def found(self) -> str:
        """The findings; empty if the description merely repeats the question or the reason."""
        others = (self.study.question, self.beside.elements.get("why"))
        return "" if self.study.description in others else self.study.description

    @property
    def language(self) -> str:
        """The language of its words."""
        return self.study.language or "en"

    @property
    def language_name(self) -> str:
        """The language by its own name, where we know it."""
        names: Iterable[Any] = Study._meta.get_field("language").choices or ()
        return str(dict(names).get(self.language, ""))

    @property
    def authors(self) -> tuple[Taker, ...]:
        """The cited authors."""
        return tuple(one for one in self.takers if one.is_cited)

    def find_file(self, path: str) -> tuple[Data, File] | None:
        """Return a file with its package."""
        for one in self.packages:
            for file in one.files:
                if file.path == path:
                    return one, file
        return None

    def table_of(self, path: str) -> Table:
        """Return a table's format and its package."""
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
