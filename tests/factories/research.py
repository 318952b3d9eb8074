"""Factories of research collaboration."""

from typing import Any

import factory
from django.utils import timezone

from proxeny.research import models


class StudyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Study

    title = "What small studios earn abroad"
    question = "What do small studios earn abroad, and what keeps them from more?"


class _Of(factory.django.DjangoModelFactory):
    """Something of a study, in its partnership."""

    class Meta:
        abstract = True

    partnership = factory.LazyAttribute(lambda row: row.study.partnership)


class ContributorFactory(_Of):
    class Meta:
        model = models.Contributor

    name = "Ada Example"
    role = "lead"


class WeighedRiskFactory(_Of):
    class Meta:
        model = models.WeighedRisk


class ResultFactory(_Of):
    class Meta:
        model = models.Result

    title = "A table of wages"
    kind = "output"
    benefits = "industry"
    happened_on = factory.LazyFunction(timezone.localdate)


class PackageFactory(_Of):
    class Meta:
        model = models.Package

    title = "Answers of 40 studios"
    details = "One row is one studio."
    access = "open"


class PackageVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.PackageVersion

    partnership = factory.LazyAttribute(lambda row: row.package.partnership)
    number = 1


class PackageFileFactory(factory.django.DjangoModelFactory):
    """A file whose bytes are nowhere: for what is read of it alone."""

    class Meta:
        model = models.PackageFile

    partnership = factory.LazyAttribute(lambda row: row.version.partnership)
    path = "answers.csv"
    size = 12
    sha256 = "0" * 64
    media_type = "text/csv"


class UploadFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Upload

    key = factory.Sequence(lambda number: f"{number:032x}")
    name = "answers.csv"
    size = 12


class ArrivalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Arrival

    name = "study.zip"
    size = 12
    sha256 = "0" * 64


class PublicationFactory(_Of):
    class Meta:
        model = models.Publication

    number = 1
    slug = factory.LazyAttribute(lambda row: f"study-{row.study.pk}")
    title = factory.LazyAttribute(lambda row: row.study.title)
    language = "en"
    content: Any = factory.LazyFunction(dict)


class DataRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.DataRequest

    partnership = factory.LazyAttribute(lambda row: row.package.partnership)
    name = "Ben Example"
    organisation = "Example University"
    email = "ben@university.example"
    purpose = "To compare wages."


class UseFactory(_Of):
    class Meta:
        model = models.Use

    path = "answers.csv"
    where = "room"


class AdviceReviewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.AdviceReview

    partnership = factory.LazyAttribute(lambda row: row.recommendation.partnership)
    looked_on = factory.LazyFunction(timezone.localdate)
    note = "Three studios do it now."
