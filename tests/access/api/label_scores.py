"""Who may use which route of scores, under /api/v1/labels."""

from collections.abc import Callable

from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd
from tests.access.labels import judged_round, submitted
from tests.access.places import at, by_program
from tests.access.routes.label_scores import document, reading, said

_MINE = "/api/v1/labels/assignments/{assignment_id}"
_ROUND = "/api/v1/labels/partnerships/{partnership_id}/rounds/{round_id}/scores"
_OF_ROUND = by_program(at(round_id=judged_round))
_OF_ONE = by_program(at(round_id=judged_round, application_id=submitted))


def _nothing(crowd: Crowd) -> dict:
    return {}


def _post(path: str, arguments: Callable[[Crowd], dict], data: Callable[[Crowd], dict]) -> ApiRoute:
    return ApiRoute("POST", path, arguments, data)


ROUTES: dict[str, ApiRoute] = {
    "show_judged_application": ApiRoute("GET", _MINE, reading()),
    "download_judged_document": ApiRoute("GET", f"{_MINE}/documents/{{number}}", document),
    "save_juror_scores": ApiRoute("PUT", f"{_MINE}/scores", reading(), _nothing),
    "finish_juror_scores": _post(f"{_MINE}/finish", reading(), _nothing),
    "reopen_juror_scores": ApiRoute("POST", f"{_MINE}/reopen", reading("done", "judging")),
    "ask_judged_applicant": _post(f"{_MINE}/questions", reading(), said),
    "show_jurors_discussion": ApiRoute("GET", f"{_MINE}/discussion", reading()),
    "remark_as_juror": _post(f"{_MINE}/remarks", reading(), said),
    "list_round_scores": ApiRoute("GET", _ROUND, _OF_ROUND),
    "export_round_scores": ApiRoute("GET", f"{_ROUND}/file", _OF_ROUND),
    "show_round_judging": ApiRoute("GET", f"{_ROUND}/judging", _OF_ROUND),
    "show_application_scores": ApiRoute("GET", f"{_ROUND}/{{application_id}}", _OF_ONE),
    "remark_as_manager": _post(f"{_ROUND}/{{application_id}}/remarks", _OF_ONE, said),
}
