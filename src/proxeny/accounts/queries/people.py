"""People: the reader's own profile and calendar, the names of others, and sign-ins by address."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import Account, CalendarFeed, Person
from proxeny.accounts.queries.hashing import hash_token
from proxeny.kernel.errors import NotFound
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.tenancy import Reader


def get_profile(reader: Reader) -> Person:
    """Return the reader's own person; `NotFound` for a stranger."""
    person = Person.objects.filter(pk=reader.own_id).first()
    if person is None:
        raise NotFound(_("We couldn’t find this person."))
    return person


def get_feed(reader: Reader) -> CalendarFeed | None:
    """Return the reader's calendar feed, or None when there is none."""
    return CalendarFeed.objects.filter(person_id=reader.own_id).first()


def get_person_of_feed(token: str) -> Person | None:
    """Return the person whose calendar a secret address shows, or None.

    Call it in the gate role.
    """
    return Person.objects.filter(calendarfeed__token_hash=hash_token(token)).first()


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of people, as far as the reader may see them. One query."""
    wanted = {one for one in person_ids if one}
    found = Person.objects.filter(pk__in=wanted).values_list("pk", "name")
    return {pk: tell_name(name) for pk, name in found}


def has_sign_in(email: str) -> bool:
    """Whether an address already has a sign-in.

    Only for holders of an invitation to that address.
    """
    return Account.objects.filter(email=email.lower()).exists()


def owns_address(account_id: int, email: str) -> bool:
    """Whether a sign-in has proved that an address is its own. Call it in the gate role."""
    found = EmailAddress.objects.filter(user_id=account_id, email=email.lower(), verified=True)
    return bool(found.exists())


def find_account_of_address(email: str) -> Account | None:
    """Return the account that has proved an address to be its own. Call it in the gate role."""
    # Compared letter by letter: PostgreSQL's capitals of "ı" and "i" are the same.
    return Account.objects.filter(
        emailaddress__email=email.lower(), emailaddress__verified=True
    ).first()


def find_account_to_sign_in(email: str) -> Account | None:
    """Return the account that an address signs in to: its own, or another it has proved.

    One query, whether there is one or not. Call it in the gate role.
    """
    email = email.strip().lower()
    own, proved = Q(email=email), Q(emailaddress__email=email, emailaddress__verified=True)
    return Account.objects.filter(own | proved).order_by("pk").distinct().first()


def is_connected(account_id: int, provider: str) -> bool:
    """Whether a provider signs an account in already. Call it in the gate role."""
    return bool(SocialAccount.objects.filter(user_id=account_id, provider=provider).exists())
