"""Factories of partnerships and what belongs to them."""

import factory

from proxeny.partnerships.models import Agreement, Partnership, Party, SharingGrant, SignOff


class PartnershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Partnership

    title = factory.Sequence(lambda n: f"Partnership {n}")
    state = Partnership.State.ACTIVE


class PartyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Party


class AgreementFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Agreement

    text = "We work together."
    text_hash = "0" * 64


class SignOffFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SignOff

    person_name = "Signing Person"
    text_hash = "0" * 64


class SharingGrantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SharingGrant

    purpose = "Find partners for each other's members"
