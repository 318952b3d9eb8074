"""Factories of people, seats and sign-ins."""

from datetime import date, timedelta

import factory
from django.utils import timezone

from proxeny.accounts.models import (
    Account,
    ApiToken,
    CalendarFeed,
    DataFile,
    Erasure,
    Invitation,
    Person,
    Role,
    Seat,
)
from proxeny.accounts.queries import hash_token
from proxeny.kernel.api.access import SCOPES

PASSWORD = "a long enough secret"


class AccountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Account
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def verified(self, create: bool, extracted: object, **kwargs: object) -> None:
        from allauth.account.models import EmailAddress

        if create:
            EmailAddress.objects.create(user=self, email=self.email, primary=True, verified=True)


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    account = factory.SubFactory(AccountFactory)
    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.SelfAttribute("account.email")


class SeatFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Seat

    person = factory.SubFactory(PersonFactory)
    role = Role.REPRESENTATIVE
    starts_on = date(2024, 1, 1)


class InvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Invitation

    role = Role.REPRESENTATIVE
    name = "Invited Person"
    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    token_hash = factory.Sequence(lambda n: f"{n:064x}")
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=14))


class CalendarFeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CalendarFeed

    token_hash = factory.Sequence(lambda n: f"f{n:063x}")


class ApiTokenFactory(factory.django.DjangoModelFactory):
    """A token of a person's first seat, for all scopes. `secret=` is what the program sends."""

    class Meta:
        model = ApiToken

    class Params:
        secret = factory.Sequence(lambda n: f"prx_secret_{n}")

    seat = factory.LazyAttribute(lambda token: token.person.seats.order_by("pk").first())
    name = factory.Sequence(lambda n: f"Program {n}")
    scopes = factory.LazyFunction(lambda: list(SCOPES))
    digest = factory.LazyAttribute(lambda token: hash_token(token.secret))
    hint = factory.LazyAttribute(lambda token: token.secret[-4:])
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))


class ErasureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Erasure

    reason = Erasure.Reason.SELF
    asked_at = factory.LazyFunction(timezone.now)
    due_at = factory.LazyAttribute(lambda erasure: erasure.asked_at + timedelta(days=3))


class DataFileFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DataFile

    content = "{}"
    asked_at = factory.LazyFunction(timezone.now)
    made_at = factory.LazyFunction(timezone.now)
