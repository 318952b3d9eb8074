"""Who may use which route of figures by program."""

from collections.abc import Callable
from typing import Any

from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd
from tests.access.routes import assess_figures as pages

ALL = "/api/v1/assessments/{partnership_id}/figures"
ONE = f"{ALL}/{{figure_id}}"
VERSION = f"{ONE}/versions/{{number}}"


def _ids(arguments: Callable[[Crowd], dict]) -> Callable[[Crowd], dict]:
    def found(crowd: Crowd) -> dict:
        values = arguments(crowd)
        return {"partnership_id": values.pop("pk"), **values}

    return found


def _table(crowd: Crowd) -> dict[str, Any]:
    names = ("title", "source", "url", "licence")
    return {name: pages.said(crowd)[name] for name in names} | {"file": pages.file()}


ROOM, FIGURE, FIRST = _ids(pages.room), _ids(pages.at()), _ids(pages.first)

ROUTES = {
    "list_open_figures": ApiRoute("GET", ALL, ROOM),
    "show_figure": ApiRoute("GET", ONE, FIGURE),
    "show_figure_version": ApiRoute("GET", VERSION, FIRST),
    "export_figure": ApiRoute("GET", f"{VERSION}/file", FIRST),
    "fetch_figure": ApiRoute(
        "POST",
        f"{ALL}/fetch",
        ROOM,
        lambda _: {"title": "GDP", "agency": "ESTAT", "flow": "nama_10_gdp"},
    ),
    "bring_figure": ApiRoute("POST", ALL, ROOM, _table, form=True),
    "refresh_figure": ApiRoute("POST", f"{ONE}/refresh", _ids(pages.at(origin="sdmx"))),
    "renew_figure": ApiRoute(
        "POST", f"{ONE}/renew", FIGURE, lambda _: {"file": pages.file()}, form=True
    ),
    "change_figure": ApiRoute("PATCH", ONE, FIGURE, lambda _: {"title": "GDP of both"}),
    "drop_figure": ApiRoute("POST", f"{ONE}/drop", FIGURE),
    "restore_figure": ApiRoute("POST", f"{ONE}/restore", _ids(pages.at(away=True))),
}
