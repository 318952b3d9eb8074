"""Arrival of people: by an accepted invitation, or created by the command line and the demo."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts import queries
from proxeny.accounts.models import Account, Invitation, Person, Role, Seat
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.kernel.zones import zone_of_country


@dataclass(frozen=True, slots=True)
class Arrival:
    """A person who came by an invitation; `is_new` if a sign-in was created for them."""

    person: Person
    account: Account
    seat: Seat
    is_new: bool


@transaction.atomic
def accept_invitation(
    *,
    token: str,
    now: datetime,
    account_id: int | None = None,
    proved_address: str = "",
    name: str = "",
    password: str = "",
    language: str = "",
) -> Arrival:
    """Take the seat that an invitation offers. Runs in the gate role.

    Parameters
    ----------
    token : str
        The secret part of the link.
    account_id : int, optional
        The sign-in at work; it must own the invited address. None makes a new sign-in.
    proved_address : str
        An address that a sign-in provider vouches for; then no password is needed, and the name
        is the invitation's unless another is given.
    name, password, language : str
        For a new sign-in: what the person is called, their password, the language they read.

    Returns
    -------
    Arrival
        The person with their seat. The caller logs a new sign-in in.

    Raises
    ------
    NotFound
        The link is unknown, used, withdrawn or expired.
    NotAllowed
        The sign-in at work, or the provider's answer, has another address than the invited one.
    Conflict
        The invited address already signs in, but nobody is signed in.
    InvalidInput
        Name or password do not do.

    Notes
    -----
    Side effects: account, verified address, person and seat as far as they are missing; the seat
    that the invitation replaces ends; an audit row of the organisation. The following of the link
    proves the address, so that no further mail is sent.
    """
    invitation = queries.find_invitation(token, now=now)
    with as_service("The invitation's link proves the address, and the gate may not write seats."):
        # The second of two clicks waits here, and then finds the invitation used.
        taken = Invitation.objects.select_for_update().filter(
            pk=invitation.pk, accepted_at=None, withdrawn_at=None
        )
        if taken.first() is None:
            raise Conflict(_("This invitation has just been used."))
        if account_id is not None:
            person = _recognise(invitation, account_id)
        elif proved_address:
            _check_address(invitation, proved_address)
            name = name or invitation.name
            person = _settle(invitation, name=name, password=None, language=language)
        else:
            person = _settle(invitation, name=name, password=password, language=language)
        seat = _seat(person, invitation, today=now.date())
        Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now)
        audit.record(
            Reader(person=person.pk),
            "accept_invitation",
            invitation,
            organisation_id=invitation.organisation_id,
            changes={"name": person.name, "role": invitation.role},
        )
    return Arrival(person, cast("Account", person.account), seat, is_new=account_id is None)


def _recognise(invitation: Invitation, account_id: int) -> Person:
    if not queries.owns_address(account_id, invitation.email):
        raise NotAllowed(_("This invitation was sent to a different address."))
    account = Account.objects.get(pk=account_id)
    person = Person.objects.filter(account=account).select_related("account").first()
    return person or Person.objects.create(
        account=account,
        name=invitation.name,
        email=account.email,
        language=invitation.language,
        time_zone=zone_of_country(invitation.organisation.country),
    )


def _check_address(invitation: Invitation, address: str) -> None:
    if address.strip().lower() != invitation.email.lower():
        raise NotAllowed(_("This invitation was sent to a different address."))


def _settle(invitation: Invitation, *, name: str, password: str | None, language: str) -> Person:
    if queries.has_sign_in(invitation.email):
        raise Conflict(_("You already have an account with this address. Sign in to accept."))
    name = " ".join(name.split())
    if not name:
        raise InvalidInput(_("Enter your name."), field="name")
    if password is not None:
        _check_password(password, invitation.email, (name, invitation.organisation.name))
    account = _make_account(invitation.email, password)
    language = language if language in dict(settings.LANGUAGES) else invitation.language
    # A contact without a sign-in but with this address is the same person: the link proves it.
    contacts = Person.objects.filter(email__iexact=invitation.email, account=None).order_by("pk")
    alike = [one for one in contacts.select_for_update() if one.email.lower() == account.email]
    zone = zone_of_country(invitation.organisation.country)
    person = alike[0] if alike else Person(email=invitation.email, time_zone=zone)
    person.account, person.name, person.language = account, name, language
    person.save()
    return person


def _check_password(password: str, email: str, words: tuple[str, ...]) -> None:
    account = Account(email=email)
    account.words = words
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), field="password") from error


def _make_account(email: str, password: str | None) -> Account:
    account = Account.objects.create_user(email, password)
    EmailAddress.objects.create(user=account, email=account.email, primary=True, verified=True)
    return account


def _seat(person: Person, invitation: Invitation, *, today: date) -> Seat:
    # An invitation may be accepted after the day on which its seat was to begin, or to end.
    first = max(invitation.starts_on or today, today)
    last = max(invitation.ends_on, first) if invitation.ends_on else None
    seat = _take_seat(
        person, invitation.organisation_id, invitation.role, first=first, last=last, today=today
    )
    if invitation.replaces_id and invitation.replaces_id != seat.pk:
        day_before = first - timedelta(days=1)
        old = queries.open_seats(today=today).filter(pk=invitation.replaces_id)
        old = old.exclude(ends_on__lt=day_before)
        old.filter(starts_on__gt=day_before).update(starts_on=day_before)
        old.update(ends_on=day_before)
    return seat


def _take_seat(
    person: Person,
    organisation_id: int,
    role: str,
    *,
    first: date,
    today: date,
    last: date | None = None,
) -> Seat:
    wanted = {"person": person, "organisation_id": organisation_id, "role": role}
    held = queries.open_seats(today=today).filter(**wanted).order_by("starts_on").first()
    if held is None:
        return Seat.objects.create(**wanted, starts_on=first, ends_on=last)
    if held.starts_on > first:
        held.starts_on = first
        held.save(update_fields=["starts_on"])
    return held


@transaction.atomic
def create_holder(
    *,
    email: str,
    name: str,
    organisation_id: int,
    role: str,
    today: date,
    password: str | None = None,
    language: str = "en",
    time_zone: str = "",
) -> Person:
    """Make a person with a verified sign-in and a seat, without an invitation; idempotent.

    For the command line, the demo world and an installation's first manager. An existing person
    with this address keeps name and password, and gets the seat.

    Parameters
    ----------
    password : str, optional
        None creates a sign-in whose password must be set by "Forgot your password?" first.
    time_zone : str
        The zone of the organisation's country when empty.

    Raises
    ------
    InvalidInput
        The role does not exist.
    """
    if role not in Role.values:
        raise InvalidInput(_("Choose a role."), field="role")
    with as_service("An operator adds the first people, before anyone has the right to do so."):
        email = email.strip().lower()
        account = Account.objects.filter(email=email).first() or _make_account(email, password)
        person = Person.objects.filter(account=account).first() or Person.objects.create(
            account=account,
            name=name,
            email=email,
            language=language,
            time_zone=time_zone or _zone_of(organisation_id),
        )
        seat = _take_seat(person, organisation_id, role, first=today, today=today)
        audit.record(Reader(person=None), "create_holder", seat, organisation_id=organisation_id)
    return person


def _zone_of(organisation_id: int) -> str:
    organisations = Seat._meta.get_field("organisation").related_model._default_manager
    return zone_of_country(organisations.values_list("country", flat=True).get(pk=organisation_id))


def create_manager(
    *,
    email: str,
    name: str,
    organisation_id: int,
    today: date,
    password: str | None = None,
    language: str = "en",
    time_zone: str = "",
) -> Person:
    """Make the first manager of an organisation; see `create_holder`."""
    return create_holder(
        email=email,
        name=name,
        organisation_id=organisation_id,
        role=Role.MANAGER,
        today=today,
        password=password,
        language=language,
        time_zone=time_zone,
    )


def add_first_manager(
    *,
    organisation_id: int,
    organisation: str,
    name: str,
    email: str,
    password: str,
    language: str,
    time_zone: str,
    today: date,
) -> Person:
    """Make the first manager of a cluster that has just been founded, with the password they chose.

    Raises
    ------
    InvalidInput
        The name is missing, or the password is too weak.
    Conflict
        The address signs in already: whoever founds a cluster takes over nobody's account.
    """
    name, email = " ".join(name.split()), email.strip().lower()
    if not name:
        raise InvalidInput(_("Enter your name."), field="person")
    if queries.has_sign_in(email):
        raise Conflict(_("You already have an account with this address."), field="email")
    _check_password(password, email, (name, organisation))
    return create_manager(
        email=email,
        name=name,
        organisation_id=organisation_id,
        password=password,
        language=language,
        time_zone=time_zone,
        today=today,
    )


def password_link(email: str) -> str:
    """Return a link by which somebody who has no password yet chooses one; the way to sign in if they have.

    For the command line: whoever founds a cluster there hands it on.
    """
    account = Account.objects.get(email=email.strip().lower())
    if account.has_usable_password():
        return f"{settings.BASE_URL}{reverse('account_login')}"
    key = f"{user_pk_to_url_str(account)}-{default_token_generator.make_token(account)}"
    path = reverse(
        "account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"}
    ).replace("UID-KEY", key)
    return f"{settings.BASE_URL}{path}"
