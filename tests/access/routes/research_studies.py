"""How each page of studies is tried."""

from collections.abc import Callable

from django.db.models import Model
from django.utils.timezone import localdate

from proxeny.research.models import Contributor, Package, Result, Study, WeighedRisk
from tests.access.crowd import Crowd
from tests.access.places import room
from tests.access.research import at, main
from tests.access.routes._route import Route, by_matrix

PLANNING, CONCLUDED = Study.State.PLANNING, Study.State.CONCLUDED


def _kind(name: str) -> Callable[[Crowd], dict]:
    return lambda crowd: room(crowd) | {"kind": name}


def _record(name: str, model: type[Model]) -> Callable[[Crowd], dict]:
    return lambda crowd: room(crowd) | {"kind": name, "record_id": model.objects.earliest("pk").pk}


def _history(crowd: Crowd) -> dict:
    return {"kind": "study", "pk": main().pk}


def seen(crowd: Crowd) -> dict:
    """Return what somebody sends who has seen the study as it is."""
    return {"seen": main().version, "reason": "More came.", "summary": "They earn more."}


def study(crowd: Crowd) -> dict:
    """Return what is written of a study, and in which version."""
    return {
        "title": "Wages",
        "question": "What is paid?",
        "licence": "cc-by-4.0",
        "language": "en",
        "version": 1,
    }


def result(crowd: Crowd) -> dict:
    """Return what is written of a result."""
    return {
        "kind": "output",
        "title": "A table",
        "benefits": "industry",
        "happened_on": str(localdate()),
        "version": 1,
    }


STUDIES = by_matrix(
    {
        "research:studies": Route(room),
        "research:study": Route(at()),
        "history:show study": Route(_history),
        "partnerships:record-export study": Route(_kind("study")),
        "partnerships:record-export contributor": Route(_kind("contributor")),
        "partnerships:record-export result": Route(_kind("result")),
        "partnerships:record-add study": Route(_kind("study"), data=study),
        "partnerships:record study": Route(_record("study", Study), data=study),
        "partnerships:record contributor": Route(
            _record("contributor", Contributor), data=lambda _: {"name": "Ben", "version": 1}
        ),
        "partnerships:record weighed-risk": Route(
            _record("weighed-risk", WeighedRisk), data=lambda _: {"note": "Grave", "version": 1}
        ),
        "partnerships:record result": Route(_record("result", Result), data=result),
        "partnerships:record package": Route(
            _record("package", Package), data=lambda _: {"title": "Other", "version": 1}
        ),
        "research:study-begin": Route(at(PLANNING), data=seen, posts_only=True),
        "research:study-conclude": Route(at(), data=seen, posts_only=True),
        "research:study-reopen": Route(at(CONCLUDED), data=seen, posts_only=True),
    }
)
