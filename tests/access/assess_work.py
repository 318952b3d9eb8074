"""What the teams of A and B noted, concluded and recommend for A's first member, in the crowd's world."""

from collections.abc import Callable
from typing import Any

from django.db.models import Model

from proxeny.assessments.models import Engagement, Finding, FindingSource, Note
from proxeny.partnerships.models import Evidence, Recommendation
from tests.factories.assessments import (
    FindingFactory,
    FindingSourceFactory,
    NoteFactory,
    make_engagement,
)
from tests.factories.rooms import EvidenceFactory, RecommendationFactory

Arguments = Callable[[Any], dict]
State = Recommendation.State
#: The words by which the rows of this part are known.
_OWN = "Noted by the teams"


def engagement(crowd: Any) -> Engagement:
    """Return the assessment of A's first member, at work. The same each time."""
    client = crowd.world.a.members[0]
    found = Engagement.objects.filter(client=client).order_by("pk").first()
    one = found or make_engagement(crowd.world)
    Engagement.objects.filter(pk=one.pk).exclude(state="working").update(state="working")
    one.state = "working"
    return one


def note(crowd: Any) -> Note:
    """Return a note that nothing rests on."""
    one = engagement(crowd)
    found = Note.objects.filter(engagement=one, cited_by=None).order_by("pk").first()
    return found or NoteFactory(engagement=one, origin="A buyer of a studio", text=_OWN)


def source(crowd: Any) -> FindingSource:
    """Return what the finding rests on."""
    one = engagement(crowd)
    found = FindingSource.objects.filter(engagement=one, note__isnull=False).order_by("pk").first()
    return found or FindingSourceFactory(
        finding=FindingFactory(engagement=one, text=_OWN),
        note=NoteFactory(engagement=one, kind="note"),
    )


def finding(crowd: Any) -> Finding:
    """Return the finding that rests on it."""
    return source(crowd).finding


def advice(crowd: Any, state: str = State.DRAFT) -> Recommendation:
    """Return what A's first member is advised, in a state, resting on something outside."""
    one = engagement(crowd)
    given = {
        "partnership": one.partnership,
        "source": "assessment",
        "source_id": one.pk,
        "addressee": "org",
        "organisation": one.client,
    }
    # A draft and what was proposed are two: nobody has to change the one for the other.
    first = State.DRAFT if state == State.DRAFT else State.PROPOSED
    found = Recommendation.objects.filter(**given, state=first).order_by("pk").first()
    if found is None:
        found = RecommendationFactory(**given, state=first)
        EvidenceFactory(recommendation=found, partnership=found.partnership)
    return found


def piece(crowd: Any) -> Evidence:
    """Return what the draft rests on."""
    return Evidence.objects.filter(recommendation=advice(crowd)).earliest("pk")


def here(crowd: Any) -> dict:
    """Return what finds the assessment, for the teams."""
    one = engagement(crowd)
    return {"pk": one.partnership_id, "engagement_id": one.pk}


def at(name: str, find: Callable[[Any], Model], **more: Callable[[Any], Model]) -> Arguments:
    """Return what finds a record of the assessment, for the teams."""
    return lambda crowd: {
        **here(crowd),
        name: find(crowd).pk,
        **{other: found(crowd).pk for other, found in more.items()},
    }


def own(crowd: Any) -> dict:
    """Return what finds the assessment, for the company."""
    return {"engagement_id": engagement(crowd).pk}


def own_advice(crowd: Any) -> dict:
    """Return what finds what the company is advised."""
    return {**own(crowd), "advice_id": advice(crowd, State.PROPOSED).pk}


def held(crowd: Any) -> dict[str, list[Model]]:
    """Return the rows that hold each record, one a table."""
    return {
        "notes of an assessment": [note(crowd)],
        "findings of an assessment": [finding(crowd), source(crowd)],
        "what an assessment recommends, as a draft": [advice(crowd), piece(crowd)],
    }


#: What a page tells of each, marked; see `records.MARKED`.
MARKED = {
    "notes of an assessment": "title",
    "findings of an assessment": "title",
    "what an assessment recommends, as a draft": "title",
}
