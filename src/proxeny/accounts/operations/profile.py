"""Changes to the actor's own profile: name, language, time zone, the calendar's address."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from proxeny.accounts import queries
from proxeny.accounts.models import CalendarFeed, Person
from proxeny.kernel import audit
from proxeny.kernel.edit_conflicts import fingerprint
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.first_steps import Newcomer
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import zone_names


def profile_version(person: Person) -> int:
    """Return a number that changes with the content of the profile."""
    return fingerprint(person.name, person.language, person.time_zone)


@transaction.atomic
def change_profile(
    *, actor: Reader, name: str, language: str, time_zone: str, version: int | None = None
) -> Person:
    """Change the actor's own name, language and time zone.

    Parameters
    ----------
    version : int, optional
        What `profile_version` gave for the profile that the change was made from.

    Raises
    ------
    NotFound
        The actor is a stranger.
    InvalidInput
        The name is empty, or the language or the time zone does not exist.
    Conflict
        The profile was changed since `version`, in another window.
    """
    person = queries.get_profile(actor)
    if version is not None:
        person = Person.objects.select_for_update().get(pk=person.pk)
        if version != profile_version(person):
            raise Conflict(
                _("You changed your profile in another window. Check the latest version.")
            )
    name = " ".join(name.split())
    if not name:
        raise InvalidInput(_("Enter your name."), field="name")
    if language not in dict(settings.LANGUAGES):
        raise InvalidInput(_("Choose a language."), field="language")
    if time_zone not in zone_names():
        raise InvalidInput(_("Choose a time zone from the list."), field="time_zone")
    new = {"name": name, "language": language, "time_zone": time_zone}
    changes = {
        field: [getattr(person, field), value]
        for field, value in new.items()
        if getattr(person, field) != value
    }
    if changes:
        Person.objects.filter(pk=person.pk).update(**new)
        audit.record(actor, "change_profile", person, changes=changes)
    for field, value in new.items():
        setattr(person, field, value)
    return person


@transaction.atomic
def renew_feed(*, actor: Reader, now: datetime) -> str:
    """Give the actor's calendar a new secret address and return its token; the old one is dead.

    The token is returned once and never kept: the table holds its SHA-256.
    """
    person = queries.get_profile(actor)
    token = secrets.token_urlsafe(32)
    feed, _made = CalendarFeed.objects.update_or_create(
        person_id=person.pk,
        defaults={"token_hash": queries.hash_token(token), "created_at": now},
    )
    audit.record(actor, "renew_feed", feed)
    return token


@transaction.atomic
def revoke_feed(*, actor: Reader) -> None:
    """Close the actor's calendar address; nothing happens when there is none."""
    feed = queries.get_feed(actor)
    if feed is not None:
        audit.record(actor, "revoke_feed", feed)
        feed.delete()


def follow_changed_address(*, account_id: int, email: str) -> None:
    """Give a person the address that their sign-in has changed to. Runs in the gate role."""
    Person.objects.filter(account_id=account_id).update(email=email)


def pass_first_steps(*, actor: Reader, whose: Newcomer) -> None:
    """Note that the actor has done or dismissed a list of first steps: it does not show again.

    Raises
    ------
    NotFound
        The actor is a stranger.
    """
    person = queries.get_profile(actor)
    if whose not in person.past_first_steps:
        person.past_first_steps = [*person.past_first_steps, whose]
        person.save(update_fields=["past_first_steps"])
