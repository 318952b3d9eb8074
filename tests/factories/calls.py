"""Factories of calls for proposals."""

from datetime import datetime, time, timedelta

import factory
from django.utils import timezone

from proxeny.calls import models
from proxeny.calls.rules import BRUSSELS


def end_of_day(days: int) -> datetime:
    """The last second, in Brussels, of the day in so many days: at whatever hour a test runs."""
    day = timezone.now().astimezone(BRUSSELS).date() + timedelta(days=days)
    return datetime.combine(day, time(23, 59, 59), BRUSSELS)


class CallFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Call

    reference = factory.Sequence(lambda n: f"BLUE-2026-{n}")
    title = "Sensors for clean harbours"
    programme = "Blue Bridges"
    action = "Joint pilots"
    rule_set = "horizon-europe-ria"
    part = "pillar-2"
    topics = ["harbours", "sensors"]
    text = "Small firms and labs try sensors in harbours."
    opens_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=10))
    closes_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=20))
    budget = 6_000_000
    address = "https://calls.example.org/blue"


class CallWatchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.CallWatch

    told_closes_at = factory.LazyAttribute(lambda row: row.call.closes_at)


class CallImportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.CallImport

    source = "csv"
    file_name = "calls-of-2026.csv"
    rows = 1
    added = 1
