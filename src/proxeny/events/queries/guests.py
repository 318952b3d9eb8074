"""Guests of an event: organisations without a sign-in, and the links by which they take part."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from proxeny.accounts.queries import find_by_secret
from proxeny.directory.models import Details, Organisation
from proxeny.events.models import GuestLink, Participation
from proxeny.events.queries.partnerships import Contact, contacts_of
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.tenancy import Reader, as_service

#: Cookie of a browser in which a link was opened; it holds the link's secret.
COOKIE = "event-link"


def token_of(link: GuestLink) -> str:
    """Return the secret of a link, which follows from the row and the installation's key."""
    return salted_hmac(
        "events.guest-link", f"{link.pk}:{link.number}", algorithm="sha256"
    ).hexdigest()


def open_guest_link(token: str, *, now: datetime) -> GuestLink:
    """Return an open link with its participation, organisation and event.

    Raises
    ------
    NotFound
        No such link, or an expired or renewed one: always in the same words.
    """
    links = GuestLink.objects.select_related("participation__organisation", "participation__event")
    found = find_by_secret(links.filter(expires_at__gt=now), token)
    if found is None:
        raise NotFound(_("This link isn’t valid or has expired."))
    return found


def reader_of_link(link: GuestLink) -> Reader:
    """Return the guest that a link makes of a visitor: for this participation, and nothing else."""
    return Reader(
        organisations=(link.participation.organisation_id,),
        participations=(link.participation_id,),
        language=link.language,
    )


def find_guest(request: Request, arguments: dict[str, Any], now: datetime) -> Reader | None:
    """Return the guest behind a browser's cookie, on the pages of its own participation alone.

    Whoever works in the event's room stays who they are: they may open a link to see what it shows,
    and would have lost the organisers' pages for as long as the browser keeps it.
    """
    token = request.COOKIES.get(COOKIE, "")
    if not token:
        return None
    try:
        link = open_guest_link(token, now=now)
    except NotFound:
        return None
    own = link.participation
    if own.event.partnership_id in request.reader.rooms:
        return None
    if arguments.get("participation_id", own.pk) != own.pk:
        return None
    # Addresses of some pages give the number as text.
    if int(arguments.get("event_id", own.event_id)) != own.event_id:
        return None
    return reader_of_link(link)


def contacts_by_link(organisations: Iterable[Organisation]) -> dict[int, Contact]:
    """Return the contact address of each entry that has one. One query."""
    languages = {one.pk: one.language for one in organisations}
    with as_service("A member’s own address is only written to, and shown to nobody."):
        rows = list(
            Details.objects.filter(organisation_id__in=languages)
            .exclude(email="")
            .values_list("organisation_id", "contact", "email")
        )
    return {pk: Contact(0, name, email, languages[pk]) for pk, name, email in rows}


def contacts_or_address(
    organisations: Iterable[Organisation], *, today: date
) -> dict[int, list[Contact]]:
    """Return who signs in for each organisation; else the contact address of its entry. Two queries."""
    asked = list(organisations)
    people = contacts_of([one.pk for one in asked], today=today)
    addresses = contacts_by_link(one for one in asked if one.pk not in people)
    return {**people, **{pk: [contact] for pk, contact in addresses.items()}}


def contacts_reached(participations: Iterable[Participation], *, today: date) -> dict[int, Contact]:
    """Return whom to write to for each participation, by its number. Two queries at most.

    The person who registered it; else the first who signs in for the organisation; else the entry's
    contact address. Reads `person` and `organisation` of each.
    """
    found: dict[int, Contact] = {}
    left: list[Participation] = []
    for one in participations:
        person = one.person
        if person is not None and person.erased_at is None:
            found[one.pk] = Contact(person.pk, person.name, person.email, person.language)
        else:
            left.append(one)
    if not left:
        return found
    with as_service("Whoever takes part is told, also people whom the actor may not see."):
        contacts = contacts_or_address((one.organisation for one in left), today=today)
    for one in left:
        if one.organisation_id in contacts:
            found[one.pk] = contacts[one.organisation_id][0]
    return found


def reach_of(organisations: Iterable[Organisation], *, today: date) -> dict[int, str]:
    """Return how mails reach each organisation: `account`, `link` or `nobody`. Two queries."""
    asked = list(organisations)
    found = contacts_or_address(asked, today=today)
    return {
        one.pk: ("account" if found[one.pk][0].person_id else "link")
        if one.pk in found
        else "nobody"
        for one in asked
    }
