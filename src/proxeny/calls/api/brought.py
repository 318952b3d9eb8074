"""Files of calls by program: brought, shown, taken or left."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
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


class CallImportRow(Out):
    """A file of calls, and what taking it would do, or did."""

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
    """A row that is wrong: its number in the file, the fact, and a sentence."""

    line: int
    field: str
    text: str


class CallImportOut(CallImportRow):
    """With the first 500 problems; `report` has the first 100 new and changed calls."""

    problems: list[CallProblemOut]
    report: dict[str, Any]


class CallUploadIn(In):
    """Whose calls they are."""

    cluster_id: Id


class CallTakingIn(In):
    """Whether rows that are wrong are left out; else one wrong row keeps all out."""

    leave_out: bool = False


def _show(response: HttpResponse, import_id: int) -> CallImport:
    one = get_import(import_id)
    show_version(response, one.version)
    return one


@router.get("/imports", response=list[CallImportRow], summary="Files of calls")
@in_pages("-id")
def list_call_imports(request: HttpRequest) -> QuerySet[CallImport]:
    """That the caller's cluster brought."""
    return list_imports()


@router.post("/imports", response={201: CallImportOut}, summary="Bring a file of calls")
def bring_calls(
    request: HttpRequest, response: HttpResponse, form: Form[CallUploadIn],
    file: File[UploadedFile],
) -> Status[CallImport]:  # fmt: skip
    """The portal's export as JSON or JSON lines, or CSV, also packed, up to 20 MB; no call changes."""
    refuse_size(file.size or 0)
    made = importing.bring_calls(
        actor=request.reader, cluster_id=form.cluster_id, file_name=file.name or "",  # type: ignore[attr-defined]
        content=file.read(), now=timezone.localtime(),
    )  # fmt: skip
    response["Location"] = f"/api/v1/calls/imports/{made.pk}"
    return Status(201, _show(response, made.pk))


@router.get("/imports/{import_id}", response=CallImportOut, summary="A file of calls")
def show_call_import(request: HttpRequest, response: HttpResponse, import_id: Id) -> CallImport:
    """What is new, changed and wrong in it."""
    return _show(response, import_id)


@router.post("/imports/{import_id}/take", response=CallImportOut, summary="Take its calls")
def take_calls(
    request: HttpRequest, response: HttpResponse, import_id: Id, how: CallTakingIn,
    if_match: IfMatch = None,
) -> CallImport:  # fmt: skip
    """All of them at once; to take the same file again changes nothing."""
    version = match_version(if_match, get_import(import_id).version)
    importing.take_calls(
        actor=request.reader, import_id=import_id, version=version, leave_out=how.leave_out,  # type: ignore[attr-defined]
        now=timezone.localtime(),
    )  # fmt: skip
    return _show(response, import_id)


@router.delete("/imports/{import_id}", response={204: None}, summary="Leave a file of calls")
def leave_calls(request: HttpRequest, import_id: Id, if_match: IfMatch = None) -> Status[None]:
    """No call changes."""
    version = match_version(if_match, get_import(import_id).version)
    importing.leave_calls(
        actor=request.reader,
        import_id=import_id,
        version=version,
        now=timezone.localtime(),  # type: ignore[attr-defined]
    )
    return Status(204, None)
