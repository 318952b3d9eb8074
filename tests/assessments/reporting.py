"""An engagement with findings, figures and advice, as both teams have put it together."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from proxeny.accounts.models import Person
from proxeny.assessments.models import Engagement, Report
from proxeny.assessments.operations.reports import give_report
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.assessments.queries.reports import read_draft
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.partnerships.models import Evidence, Interest, Recommendation
from tests.conftest import reader_of
from tests.factories.assessments import (
    AdviserFactory,
    FigureFactory,
    FigureVersionFactory,
    FindingFactory,
    FindingSourceFactory,
    NoteFactory,
    make_engagement,
)
from tests.factories.world import World

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def do(person: Person, operation: Callable[..., Any], **values: Any) -> Any:
    """Do something as a person, in the web role."""
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return operation(actor=reader, **values)


def put_together(world: World, **values: Any) -> Engagement:
    """Make an engagement at work: two findings with sources and a figure, one recommendation."""
    values = {
        "state": "working",
        "summary": "Yes: studios buy by the year.",
        "signed_at": NOW,
        "due_on": NOW.date(),
        **values,
    }
    one = make_engagement(world, **values)
    for side in (world.a, world.b):
        party = world.partnership.parties.get(organisation=side.cluster)
        AdviserFactory(engagement=one, party=party, person=side.ambassador)
    note = NoteFactory(
        engagement=one,
        origin="Head of sound, a studio in Lyon",
        url="https://studios.example/buy",
        seen_on=NOW.date(),
    )
    figure = FigureVersionFactory(
        figure=FigureFactory(
            partnership=world.partnership, unit="million euros", url="https://stat.example"
        )
    )
    first = FindingFactory(
        engagement=one, chapter="Demand", text="Nine of ten do.", confidence="high", order=1
    )
    FindingSourceFactory(finding=first, note=note, place="minute 12")
    second = FindingFactory(engagement=one, title="The market grows", chapter="Demand", order=2)
    FindingSourceFactory(finding=second, figure=figure, place="2025")
    advice = Recommendation.objects.create(
        partnership=world.partnership,
        source="assessment",
        source_id=one.pk,
        title="Sell by subscription",
        addressee="org",
        organisation=one.client,
    )
    Evidence.objects.create(
        partnership=world.partnership,
        recommendation=advice,
        kind="finding",
        text="Nine of ten buy by the year",
        target="assessments.finding",
        target_id=first.pk,
    )
    return one


def draft_of(person: Person, one: Engagement) -> Any:
    """Return the draft as a person of the teams reads it."""
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return read_draft(get_engagement(one.pk))


def give(world: World, one: Engagement, *, news: str = "", now: datetime = NOW) -> Report:
    """Give the report as A's ambassador."""
    seen = draft_of(world.a.ambassador, one).seen
    return do(world.a.ambassador, give_report, engagement_id=one.pk, seen=seen, news=news, now=now)


def wall(person: Person, one: Engagement) -> None:
    """Let somebody have declared a conflict of interest."""
    Interest.objects.create(
        partnership=one.partnership,
        person=person,
        subject="assessment",
        subject_id=one.pk,
        conflicts=True,
        reason="Shares",
        said_at=NOW,
    )
