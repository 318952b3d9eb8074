"""Data packages over the API: search, upload in pieces, description, release and download."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status

from proxeny.kernel.api import Id, in_pages
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
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
from proxeny.research.messages import tell_cell
from proxeny.research.models import Package, PackageFile, PackageVersion
from proxeny.research.operations import packages as operations
from proxeny.research.operations import tables
from proxeny.research.operations.citing import cite_package
from proxeny.research.operations.giving import note_file_use
from proxeny.research.queries import packages as queries
from proxeny.research.rows import read_rows
from proxeny.research.serving import answer_file, begins

_ALL = "/{partnership_id}/packages"
_ONE = f"{_ALL}/{{package_id}}"
_UPLOADS = f"{_ONE}/uploads"
_FILE = "/{partnership_id}/package-files/{file_id}"


def _package(request: Request, partnership_id: int, package_id: int) -> Package:
    if partnership_id not in request.reader.rooms:
        raise NotFound(_("We couldn’t find this data package."))
    return queries.get_package(partnership_id, package_id)


def _file(request: Request, partnership_id: int, file_id: int) -> PackageFile:
    if partnership_id not in request.reader.rooms:
        raise NotFound(_("We couldn’t find this file."))
    return queries.get_file(partnership_id, file_id)


def _table(request: Request, partnership_id: int, file_id: int) -> PackageFile:
    file = _file(request, partnership_id, file_id)
    if file.table is None:
        raise NotFound(_("This file isn’t a table."))
    return file


def _version(version: PackageVersion) -> dict[str, Any]:
    fields = {name: getattr(version, name) for name in PackageVersionOut.model_fields}
    return fields | {"files": queries.files_of(version)}


@router.get(_ALL, response=list[DataPackageRow], summary="List data packages")
@in_pages("-id")
def list_packages(
    request: Request, partnership_id: Id, filters: Query[PackageFilters]
) -> QuerySet[Package]:
    """Returns the data packages of all studies of a partnership, or of one."""
    if partnership_id not in request.reader.rooms:
        raise NotFound(_("We couldn’t find this partnership."))
    return queries.list_packages_of_room(partnership_id, filters.study)


@router.get(_ONE, response=DataPackageOut, summary="Get a data package")
def show_package(request: Request, partnership_id: Id, package_id: Id) -> dict[str, Any]:
    """Returns the data package with its versions."""
    package = _package(request, partnership_id, package_id)
    fields = {name: getattr(package, name) for name in DataPackageRow.model_fields}
    return fields | {"versions": queries.versions_of(package)}


@router.get(
    f"{_ONE}/citation", response=DataCitationOut, summary="Get the citation of a data package"
)
def cite_data_package(request: Request, partnership_id: Id, package_id: Id) -> Any:
    """Returns the citation as text, for BibTeX, as `CITATION.cff`, for DataCite and as
    `datapackage.json`.
    """
    package = _package(request, partnership_id, package_id)
    last = queries.last_released(package)
    if last is None:
        raise NotFound(_("Release a version first, then it can be cited."))
    return cite_package(package, last)


@router.get(
    f"{_ONE}/versions/{{number}}",
    response=PackageVersionFiles,
    summary="Get a version of a data package",
)
def show_package_version(
    request: Request, partnership_id: Id, package_id: Id, number: Number
) -> dict[str, Any]:
    """Returns the version with its files. A released version does not change."""
    package = _package(request, partnership_id, package_id)
    return _version(queries.get_version(package, number))


@router.post(f"{_ONE}/draft", response=PackageVersionFiles, summary="Start a new version")
def open_package_draft(request: Request, partnership_id: Id, package_id: Id) -> dict[str, Any]:
    """Starts a version with the files of the last one.

    If one is already being worked on, it is returned.
    """
    _package(request, partnership_id, package_id)
    return _version(
        operations.open_draft(
            actor=request.reader,
            partnership_id=partnership_id,
            package_id=package_id,
            now=timezone.localtime(),
        )
    )


@router.delete(f"{_ONE}/draft", response={204: None}, summary="Discard the new version")
def discard_package_draft(request: Request, partnership_id: Id, package_id: Id) -> Status[None]:
    """Deletes its files for good, except those that a released version contains."""
    _package(request, partnership_id, package_id)
    operations.discard_draft(
        actor=request.reader,
        partnership_id=partnership_id,
        package_id=package_id,
        now=timezone.localtime(),
    )
    return Status(204, None)


@router.post(f"{_ONE}/release", response=PackageVersionFiles, summary="Release a version")
def release_package(
    request: Request, partnership_id: Id, package_id: Id, wanted: PackageReleaseIn
) -> dict[str, Any]:
    """Releases the version being worked on. It can't be changed afterwards."""
    _package(request, partnership_id, package_id)
    return _version(
        operations.release_version(
            actor=request.reader,
            partnership_id=partnership_id,
            package_id=package_id,
            note_=wanted.note,
            faults_known=wanted.faults_known,
            now=timezone.localtime(),
        )
    )


def _place(request: Request, partnership_id: int, package_id: int) -> tus.Place:
    package, key = _package(request, partnership_id, package_id), request.api_key
    base = f"/api/v1/research/{partnership_id}"
    return tus.Place(
        partnership_id,
        package.pk,
        address=lambda upload: f"{base}/packages/{package.pk}/uploads/{upload}",
        made=lambda file: f"{base}/package-files/{file.pk}",
        may_take=key is not None and "research:write" in key.scopes,
    )


@router.post(_UPLOADS, response={201: None}, summary="Start an upload")
@tus.speaking
def begin_upload(request: Request, partnership_id: Id, package_id: Id) -> HttpResponse:
    """Starts an upload by the tus protocol 1.0.0 with `Upload-Length` and `Upload-Metadata`, which
    has `filename` and, optionally, `sha256` and `replace`.
    """
    return tus.answer_all(request, _place(request, partnership_id, package_id))


@router.api_operation(
    ["HEAD"], f"{_UPLOADS}/{{key}}", response={200: None}, summary="Get the progress of an upload"
)
@tus.speaking
def show_upload(request: Request, partnership_id: Id, package_id: Id, key: Key) -> HttpResponse:
    """Returns in `Upload-Offset` where the next bytes go.

    If the file is complete but was not checked because a process died, it is checked now, provided
    that the token may write.
    """
    return tus.answer_one(request, _place(request, partnership_id, package_id), key)


@router.patch(f"{_UPLOADS}/{{key}}", response={204: None}, summary="Upload a part of a file")
@tus.speaking
def append_upload(request: Request, partnership_id: Id, package_id: Id, key: Key) -> HttpResponse:
    """Appends at most 64 MiB at a time as `application/offset+octet-stream`, from `Upload-Offset`
    on.

    After the last byte the file is checked: it is either added, or refused (422) and deleted.
    """
    return tus.answer_one(request, _place(request, partnership_id, package_id), key)


@router.delete(f"{_UPLOADS}/{{key}}", response={204: None}, summary="Cancel an upload")
@tus.speaking
def give_up_upload(request: Request, partnership_id: Id, package_id: Id, key: Key) -> HttpResponse:
    """Deletes everything uploaded so far."""
    return tus.answer_one(request, _place(request, partnership_id, package_id), key)


@router.get(_FILE, response=PackageFileOut, summary="Get a file of a data package")
def show_package_file(request: Request, partnership_id: Id, file_id: Id) -> PackageFile:
    """Returns the facts about the file, and whether its rows are valid."""
    return _file(request, partnership_id, file_id)


@router.delete(_FILE, response={204: None}, summary="Remove a file from the new version")
def remove_package_file(request: Request, partnership_id: Id, file_id: Id) -> Status[None]:
    """Removes the file. Released versions keep it."""
    _file(request, partnership_id, file_id)
    operations.remove_file(
        actor=request.reader,
        partnership_id=partnership_id,
        file_id=file_id,
        now=timezone.localtime(),
    )
    return Status(204, None)


@router.get(f"{_FILE}/bytes", summary="Download a file")
def download_package_file(request: Request, partnership_id: Id, file_id: Id) -> HttpResponseBase:
    """Downloads the file, or a part of it with `Range`.

    The `ETag` is its SHA-256. Downloads are logged with the person who made them.
    """
    file = _file(request, partnership_id, file_id)
    response = answer_file(
        request, file.sha256, name=file.path, media_type=file.media_type, size=file.size
    )
    if begins(request, response):
        note_file_use(file, reader=request.reader)
    return response


@router.get(f"{_FILE}/rows", response=TableRowsOut, summary="Get the rows of a table")
def show_package_rows(
    request: Request, partnership_id: Id, file_id: Id, wanted: Query[TableRowsWanted]
) -> dict[str, Any]:
    """Returns the rows as they are written in the file."""
    file = _table(request, partnership_id, file_id)
    found = read_rows(file.sha256, file.dialect, file.table, wanted.first, wanted.last)
    rows = [{"number": number, "cells": list(cells)} for number, cells in found.rows]
    return {"header": list(found.header), "rows": rows, "more": found.more}


@router.get(f"{_FILE}/report", response=TableReportOut, summary="Get the problems of a table")
def show_package_report(request: Request, partnership_id: Id, file_id: Id) -> dict[str, Any]:
    """Returns the problems by row and column. `fit` is `waiting` while the check is running."""
    file = _table(request, partnership_id, file_id)
    report = file.report or {}
    problems = [{**one, "detail": tell_cell(one)} for one in report.get("problems", [])]
    return {
        "fit": file.fit,
        "rows": report.get("rows"),
        "counts": report.get("counts", {}),
        "problems": problems,
    }


@router.get(f"{_FILE}/table", response=PackageTable, summary="Get the columns of a table")
def show_package_table(request: Request, partnership_id: Id, file_id: Id) -> PackageFile:
    """Returns the description of the columns as a Table Schema."""
    return _table(request, partnership_id, file_id)


@router.put(f"{_FILE}/table", response=PackageTable, summary="Update the columns of a table")
def change_package_table(
    request: Request, partnership_id: Id, file_id: Id, wanted: PackageTableIn
) -> PackageFile:
    """Replaces the description of the columns, and then checks all rows against it."""
    _table(request, partnership_id, file_id)
    return tables.change_columns(
        actor=request.reader,
        partnership_id=partnership_id,
        file_id=file_id,
        revision=wanted.revision,
        table=wanted.table.model_dump(exclude_unset=True),
        now=timezone.localtime(),
    )
