"""Who may use which route of rounds and juries, under /api/v1/labels."""

from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd
from tests.access.labels import judged_round, scheme
from tests.access.places import at, by_program
from tests.access.routes import label_jury as pages

API = "/api/v1/labels"
ALL = f"{API}/partnerships/{{partnership_id}}/schemes/{{scheme_id}}/rounds"
ONE = f"{API}/partnerships/{{partnership_id}}/rounds/{{round_id}}"
JURY, READING, OWN = f"{ONE}/jury", f"{ONE}/reading", f"{API}/juries"
#: The round does not stand so that it can be done, or what was read is old.
REFUSED = (200, 201, 204, 409, 422)
SPRING = by_program(at(round_id=judged_round))
JUDGING = by_program(at(round_id=pages.judging))
PUBLISHED = by_program(at(round_id=pages.published))


def _wish(crowd: Crowd) -> dict:
    return {"person_id": crowd.world.a.ambassador.pk, "topics": ["Ports"], "most": 4}


def _known(crowd: Crowd) -> dict:
    return {"topics": ["Ports"], "most": 4}


def _answer(crowd: Crowd) -> dict:
    return {"takes_part": True}


JUROR = by_program(at(round_id=judged_round, juror_id=pages.juror))
GIVEN = by_program(at(round_id=pages.judging, assignment_id=pages.given))

ROUTES: dict[str, ApiRoute] = {
    "list_label_rounds": ApiRoute("GET", ALL, by_program(at(scheme_id=scheme))),
    "show_label_round": ApiRoute("GET", ONE, SPRING),
    "show_label_progress": ApiRoute("GET", f"{ONE}/progress", SPRING),
    "publish_label_round": ApiRoute(
        "POST", f"{ONE}/publish", by_program(at(round_id=pages.planned)), statuses=REFUSED
    ),
    "take_back_label_round": ApiRoute("POST", f"{ONE}/take-back", PUBLISHED, statuses=REFUSED),
    "judge_label_round": ApiRoute("POST", f"{ONE}/judge", PUBLISHED, statuses=REFUSED),
    "discuss_label_round": ApiRoute("POST", f"{ONE}/discuss", JUDGING, pages.why),
    "resume_label_round": ApiRoute("POST", f"{ONE}/resume", SPRING, pages.why),
    "list_label_jury": ApiRoute("GET", JURY, SPRING),
    "ask_label_juror": ApiRoute("POST", JURY, SPRING, _wish, statuses=REFUSED),
    "remind_label_jury": ApiRoute("POST", f"{JURY}/remind", SPRING),
    "change_label_juror": ApiRoute("PUT", f"{JURY}/{{juror_id}}", JUROR, _known),
    "take_out_label_juror": ApiRoute("POST", f"{JURY}/{{juror_id}}/out", JUROR, lambda _: {}),
    "list_label_reading": ApiRoute("GET", READING, SPRING),
    "propose_label_reading": ApiRoute("GET", f"{READING}/proposal", JUDGING),
    "take_label_reading": ApiRoute(
        "POST", f"{READING}/proposal", JUDGING, lambda _: {"fingerprint": 1}, statuses=REFUSED
    ),
    "add_label_reading": ApiRoute("POST", READING, JUDGING, pages.pair, statuses=REFUSED),
    "remove_label_reading": ApiRoute(
        "POST", f"{READING}/{{assignment_id}}/remove", GIVEN, pages.why
    ),
    "list_own_juries": ApiRoute("GET", OWN),
    "show_own_jury": ApiRoute("GET", f"{OWN}/{{juror_id}}", pages.mine),
    "list_own_applicants": ApiRoute("GET", f"{OWN}/{{juror_id}}/applicants", pages.mine),
    "answer_own_jury": ApiRoute("POST", f"{OWN}/{{juror_id}}/answer", pages.mine, _answer),
    "declare_own_conflicts": ApiRoute(
        "PUT", f"{OWN}/{{juror_id}}/declaration", pages.mine, lambda _: {"conflicts": []}
    ),
    "abstain_from_application": ApiRoute(
        "POST", f"{API}/assignments/{{assignment_id}}/abstain", pages.to_read, pages.why
    ),
}
