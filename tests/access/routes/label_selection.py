"""How each page of selections, results and appeals is tried."""

from django.utils import timezone

from proxeny.labels.models import Appeal, Result, Round
from tests.access.crowd import Crowd
from tests.access.labels import judged_round, submitted
from tests.access.places import at
from tests.access.routes._route import Route, by_matrix


def decided() -> Round:
    """Return the round of spring, decided."""
    return judged_round("decided")


def result() -> Result:
    """Return the result of A's member."""
    return Result.objects.earliest("pk")


def appeal() -> Appeal:
    """Return the appeal of A's member."""
    return Appeal.objects.earliest("pk")


def meeting(crowd: Crowd) -> dict:
    """Return when the jury met."""
    return {"held_on": f"{timezone.localdate()}", "present": "All.", "minutes": "Agreed."}


def decision(crowd: Crowd) -> dict:
    """Return a decision on scores that have changed since."""
    return {**meeting(crowd), "seen": "0" * 64}


def own(crowd: Crowd) -> dict:
    """Return the application of A's member."""
    return {"application_id": submitted().pk}


_RESULT = at(round_id=decided, result_id=result)
_APPEAL = at(round_id=decided, appeal_id=appeal)

PAGES: dict[str, Route] = by_matrix(
    {
        "labels:selection": Route(at(round_id=judged_round)),
        "labels:selection-decide": Route(at(round_id=judged_round), data=decision, posts_only=True),
        "labels:results": Route(at(round_id=decided)),
        "labels:results-send": Route(at(round_id=decided), posts_only=True),
        "labels:results-move-up": Route(
            at(round_id=decided),
            data=lambda crowd: {**meeting(crowd), "number": 1},
            posts_only=True,
        ),
        "labels:result-letter": Route(_RESULT),
        "labels:result-pdf": Route(_RESULT),
        "labels:appeal": Route(_APPEAL, data=lambda crowd: {**meeting(crowd), "answer": "No."}),
        "labels:appeal-read": Route(_APPEAL, posts_only=True),
        "labels:own-result": Route(own),
        "labels:own-result-pdf": Route(own),
        "labels:own-result-appeal": Route(own, data=lambda _: {"text": "No."}, posts_only=True),
        "labels:own-result-give-up": Route(own, data=lambda _: {"why": "Sold."}, posts_only=True),
    }
)
