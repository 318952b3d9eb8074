"""Who may use which route of data packages by program."""

from collections.abc import Callable
from typing import Any

from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd
from tests.access.places import by_program, room
from tests.access.research import at, package
from tests.access.routes import research_packages as pages

ALL = "/api/v1/research/{partnership_id}/packages"
ONE = f"{ALL}/{{package_id}}"
UPLOAD = f"{ONE}/uploads/{{key}}"
FILE = "/api/v1/research/{partnership_id}/package-files/{file_id}"

Arguments = Callable[[Crowd], dict]


def _without_study(arguments: Arguments) -> Arguments:
    def found(crowd: Crowd) -> dict:
        values = by_program(arguments)(crowd)
        values.pop("study_id", None)
        return values

    return found


def _first(crowd: Crowd) -> dict:
    return PACKAGE(crowd) | {"number": 1}


def _table(crowd: Crowd) -> dict[str, Any]:
    return {"revision": pages.draft().revision, "table": pages.TABLE}


PACKAGE = _without_study(at(package_id=package))
IN_DRAFT = _without_study(pages.in_draft(package_id=package))
KEPT, DRAFT = _without_study(at(file_id=pages.kept)), _without_study(at(file_id=pages.draft))
COMING = _without_study(pages.upload)
#: The protocol's own header is missing.
NO_TUS = (412,)

ROUTES = {
    "list_packages": ApiRoute("GET", ALL, by_program(room)),
    "show_package": ApiRoute("GET", ONE, PACKAGE),
    "cite_data_package": ApiRoute("GET", f"{ONE}/citation", PACKAGE),
    "show_package_version": ApiRoute("GET", f"{ONE}/versions/{{number}}", _first),
    "open_package_draft": ApiRoute("POST", f"{ONE}/draft", PACKAGE),
    "discard_package_draft": ApiRoute("DELETE", f"{ONE}/draft", IN_DRAFT),
    "release_package": ApiRoute("POST", f"{ONE}/release", IN_DRAFT, lambda _: {"note": "New."}),
    "begin_upload": ApiRoute("POST", f"{ONE}/uploads", PACKAGE, statuses=NO_TUS),
    "show_upload": ApiRoute("HEAD", UPLOAD, COMING, statuses=NO_TUS),
    "append_upload": ApiRoute("PATCH", UPLOAD, COMING, statuses=NO_TUS),
    "give_up_upload": ApiRoute("DELETE", UPLOAD, COMING, statuses=NO_TUS),
    "show_package_file": ApiRoute("GET", FILE, KEPT),
    "remove_package_file": ApiRoute("DELETE", FILE, DRAFT),
    "download_package_file": ApiRoute("GET", f"{FILE}/bytes", KEPT),
    "show_package_rows": ApiRoute("GET", f"{FILE}/rows", DRAFT),
    "show_package_report": ApiRoute("GET", f"{FILE}/report", DRAFT),
    "show_package_table": ApiRoute("GET", f"{FILE}/table", DRAFT),
    "change_package_table": ApiRoute("PUT", f"{FILE}/table", DRAFT, _table),
}
