"""Imports of member lists: the file, its columns, the check, the import."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
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
from proxeny.directory.memberlist.lists import LISTS, SEPARATORS
from proxeny.directory.models import MemberImport
from proxeny.directory.sources.content import refuse_size
from proxeny.kernel.api import Id, IfMatch, In, Out, in_pages, match_version, show_version, unsent
from proxeny.kernel.api.files import TABLE_FILE, FileFormat, file_of
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table

ImportSource = Literal[*MemberImport.Source.values]
ListField = Literal[*LISTS]
Separator = Literal[*SEPARATORS]
Target = Literal[*(target.name for target in TARGETS)]


class ImportRow(Out):
    """An uploaded list and its state. `job_id` is the job that checks or imports it.

    `alike` is the number of new rows that look like entries of the cluster; `report.pairs` lists
    the first 200.
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
    """An uploaded member list, with how it is read and what the check found.

    `problems` are the first 500 and `report.changes` the first 100. You can download all problems
    as a file.
    """

    sheet: str
    columns: dict[str, Any]
    mapping: dict[str, str]
    options: dict[str, Any]
    problems: list[dict[str, Any]]
    report: dict[str, Any]
    may_be_applied: bool


class ImportFilters(In):
    """Filters for a list of imports."""

    state: ImportState | None = None


class UploadIn(In):
    """The cluster that the list belongs to, and the kind of file.

    If empty, the kind is detected from the content.
    """

    cluster_id: Id
    source: ImportSource | Literal[""] = ""


class ReadAgainIn(In):
    """Another sheet of the workbook or file of the archive, another encoding, or another kind of
    file.
    """

    sheet: str = Field("", max_length=120)
    encoding: Encoding = ""
    source: ImportSource | Literal[""] = ""


class OptionsIn(In):
    """How to handle gaps, and the values for what the list doesn't say.

    `separators` gives the character between several values in the cells of a field. If it is left
    out, it is detected.
    """

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
    separators: dict[ListField, Separator] = unsent()


class ColumnsIn(In):
    """The header of the column that fills each of our fields.

    Options you leave out stay as they are.
    """

    mapping: dict[Target, Annotated[str, Field(max_length=1000)]]
    options: OptionsIn = OptionsIn()


class PairDecision(In):
    """Whether a row is the same as the entry it looks like."""

    row: int = Field(ge=1, le=2**53)
    organisation_id: Id
    same: bool


class PairsIn(In):
    """Decisions on pairs of row and entry, and on all others.

    If `rest` is empty, earlier decisions apply to the others.
    """

    decisions: list[PairDecision] = Field([], max_length=1000)
    rest: Literal["", "apart", "same"] = ""


class TemplateWanted(In):
    """The file format."""

    format: FileFormat = "xlsx"


@router.get("/imports", response=list[ImportRow], summary="List imports")
@in_pages("-id")
def list_imports(request: Request, filters: Query[ImportFilters]) -> QuerySet[MemberImport]:
    """Returns the imports of the clusters you manage."""
    return queries.all_imports(request.reader.managed, state=filters.state)


@router.get("/imports/template", summary="Download an empty list", openapi_extra=TABLE_FILE)
def download_template(request: Request, wanted: Query[TemplateWanted]) -> HttpResponse:
    """Includes all columns, in your language."""
    header = [target.label for target in LISTED]
    return answer_table("members", form=wanted.format, header=header, rows=[])


@router.post("/imports", response={201: ImportOut}, summary="Upload a list")
def start_import(
    request: Request, response: HttpResponse, form: Form[UploadIn], file: File[UploadedFile]
) -> Status[MemberImport]:
    """Takes CSV (also packed as ZIP or gzip), XLSX or vCard, up to 20 MB.

    No entry changes until the import is applied.
    """
    refuse_size(file.size or 0)
    brought = operations.start_import(
        actor=request.reader,
        cluster_id=form.cluster_id,
        file_name=file.name or "",
        content=file.read(),
        source=form.source,
    )
    response["Location"] = f"/api/v1/directory/imports/{brought.pk}"
    return Status(201, _shown(brought.pk, response))


@router.get("/imports/{import_id}", response=ImportOut, summary="Get an import")
def show_import(request: Request, response: HttpResponse, import_id: Id) -> MemberImport:
    """Returns its state: its columns, its check, or its result."""
    return _shown(import_id, response)


@router.post(
    "/imports/{import_id}/read-again", response=ImportOut, summary="Read an import's file again"
)
def reread_import(
    request: Request, response: HttpResponse, import_id: Id, how: ReadAgainIn
) -> MemberImport:
    """With another sheet or encoding. Its columns are matched again."""
    operations.reread_import(actor=request.reader, import_id=import_id, **how.model_dump())
    return _shown(import_id, response)


@router.post(
    "/imports/{import_id}/columns",
    response={202: ImportOut},
    summary="Match the columns of an import",
)
def set_mapping(
    request: Request,
    response: HttpResponse,
    import_id: Id,
    chosen: ColumnsIn,
    if_match: IfMatch = None,
) -> Status[MemberImport]:
    """Starts the check of all rows. `job_id` is the job to watch."""
    brought = queries.get_import(import_id)
    sent = chosen.options.sent()
    if "only" in sent:
        sent["only"] = " ".join(sent["only"])
    options = Options.from_json(brought.options | sent)
    operations.set_mapping(
        actor=request.reader,
        import_id=import_id,
        mapping=chosen.mapping,
        options=options,
        version=match_version(if_match, brought.version),
    )
    return Status(202, _shown(import_id, response))


@router.post(
    "/imports/{import_id}/pairs",
    response={202: ImportOut},
    summary="Decide on rows that look like entries",
)
def decide_pairs(
    request: Request,
    response: HttpResponse,
    import_id: Id,
    decided: PairsIn,
    if_match: IfMatch = None,
) -> Status[MemberImport]:
    """Says which rows are the same as the entries they look like, and starts the check again."""
    version = match_version(if_match, queries.get_import(import_id).version)
    operations.decide_pairs(
        actor=request.reader,
        import_id=import_id,
        version=version,
        rest=decided.rest,
        decisions={(one.row, one.organisation_id): one.same for one in decided.decisions},
    )
    return Status(202, _shown(import_id, response))


@router.post(
    "/imports/{import_id}/apply", response={202: ImportOut}, summary="Import a checked list"
)
def apply_import(
    request: Request, response: HttpResponse, import_id: Id, if_match: IfMatch = None
) -> Status[MemberImport]:
    """Imports all rows, or none. `job_id` is the job to watch."""
    version = match_version(if_match, queries.get_import(import_id).version)
    operations.apply_import(actor=request.reader, import_id=import_id, version=version)
    return Status(202, _shown(import_id, response))


@router.delete("/imports/{import_id}", response={204: None}, summary="Discard an import")
def discard_import(request: Request, import_id: Id) -> Status[None]:
    """Deletes it with its file. Members stay as they are."""
    operations.discard_import(actor=request.reader, import_id=import_id)
    return Status(204, None)


@router.get(
    "/imports/{import_id}/problems",
    summary="Download an import's problems",
    openapi_extra=file_of("text/csv"),
)
def download_problems(request: Request, import_id: Id) -> HttpResponse:
    """Returns all problems as a CSV file, or 404 if the check found none."""
    content = queries.get_problems(queries.get_import(import_id))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{import_id}-problems.csv"'
    return response


def _shown(import_id: int, response: HttpResponse) -> MemberImport:
    brought = queries.get_import(import_id)
    show_version(response, brought.version, brought.state)
    return brought
