"""Who may use which route of applications for a label, under /api/v1/labels."""

from collections.abc import Callable

from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd
from tests.access.labels import draft, judged_round, open_round, submitted
from tests.access.places import at, by_program
from tests.access.routes import label_applications as pages

OWN = "/api/v1/labels/applications/{application_id}"
DOCUMENT = f"{OWN}/documents/{{number}}"
ALL = "/api/v1/labels/partnerships/{partnership_id}/rounds/{round_id}/applications"
ONE = f"{ALL}/{{application_id}}"
QUESTIONS = f"{ONE}/questions"
#: Something is missing in this draft, or the round has moved on.
REFUSED = (200, 201, 409, 422)


def _begin(crowd: Crowd) -> dict:
    return {"organisation_id": crowd.world.b.members[0].pk, "title": "Locks"}


def _fields(_crowd: Crowd) -> dict:
    return {"values": {"title": "Locks"}}


def _file(crowd: Crowd) -> dict:
    return {"file": pages.file(crowd)["file"]}


def _one(**more: Callable[[], int]) -> Callable[[Crowd], dict]:
    return by_program(pages.one(**more))


ROUTES: dict[str, ApiRoute] = {
    "list_own_label_applications": ApiRoute("GET", "/api/v1/labels/applications"),
    "list_open_label_rounds": ApiRoute("GET", "/api/v1/labels/rounds/open"),
    "begin_label_application": ApiRoute(
        "POST",
        "/api/v1/labels/rounds/{round_id}/applications",
        lambda _: {"round_id": open_round().pk},
        _begin,
    ),
    "show_own_label_application": ApiRoute("GET", OWN, pages.own(submitted)),
    "download_own_label_document": ApiRoute(
        "GET", DOCUMENT, pages.own(submitted, number=pages.document)
    ),
    "withdraw_label_application": ApiRoute("POST", f"{OWN}/withdrawal", pages.own(submitted)),
    "answer_label_question": ApiRoute(
        "PUT",
        f"{OWN}/questions/{{question_id}}/answer",
        pages.own(submitted, question_id=pages.question()),
        lambda _: {"answer": "Piraeus."},
    ),
    "write_label_application": ApiRoute("PATCH", OWN, pages.own(draft), _fields),
    "submit_label_application": ApiRoute(
        "POST", f"{OWN}/submission", pages.own(draft), statuses=REFUSED
    ),
    "restore_label_application": ApiRoute(
        "POST", f"{OWN}/withdrawal/undo", pages.own(pages.withdrawn), statuses=REFUSED
    ),
    "bring_label_document": ApiRoute(
        "POST", f"{OWN}/documents", pages.own(draft), _file, form=True
    ),
    "drop_label_document": ApiRoute("DELETE", DOCUMENT, pages.own(draft, number=pages.brought())),
    "restore_label_document": ApiRoute(
        "POST", f"{DOCUMENT}/restore", pages.own(draft, number=pages.brought(dropped=True))
    ),
    "list_round_applications": ApiRoute("GET", ALL, by_program(at(round_id=judged_round))),
    "show_round_application": ApiRoute("GET", ONE, _one()),
    "download_round_document": ApiRoute(
        "GET", f"{ONE}/documents/{{number}}", _one(number=pages.document)
    ),
    "note_label_eligibility": ApiRoute(
        "PUT", f"{ONE}/eligibility", _one(), lambda _: {"eligible": True}
    ),
    "note_label_fee": ApiRoute("PUT", f"{ONE}/fee", _one(), lambda _: {"paid_on": "2026-03-01"}),
    "declare_label_conflict": ApiRoute(
        "POST", f"{ONE}/conflict", _one(), lambda _: {"reason": "Shares."}
    ),
    "ask_label_applicant": ApiRoute("POST", QUESTIONS, _one(), pages.words),
    "pass_on_label_question": ApiRoute(
        "POST",
        f"{QUESTIONS}/{{question_id}}/pass-on",
        _one(question_id=pages.question(waits=True)),
        pages.words,
    ),
}
