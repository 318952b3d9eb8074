"""Who may use which route of notes, findings and recommendations under /api/v1/assessments."""

from tests.access import assess_work as work
from tests.access.api.route import ApiRoute

ONE = "/api/v1/assessments/{partnership_id}/engagements/{engagement_id}"
NOTES, FINDINGS, ADVICE = (f"{ONE}/{name}" for name in ("notes", "findings", "recommendations"))
NOTE, FINDING = f"{NOTES}/{{note_id}}", f"{FINDINGS}/{{finding_id}}"
RECOMMENDATION = f"{ADVICE}/{{recommendation_id}}"
OWN = "/api/v1/assessments/own/engagements/{engagement_id}/recommendations"
OWN_ONE = f"{OWN}/{{recommendation_id}}"
_NAMES = {"pk": "partnership_id", "advice_id": "recommendation_id"}


def _of(found: work.Arguments) -> work.Arguments:
    """Return a page's arguments as the API calls them."""
    return lambda crowd: {_NAMES.get(name, name): value for name, value in found(crowd).items()}


_HERE, _OWN, _OWN_ONE = _of(work.here), _of(work.own), _of(work.own_advice)
_NOTE = _of(work.at("note_id", work.note))
_FINDING = _of(work.at("finding_id", work.finding))
_ADVICE = _of(work.at("advice_id", work.advice))

ROUTES: dict[str, ApiRoute] = {
    "list_work_notes": ApiRoute("GET", NOTES, _HERE),
    "write_work_note": ApiRoute("POST", NOTES, _HERE, lambda _: {"title": "They buy by the year"}),
    "show_work_note": ApiRoute("GET", NOTE, _NOTE),
    "change_work_note": ApiRoute(
        "PATCH", NOTE, _NOTE, lambda _: {"kind": "note", "text": "Four of five"}
    ),
    "drop_work_note": ApiRoute("POST", f"{NOTE}/drop", _NOTE),
    "restore_work_note": ApiRoute("POST", f"{NOTE}/restore", _NOTE),
    "list_findings": ApiRoute("GET", FINDINGS, _HERE),
    "write_finding": ApiRoute("POST", FINDINGS, _HERE, lambda _: {"title": "They buy by the year"}),
    "show_finding": ApiRoute("GET", FINDING, _FINDING),
    "change_finding": ApiRoute("PATCH", FINDING, _FINDING, lambda _: {"confidence": "high"}),
    "move_finding": ApiRoute("POST", f"{FINDING}/move", _FINDING, lambda _: {"by": 1}),
    "drop_finding": ApiRoute("POST", f"{FINDING}/drop", _FINDING),
    "restore_finding": ApiRoute("POST", f"{FINDING}/restore", _FINDING),
    "add_finding_source": ApiRoute(
        "POST", f"{FINDING}/sources", _FINDING, lambda crowd: {"note_id": work.note(crowd).pk}
    ),
    "remove_finding_source": ApiRoute(
        "DELETE",
        f"{FINDING}/sources/{{source_id}}",
        _of(work.at("finding_id", work.finding, source_id=work.source)),
    ),
    "list_engagement_advice": ApiRoute("GET", ADVICE, _HERE),
    "write_engagement_advice": ApiRoute(
        "POST", ADVICE, _HERE, lambda _: {"title": "Offer a yearly licence", "addressee": "org"}
    ),
    "show_engagement_advice": ApiRoute("GET", RECOMMENDATION, _ADVICE),
    "change_engagement_advice": ApiRoute(
        "PATCH", RECOMMENDATION, _ADVICE, lambda _: {"details": "By the year"}
    ),
    "drop_engagement_advice": ApiRoute("POST", f"{RECOMMENDATION}/drop", _ADVICE),
    "restore_engagement_advice": ApiRoute("POST", f"{RECOMMENDATION}/restore", _ADVICE),
    "propose_engagement_advice": ApiRoute("POST", f"{RECOMMENDATION}/propose", _ADVICE),
    "list_engagement_evidence": ApiRoute("GET", f"{RECOMMENDATION}/evidence", _ADVICE),
    "rest_on": ApiRoute(
        "POST",
        f"{RECOMMENDATION}/evidence",
        _ADVICE,
        lambda crowd: {"target": "assessments.finding", "target_id": work.finding(crowd).pk},
    ),
    "rest_no_more": ApiRoute(
        "DELETE",
        f"{RECOMMENDATION}/evidence/{{evidence_id}}",
        _of(work.at("advice_id", work.advice, evidence_id=work.piece)),
    ),
    "list_own_advice": ApiRoute("GET", OWN, _OWN),
    "show_own_advice": ApiRoute("GET", OWN_ONE, _OWN_ONE),
    "take_own_advice_step": ApiRoute(
        "POST", f"{OWN_ONE}/step", _OWN_ONE, lambda _: {"state": "accepted"}
    ),
}
