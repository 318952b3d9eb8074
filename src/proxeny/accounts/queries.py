"""Reading people and seats, and working out who reads."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import Account, ApiToken, CalendarFeed, Invitation, Person, Role, Seat
from proxeny.kernel.api.access import Key
from proxeny.kernel.errors import NotFound
from proxeny.kernel.holdings import tell_name
from proxeny.kernel.tenancy import ARRAYS, STRANGER, Reader

# One query: each array of `Reader`, from live seats, memberships, parties and grants. Runs in the
# gate role, whose policies show it the seats of the person that `proxeny.person` names. A juror's
# seat opens nothing by itself: who judges one thing need not read a cluster's rooms and members.
_READER = """
WITH held AS (
    SELECT organisation_id, role FROM accounts_seat
    WHERE person_id = %(person)s AND starts_on <= %(today)s
      AND (ends_on IS NULL OR ends_on >= %(today)s)
      AND (%(seat)s::bigint IS NULL OR id = %(seat)s)
), mine AS (
    SELECT organisation_id, role FROM held WHERE role <> 'juror'
), clusters AS (
    SELECT o.id FROM directory_organisation o
    JOIN mine ON mine.organisation_id = o.id WHERE o.kind = 'cluster' AND o.steward_id IS NULL
    UNION
    SELECT m.cluster_id FROM directory_membership m
    JOIN mine ON mine.organisation_id = m.organisation_id
    WHERE m.starts_on <= %(today)s AND (m.ends_on IS NULL OR m.ends_on >= %(today)s)
), seen AS (
    SELECT p.partnership_id AS id, s.state, bool_or(mine.role = 'manager') AS steered
    FROM partnerships_party p
    JOIN mine ON mine.organisation_id = p.organisation_id
    JOIN partnerships_partnership s ON s.id = p.partnership_id
    WHERE s.state <> 'draft' OR s.lead_id = p.organisation_id
    GROUP BY 1, 2
), circles AS (
    SELECT DISTINCT p.partnership_id AS id FROM partnerships_party p
    JOIN clusters ON clusters.id = p.organisation_id
    JOIN partnerships_partnership s ON s.id = p.partnership_id WHERE s.state = 'active'
), live AS (
    SELECT g.id, g.organisation_id, g.kind, g.member_id, g.file_id,
           g.partnership_id IN (SELECT id FROM seen WHERE state = 'active') AS is_staff
    FROM partnerships_sharinggrant g
    WHERE g.withdrawn_at IS NULL AND (g.ends_on IS NULL OR g.ends_on >= %(today)s)
      AND (g.partnership_id IN (SELECT id FROM seen WHERE state = 'active')
           OR g.partnership_id IN (SELECT id FROM circles))
)
SELECT
    ARRAY(SELECT DISTINCT organisation_id FROM mine) AS organisations,
    ARRAY(SELECT DISTINCT organisation_id FROM mine WHERE role = 'manager') AS managed,
    ARRAY(SELECT id FROM clusters) AS clusters,
    ARRAY(SELECT id FROM seen) AS partnerships,
    ARRAY(SELECT id FROM seen WHERE state IN ('active', 'ended')) AS rooms,
    ARRAY(SELECT id FROM seen WHERE state = 'active' AND steered) AS steered,
    ARRAY(SELECT id FROM circles) AS circles,
    ARRAY(SELECT DISTINCT organisation_id FROM live WHERE kind = 'list') AS sharers,
    ARRAY(SELECT DISTINCT o.id FROM live JOIN directory_organisation o ON o.id = live.member_id
          WHERE o.steward_id = live.organisation_id AND o.visibility <> 'private') AS shared,
    ARRAY(SELECT DISTINCT file_id FROM live WHERE kind = 'file' AND is_staff) AS files,
    ARRAY(SELECT id FROM live WHERE is_staff) AS grants,
    (SELECT ARRAY[o.name, held.role] FROM held
     JOIN directory_organisation o ON o.id = held.organisation_id
     ORDER BY held.role = 'juror', held.role <> 'manager', o.name LIMIT 1) AS seat
"""


def load_reader(person: Person, *, today: date, seat_id: int | None = None) -> Reader:
    """Return the reader that a person is today. Two queries; call it in the gate role.

    With `seat_id`, the person's other seats count for nothing.

    Side effects: sets `proxeny.person` in the current transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('proxeny.person', %s, true)", [str(person.pk)])
        cursor.execute(_READER, {"person": person.pk, "today": today, "seat": seat_id})
        *ids, seat = cursor.fetchone()
    arrays = {name: tuple(sorted(found)) for name, found in zip(ARRAYS, ids, strict=True)}
    return Reader(
        person=person.pk,
        name=person.name,
        language=person.language,
        time_zone=person.time_zone,
        seat=tuple(seat or ()),
        **arrays,
    )


def get_reader_of_account(account_id: int, *, today: date) -> Reader:
    """Return the reader behind a sign-in; one without a person reads as a stranger."""
    person = Person.objects.filter(account_id=account_id).first()
    return STRANGER if person is None else load_reader(person, today=today)


def get_reader_of_person(person_id: int, *, today: date) -> Reader:
    """Return the reader that a person is, for a job that runs on the person's behalf."""
    person = Person.objects.filter(pk=person_id).first()
    return STRANGER if person is None else load_reader(person, today=today)


def find_key(token: str, *, now: datetime) -> Key | None:
    """Return what a bearer token opens, or None. Runs in the gate's role.

    It holds as long as its seat does, and never more than the seat's own rights.
    Side effects: notes the use, once a minute.
    """
    found = (
        ApiToken.objects.filter(digest=hash_token(token), revoked_at=None, expires_at__gt=now)
        .filter(person__account__is_active=True)
        .select_related("person")
        .first()
    )
    if found is None:
        return None
    reader = load_reader(found.person, today=now.date(), seat_id=found.seat_id)
    if not reader.organisations:
        return None
    if found.last_used_at is None or now - found.last_used_at > timedelta(minutes=1):
        ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
    return Key(found.pk, frozenset(found.scopes), reader)


@dataclass(frozen=True, slots=True)
class OrganisationChoice:
    """An organisation whose seats the reader may fill; `roles` may be given there."""

    id: int
    name: str
    roles: tuple[str, ...]
    steward_id: int | None = None


def _organisations() -> QuerySet[Any]:
    # The directory is a layer above this one: its table is reached over the seats' foreign key.
    return Seat._meta.get_field("organisation").related_model._default_manager.all()


def live_seats(*, today: date) -> QuerySet[Seat]:
    """Return the seats that count today, as far as the reader may see them."""
    return Seat.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), starts_on__lte=today)


def open_seats(*, today: date) -> QuerySet[Seat]:
    """Return the seats that have not ended, those that begin later included."""
    return Seat.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today))


def list_seats(
    reader: Reader,
    *,
    today: date,
    with_later: bool = False,
    search: str = "",
    role: str = "",
    organisation_id: int | None = None,
    sort: str = "name",
) -> QuerySet[Seat]:
    """Return live seats in the reader's organisations and in the members they look after.

    Parameters
    ----------
    with_later : bool
        Whether seats that begin on a later day are listed too.
    search : str
        Part of a name, an address or an organisation's name.
    role : str
        One of `Role`, or empty for all.
    sort : str
        A key of `SEAT_SORTS`, with `-` before it for the other way round.
    """
    seats = open_seats(today=today) if with_later else live_seats(today=today)
    seats = seats.filter(
        Q(organisation_id__in=reader.organisations) | Q(organisation__steward_id__in=reader.managed)
    )
    if role in Role.values:
        seats = seats.filter(role=role)
    if organisation_id:
        seats = seats.filter(organisation_id=organisation_id)
    for word in search.split():
        seats = seats.filter(
            Q(person__name__icontains=word)
            | Q(person__email__icontains=word)
            | Q(organisation__name__icontains=word)
        )
    return seats.select_related("person", "organisation").order_by(*_order(sort))


def table_of_seats(
    seats: Iterable[Seat],
) -> tuple[tuple[str, ...], Iterator[tuple[object, ...]]]:
    """Return seats as a table: its head, and its rows."""
    head = (_("Name"), _("E-mail"), _("Organisation"), _("Role"), _("First day"), _("Last day"))
    rows: Iterator[tuple[object, ...]] = (
        (
            seat.person.name, seat.person.email, seat.organisation.name, seat.get_role_display(),
            seat.starts_on.isoformat(), seat.ends_on.isoformat() if seat.ends_on else "",
        )
        for seat in seats
    )  # fmt: skip
    return head, rows


def get_listed_seat(reader: Reader, seat_id: int, *, today: date) -> Seat:
    """Return a seat of the reader's list, later ones included; `NotFound` for any other."""
    for seat in list_seats(reader, today=today, with_later=True).filter(pk=seat_id):
        return seat
    raise NotFound(_("There is no such seat."))


#: Columns the list of people can be sorted by.
SEAT_SORTS = {
    "name": ("person__name", "organisation__name", "id"),
    "organisation": ("organisation__name", "person__name", "id"),
    "role": ("role", "person__name", "id"),
    "since": ("starts_on", "person__name", "id"),
}


def _order(sort: str) -> list[str]:
    columns = SEAT_SORTS.get(sort.lstrip("-"), SEAT_SORTS["name"])
    return [f"-{columns[0]}", *columns[1:]] if sort.startswith("-") else list(columns)


def list_open_invitations(reader: Reader) -> QuerySet[Invitation]:
    """Return invitations that wait for an answer, expired ones included, newest first."""
    if not reader.managed:
        return Invitation.objects.none()
    return (
        Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
        .select_related("organisation", "invited_by")
        .order_by("-created_at", "-id")
    )


def get_open_invitation(reader: Reader, invitation_id: int) -> Invitation:
    """Return an invitation of the reader's list; `NotFound` for one that is not on it."""
    for invitation in list_open_invitations(reader).filter(pk=invitation_id):
        return invitation
    raise NotFound(_("There is no such invitation."))


def list_choices(reader: Reader, *, organisation_id: int | None = None) -> list[OrganisationChoice]:
    """Return the organisations the reader may invite to: their own, and one member if asked for.

    A cluster may look after thousands of members; they are not listed here. The directory's page
    of a member leads to the form with its id.
    """
    wanted = Q(pk__in=reader.managed)
    if organisation_id:
        wanted |= Q(pk=organisation_id, steward_id__in=reader.managed)
    choices = [
        OrganisationChoice(
            pk,
            name,
            tuple(Role.values) if pk in reader.managed else (str(Role.REPRESENTATIVE),),
            steward_id,
        )
        for pk, name, steward_id in _organisations()
        .filter(wanted)
        .order_by("name")
        .values_list("pk", "name", "steward_id")
    ]
    return sorted(choices, key=lambda one: one.id != organisation_id)


def is_being_handed_over(seat_id: int, *, now: datetime) -> bool:
    """Whether a successor is invited to a seat and has not answered."""
    return Invitation.objects.filter(
        replaces_id=seat_id, accepted_at=None, withdrawn_at=None, expires_at__gt=now
    ).exists()


def get_steward_id(organisation_id: int) -> int | None:
    """Return the cluster that keeps an organisation's entry.

    Raises
    ------
    NotFound
        The reader does not see the organisation.
    """
    row = _organisations().filter(pk=organisation_id).values_list("steward_id", flat=True)[:1]
    for steward_id in row:
        return steward_id
    raise NotFound(_("There is no such organisation."))


def get_seat(seat_id: int) -> Seat:
    """Return a seat with its person and organisation; `NotFound` if the reader does not see it."""
    seat = Seat.objects.select_related("person", "organisation").filter(pk=seat_id).first()
    if seat is None:
        raise NotFound(_("There is no such seat."))
    return seat


def find_ended_seat(seat_id: int, *, today: date) -> Seat | None:
    """Return a seat that ended yesterday, to offer the undo of it; None otherwise."""
    ended = Seat.objects.filter(pk=seat_id, ends_on=today - timedelta(days=1))
    return ended.select_related("person", "organisation").first()


def get_invitation(invitation_id: int) -> Invitation:
    """Return an invitation the reader may manage; `NotFound` otherwise."""
    found = Invitation.objects.select_related("organisation").filter(pk=invitation_id).first()
    if found is None:
        raise NotFound(_("There is no such invitation."))
    return found


def hash_token(token: str) -> str:
    """Return what is kept of a secret address: its SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_invitation(token: str, *, now: datetime) -> Invitation:
    """Return the open invitation behind a secret link. Call it in the gate role.

    Raises
    ------
    NotFound
        Unknown, used, withdrawn and expired links are answered alike.
    """
    found = (
        Invitation.objects.select_related("organisation", "invited_by")
        .filter(token_hash=hash_token(token), accepted_at=None, withdrawn_at=None)
        .filter(expires_at__gt=now)
        .first()
    )
    if found is None:
        raise NotFound(_("This invitation is not open."))
    return found


def has_sign_in(email: str) -> bool:
    """Whether an address already signs in. Only for who holds an invitation to that address."""
    return Account.objects.filter(email=email.lower()).exists()


def owns_address(account_id: int, email: str) -> bool:
    """Whether a sign-in has proved that an address is its own. Call it in the gate role."""
    return EmailAddress.objects.filter(
        user_id=account_id, email=email.lower(), verified=True
    ).exists()


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
    return SocialAccount.objects.filter(user_id=account_id, provider=provider).exists()


def get_profile(reader: Reader) -> Person:
    """Return the reader's own person; `NotFound` for a stranger."""
    person = Person.objects.filter(pk=reader.person).first()
    if person is None:
        raise NotFound(_("There is no such person."))
    return person


def get_feed(reader: Reader) -> CalendarFeed | None:
    """Return the reader's calendar feed, or None when there is none."""
    return CalendarFeed.objects.filter(person_id=reader.person).first()


def get_person_of_feed(token: str) -> Person | None:
    """Return whose calendar a secret address shows, or None. Call it in the gate role."""
    return Person.objects.filter(calendarfeed__token_hash=hash_token(token)).first()


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of people, as far as the reader may see them. One query."""
    wanted = {one for one in person_ids if one}
    found = Person.objects.filter(pk__in=wanted).values_list("pk", "name")
    return {pk: tell_name(name) for pk, name in found}


def managers_of(organisation_ids: Iterable[int], *, today: date) -> list[Person]:
    """Return who manages organisations today, each person once. One query."""
    seats = live_seats(today=today).filter(
        organisation_id__in=list(organisation_ids), role=Role.MANAGER
    )
    return list(Person.objects.filter(pk__in=seats.values("person_id")).order_by("pk"))
