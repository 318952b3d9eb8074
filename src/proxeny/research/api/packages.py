"""Data packages over the API: found, read, brought in pieces, described, released, taken."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status

from proxeny.kernel.api import Id, in_pages
from proxeny.kernel.errors import NotFound
from proxeny.research import tus
from proxeny.research.api._packages import (
    DataCitationOut,
    DataPackageOut,
    DataPackageRow,
    Key,
    Number,
    PackageFileOut,
    PackageFilters,
    PackageReleaseIn,
    PackageTable,
    PackageTableIn,
    PackageVersionFiles,
    PackageVersionOut,
    TableReportOut,
    TableRowsOut,
    TableRowsWanted,
)
from proxeny.research.api._router import router
from proxeny.research.models import Package, PackageFile, PackageVersion
from proxeny.research.operations import packages as operations
from proxeny.research.operations import tables
from proxeny.research.operations.citing import cite_package
from proxeny.research.operations.giving import note_file_use
from proxeny.research.queries import packages as queries
from proxeny.research.rows import read_rows
from proxeny.research.serving import answer_file, begins
from proxeny.research.telling import tell_cell

_ALL = "/{partnership_id}/packages"
_ONE = f"{_ALL}/{{package_id}}"
_UPLOADS = f"{_ONE}/uploads"
_FILE = "/{partnership_id}/package-files/{file_id}"


def _package(request: HttpRequest, partnership_id: int, package_id: int) -> Package:
    if partnership_id not in request.reader.rooms:
        raise NotFound(_("There is no such data package."))
    return queries.get_package(partnership_id, package_id)


def _file(request: HttpRequest, partnership_id: int, file_id: int) -> PackageFile:
    if partnership_id not in request.reader.rooms:
        raise NotFound(_("There is no such file."))
    return queries.get_file(partnership_id, file_id)


def _table(request: HttpRequest, partnership_id: int, file_id: int) -> PackageFile:
    file = _file(request, partnership_id, file_id)
    if file.table is None:
        raise NotFound(_("This file is no table."))
    return file


def _version(version: PackageVersion) -> dict[str, Any]:
    fields = {name: getattr(version, name) for name in PackageVersionOut.model_fields}
    return fields | {"files": queries.files_of(version)}


@router.get(_ALL, response=list[DataPackageRow], summary="Data packages of a partnership")
@in_pages("-id")
def list_packages(
    request: HttpRequest, partnership_id: Id, filters: Query[PackageFilters]
) -> QuerySet[Package]:
    """Of all its studies, or of one."""
    if partnership_id not in request.reader.rooms:
        raise NotFound(_("There is no such partnership."))
    found = Package.objects.filter(partnership_id=partnership_id, dropped_at=None)
    return found.filter(study_id=filters.study) if filters.study else found


@router.get(_ONE, response=DataPackageOut, summary="A data package")
def show_package(request: HttpRequest, partnership_id: Id, package_id: Id) -> dict[str, Any]:
    """With its versions."""
    package = _package(request, partnership_id, package_id)
    fields = {name: getattr(package, name) for name in DataPackageRow.model_fields}
    return fields | {"versions": queries.versions_of(package)}


@router.get(f"{_ONE}/citation", response=DataCitationOut, summary="How a data package is cited")
def cite_data_package(request: HttpRequest, partnership_id: Id, package_id: Id) -> Any:
    """As a line, for BibTeX, as `CITATION.cff`, for DataCite, and as `datapackage.json`."""
    package = _package(request, partnership_id, package_id)
    last = queries.last_released(package)
    if last is None:
        raise NotFound(_("Release a version first; then it can be cited."))
    return cite_package(package, last)


@router.get(
    f"{_ONE}/versions/{{number}}", response=PackageVersionFiles, summary="A version of a package"
)
def show_package_version(
    request: HttpRequest, partnership_id: Id, package_id: Id, number: Number
) -> dict[str, Any]:
    """With its files. What was released stays as it is."""
    package = _package(request, partnership_id, package_id)
    return _version(queries.get_version(package, number))


@router.post(f"{_ONE}/draft", response=PackageVersionFiles, summary="Begin a new version")
def open_package_draft(request: HttpRequest, partnership_id: Id, package_id: Id) -> dict[str, Any]:
    """With the files of the last one; the one that is worked on, if there is."""
    _package(request, partnership_id, package_id)
    return _version(operations.open_draft(
        actor=request.reader, partnership_id=partnership_id, package_id=package_id,
        now=timezone.localtime(),
    ))  # fmt: skip


@router.delete(f"{_ONE}/draft", response={204: None}, summary="Throw the new version away")
def discard_package_draft(request: HttpRequest, partnership_id: Id, package_id: Id) -> Status[None]:
    """Its files go for good, except for those that a released version has."""
    _package(request, partnership_id, package_id)
    operations.discard_draft(
        actor=request.reader, partnership_id=partnership_id, package_id=package_id,
        now=timezone.localtime(),
    )  # fmt: skip
    return Status(204, None)


@router.post(f"{_ONE}/release", response=PackageVersionFiles, summary="Release a version")
def release_package(
    request: HttpRequest, partnership_id: Id, package_id: Id, wanted: PackageReleaseIn
) -> dict[str, Any]:
    """The one that is worked on; from then on it stays as it is."""
    _package(request, partnership_id, package_id)
    return _version(operations.release_version(
        actor=request.reader, partnership_id=partnership_id, package_id=package_id,
        note_=wanted.note, faults_known=wanted.faults_known, now=timezone.localtime(),
    ))  # fmt: skip


def _place(request: HttpRequest, partnership_id: int, package_id: int) -> tus.Place:
    package = _package(request, partnership_id, package_id)
    base = f"/api/v1/research/{partnership_id}"
    return tus.Place(
        partnership_id, package.pk,
        address=lambda key: f"{base}/packages/{package.pk}/uploads/{key}",
        made=lambda file: f"{base}/package-files/{file.pk}",
        may_take="research:write" in request.api_key.scopes,
    )  # fmt: skip


@router.post(_UPLOADS, response={201: None}, summary="Begin to bring a file")
@tus.speaking
def begin_upload(request: HttpRequest, partnership_id: Id, package_id: Id) -> HttpResponse:
    """By the tus protocol 1.0.0: `Upload-Length`, and `Upload-Metadata` with `filename`, and
    `sha256`, `replace` where wanted."""
    return tus.answer_all(request, _place(request, partnership_id, package_id))


@router.api_operation(
    ["HEAD"], f"{_UPLOADS}/{{key}}", response={200: None}, summary="How far an upload is"
)
@tus.speaking
def show_upload(request: HttpRequest, partnership_id: Id, package_id: Id, key: Key) -> HttpResponse:
    """`Upload-Offset` says where the next bytes go. What is whole and was not looked at yet, because
    a process died, is looked at now, if the token may write."""
    return tus.answer_one(request, _place(request, partnership_id, package_id), key)


@router.patch(f"{_UPLOADS}/{{key}}", response={204: None}, summary="Send bytes of a file")
@tus.speaking
def append_upload(
    request: HttpRequest, partnership_id: Id, package_id: Id, key: Key
) -> HttpResponse:
    """At most 64 MiB at once, as `application/offset+octet-stream`, from `Upload-Offset` on. With
    the last byte the file is looked at: taken in, or refused (422) and gone."""
    return tus.answer_one(request, _place(request, partnership_id, package_id), key)


@router.delete(f"{_UPLOADS}/{{key}}", response={204: None}, summary="Give an upload up")
@tus.speaking
def give_up_upload(
    request: HttpRequest, partnership_id: Id, package_id: Id, key: Key
) -> HttpResponse:
    """Nothing of it stays."""
    return tus.answer_one(request, _place(request, partnership_id, package_id), key)


@router.get(_FILE, response=PackageFileOut, summary="A file of a data package")
def show_package_file(request: HttpRequest, partnership_id: Id, file_id: Id) -> PackageFile:
    """What it is, and whether its rows fit."""
    return _file(request, partnership_id, file_id)


@router.delete(_FILE, response={204: None}, summary="Take a file out of a new version")
def remove_package_file(request: HttpRequest, partnership_id: Id, file_id: Id) -> Status[None]:
    """What was released stays."""
    _file(request, partnership_id, file_id)
    operations.remove_file(
        actor=request.reader, partnership_id=partnership_id, file_id=file_id,
        now=timezone.localtime(),
    )  # fmt: skip
    return Status(204, None)


@router.get(f"{_FILE}/bytes", summary="Download a file")
def download_package_file(
    request: HttpRequest, partnership_id: Id, file_id: Id
) -> HttpResponseBase:
    """Also from the middle, by `Range`; `ETag` is its SHA-256. It is noted who took it."""
    file = _file(request, partnership_id, file_id)
    response = answer_file(
        request, file.sha256, name=file.path, media_type=file.media_type, size=file.size
    )
    if begins(request, response):
        note_file_use(file, reader=request.reader)
    return response


@router.get(f"{_FILE}/rows", response=TableRowsOut, summary="Rows of a table")
def show_package_rows(
    request: HttpRequest, partnership_id: Id, file_id: Id, wanted: Query[TableRowsWanted]
) -> dict[str, Any]:
    """As they are written in the file."""
    file = _table(request, partnership_id, file_id)
    found = read_rows(file.sha256, file.dialect, file.table, wanted.first, wanted.last)
    rows = [{"number": number, "cells": list(cells)} for number, cells in found.rows]
    return {"header": list(found.header), "rows": rows, "more": found.more}


@router.get(f"{_FILE}/report", response=TableReportOut, summary="What is wrong with a table")
def show_package_report(request: HttpRequest, partnership_id: Id, file_id: Id) -> dict[str, Any]:
    """By row and column; `fit` is `waiting` while the check goes on."""
    file = _table(request, partnership_id, file_id)
    report = file.report or {}
    problems = [{**one, "detail": tell_cell(one)} for one in report.get("problems", [])]
    return {
        "fit": file.fit, "rows": report.get("rows"), "counts": report.get("counts", {}),
        "problems": problems,
    }  # fmt: skip


@router.get(f"{_FILE}/table", response=PackageTable, summary="What the columns of a table hold")
def show_package_table(request: HttpRequest, partnership_id: Id, file_id: Id) -> PackageFile:
    """As a Table Schema."""
    return _table(request, partnership_id, file_id)


@router.put(f"{_FILE}/table", response=PackageTable, summary="Say what the columns hold")
def change_package_table(
    request: HttpRequest, partnership_id: Id, file_id: Id, wanted: PackageTableIn
) -> PackageFile:
    """Then all rows are checked against it."""
    _table(request, partnership_id, file_id)
    return tables.change_columns(
        actor=request.reader, partnership_id=partnership_id, file_id=file_id,
        revision=wanted.revision, table=wanted.table.model_dump(exclude_unset=True),
        now=timezone.localtime(),
    )  # fmt: skip
