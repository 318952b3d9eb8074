"""Factories of partnerships and what belongs to them."""

import factory

from proxeny.partnerships.models import (
    Agreement,
    Delegation,
    IntroductionPlan,
    Partnership,
    Party,
    ProposedIntroduction,
    SharingGrant,
    SignOff,
)


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


class DelegationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Delegation

    partnership = factory.LazyAttribute(lambda row: row.giver.partnership)
    matter = Delegation.Matter.EVENTS
    given_by_name = "Giving Person"


def let_each_decide(partnership, matter=Delegation.Matter.EVENTS):
    """Let each party decide a matter alone: for tests that are not about agreeing."""
    parties = list(partnership.parties.all())
    for giver in parties:
        for receiver in parties:
            if giver != receiver:
                DelegationFactory(giver=giver, receiver=receiver, matter=matter)


class SharingGrantFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SharingGrant

    purpose = "Find partners for each other's members"


class IntroductionPlanFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = IntroductionPlan

    state = IntroductionPlan.State.READY


class ProposedIntroductionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProposedIntroduction

    partnership = factory.LazyAttribute(lambda row: row.plan.partnership)
    score = 0.5
