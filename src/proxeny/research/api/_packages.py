"""Shapes of data packages over the API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from proxeny.kernel.api import Id, In, Out, unsent
from proxeny.research.models import Package, PackageFile

Number = Annotated[int, Field(ge=1, le=32767)]
Key = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
RowNumber = Annotated[int, Field(ge=1, le=10**12)]


class PackageFileOut(Out):
    """A file of a version; of a table how many rows it has, and whether they fit."""

    id: int
    path: str
    title: str
    details: str
    size: int
    sha256: str
    media_type: str
    fit: Literal[*PackageFile.Fit.values]
    rows: int | None
    revision: int

    @staticmethod
    def resolve_rows(one: PackageFile) -> int | None:
        """Known once all rows were checked."""
        return (one.report or {}).get("rows")


class PackageVersionOut(Out):
    """A version; without `released_at` it is the one that is worked on."""

    number: int
    note: str
    created_at: datetime
    released_at: datetime | None
    released_by_id: int | None


class PackageVersionFiles(PackageVersionOut):
    """A version with its files."""

    files: list[PackageFileOut]


class DataPackageRow(Out):
    """A data package; change it as a record of the room (`keep/package`)."""

    id: int
    study_id: int
    title: str
    details: str
    keywords: str
    licence: str
    access: Literal[*Package.Access.values]
    terms: str
    version: int


class DataPackageOut(DataPackageRow):
    """A data package with its versions, the newest first."""

    versions: list[PackageVersionOut]


class PackageTable(Out):
    """What the columns of a table hold (a Table Schema), and how its rows are written."""

    revision: int
    table: dict[str, Any]
    dialect: dict[str, Any]


Text = Annotated[str, Field(max_length=1_000)]
Word = Annotated[str, Field(max_length=100)]
Words = Annotated[list[Word], Field(max_length=100)]


class ColumnRules(In):
    """What values have to be besides of their type; bounds and choices as they are written."""

    required: bool = unsent()
    unique: bool = unsent()
    minimum: Word = unsent()
    maximum: Word = unsent()
    minLength: Annotated[int, Field(ge=0, le=2**31 - 1)] = unsent()  # noqa: N815
    maxLength: Annotated[int, Field(ge=0, le=2**31 - 1)] = unsent()  # noqa: N815
    pattern: Annotated[str, Field(max_length=500)] = unsent()
    enum: Annotated[list[Text], Field(max_length=2_000)] = unsent()


class ColumnIn(In):
    """A column, as a Table Schema says it."""

    name: Annotated[str, Field(max_length=500)]
    type: Word = "string"
    format: Word = unsent()
    title: Text = unsent()
    description: Annotated[str, Field(max_length=4_000)] = unsent()
    constraints: ColumnRules = unsent()
    decimalChar: Word = unsent()  # noqa: N815
    groupChar: Word = unsent()  # noqa: N815
    bareNumber: bool = unsent()  # noqa: N815
    trueValues: Words = unsent()  # noqa: N815
    falseValues: Words = unsent()  # noqa: N815


class TableSchemaIn(In):
    """What the columns of a table hold: a Table Schema of version 1."""

    fields: Annotated[list[ColumnIn], Field(min_length=1, max_length=2_000)]
    missingValues: Words = unsent()  # noqa: N815
    primaryKey: Words = unsent()  # noqa: N815


class PackageTableIn(In):
    """What its columns hold from now on; `revision` is the one that was read."""

    revision: Annotated[int, Field(ge=1, le=2**31 - 1)]
    table: TableSchemaIn


class TableFaultOut(Out):
    """One thing that is wrong: the header is row 1."""

    row: int
    column: str
    code: str
    value: str
    detail: str


class TableReportOut(Out):
    """What the check of all rows has found: the first hundred of each code, all of them counted."""

    fit: Literal[*PackageFile.Fit.values]
    rows: int | None
    counts: dict[str, int]
    problems: list[TableFaultOut]


class TableRowsWanted(In):
    """Which rows, as counted in the file; two hundred at most."""

    first: RowNumber = 2
    last: RowNumber = 101


class TableRowOut(Out):
    """A row with its number."""

    number: int
    cells: list[str]


class TableRowsOut(Out):
    """Rows of a table as they are written."""

    header: list[str]
    rows: list[TableRowOut]
    more: bool


class PackageReleaseIn(In):
    """What is new in a version."""

    note: str = Field("", max_length=500)
    faults_known: bool = Field(False, description="Release rows that do not fit, knowing it.")


class PackageFilters(In):
    """Of which study."""

    study: Id | None = None


class DataCitationOut(Out):
    """How the last released version is cited; `datacite` is null where something is missing."""

    apa: str
    bibtex: str
    cff: str
    datacite: dict[str, Any] | None
    missing: list[str]
    datapackage: dict[str, Any]
