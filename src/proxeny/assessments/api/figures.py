"""The library of figures over the API: found, read, fetched, brought, refreshed, taken along."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
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
from proxeny.kernel.api.work import JobOut
from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import Job
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
    """A figure of the library: what it shows, who says so, and its last version."""

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
    """One line of a figure: its values by period, in the order of time."""

    name: str
    points: list[tuple[str, float]]


class FigureVersionRow(Out):
    """A figure at one time: when it was brought, how it was asked for, and what differs.

    `added`, `gone` and `changed` count the values that differ from the version before.
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
        """Of the kept difference."""
        return one.changes.get("added", 0)

    @staticmethod
    def resolve_gone(one: FigureVersion) -> int:
        """Of the kept difference."""
        return one.changes.get("gone", 0)

    @staticmethod
    def resolve_changed(one: FigureVersion) -> int:
        """Of the kept difference."""
        return one.changes.get("changed_count", 0)


class FigureVersionOut(FigureVersionRow):
    """A figure's values as they were brought at one time."""

    series: list[FigureLine]


class FigureOut(FigureRow):
    """A figure with its newest values, and all its versions."""

    versions: list[FigureVersionRow]
    series: list[FigureLine]


class FigureFilters(In):
    """Which figures to list: words of title, source, data set and key; an office, or `csv`."""

    q: str = Field("", max_length=100)
    office: Office | Literal["", "csv"] = ""
    unit: str = Field("", max_length=80)
    away: bool = False


class FigureFetchIn(In):
    """What is asked of a statistical office. Without a unit, the office's own is kept."""

    title: Title
    agency: Office
    flow: Annotated[str, Field(min_length=1, max_length=120)]
    key: Annotated[str, Field(max_length=300)] = ""
    since: Period = ""
    until: Period = ""
    unit: Unit = ""
    shape: Shape = "line"


class FigureTableIn(In):
    """What is said of a table, beside its file."""

    title: Title
    source: Source
    url: Address
    licence: Licence
    unit: Unit = ""
    shape: Shape = "line"
    decimal: Decimal = Field("", description="Worked out from the numbers where it is empty.")


class FigureRenewIn(In):
    """How the newer table is read."""

    decimal: Decimal = ""


class FigureChanges(In):
    """What is said otherwise; of a figure from an office title, unit and shape alone."""

    title: Title = unsent()
    source: Source = unsent()
    url: Address = unsent()
    licence: Licence = unsent()
    unit: Unit = unsent()
    shape: Shape = unsent()


class FigureExportWanted(In):
    """In which form."""

    format: FileFormat = "csv"


def _refuse_stranger(reader: Reader, partnership_id: int) -> None:
    if partnership_id not in reader.rooms:
        raise NotFound(_("There is no such partnership."))


@router.get(_ALL, response=list[FigureRow], summary="Figures of a partnership")
@in_pages("-id")
def list_open_figures(
    request: HttpRequest, partnership_id: Id, filters: Query[FigureFilters]
) -> QuerySet[Figure]:
    """Open statistics that both teams work with; `citations` counts the findings the caller sees."""
    _refuse_stranger(request.reader, partnership_id)
    return queries.find_figures(partnership_id, **filters.model_dump()).order_by()


@router.post(f"{_ALL}/fetch", response={202: JobOut}, summary="Fetch a figure from an office")
def fetch_figure(request: HttpRequest, partnership_id: Id, asked: FigureFetchIn) -> Status[Job]:
    """Watch the work: `result.figure_id` is the new figure, `result.refused` why there is none."""
    values = asked.model_dump()
    said = {name: values.pop(name) for name in ("title", "unit", "shape")}
    job = fetching.start_fetch(
        actor=request.reader, partnership_id=partnership_id, query=sdmx.Query(**values),
        facts=FigureFacts(**said), now=timezone.localtime(),
    )  # fmt: skip
    return Status(202, job)


@router.post(_ALL, response={201: FigureOut}, summary="Bring a figure as a table")
def bring_figure(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, form: Form[FigureTableIn],
    file: File[UploadedFile],
) -> Status[Any]:  # fmt: skip
    """A CSV file of up to 1 MB; nothing is kept unless every cell fits."""
    values = form.model_dump()
    made = operations.bring_table(
        actor=request.reader, partnership_id=partnership_id, decimal=values.pop("decimal"),
        facts=FigureFacts(**values), text=_text_of(file), now=timezone.localtime(),
    )  # fmt: skip
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


@router.get(_ONE, response=FigureOut, summary="A figure")
def show_figure(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, figure_id: Id
) -> dict[str, Any]:
    """With its newest values, and all its versions."""
    return _shown(response, partnership_id, figure_id)


@router.get(
    f"{_ONE}/versions/{{number}}", response=FigureVersionOut, summary="A figure at one time"
)
def show_figure_version(
    request: HttpRequest, partnership_id: Id, figure_id: Id, number: Number
) -> FigureVersion:
    """Its values as they were brought then; no version is ever overwritten."""
    return queries.get_version(queries.get_figure(figure_id, partnership_id), number)


@router.get(
    f"{_ONE}/versions/{{number}}/file", summary="Download a figure", openapi_extra=TABLE_FILE
)
def export_figure(
    request: HttpRequest,
    partnership_id: Id,
    figure_id: Id,
    number: Number,
    wanted: Query[FigureExportWanted],
) -> HttpResponse:
    """With source, licence, query and date below its values."""
    figure = queries.get_figure(figure_id, partnership_id)
    return answer_version(figure, queries.get_version(figure, number), form=wanted.format)


@router.post(f"{_ONE}/refresh", response={202: JobOut}, summary="Look for newer values")
def refresh_figure(request: HttpRequest, partnership_id: Id, figure_id: Id) -> Status[Job]:
    """Asks the office again: `result.number` is the new version, null where nothing has changed."""
    job = fetching.start_refresh(
        actor=request.reader, figure_id=_known(partnership_id, figure_id), now=timezone.localtime()
    )
    return Status(202, job)


@router.post(f"{_ONE}/renew", response=FigureOut, summary="Bring a newer table")
def renew_figure(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, figure_id: Id, form: Form[FigureRenewIn],
    file: File[UploadedFile],
) -> dict[str, Any]:  # fmt: skip
    """Adds a version; a table that says the same adds none."""
    operations.renew_table(
        actor=request.reader, figure_id=_known(partnership_id, figure_id), text=_text_of(file), decimal=form.decimal,
        now=timezone.localtime(),
    )  # fmt: skip
    return _shown(response, partnership_id, figure_id)


@router.patch(_ONE, response=FigureOut, summary="Change what is said of a figure")
def change_figure(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, figure_id: Id, change: FigureChanges,
    if_match: IfMatch = None,
) -> dict[str, Any]:  # fmt: skip
    """Its values stay as they were brought."""
    figure = queries.get_figure(figure_id, partnership_id)
    facts = {name: getattr(figure, name) for name in FigureChanges.model_fields}
    operations.change_figure(
        actor=request.reader, figure_id=_known(partnership_id, figure_id), facts=FigureFacts(**facts | change.sent()),
        version=match_version(if_match, figure.version), now=timezone.localtime(),
    )  # fmt: skip
    return _shown(response, partnership_id, figure_id)


@router.post(f"{_ONE}/drop", response=FigureOut, summary="Put a figure away")
def drop_figure(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, figure_id: Id
) -> dict[str, Any]:
    """One that a finding cites stays."""
    operations.drop_figure(
        actor=request.reader, figure_id=_known(partnership_id, figure_id), now=timezone.localtime()
    )
    return _shown(response, partnership_id, figure_id)


@router.post(f"{_ONE}/restore", response=FigureOut, summary="Bring a figure back")
def restore_figure(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, figure_id: Id
) -> dict[str, Any]:
    """That was put away."""
    operations.restore_figure(
        actor=request.reader, figure_id=_known(partnership_id, figure_id), now=timezone.localtime()
    )
    return _shown(response, partnership_id, figure_id)
