"""Factories of joint bids."""

from datetime import timedelta
from typing import Any

import factory
from django.utils import timezone

from proxeny.bids import models


class BidFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Bid

    title = "Clean harbours by small sensors"
    acronym = "HARBOUR"
    idea = "Twelve harbours know their water by the hour."
    months = 36


class _Of(factory.django.DjangoModelFactory):
    """Something of a bid, in its partnership."""

    class Meta:
        abstract = True

    partnership = factory.LazyAttribute(lambda row: row.bid.partnership)


class StanceFactory(_Of):
    class Meta:
        model = models.Stance

    says = "go"
    goes_on = "part"
    without_grant = "The measuring in two harbours, with our own people."
    said_at = factory.LazyFunction(timezone.now)


class PartnerFactory(_Of):
    """A partner that knows what its entry says."""

    class Meta:
        model = models.Partner

    name = factory.LazyAttribute(lambda row: row.organisation.name)
    country = factory.LazyAttribute(lambda row: row.organisation.country)
    kind = factory.LazyAttribute(lambda row: row.organisation.kind)
    contact_name = "Nora Example"
    contact_email = factory.Sequence(lambda n: f"nora{n}@partner.example")
    rate = 5000


class LinkFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Link

    token_hash = factory.Sequence(lambda n: f"{n:064x}")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))


class WorkPackageFactory(_Of):
    class Meta:
        model = models.WorkPackage

    number = factory.Sequence(lambda n: n % 90 + 1)
    title = factory.Sequence(lambda n: f"Work package {n}")
    first_month = 1
    last_month = 12


class PackageNeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.PackageNeed

    partnership = factory.LazyAttribute(lambda row: row.package.partnership)


class SpendingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.Spending

    bid = factory.LazyAttribute(lambda row: row.partner.bid)
    partnership = factory.LazyAttribute(lambda row: row.partner.partnership)
    category = "months"
    amount = 12


class PaperFactory(_Of):
    class Meta:
        model = models.Paper

    title = "Part B"


class PaperVersionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = models.PaperVersion

    partnership = factory.LazyAttribute(lambda row: row.paper.partnership)
    number = 1
    name = "part-b.txt"
    media_type = "text/plain"
    content = b"Harbours, and why."
    size = 18
    sha256 = "0" * 64


class SearchFactory(_Of):
    class Meta:
        model = models.Search

    state = "ready"
    settings: Any = factory.LazyFunction(dict)
    result: Any = factory.LazyFunction(dict)
