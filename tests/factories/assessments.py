"""Factories of the consultation service."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from proxeny.assessments import models
from tests.factories.world import World


class _Of(factory.django.DjangoModelFactory):
    """A row of an engagement, in its partnership."""

    class Meta:
        abstract = True

    partnership = factory.LazyAttribute(lambda row: row.engagement.partnership)


class ServiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Service

    question = models.Service._meta.get_field("question").choices[0][0]
    price = 1200
    state = models.Service.State.OFFERED


class ServiceTextFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ServiceText

    language = "en"
    name = "Demand check"
    summary = "Whether anybody there would buy it."


class ServiceTeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.ServiceTeam

    partnership = factory.LazyAttribute(lambda row: row.service.partnership)


class TemplateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Template

    question = "demand"


class TemplateItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.TemplateItem

    partnership = factory.LazyAttribute(lambda row: row.template.partnership)
    kind = "step"
    order = 1
    text = "Read what is published"


class LessonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Lesson

    question = "demand"
    text = "Ask for the price range at once."


class EngagementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Engagement

    partnership = factory.LazyAttribute(lambda row: row.service.partnership)
    question = "demand"
    title = "Would French studios buy our sound library?"
    market = "FR"


class AnswerFactory(_Of):
    class Meta:
        model = models.Answer

    order = 1
    asked = "Who are your customers today?"
    text = "Small studios."


class AdviserFactory(_Of):
    class Meta:
        model = models.Adviser

    leads = True


class StepFactory(_Of):
    class Meta:
        model = models.Step

    title = "Talk to five studios"
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=14))


class NoteFactory(_Of):
    class Meta:
        model = models.Note

    title = "They buy by the year"
    kind = "interview"


class FigureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Figure

    title = "Turnover of sound studios"
    origin = "csv"
    source = "National statistics"
    licence = "CC BY 4.0"


class FigureVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.FigureVersion

    partnership = factory.LazyAttribute(lambda row: row.figure.partnership)
    number = 1
    series = [{"name": "France", "points": [["2024", 12.5], ["2025", 13.25]]}]
    sha256 = "0" * 64


class FindingFactory(_Of):
    class Meta:
        model = models.Finding

    title = "Studios buy by subscription"


class FindingSourceFactory(_Of):
    class Meta:
        model = models.FindingSource

    engagement = factory.LazyAttribute(lambda row: row.finding.engagement)


class ReportFactory(_Of):
    class Meta:
        model = models.Report

    number = 1
    language = "en"
    sha256 = "0" * 64


class RemarkFactory(_Of):
    class Meta:
        model = models.Remark

    engagement = factory.LazyAttribute(lambda row: row.report.engagement)
    passage = "summary"
    text = "Which studios did you ask?"


class LaterFactory(_Of):
    class Meta:
        model = models.Later

    months = 6
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=180))


def make_service(world: World, **values: Any) -> models.Service:
    """Make an offered service of the world's partnership, delivered by both ambassadors."""
    service = ServiceFactory(partnership=world.partnership, **values)
    ServiceTextFactory(service=service)
    for party in world.partnership.parties.all():
        side = world.a if party.organisation_id == world.a.cluster.pk else world.b
        ServiceTeamFactory(service=service, party=party, person=side.ambassador)
    return service


def make_engagement(
    world: World, *, service: models.Service | None = None, member: int = 0, **values: Any
) -> models.Engagement:
    """Make an engagement for a member of A, as its representative asked for it."""
    side = world.a
    return EngagementFactory(
        service=service or make_service(world),
        client=side.members[member],
        cluster=side.cluster,
        asked_by=side.representatives[member],
        **values,
    )
