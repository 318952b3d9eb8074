"""Imports of member lists: the file, its columns, the check, the import."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Query
from ninja.files import UploadedFile
from ninja.responses import Status
from pydantic import Field

from proxeny.directory import operations, queries
from proxeny.directory.api._router import router
from proxeny.directory.api._values import (
    Country,
    Encoding,
    ImportState,
    LanguageCode,
    MemberKind,
    SeenBy,
)
from proxeny.directory.memberlist.check import Options
from proxeny.directory.memberlist.columns import LISTED, TARGETS
from proxeny.directory.models import MemberImport
from proxeny.directory.sources.content import refuse_size
from proxeny.kernel.api import Id, IfMatch, In, Out, in_pages, match_version, show_version, unsent
from proxeny.kernel.api.files import TABLE_FILE, FileFormat, file_of
from proxeny.kernel.spreadsheet import answer_table

ImportSource = Literal[*MemberImport.Source.values]
Target = Literal[*(target.name for target in TARGETS)]


class ImportRow(Out):
    """A brought list, and where it stands. `job_id` is the work that checks or imports.

    `alike` are new rows that look like entries of the cluster: `report.pairs` tells the first 200.
    """

    id: int
    cluster_id: int
    source: ImportSource
    file_name: str
    state: ImportState
    rows: int
    added: int
    changed: int
    unchanged: int
    left_out: int
    alike: int
    problem_count: int
    job_id: int | None
    created_at: datetime
    applied_at: datetime | None
    version: int


class ImportOut(ImportRow):
    """A brought member list, with how it is read and what the check found.

    `problems` are the first 500 and `report.changes` the first 100; all problems come as a file.
    """

    sheet: str
    columns: dict[str, Any]
    mapping: dict[str, str]
    options: dict[str, str]
    problems: list[dict[str, Any]]
    report: dict[str, Any]
    may_be_applied: bool


class ImportFilters(In):
    """Which imports to list."""

    state: ImportState | None = None


class UploadIn(In):
    """Whose list it is, and what kind of file; recognised by its content when empty."""

    cluster_id: Id
    source: ImportSource | Literal[""] = ""


class ReadAgainIn(In):
    """Another sheet of the workbook or file of the archive, another encoding, another kind of file."""

    sheet: str = Field("", max_length=120)
    encoding: Encoding = ""
    source: ImportSource | Literal[""] = ""


class OptionsIn(In):
    """What to do with gaps, and the values for what the list does not say."""

    country: Country | Literal[""] = unsent()
    kind: MemberKind = unsent()
    language: LanguageCode = unsent()
    visibility: SeenBy = unsent()
    nameless: Literal["refuse", "skip"] = unsent()
    repeats: Literal["refuse", "first"] = unsent()
    unreadable: Literal["refuse", "blank"] = unsent()
    joins: Literal["yes", "no"] = unsent()
    only: Annotated[list[Country], Field(max_length=260)] = unsent()
    alike: Literal["apart", "same"] = unsent()


class ColumnsIn(In):
    """The header of the column that fills each of our fields; options that are left out stay."""

    mapping: dict[Target, Annotated[str, Field(max_length=1000)]]
    options: OptionsIn = OptionsIn()


class PairDecision(In):
    """Whether a row is the entry it looks like."""

    row: int = Field(ge=1, le=2**53)
    organisation_id: Id
    same: bool


class PairsIn(In):
    """Decisions on pairs of row and entry, and what all others are; before: as decided before."""

    decisions: list[PairDecision] = Field([], max_length=1000)
    rest: Literal["", "apart", "same"] = ""


class TemplateWanted(In):
    """In which form."""

    format: FileFormat = "xlsx"


@router.get("/imports", response=list[ImportRow], summary="Imports of lists")
@in_pages("-id")
def list_imports(request: HttpRequest, filters: Query[ImportFilters]) -> QuerySet[MemberImport]:
    """Of the clusters that the caller manages."""
    return queries.all_imports(request.reader.managed, state=filters.state)


@router.get("/imports/template", summary="Download an empty list", openapi_extra=TABLE_FILE)
def download_template(request: HttpRequest, wanted: Query[TemplateWanted]) -> HttpResponse:
    """With all columns, in the caller's language."""
    header = [target.label for target in LISTED]
    return answer_table("members", form=wanted.format, header=header, rows=[])


@router.post("/imports", response={201: ImportOut}, summary="Bring a list")
def start_import(
    request: HttpRequest, response: HttpResponse, form: Form[UploadIn], file: File[UploadedFile]
) -> Status[MemberImport]:
    """CSV, also packed as ZIP or gzip, XLSX or vCard, up to 20 MB; no entry changes before it is applied."""
    refuse_size(file.size or 0)
    brought = operations.start_import(
        actor=request.reader, cluster_id=form.cluster_id, file_name=file.name or "",
        content=file.read(), source=form.source,
    )  # fmt: skip
    response["Location"] = f"/api/v1/directory/imports/{brought.pk}"
    return Status(201, _shown(brought.pk, response))


@router.get("/imports/{import_id}", response=ImportOut, summary="An import")
def show_import(request: HttpRequest, response: HttpResponse, import_id: Id) -> MemberImport:
    """Where it stands: its columns, its check, or what came of it."""
    return _shown(import_id, response)


@router.post("/imports/{import_id}/read-again", response=ImportOut, summary="Read the file anew")
def reread_import(
    request: HttpRequest, response: HttpResponse, import_id: Id, how: ReadAgainIn
) -> MemberImport:
    """With another sheet or encoding; its columns are matched again."""
    operations.reread_import(actor=request.reader, import_id=import_id, **how.model_dump())
    return _shown(import_id, response)


@router.post(
    "/imports/{import_id}/columns", response={202: ImportOut}, summary="Say which column is what"
)
def set_mapping(
    request: HttpRequest,
    response: HttpResponse,
    import_id: Id,
    chosen: ColumnsIn,
    if_match: IfMatch = None,
) -> Status[MemberImport]:
    """Starts the check of all rows; `job_id` is the work to watch."""
    brought = queries.get_import(import_id)
    sent = chosen.options.sent()
    if "only" in sent:
        sent["only"] = " ".join(sent["only"])
    options = Options.from_json(brought.options | sent)
    operations.set_mapping(
        actor=request.reader, import_id=import_id, mapping=chosen.mapping, options=options,
        version=match_version(if_match, brought.version),
    )  # fmt: skip
    return Status(202, _shown(import_id, response))


@router.post(
    "/imports/{import_id}/pairs", response={202: ImportOut}, summary="Decide on look-alikes"
)
def decide_pairs(
    request: HttpRequest,
    response: HttpResponse,
    import_id: Id,
    decided: PairsIn,
    if_match: IfMatch = None,
) -> Status[MemberImport]:
    """Says which rows are the entries they look like, and starts the check again."""
    version = match_version(if_match, queries.get_import(import_id).version)
    operations.decide_pairs(
        actor=request.reader, import_id=import_id, version=version, rest=decided.rest,
        decisions={(one.row, one.organisation_id): one.same for one in decided.decisions},
    )  # fmt: skip
    return Status(202, _shown(import_id, response))


@router.post(
    "/imports/{import_id}/apply", response={202: ImportOut}, summary="Import a checked list"
)
def apply_import(
    request: HttpRequest, response: HttpResponse, import_id: Id, if_match: IfMatch = None
) -> Status[MemberImport]:
    """All rows are imported, or none; `job_id` is the work to watch."""
    version = match_version(if_match, queries.get_import(import_id).version)
    operations.apply_import(actor=request.reader, import_id=import_id, version=version)
    return Status(202, _shown(import_id, response))


@router.delete("/imports/{import_id}", response={204: None}, summary="Throw a brought list away")
def discard_import(request: HttpRequest, import_id: Id) -> Status[None]:
    """With its file; members stay as they are."""
    operations.discard_import(actor=request.reader, import_id=import_id)
    return Status(204, None)


@router.get(
    "/imports/{import_id}/problems",
    summary="Download all problems of a check",
    openapi_extra=file_of("text/csv"),
)
def download_problems(request: HttpRequest, import_id: Id) -> HttpResponse:
    """As a CSV file; 404 when the check found none."""
    content = queries.get_problems(queries.get_import(import_id))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{import_id}-problems.csv"'
    return response


def _shown(import_id: int, response: HttpResponse) -> MemberImport:
    brought = queries.get_import(import_id)
    show_version(response, brought.version, brought.state)
    return brought
