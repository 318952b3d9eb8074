"""Factories of organisations, memberships, listings and imports."""

from datetime import date

import factory

from proxeny.directory.models import (
    GUARDED,
    Details,
    Kind,
    Listing,
    MemberImport,
    Membership,
    Organisation,
    Visibility,
)


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")
    key = factory.Sequence(lambda n: f"K{n}")
    country = "FR"
    visibility = Visibility.PARTNERSHIP

    @classmethod
    def _create(cls, model_class, *args, **values):
        guarded = {name: values.pop(name) for name in GUARDED if name in values}
        made = super()._create(model_class, *args, **values)
        Details.objects.create(organisation=made, **guarded)
        return made


class ClusterFactory(OrganisationFactory):
    name = factory.Sequence(lambda n: f"Cluster {n}")
    kind = Kind.CLUSTER
    key = ""


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    starts_on = date(2024, 1, 1)


class ListingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Listing

    direction = Listing.Direction.OFFER
    title = factory.Sequence(lambda n: f"Offer {n}")


class MemberImportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MemberImport

    file_id = 0
    file_name = "members.csv"
