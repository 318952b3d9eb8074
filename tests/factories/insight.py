"""Factories of figures and trends."""

from datetime import date

import factory

from proxeny.insight import models


class SnapshotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Snapshot

    kind = "outcomes"
    digest = factory.Sequence(lambda n: f"{n:064x}")
    method = "1"


class TrendFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Trend

    title = factory.Sequence(lambda n: f"Trend {n}")


class TrendEvidenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.TrendEvidence

    partnership = factory.LazyAttribute(lambda row: row.trend.partnership)
    title = factory.Sequence(lambda n: f"Evidence {n}")
    said_on = date(2026, 5, 1)


class TrendViewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.TrendView

    partnership = factory.LazyAttribute(lambda row: row.trend.partnership)
    relevance = 4


class DigestChoiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.DigestChoice

    wanted = True
