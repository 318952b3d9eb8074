"""Who may use which route of reports, remarks, handovers and outcomes under /api/v1/assessments."""

from django.utils import timezone

from proxeny.assessments.models import Engagement, Later, Remark
from tests.access import assessments as tried
from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd
from tests.access.places import room

A = "/api/v1/assessments"
ONE = f"{A}/{{partnership_id}}/engagements/{{engagement_id}}"
REPORT, REMARKS, HAND_OVER = f"{ONE}/reports/{{number}}", f"{ONE}/remarks", f"{ONE}/hand-over"
OWN = f"{A}/own/engagements/{{engagement_id}}"
OWN_REPORT, OWN_REMARKS = f"{OWN}/reports/{{number}}", f"{OWN}/remarks"
OWN_LATER = f"{OWN}/later/{{months}}"
State = Engagement.State


def _of(found: tried.Arguments, **more: int) -> tried.Arguments:
    """Return a page's arguments as the API calls them."""
    return lambda crowd: {
        **{
            "partnership_id" if name == "pk" else name: value
            for name, value in found(crowd).items()
        },
        **more,
    }


def _remark_id() -> int:
    return Remark.objects.earliest("pk").pk


def _own_remark(crowd: Crowd) -> dict:
    return {**tried.own(State.REPORTED)(crowd), "remark_id": _remark_id()}


def _later(crowd: Crowd) -> dict:
    Later.objects.update(due_on=timezone.localdate())
    return {**tried.own(State.HANDED_OVER)(crowd), "months": 6}


def _said(crowd: Crowd) -> dict:
    return {"number": 1, "passage": "summary", "text": "Which studios?"}


def _meeting(crowd: Crowd) -> dict:
    world = crowd.world
    return {
        "starts_at": f"{tried.day()}T10:00:00Z",
        "duration_min": 60,
        "time_zone": "Europe/Paris",
        "place": "Lyon",
        "guests": [world.a.representatives[0].pk, world.a.ambassador.pk],
    }


def _reason(crowd: Crowd) -> dict:
    return {"reason": "By phone"}


_OUT, _OUT_1 = _of(tried.at(State.REPORTED)), _of(tried.at(State.REPORTED), number=1)
_OWN, _OWN_1 = tried.own(State.REPORTED), _of(tried.own(State.REPORTED), number=1)
_REMARK = _of(tried.at(State.REPORTED, remark_id=_remark_id))

ROUTES: dict[str, ApiRoute] = {
    "show_report_draft": ApiRoute("GET", f"{ONE}/report-draft", _OUT),
    "show_report_summary": ApiRoute("GET", f"{ONE}/report-summary", _OUT),
    "write_report_summary": ApiRoute(
        "PUT", f"{ONE}/report-summary", _OUT, lambda _: {"summary": "Yes."}
    ),
    "list_reports": ApiRoute("GET", f"{ONE}/reports", _OUT),
    # Nobody has seen such a draft.
    "give_report": ApiRoute(
        "POST", f"{ONE}/reports", _OUT, lambda _: {"seen": "0" * 64}, statuses=(409, 422)
    ),
    "show_report": ApiRoute("GET", REPORT, _OUT_1),
    "take_report": ApiRoute("GET", f"{REPORT}/pdf", _OUT_1),
    "list_remarks": ApiRoute("GET", REMARKS, _OUT),
    "write_remark": ApiRoute("POST", REMARKS, _OUT, _said),
    "settle_remark": ApiRoute("POST", f"{REMARKS}/{{remark_id}}/settle", _REMARK),
    "reopen_remark": ApiRoute("POST", f"{REMARKS}/{{remark_id}}/reopen", _REMARK),
    "show_hand_over": ApiRoute("GET", HAND_OVER, _OUT),
    "arrange_hand_over": ApiRoute("PUT", HAND_OVER, _OUT, _meeting),
    # None is arranged.
    "call_off_hand_over": ApiRoute("POST", f"{HAND_OVER}/off", _OUT, _reason, statuses=(409,)),
    "note_handed_over": ApiRoute(
        "POST",
        f"{HAND_OVER}/held",
        _OUT,
        lambda _: {"held_on": tried.day(0)},
        # A day that is over for one reader may be to come for another.
        statuses=(200, 409, 422),
    ),
    "hand_over_without_meeting": ApiRoute(
        "POST", f"{HAND_OVER}/without", _OUT, _reason, statuses=(200, 409)
    ),
    "list_later_answers": ApiRoute("GET", f"{ONE}/later", _OUT),
    "show_assessment_outcomes": ApiRoute("GET", f"{A}/{{partnership_id}}/outcomes", _of(room)),
    "list_own_reports": ApiRoute("GET", f"{OWN}/reports", _OWN),
    "show_own_report": ApiRoute("GET", OWN_REPORT, _OWN_1),
    "take_own_report": ApiRoute("GET", f"{OWN_REPORT}/pdf", _OWN_1),
    "list_own_remarks": ApiRoute("GET", OWN_REMARKS, _OWN),
    "write_own_remark": ApiRoute("POST", OWN_REMARKS, _OWN, _said),
    "settle_own_remark": ApiRoute("POST", f"{OWN_REMARKS}/{{remark_id}}/settle", _own_remark),
    "reopen_own_remark": ApiRoute("POST", f"{OWN_REMARKS}/{{remark_id}}/reopen", _own_remark),
    "list_own_later": ApiRoute("GET", f"{OWN}/later", _OWN),
    "show_own_later": ApiRoute("GET", OWN_LATER, _later),
    "answer_own_later": ApiRoute("PUT", OWN_LATER, _later, lambda _: {"value": "useful"}),
}
