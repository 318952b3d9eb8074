"""What A's first member asked for, in the crowd's world: a row of every table of assessments.

The ambassadors of A and B lead, and have declared to be free; all have still to sign the brief.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from proxeny.assessments.models import (
    Adviser,
    Answer,
    Engagement,
    Figure,
    FigureVersion,
    Later,
    Lesson,
    Remark,
    Report,
    Service,
    ServiceTeam,
    ServiceText,
    Step,
    Template,
    TemplateItem,
)
from proxeny.assessments.queries.report_content import fingerprint_of, gather_content
from proxeny.partnerships.models import Agreement, Interest, Signatory
from proxeny.partnerships.operations.guards import hash_text
from tests.factories.assessments import (
    AdviserFactory,
    AnswerFactory,
    FigureFactory,
    FigureVersionFactory,
    FindingFactory,
    FindingSourceFactory,
    LaterFactory,
    LessonFactory,
    NoteFactory,
    RemarkFactory,
    ReportFactory,
    StepFactory,
    TemplateFactory,
    TemplateItemFactory,
    make_engagement,
)
from tests.factories.partnerships import AgreementFactory
from tests.factories.world import World

State = Engagement.State
Arguments = Callable[[Any], dict]


def fill(world: World) -> None:
    """Give A's first member an engagement with a row of every table."""
    template = TemplateFactory(partnership=world.partnership)
    TemplateItemFactory(template=template, after_days=9)
    LessonFactory(partnership=world.partnership)
    due_on = timezone.localdate() + timedelta(days=40)
    one = make_engagement(
        world,
        state=State.WORKING,
        goal="Enter or not",
        scope="Studios",
        delivers="A report",
        price=1200,
        due_on=due_on,
    )
    AnswerFactory(engagement=one)
    for party in world.partnership.parties.order_by("side"):
        side = world.a if party.side == "A" else world.b
        AdviserFactory(engagement=one, party=party, person=side.ambassador)
        Interest.objects.create(
            partnership=world.partnership,
            person=side.ambassador,
            subject="assessment",
            subject_id=one.pk,
            conflicts=False,
            said_at=timezone.now(),
        )
    StepFactory(engagement=one, person=world.a.ambassador, party=one.advisers.earliest("pk").party)
    text = "Brief of the assessment."
    brief = AgreementFactory(
        partnership=world.partnership,
        kind=Agreement.Kind.BRIEF,
        subject=str(one.pk),
        text=text,
        text_hash=hash_text(text),
    )
    Signatory.objects.create(agreement=brief, organisation=one.client)
    _work(one)


def _work(one: Engagement) -> None:
    """Give it what the teams found out, and what the company got of it."""
    version = FigureVersionFactory(figure=FigureFactory(partnership=one.partnership))
    NoteFactory(engagement=one)
    note, finding = NoteFactory(engagement=one, kind="note"), FindingFactory(engagement=one)
    FindingSourceFactory(finding=finding, note=note)
    FindingSourceFactory(finding=finding, figure=version)
    content = gather_content(one)
    report = ReportFactory(engagement=one, content=content, sha256=fingerprint_of(content))
    RemarkFactory(report=report, organisation=one.client)
    LaterFactory(engagement=one)


def main() -> Engagement:
    """Return the engagement of A's first member."""
    return Engagement.objects.earliest("pk")


def held() -> dict[str, list[Model]]:
    """Return the rows that hold each record, one a table."""
    one = main()
    return {
        "a service that A and B offer": [
            Service.objects.earliest("pk"),
            ServiceText.objects.earliest("pk"),
        ],
        "who delivers a service": [ServiceTeam.objects.earliest("pk")],
        "how a market question is worked on": [
            Template.objects.earliest("pk"),
            TemplateItem.objects.earliest("pk"),
            Lesson.objects.earliest("pk"),
        ],
        "an assessment of A's member": [
            one,
            Answer.objects.get(),
            Step.objects.earliest("pk"),
            Adviser.objects.earliest("pk"),
            Report.objects.earliest("pk"),
            Later.objects.earliest("pk"),
            Remark.objects.earliest("pk"),
        ],
        "the brief of an assessment": [brief()],
        "who declared to be free of an interest": [Interest.objects.earliest("pk")],
        "an open figure of the room": [
            Figure.objects.earliest("pk"),
            FigureVersion.objects.earliest("pk"),
        ],
    }


#: What a page tells of each, marked; see `records.MARKED`.
MARKED = {
    "an assessment of A's member": "title",
    "the brief of an assessment": "text",
}


def brief() -> Agreement:
    """Return the text that waits for all signatures."""
    return Agreement.objects.get(kind=Agreement.Kind.BRIEF)


def _stand(state: str) -> Engagement:
    """Let the engagement stand at a state. The same each time: tests compare rows."""
    one = main()
    Engagement.objects.filter(pk=one.pk).exclude(state=state).update(state=state)
    return Engagement.objects.get(pk=one.pk)


def at(state: str = State.WORKING, **more: Callable[[], int]) -> Arguments:
    """Return what finds the engagement in a state, for the teams."""

    def arguments(crowd: Any) -> dict:
        one = _stand(state)
        found = {"pk": one.partnership_id, "engagement_id": one.pk}
        return found | {name: number() for name, number in more.items()}

    return arguments


def own(state: str = State.WORKING) -> Arguments:
    """Return what finds the engagement in a state, for the company."""
    return lambda crowd: {"engagement_id": _stand(state).pk}


def offer(crowd: Any) -> dict:
    """Return the service."""
    service = Service.objects.earliest("pk")
    Service.objects.filter(pk=service.pk).exclude(state="offered").update(state="offered")
    return {"service_id": service.pk}


def adviser_id() -> int:
    """Return A's ambassador, who leads."""
    return Adviser.objects.earliest("pk").person_id or 0


def step_id() -> int:
    """Return the step."""
    return Step.objects.earliest("pk").pk


def day(days: int = 20) -> str:
    """Return a day to come."""
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def request(crowd: Any) -> dict:
    """Return what a company asks."""
    return {"title": "And Belgium?", "market": "BE", "language": "en", "version": 1}


def signing(crowd: Any) -> dict:
    """Return which text is signed, or is not."""
    return {"agreement": brief().pk, "text_hash": brief().text_hash, "why": "Too dear."}


def reason(crowd: Any) -> dict:
    """Return why it ends."""
    return {"reason": "No place is free."}
