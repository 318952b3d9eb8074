"""Who may use which route of calls and of files of calls by program."""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.access import calls
from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd

ALL = "/api/v1/calls"
ONE = f"{ALL}/{{call_id}}"
IMPORT = f"{ALL}/imports/{{import_id}}"


def _one(crowd: Crowd) -> dict:
    return {"call_id": calls.main().pk}


def _away(crowd: Crowd) -> dict:
    return {"call_id": calls.away().pk}


def _brought(crowd: Crowd) -> dict:
    return {"import_id": calls.brought().pk}


def _upload(crowd: Crowd) -> dict:
    file = SimpleUploadedFile("calls.csv", calls.FILE)
    return {"cluster_id": crowd.world.a.cluster.pk, "file": file}


ROUTES = {
    "list_calls": ApiRoute("GET", ALL),
    "add_call": ApiRoute(
        "POST",
        ALL,
        data=lambda crowd: {
            "cluster_id": crowd.world.a.cluster.pk,
            "reference": "BLUE-8",
            "title": "Nets",
        },
    ),
    "show_call": ApiRoute("GET", ONE, _one),
    "change_call": ApiRoute("PATCH", ONE, _one, lambda _: {"title": "Nets"}),
    "put_call_away": ApiRoute("POST", f"{ONE}/put-away", _one),
    "bring_call_back": ApiRoute("POST", f"{ONE}/restore", _away),
    "list_call_imports": ApiRoute("GET", f"{ALL}/imports"),
    "bring_calls": ApiRoute("POST", f"{ALL}/imports", data=_upload, form=True),
    "show_call_import": ApiRoute("GET", IMPORT, _brought),
    "take_calls": ApiRoute("POST", f"{IMPORT}/take", _brought, lambda _: {"leave_out": True}),
    "leave_calls": ApiRoute("DELETE", IMPORT, _brought),
}
