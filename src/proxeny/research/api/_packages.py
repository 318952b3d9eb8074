"""Schemas of data packages over the API."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from proxeny.kernel.api import Id, In, Out, unsent
from proxeny.research.models import Package, PackageFile

Number = Annotated[int, Field(ge=1, le=32767)]
Key = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
RowNumber = Annotated[int, Field(ge=1, le=10**12)]


class PackageFileOut(Out):
    """A file of a version.

    For a table, it includes the number of rows and whether they are valid.
    """

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
        """Return the number of rows, which is known once all of them were checked."""
        return (one.report or {}).get("rows")


class PackageVersionOut(Out):
    """A version. Without `released_at`, it is the version being worked on."""

    number: int
    note: str
    created_at: datetime
    released_at: datetime | None
    released_by_id: int | None


class PackageVersionFiles(PackageVersionOut):
    """A version with its files."""

    files: list[PackageFileOut]


class DataPackageRow(Out):
    """A data package. To change it, update it as a record of the kind `package`."""

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
    """A data package with its versions, newest first."""

    versions: list[PackageVersionOut]


class PackageTable(Out):
    """The description of a table's columns (a Table Schema), and the format of its rows."""

    revision: int
    table: dict[str, Any]
    dialect: dict[str, Any]


Text = Annotated[str, Field(max_length=1_000)]
Word = Annotated[str, Field(max_length=100)]
Words = Annotated[list[Word], Field(max_length=100)]


class ColumnRules(In):
    """Rules for the values in addition to their type.

    Bounds and choices are written as in the file.
    """

    required: bool = unsent()
    unique: bool = unsent()
    minimum: Word = unsent()
    maximum: Word = unsent()
    minLength: Annotated[int, Field(ge=0, le=2**31 - 1)] = unsent()  # noqa: N815
    maxLength: Annotated[int, Field(ge=0, le=2**31 - 1)] = unsent()  # noqa: N815
    pattern: Annotated[str, Field(max_length=500)] = unsent()
    enum: Annotated[list[Text], Field(max_length=2_000)] = unsent()


class ColumnIn(In):
    """A column as described in a Table Schema."""

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
    """The description of a table's columns: a Table Schema of version 1."""

    fields: Annotated[list[ColumnIn], Field(min_length=1, max_length=2_000)]
    missingValues: Words = unsent()  # noqa: N815
    primaryKey: Words = unsent()  # noqa: N815


class PackageTableIn(In):
    """The new description of the columns. `revision` is the revision that you read."""

    revision: Annotated[int, Field(ge=1, le=2**31 - 1)]
    table: TableSchemaIn


class TableFaultOut(Out):
    """A problem in the table. The header is row 1."""

    row: int
    column: str
    code: str
    value: str
    detail: str


class TableReportOut(Out):
    """The result of checking all rows.

    It lists the first hundred problems of each code and counts all of them.
    """

    fit: Literal[*PackageFile.Fit.values]
    rows: int | None
    counts: dict[str, int]
    problems: list[TableFaultOut]


class TableRowsWanted(In):
    """The rows to return, numbered as in the file; at most two hundred."""

    first: RowNumber = 2
    last: RowNumber = 101


class TableRowOut(Out):
    """A row with its number."""

    number: int
    cells: list[str]


class TableRowsOut(Out):
    """Rows of a table as they are written in the file."""

    header: list[str]
    rows: list[TableRowOut]
    more: bool


class PackageReleaseIn(In):
    """What is new in a version."""

    note: str = Field("", max_length=500)
    faults_known: bool = Field(
        False, description="Whether to release the version although some rows are invalid."
    )


class PackageFilters(In):
    """Filters for the list of data packages."""

    study: Id | None = None


class DataCitationOut(Out):
    """How to cite the last released version. `datacite` is null if something is missing."""

    apa: str
    bibtex: str
    cff: str
    datacite: dict[str, Any] | None
    missing: list[str]
    datapackage: dict[str, Any]
