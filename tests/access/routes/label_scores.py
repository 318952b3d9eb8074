"""How each page of scores is tried."""

from collections.abc import Callable

from proxeny.labels.models import Assignment, Document, Round, Submission
from tests.access.crowd import Crowd
from tests.access.labels import judged_round, submitted
from tests.access.places import at
from tests.access.routes._route import Route, by_matrix


def given() -> Assignment:
    """Return what A's juror reads."""
    return Assignment.objects.earliest("pk")


def reading(state: str = "open", held: str = "discussing") -> Callable[[Crowd], dict]:
    """Return what finds the application of A's juror, in a state."""

    def found(crowd: Crowd) -> dict:
        Assignment.objects.filter(pk=given().pk).exclude(state=state).update(state=state)
        Round.objects.filter(pk=given().round_id).exclude(state=held).update(state=held)
        return {"assignment_id": given().pk}

    return found


def document(crowd: Crowd) -> dict:
    """Return what finds a document of it, which was handed in."""
    number = Document.objects.earliest("pk").number
    for one in Submission.objects.filter(application=given().application_id):
        listed = {
            "number": number,
            "indicator": "",
            "media_type": "text/plain",
            "size": 15,
            "sha256": "0" * 64,
        }
        if one.content["documents"] != [listed]:
            one.content["documents"] = [listed]
            one.save()
    return {"assignment_id": given().pk, "number": number}


def said(crowd: Crowd) -> dict:
    """Return a remark."""
    return {"text": "Look at the harbour."}


PAGES: dict[str, Route] = by_matrix(
    {
        "labels:score": Route(reading(), data=lambda _: {"overall": "Good.", "do": "save"}),
        "labels:score-save": Route(reading(), data=lambda _: {}, posts_only=True, statuses=(422,)),
        "labels:score-reopen": Route(reading("done", "judging"), posts_only=True),
        "labels:score-ask": Route(
            reading(), data=lambda _: {"text": "Which harbours?"}, posts_only=True
        ),
        "labels:score-document": Route(document),
        "labels:discuss": Route(reading(), data=said),
        "labels:scores": Route(at(round_id=judged_round)),
        "labels:scores-one": Route(at(round_id=judged_round, application_id=submitted), data=said),
    }
)
