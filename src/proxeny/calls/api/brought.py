"""Files of calls over the API: uploaded, previewed, imported or discarded."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from ninja import File, Form
from ninja.files import UploadedFile
from ninja.responses import Status

from proxeny.calls.api._router import router
from proxeny.calls.models import CallImport
from proxeny.calls.operations import importing
from proxeny.calls.queries.imports import get_import, list_imports
from proxeny.calls.sources.reading import refuse_size
from proxeny.kernel.api import Id, IfMatch, In, Named, Out, in_pages, match_version, show_version
from proxeny.kernel.requests import Request


class CallImportRow(Out):
    """A file of calls, and what importing it would do, or did."""

    id: int
    cluster: Named
    source: Literal["portal", "csv"]
    file_name: str
    state: Literal["shown", "taken"]
    rows: int
    added: int
    changed: int
    unchanged: int
    problem_count: int
    created_at: datetime
    taken_at: datetime | None
    version: int


class CallProblemOut(Out):
    """A row with an error: its number in the file, the field, and a sentence."""

    line: int
    field: str
    text: str


class CallImportOut(CallImportRow):
    """A file of calls with its first 500 problems.

    `report` has the first 100 new and changed calls.
    """

    problems: list[CallProblemOut]
    report: dict[str, Any]


class CallUploadIn(In):
    """The cluster that the calls belong to."""

    cluster_id: Id


class CallTakingIn(In):
    """Whether to leave out rows with errors. Otherwise, a single one prevents the import."""

    leave_out: bool = False


def _show(response: HttpResponse, import_id: int) -> CallImport:
    one = get_import(import_id)
    show_version(response, one.version)
    return one


@router.get("/imports", response=list[CallImportRow], summary="List files of calls")
@in_pages("-id")
def list_call_imports(request: Request) -> QuerySet[CallImport]:
    """Returns the files your cluster has uploaded."""
    return list_imports()


@router.post("/imports", response={201: CallImportOut}, summary="Upload a file of calls")
def bring_calls(
    request: Request,
    response: HttpResponse,
    form: Form[CallUploadIn],
    file: File[UploadedFile],
) -> Status[CallImport]:
    """Takes a portal's export as JSON or JSON lines, or a CSV file, also compressed, up to 20 MB.

    No call changes yet.
    """
    refuse_size(file.size or 0)
    made = importing.bring_calls(
        actor=request.reader,
        cluster_id=form.cluster_id,
        file_name=file.name or "",
        content=file.read(),
        now=timezone.localtime(),
    )
    response["Location"] = f"/api/v1/calls/imports/{made.pk}"
    return Status(201, _show(response, made.pk))


@router.get("/imports/{import_id}", response=CallImportOut, summary="Get a file of calls")
def show_call_import(request: Request, response: HttpResponse, import_id: Id) -> CallImport:
    """Returns what is new, changed and wrong in it."""
    return _show(response, import_id)


@router.post(
    "/imports/{import_id}/take", response=CallImportOut, summary="Import the calls of a file"
)
def take_calls(
    request: Request,
    response: HttpResponse,
    import_id: Id,
    how: CallTakingIn,
    if_match: IfMatch = None,
) -> CallImport:
    """Imports all of them at once. Importing the same file again changes nothing."""
    version = match_version(if_match, get_import(import_id).version)
    importing.take_calls(
        actor=request.reader,
        import_id=import_id,
        version=version,
        leave_out=how.leave_out,
        now=timezone.localtime(),
    )
    return _show(response, import_id)


@router.delete("/imports/{import_id}", response={204: None}, summary="Discard a file of calls")
def leave_calls(request: Request, import_id: Id, if_match: IfMatch = None) -> Status[None]:
    """No call changes."""
    version = match_version(if_match, get_import(import_id).version)
    importing.leave_calls(
        actor=request.reader,
        import_id=import_id,
        version=version,
        now=timezone.localtime(),
    )
    return Status(204, None)
