"""Exported study: question, authors, data, and results.

People, organisations, licences and grants are named by an identifier of the web where they have one
(ORCID, ROR, a licence's address), else by a name in the study that begins with `#`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from proxeny.engine.package.schema import Dialect, Schema

__all__ = [
    "Action",
    "DataFile",
    "Dataset",
    "Evidence",
    "Funding",
    "Licence",
    "Organisation",
    "Person",
    "Recommendation",
    "Report",
    "Study",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """Licence for reuse: its address and its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation; its `id` is its ROR address where it has one."""

    id: str
    name: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Person who took part.

    Parameters
    ----------
    id : str
        An ORCID address where there is one.
    name : str
        As the person writes it.
    given, family : str
        Its parts where they are known; citations need them.
    roles : tuple of str
        The person's roles.
    organisation : str
        The `id` of the organisation the person was there for; or empty.
    """

    id: str
    name: str
    given: str = ""
    family: str = ""
    roles: tuple[str, ...] = ()
    organisation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """A file.

    Parameters
    ----------
    path : str
        Where it lies in the study's archive, with slashes.
    media_type, size, sha256 : str, int, str
        What is in it; None and empty are unknown, which only files of others may be.
    title, description : str
        For people. A title that is the file's name is taken for none.
    schema, dialect : Schema, Dialect, optional
        Of a table.
    """

    path: str
    media_type: str = ""
    size: int | None = None
    sha256: str = ""
    title: str = ""
    description: str = ""
    schema: Schema | None = None
    dialect: Dialect | None = None

    def __post_init__(self) -> None:
        # A title that only repeats the file's name says nothing.
        if self.title == self.path.rpartition("/")[2]:
            object.__setattr__(self, "title", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """Files that belong together.

    Parameters
    ----------
    path : str
        Their folder, ending with a slash.
    licence : str
        The `id` of a licence; empty is the study's.
    access : str
        Its access level, e.g. `open`, `restricted`, `closed`.
    creators : tuple of str
        Ids of people and organisations.
    """

    path: str
    title: str
    description: str = ""
    licence: str = ""
    access: str = ""
    created: date | None = None
    creators: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    files: tuple[DataFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Document about the study."""

    file: DataFile
    language: str = ""
    created: date | None = None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Evidence for a recommendation.

    Parameters
    ----------
    id : str
        Begins with `#`.
    kind : str
        E.g. `data`, `meeting`, `document`, `figure`.
    note : str
        Its meaning.
    file : str
        The path of a file of the study; or empty.
    rows : (int, int), optional
        First and last row of a table as in its file.
    columns : tuple of str
        Names of columns.
    """

    id: str
    kind: str
    note: str
    file: str = ""
    rows: tuple[int, int] | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """Recommendation of the study, and its follow-up.

    Parameters
    ----------
    id : str
        Begins with `#`.
    state : str
        E.g. `proposed`, `decided`, `in progress`, `adopted`, `dropped`.
    addressee : str
        The `id` of the addressee.
    source : str
        Its source, e.g. `study`.
    decision, reason : str
        The decision and its reason.
    evidence, proof : tuple of Evidence
        The evidence for it; the proof of its adoption.
    actions : tuple of str
        The actions taken on it.
    """

    id: str
    title: str
    text: str = ""
    state: str = ""
    addressee: str = ""
    source: str = ""
    decision: str = ""
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    actions: tuple[str, ...] = ()
    proof: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Step of the work: agent, input, result and time.

    Parameters
    ----------
    id : str
        Begins with `#`.
    kind : {"CreateAction", "UpdateAction", "ActivateAction"}
        As schema.org names it.
    agent : str
        The `id` of a person or organisation.
    objects, results : tuple of str
        Paths of files and datasets, ids of others.
    instrument : str
        The tool, in words.
    """

    id: str
    name: str
    kind: Literal["CreateAction", "UpdateAction", "ActivateAction"] = "CreateAction"
    agent: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    objects: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    instrument: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """Grant: its name and number, and the `id` of the funder."""

    id: str
    name: str
    number: str = ""
    funder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A study with everything in it.

    Parameters
    ----------
    question : str
        The research question.
    licence : str
        The `id` of one of `licences`.
    authors : tuple of str
        Ids of the cited authors, in their order.
    publisher : str
        The `id` of an organisation.
    doi : str
        Without `https://doi.org/`; or empty.
    """

    title: str
    description: str
    published: date | None
    licence: str
    question: str = ""
    created: date | None = None
    modified: date | None = None
    version: str = ""
    language: str = ""
    doi: str = ""
    publisher: str = ""
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    licences: tuple[Licence, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    people: tuple[Person, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    reports: tuple[Report, ...] = ()
    recommendations: tuple[Recommendation, ...] = ()
    actions: tuple[Action, ...] = ()
    funding: tuple[Funding, ...] = ()

    @property
    def files(self) -> tuple[DataFile, ...]:
        """All files, those of datasets first."""
        return (
            *(file for dataset in self.datasets for file in dataset.files),
            *(report.file for report in self.reports),
        )

    @property
    def parties(self) -> dict[str, Person | Organisation]:
        """People and organisations by their ids."""
        named: dict[str, Person | Organisation] = {one.id: one for one in self.people}
        return named | {one.id: one for one in self.organisations}
