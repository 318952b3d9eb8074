"""Who may use which route of what studies recommend by program."""

from collections.abc import Callable

from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd
from tests.access.routes import research_advice as pages

ROOM = "/api/v1/research/{partnership_id}"
STUDY = f"{ROOM}/studies/{{study_id}}"
ONE = f"{ROOM}/recommendations/{{recommendation_id}}"


def _ids(arguments: Callable[[Crowd], dict]) -> Callable[[Crowd], dict]:
    def found(crowd: Crowd) -> dict:
        names = {"pk": "partnership_id", "advice_id": "recommendation_id"}
        return {names.get(name, name): value for name, value in arguments(crowd).items()}

    return found


_room, _study, _one, _file = map(_ids, (pages.room, pages.study, pages.one, pages.file))

ROUTES = {
    "list_study_advice": ApiRoute("GET", f"{STUDY}/recommendations", _study),
    "write_study_advice": ApiRoute(
        "POST",
        f"{STUDY}/recommendations",
        _study,
        lambda _: {"title": "Pay interns", "addressee": "all"},
    ),
    "list_rows_of_advice": ApiRoute("GET", f"{ONE}/rows", _one),
    "rest_on_rows": ApiRoute(
        "POST",
        f"{ONE}/rows",
        _one,
        lambda crowd: {"file_id": pages.table(crowd).pk, "first": 5, "last": 7, "text": "Less."},
    ),
    "show_rows": ApiRoute(
        "GET", f"{STUDY}/files/{{file_id}}/rows", _file, query=(("first", "5"), ("last", "7"))
    ),
    "list_fates": ApiRoute("GET", f"{ROOM}/recommendations", _room),
    "list_looks": ApiRoute("GET", f"{ONE}/looks", _one),
    "look_at_advice": ApiRoute("POST", f"{ONE}/looks", _one, lambda _: {"note": "Three do."}),
}
