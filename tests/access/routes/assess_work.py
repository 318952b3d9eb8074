"""How each page of notes, findings and recommendations of an assessment is tried."""

from tests.access import assess_work as work
from tests.access.routes._route import Route, by_matrix

_NOTE = work.at("record_id", work.note)
_FINDING = work.at("record_id", work.finding)
_ADVICE = work.at("record_id", work.advice)


def _note(crowd: object) -> dict:
    return {"kind": "note", "title": "They buy by the year", "version": 1}


def _finding(crowd: object) -> dict:
    return {"title": "They buy by the year", "confidence": "low", "version": 1}


def _advice(crowd: object) -> dict:
    return {"title": "Offer a yearly licence", "addressee": "org", "version": 1}


WORK_OF_ASSESSMENTS = by_matrix(
    {
        "assessments:work": Route(work.here),
        "assessments:note-add": Route(work.here, data=_note),
        "assessments:note-edit": Route(_NOTE, data=_note),
        "assessments:note-drop": Route(_NOTE, posts_only=True),
        "assessments:note-restore": Route(_NOTE, posts_only=True),
        "assessments:findings": Route(work.here),
        "assessments:finding-add": Route(work.here, data=_finding),
        "assessments:finding-edit": Route(_FINDING, data=_finding),
        "assessments:finding-drop": Route(_FINDING, posts_only=True),
        "assessments:finding-restore": Route(_FINDING, posts_only=True),
        "assessments:finding-move": Route(_FINDING, data=lambda _: {"by": "1"}, posts_only=True),
        "assessments:finding-sources": Route(
            _FINDING, data=lambda crowd: {"source": f"note-{work.note(crowd).pk}"}
        ),
        "assessments:finding-source-remove": Route(
            work.at("record_id", work.finding, source_id=work.source), posts_only=True
        ),
        "assessments:advice-add": Route(work.here, data=_advice),
        "assessments:advice-edit": Route(_ADVICE, data=_advice),
        "assessments:advice-drop": Route(_ADVICE, posts_only=True),
        "assessments:advice-restore": Route(_ADVICE, posts_only=True),
        "assessments:advice-propose": Route(_ADVICE, data=lambda _: {"seen": 1}, posts_only=True),
        "assessments:advice-evidence": Route(
            _ADVICE, data=lambda crowd: {"source": f"finding-{work.finding(crowd).pk}"}
        ),
        "assessments:advice-evidence-remove": Route(
            work.at("record_id", work.advice, evidence_id=work.piece), posts_only=True
        ),
        "assessments:own-advice": Route(work.own),
        "assessments:own-advice-one": Route(work.own_advice),
        "assessments:own-advice-step": Route(
            work.own_advice, data=lambda _: {"state": "accepted", "seen": 1}, posts_only=True
        ),
    }
)
