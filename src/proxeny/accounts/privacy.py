"""Privacy queries: a person's identifiers, erasure requests, and inactivity."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from proxeny.accounts.models import Account, DataFile, Erasure, Invitation, Person, Role, Seat
from proxeny.accounts.queries import live_seats
from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.personal_data import ERASED_NAME
from proxeny.kernel.personal_data.reading import last_trace
from proxeny.kernel.personal_data.subject import Subject
from proxeny.kernel.tenancy import Reader

#: After so long without a seat or a deed a person is erased; so long before, they are told.
IDLE_AFTER = timedelta(days=3 * 365)
IDLE_NOTICE = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Contact:
    """The contact person of an organisation's entry."""

    organisation_id: int
    organisation: str
    steward_id: int | None
    name: str
    email: str


def find_person(person_id: int) -> Subject:
    """Return a person with every identifier linked to them. In the service's role.

    Only verified addresses count: otherwise anybody could type another person's address into their
    profile, and read and erase the data held about its owner.
    """
    person = Person.objects.get(pk=person_id)
    addresses = _proved_addresses(person)
    is_proved = bool(addresses)
    addresses = addresses or {person.email.lower()} - {""}
    twins = Person.objects.filter(account=None, email__in=addresses) if is_proved else ()
    people = {person.pk, *(twin.pk for twin in twins)}
    seats = set(Seat.objects.filter(person__in=people).values_list("organisation_id", flat=True))
    keepers, partnerships = _surroundings(seats)
    names = frozenset(_names(people, addresses) - {ERASED_NAME, ""})
    return Subject(
        people=frozenset(people),
        names=names,
        addresses=frozenset(addresses),
        organisations=frozenset(seats),
        keepers=frozenset(keepers),
        partnerships=frozenset(partnerships),
        is_proved=is_proved,
        has_namesake=_has_namesake(people, names),
    )


def find_contact(contact: Contact) -> Subject:
    """Return the contact that an organisation names; their address was typed by others."""
    organisations = {contact.organisation_id}
    keepers, partnerships = _surroundings(organisations)
    address = contact.email.lower()
    people = Person.objects.filter(
        account=None, email__iexact=address, seats__organisation__in=organisations
    )
    return Subject(
        people=frozenset(people.values_list("pk", flat=True) if address else ()),
        names=frozenset({contact.name} - {"", ERASED_NAME}),
        addresses=frozenset({address} - {""}),
        organisations=frozenset(organisations),
        keepers=frozenset(keepers),
        partnerships=frozenset(partnerships),
        is_proved=False,
    )


def _proved_addresses(person: Person) -> set[str]:
    if person.account_id is None:
        return set()
    proved = EmailAddress.objects.filter(user_id=person.account_id, verified=True)
    return {one.lower() for one in proved.values_list("email", flat=True)}


def _names(people: Iterable[int], addresses: Iterable[str]) -> set[str]:
    """Return today's names, those of former profiles, and those that invitations used."""
    found = set(Person.objects.filter(pk__in=people).values_list("name", flat=True))
    changed = AuditEntry.objects.filter(person_id__in=people, verb="change_profile")
    for changes in changed.values_list("changes", flat=True):
        pair = changes.get("name", [])
        found |= {one for one in pair if isinstance(one, str)} if isinstance(pair, list) else set()
    for address in addresses:
        invited = Invitation.objects.filter(email__iexact=address)
        found |= set(invited.values_list("name", flat=True))
    return {" ".join(name.split()) for name in found}


def _has_namesake(people: set[int], names: Iterable[str]) -> bool:
    others = Person.objects.exclude(pk__in=people)
    return any(others.filter(name__iexact=name).exists() for name in names)


def _surroundings(organisation_ids: set[int]) -> tuple[set[int], set[int]]:
    """Return the clusters that keep the entries of organisations, and the partnerships of both."""
    rows = _organisations().filter(pk__in=organisation_ids)
    keepers = set(rows.exclude(steward=None).values_list("steward_id", flat=True))
    near = _organisations().filter(pk__in=organisation_ids | keepers)
    partnerships = near.exclude(parties=None).values_list("parties__partnership_id", flat=True)
    return keepers, set(partnerships)


def _organisations() -> QuerySet[Any]:
    # The directory is a layer above this one: its table is reached over the seats' foreign key.
    found: QuerySet[Any] = Seat._meta.get_field("organisation").related_model._default_manager.all()
    return found


def get_contact(organisation_id: int) -> Contact:
    """Return the contact of an organisation, as far as the reader may see it.

    Raises
    ------
    NotFound
        The reader does not see the entry.
    """
    columns = ("pk", "name", "steward_id", "details__contact", "details__email")
    for number, name, steward_id, *said in (
        _organisations().filter(pk=organisation_id).values_list(*columns)
    ):
        return Contact(number, name, steward_id, said[0] or "", said[1] or "")
    raise NotFound(_("We couldn’t find this organisation."))


def signs_in(email: str) -> bool:
    """Whether an address belongs to a sign-in. In the gate's or the service's role."""
    return bool(email) and (
        Account.objects.filter(email__iexact=email).exists()
        or EmailAddress.objects.filter(email__iexact=email, verified=True).exists()
    )


def find_sole_management(person_id: int, *, today: date) -> list[str]:
    """Return the names of organisations with this person as their only manager. Locks their seats.

    Two managers who are erased at the same moment must not each find the other still there.
    """
    managers = live_seats(today=today).filter(role=Role.MANAGER)
    mine = managers.filter(person_id=person_id).values_list("organisation_id", flat=True)
    seats = list(
        managers.filter(organisation_id__in=list(mine))
        .select_for_update(of=("self",))
        .select_related("organisation")
        .order_by("pk")
    )
    shared = {seat.organisation_id for seat in seats if seat.person_id != person_id}
    return sorted({one.organisation.name for one in seats if one.organisation_id not in shared})


def list_sole_management(reader: Reader, *, today: date) -> list[str]:
    """Return the same without locking, for a page."""
    managers = live_seats(today=today).filter(role=Role.MANAGER, organisation_id__in=reader.managed)
    others = managers.exclude(person_id=reader.own_id).values("organisation_id")
    mine = managers.filter(person_id=reader.own_id).exclude(organisation_id__in=others)
    return sorted(set(mine.values_list("organisation__name", flat=True)))


def get_open_erasure(reader: Reader) -> Erasure | None:
    """Return the reader's own wish that still waits, or None."""
    waiting = Erasure.objects.filter(person_id=reader.own_id, withdrawn_at=None, done_at=None)
    return waiting.first()


def due_erasures(*, now: datetime) -> QuerySet[Erasure]:
    """Return the erasure requests that are due."""
    return Erasure.objects.filter(withdrawn_at=None, done_at=None, due_at__lte=now).order_by("pk")


def get_data_file(reader: Reader) -> DataFile | None:
    """Return the file that was put together for the reader, or that is being; without its content."""
    return DataFile.objects.filter(person_id=reader.own_id).defer("content").first()


def find_idle_people(*, now: datetime, limit: int = 200) -> list[Person]:
    """Return people who have had no seat and no activity for so long that they are to be notified.

    In the service's role. People with a pending erasure request are left out.
    """
    before = now + IDLE_NOTICE - IDLE_AFTER
    live = live_seats(today=now.date()).filter(person=OuterRef("pk"))
    waiting = Erasure.objects.filter(person=OuterRef("pk"), withdrawn_at=None, done_at=None)
    maybe = (
        Person.objects.filter(~Exists(live), ~Exists(waiting), erased_at=None)
        .filter(created_at__lt=before)
        .filter(Q(account__last_login=None) | Q(account__last_login__lt=before))
        .annotate(ended=Max("seats__ends_on"))
        .filter(Q(ended=None) | Q(ended__lt=before.date()))
        .order_by("pk")
    )
    found: list[Person] = []
    for person in maybe.iterator(chunk_size=limit):
        if is_idle(person.pk, since=before):
            found.append(person)
        if len(found) == limit:
            break
    return found


def is_idle(person_id: int, *, since: datetime) -> bool:
    """Whether a person has taken part in nothing since then. In the service's role."""
    if live_seats(today=since.date()).filter(person_id=person_id, ends_on=None).exists():
        return False
    latest = last_trace(find_person(person_id))
    return latest is None or latest < since
