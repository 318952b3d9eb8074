"""The library of figures over the API: search, queries, uploads, refreshes and downloads."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Query
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from proxeny.assessments.api._router import router
from proxeny.assessments.figure_files import answer_version
from proxeny.assessments.models import Figure, FigureVersion
from proxeny.assessments.operations import fetching
from proxeny.assessments.operations import figures as operations
from proxeny.assessments.operations.figures import FigureFacts
from proxeny.assessments.queries import figures as queries
from proxeny.assessments.statistics import sdmx
from proxeny.assessments.statistics.csv import MAX_BYTES, decode
from proxeny.assessments.statistics.sources import OFFICES
from proxeny.kernel.api import Id, IfMatch, In, Out, in_pages, match_version, show_version, unsent
from proxeny.kernel.api.files import TABLE_FILE, FileFormat
from proxeny.kernel.api.jobs import JobOut
from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import Job
from proxeny.kernel.requests import Request
from proxeny.kernel.tenancy import Reader

Office = Literal[*OFFICES]
Shape = Literal[*Figure.Shape.values]
Decimal = Literal["", ",", "."]
Title = Annotated[str, Field(min_length=1, max_length=200)]
Unit = Annotated[str, Field(max_length=80)]
Period = Annotated[
    str, Field(max_length=10, description="`2024`, `2024-Q1`, `2024-03` or `2024-03-31`.")
]
Source = Annotated[str, Field(min_length=1, max_length=300)]
Address = Annotated[str, Field(min_length=1, max_length=500)]
Licence = Annotated[str, Field(min_length=1, max_length=120)]
Number = Annotated[int, Field(ge=1, le=32767)]
_ALL = "/{partnership_id}/figures"
_ONE = f"{_ALL}/{{figure_id}}"


class FigureRow(Out):
    """A figure in the library: what it shows, its source, and its latest version."""

    id: int
    partnership_id: int
    title: str
    origin: Literal[*Figure.Origin.values]
    agency: str
    flow: str
    key: str
    since: str
    until: str
    source: str
    url: str
    licence: str
    unit: str
    shape: Shape
    number: int
    brought_at: datetime
    citations: int
    dropped_at: datetime | None
    version: int


class FigureLine(Out):
    """A series of a figure: its values by period, in chronological order."""

    name: str
    points: list[tuple[str, float]]


class FigureVersionRow(Out):
    """A version of a figure: when it was added, its query, and what has changed.

    `added`, `gone` and `changed` count the values that differ from the previous version.
    """

    number: int
    query: str
    brought_at: datetime
    brought_by_id: int | None
    sha256: str
    added: int
    gone: int
    changed: int

    @staticmethod
    def resolve_added(one: FigureVersion) -> int:
        """Return the number of added values."""
        return int(one.changes.get("added", 0))

    @staticmethod
    def resolve_gone(one: FigureVersion) -> int:
        """Return the number of removed values."""
        return int(one.changes.get("gone", 0))

    @staticmethod
    def resolve_changed(one: FigureVersion) -> int:
        """Return the number of changed values."""
        return int(one.changes.get("changed_count", 0))


class FigureVersionOut(FigureVersionRow):
    """A version of a figure with its values."""

    series: list[FigureLine]


class FigureOut(FigureRow):
    """A figure with its newest values and all its versions."""

    versions: list[FigureVersionRow]
    series: list[FigureLine]


class FigureFilters(In):
    """Filters for a list of figures: words from the title, source, data set and key; an office, or
    `csv`.
    """

    q: str = Field("", max_length=100)
    office: Office | Literal["", "csv"] = ""
    unit: str = Field("", max_length=80)
    away: bool = False


class FigureFetchIn(In):
    """The query for a statistical office. Without a unit, the office's own is used."""

    title: Title
    agency: Office
    flow: Annotated[str, Field(min_length=1, max_length=120)]
    key: Annotated[str, Field(max_length=300)] = ""
    since: Period = ""
    until: Period = ""
    unit: Unit = ""
    shape: Shape = "line"


class FigureTableIn(In):
    """The details of a table, sent with its file."""

    title: Title
    source: Source
    url: Address
    licence: Licence
    unit: Unit = ""
    shape: Shape = "line"
    decimal: Decimal = Field("", description="If empty, it is detected from the numbers.")


class FigureRenewIn(In):
    """How to read the newer table."""

    decimal: Decimal = ""


class FigureChanges(In):
    """Changes to a figure's details.

    For a figure from an office, only the title, unit and shape can change.
    """

    title: Title = unsent()
    source: Source = unsent()
    url: Address = unsent()
    licence: Licence = unsent()
    unit: Unit = unsent()
    shape: Shape = unsent()


class FigureExportWanted(In):
    """The file format."""

    format: FileFormat = "csv"


def _refuse_stranger(reader: Reader, partnership_id: int) -> None:
    if partnership_id not in reader.rooms:
        raise NotFound(_("We couldn’t find this partnership."))


@router.get(_ALL, response=list[FigureRow], summary="List figures of a partnership")
@in_pages("-id")
def list_open_figures(
    request: Request, partnership_id: Id, filters: Query[FigureFilters]
) -> QuerySet[Figure]:
    """Returns open statistics that both teams work with.

    `citations` counts the findings you can see that cite a figure.
    """
    _refuse_stranger(request.reader, partnership_id)
    return queries.find_figures(partnership_id, **filters.model_dump()).order_by()


@router.post(
    f"{_ALL}/fetch", response={202: JobOut}, summary="Fetch a figure from a statistical office"
)
def fetch_figure(request: Request, partnership_id: Id, asked: FigureFetchIn) -> Status[Job]:
    """Watch the job: `result.figure_id` is the new figure, `result.refused` the reason if there is
    none.
    """
    values = asked.model_dump()
    said = {name: values.pop(name) for name in ("title", "unit", "shape")}
    job = fetching.start_fetch(
        actor=request.reader,
        partnership_id=partnership_id,
        query=sdmx.Query(**values),
        facts=FigureFacts(**said),
        now=timezone.localtime(),
    )
    return Status(202, job)


@router.post(_ALL, response={201: FigureOut}, summary="Upload a figure as a table")
def bring_figure(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    form: Form[FigureTableIn],
    file: File[UploadedFile],
) -> Status[Any]:
    """Takes a CSV file of up to 1 MB. Nothing is saved unless every cell is valid."""
    values = form.model_dump()
    made = operations.bring_table(
        actor=request.reader,
        partnership_id=partnership_id,
        decimal=values.pop("decimal"),
        facts=FigureFacts(**values),
        text=_text_of(file),
        now=timezone.localtime(),
    )
    response["Location"] = f"/api/v1/assessments/{partnership_id}/figures/{made.pk}"
    return Status(201, _shown(response, partnership_id, made.pk))


def _text_of(file: UploadedFile) -> str:
    return decode(file.read(MAX_BYTES + 1))


def _shown(response: HttpResponse, partnership_id: int, figure_id: int) -> dict[str, Any]:
    figure = queries.get_listed(figure_id, partnership_id)
    version = queries.get_version(figure)
    show_version(response, figure.version, version.number)
    return _fields(figure) | {
        "versions": list(queries.versions_of(figure)),
        "series": _lines(version.series),
    }


def _known(partnership_id: int, figure_id: int) -> int:
    """Return a figure's number, if it is one of the partnership's."""
    return queries.get_figure(figure_id, partnership_id).pk


def _fields(figure: Figure) -> dict[str, Any]:
    return {name: getattr(figure, name) for name in FigureRow.model_fields}


def _lines(series: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"name": one["name"], "points": one["points"]} for one in series]


@router.get(_ONE, response=FigureOut, summary="Get a figure")
def show_figure(
    request: Request, response: HttpResponse, partnership_id: Id, figure_id: Id
) -> dict[str, Any]:
    """Includes its newest values and all its versions."""
    return _shown(response, partnership_id, figure_id)


@router.get(
    f"{_ONE}/versions/{{number}}", response=FigureVersionOut, summary="Get a version of a figure"
)
def show_figure_version(
    request: Request, partnership_id: Id, figure_id: Id, number: Number
) -> FigureVersion:
    """Returns the values of that version. No version is ever overwritten."""
    return queries.get_version(queries.get_figure(figure_id, partnership_id), number)


@router.get(
    f"{_ONE}/versions/{{number}}/file", summary="Download a figure", openapi_extra=TABLE_FILE
)
def export_figure(
    request: Request,
    partnership_id: Id,
    figure_id: Id,
    number: Number,
    wanted: Query[FigureExportWanted],
) -> HttpResponse:
    """Includes the source, licence, query and date below the values."""
    figure = queries.get_figure(figure_id, partnership_id)
    return answer_version(figure, queries.get_version(figure, number), form=wanted.format)


@router.post(f"{_ONE}/refresh", response={202: JobOut}, summary="Check for newer values")
def refresh_figure(request: Request, partnership_id: Id, figure_id: Id) -> Status[Job]:
    """Asks the office again: `result.number` is the new version, or null if nothing has changed."""
    job = fetching.start_refresh(
        actor=request.reader, figure_id=_known(partnership_id, figure_id), now=timezone.localtime()
    )
    return Status(202, job)


@router.post(f"{_ONE}/renew", response=FigureOut, summary="Upload a newer table")
def renew_figure(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    figure_id: Id,
    form: Form[FigureRenewIn],
    file: File[UploadedFile],
) -> dict[str, Any]:
    """Adds a version. A table with the same values adds none."""
    operations.renew_table(
        actor=request.reader,
        figure_id=_known(partnership_id, figure_id),
        text=_text_of(file),
        decimal=form.decimal,
        now=timezone.localtime(),
    )
    return _shown(response, partnership_id, figure_id)


@router.patch(_ONE, response=FigureOut, summary="Update a figure's details")
def change_figure(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    figure_id: Id,
    change: FigureChanges,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Its values stay as they are."""
    figure = queries.get_figure(figure_id, partnership_id)
    facts = {name: getattr(figure, name) for name in FigureChanges.model_fields}
    operations.change_figure(
        actor=request.reader,
        figure_id=_known(partnership_id, figure_id),
        facts=FigureFacts(**facts | change.sent()),
        version=match_version(if_match, figure.version),
        now=timezone.localtime(),
    )
    return _shown(response, partnership_id, figure_id)


@router.post(f"{_ONE}/drop", response=FigureOut, summary="Archive a figure")
def drop_figure(
    request: Request, response: HttpResponse, partnership_id: Id, figure_id: Id
) -> dict[str, Any]:
    """A figure that a finding cites can't be archived."""
    operations.drop_figure(
        actor=request.reader, figure_id=_known(partnership_id, figure_id), now=timezone.localtime()
    )
    return _shown(response, partnership_id, figure_id)


@router.post(f"{_ONE}/restore", response=FigureOut, summary="Restore a figure")
def restore_figure(
    request: Request, response: HttpResponse, partnership_id: Id, figure_id: Id
) -> dict[str, Any]:
    """Restores an archived figure."""
    operations.restore_figure(
        actor=request.reader, figure_id=_known(partnership_id, figure_id), now=timezone.localtime()
    )
    return _shown(response, partnership_id, figure_id)
