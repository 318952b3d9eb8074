"""Factories of organisations, memberships, listings and imports."""

from datetime import date

import factory
from django.utils import timezone

from proxeny.directory.models import (
    GUARDED,
    ClusterProfile,
    Details,
    DuplicatePair,
    Follow,
    Identifier,
    Interest,
    Kind,
    Listing,
    ListingClient,
    MatchChoice,
    MatchList,
    MemberImport,
    Membership,
    Merge,
    Organisation,
    ProfileVector,
    Project,
    ProjectPart,
    SavedSearch,
    Term,
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


class IdentifierFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Identifier

    scheme = "pic"
    value = factory.Sequence(lambda n: f"{900000000 + n}")


class ClusterProfileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ClusterProfile

    strategy = "Help each other abroad."


class ListingClientFactory(factory.django.DjangoModelFactory):
    """An anonymous offer of a cluster, and the member behind it (`organisation`)."""

    class Meta:
        model = ListingClient

    listing = factory.SubFactory(
        ListingFactory,
        organisation=factory.SelfAttribute("..organisation.steward"),
        is_anonymous=True,
    )


class InterestFactory(factory.django.DjangoModelFactory):
    """Interest that has reached the owner; `passed_at` and `offered_at` are empty before that."""

    class Meta:
        model = Interest

    sender = factory.LazyAttribute(lambda interest: interest.organisation.steward)
    receiver = factory.LazyAttribute(lambda interest: interest.listing.organisation.steward)
    state = Interest.State.OFFERED
    answers = factory.LazyFunction(lambda: {"who": "A maker of sensors."})
    passed_at = factory.LazyFunction(timezone.now)
    offered_at = factory.LazyFunction(timezone.now)


class FollowFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Follow


class SavedSearchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SavedSearch

    name = factory.Sequence(lambda n: f"Search {n}")
    query = "q=sensors"


class MatchListFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MatchList


class MatchChoiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MatchChoice

    verdict = MatchChoice.Verdict.WANTED


class ProfileVectorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProfileVector

    side = ProfileVector.Side.OFFERS
    model = "a model"
    digest = "0" * 64
    vector = bytes(8)


class DuplicatePairFactory(factory.django.DjangoModelFactory):
    """Two entries of one cluster, the older one first."""

    class Meta:
        model = DuplicatePair

    cluster = factory.LazyAttribute(lambda pair: pair.first.steward)


class MergeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Merge

    cluster = factory.LazyAttribute(lambda merge: merge.kept.steward)


class ProjectFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Project

    source = "cordis"
    reference = factory.Sequence(lambda n: f"{100000 + n}")
    title = factory.Sequence(lambda n: f"Project {n}")


class ProjectPartFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProjectPart


class TermFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Term

    scheme = "nace"
    code = factory.Sequence(lambda n: f"{n % 90 + 1:02}.{n % 9 + 1}")
    language = "en"
    label = factory.Sequence(lambda n: f"Making of things {n}")
