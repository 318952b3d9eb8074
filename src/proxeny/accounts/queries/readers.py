"""Loading of a reader: a person's seats and the rights that follow from them; a program's token."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, models

from proxeny.accounts.models import Account, ApiToken, Person
from proxeny.accounts.queries.hashing import hash_token
from proxeny.kernel.api.access import Key
from proxeny.kernel.prepared_statements import prepared_cursor
from proxeny.kernel.tenancy import ARRAYS, GATE, STRANGER, Reader, enter

# One query: each array of `Reader`, from live seats, memberships, parties and grants. Runs in the
# gate role, whose policies show it the seats of the person it was entered with. A juror's seat
# opens nothing by itself: judging one case requires no access to a cluster's rooms and members.
_SEATS = """
    SELECT organisation_id, role FROM accounts_seat
    WHERE person_id = %(person)s AND starts_on <= %(today)s
      AND (ends_on IS NULL OR ends_on >= %(today)s)
      AND (%(seat)s::bigint IS NULL OR id = %(seat)s)
"""
# Seen by everybody in a team, whatever else their seat opens: the scope of an adviser.
_TEAM = "SELECT %(organisation)s::bigint, 'adviser'::varchar"
_READER = """
WITH held (organisation_id, role) AS ({held}), mine AS (
    SELECT organisation_id, role FROM held WHERE role <> 'juror'
), clusters AS (
    SELECT o.id FROM directory_organisation o
    JOIN mine ON mine.organisation_id = o.id WHERE o.kind = 'cluster' AND o.steward_id IS NULL
    UNION
    SELECT m.cluster_id FROM directory_membership m
    JOIN mine ON mine.organisation_id = m.organisation_id
    WHERE m.starts_on <= %(today)s AND (m.ends_on IS NULL OR m.ends_on >= %(today)s)
), seen AS (
    SELECT p.partnership_id AS id, s.state, bool_or(p.state = 'joined') AS joined,
           bool_or(mine.role = 'manager' AND p.state = 'joined') AS steered
    FROM partnerships_party p
    JOIN mine ON mine.organisation_id = p.organisation_id
    JOIN partnerships_partnership s ON s.id = p.partnership_id
    WHERE p.state <> 'left' AND (s.state <> 'draft' OR s.lead_id = p.organisation_id)
    GROUP BY 1, 2
), circles AS (
    SELECT DISTINCT p.partnership_id AS id FROM partnerships_party p
    JOIN clusters ON clusters.id = p.organisation_id
    JOIN partnerships_partnership s ON s.id = p.partnership_id
    WHERE s.state = 'active' AND p.state = 'joined'
), live AS (
    SELECT g.id, g.organisation_id, g.kind, g.member_id, g.file_id,
           g.partnership_id IN (SELECT id FROM seen WHERE state = 'active' AND joined)
               AS is_staff
    FROM partnerships_sharinggrant g
    WHERE g.withdrawn_at IS NULL AND (g.ends_on IS NULL OR g.ends_on >= %(today)s)
      AND (g.partnership_id IN (SELECT id FROM seen WHERE state = 'active' AND joined)
           OR g.partnership_id IN (SELECT id FROM circles))
)
SELECT
    ARRAY(SELECT DISTINCT organisation_id FROM mine) AS organisations,
    ARRAY(SELECT DISTINCT organisation_id FROM mine WHERE role = 'manager') AS managed,
    ARRAY(SELECT id FROM clusters) AS clusters,
    ARRAY(SELECT id FROM seen) AS partnerships,
    ARRAY(SELECT id FROM seen WHERE state IN ('active', 'ended') AND joined) AS rooms,
    ARRAY(SELECT id FROM seen WHERE state = 'active' AND steered) AS steered,
    ARRAY(SELECT id FROM circles) AS circles,
    ARRAY(SELECT DISTINCT organisation_id FROM live WHERE kind = 'list') AS sharers,
    ARRAY(SELECT DISTINCT o.id FROM live JOIN directory_organisation o ON o.id = live.member_id
          WHERE o.steward_id = live.organisation_id AND o.visibility <> 'private') AS shared,
    ARRAY(SELECT DISTINCT file_id FROM live WHERE kind = 'file' AND is_staff) AS files,
    ARRAY(SELECT id FROM live WHERE is_staff) AS grants,
    ARRAY(SELECT DISTINCT organisation_id FROM mine
          WHERE role IN ('manager', 'ambassador') AND organisation_id IN (SELECT id FROM clusters))
        AS desks,
    ARRAY[]::bigint[] AS participations,
    (SELECT ARRAY[o.name, held.role] FROM held
     JOIN directory_organisation o ON o.id = held.organisation_id
     ORDER BY held.role = 'juror', held.role <> 'manager', o.name LIMIT 1) AS seat,
    {unread} AS unread,
    {demand} AS demand
"""
_UNREAD = """(SELECT count(*) FROM (
    SELECT 1 FROM notices_notice WHERE person_id = %(person)s AND read_at IS NULL LIMIT 100
) told)"""
# The whole account is asked, by each of its seats: also a program that acts for another one.
_DEMAND = """(SELECT json_build_array(o.name, c.second_factor_from, c.second_factor_from <= %(today)s)
    FROM accounts_seat s
    JOIN directory_clusterprofile c ON c.organisation_id = s.organisation_id
    JOIN directory_organisation o ON o.id = s.organisation_id
    WHERE s.person_id = %(person)s AND s.starts_on <= %(today)s
      AND (s.ends_on IS NULL OR s.ends_on >= %(today)s) AND c.second_factor_from IS NOT NULL
      AND NOT EXISTS (
          SELECT FROM mfa_authenticator a JOIN accounts_person p ON p.account_id = a.user_id
          WHERE p.id = %(person)s AND a.type IN ('totp', 'webauthn'))
    ORDER BY c.second_factor_from LIMIT 1)"""
_OF_PERSON = _READER.format(held=_SEATS, unread=_UNREAD, demand=_DEMAND)
_OF_TEAM = _READER.format(held=_TEAM, unread="0", demand="NULL")


def _names(model: type[models.Model], alias: str) -> tuple[list[str], str]:
    fields = model._meta.concrete_fields
    return [one.attname for one in fields], ", ".join(f'{alias}."{one.column}"' for one in fields)


# Runs before every page: composing a model's query each time takes longer than the query.
_ACCOUNT_NAMES, _account = _names(Account, "a")
_PERSON_NAMES, _person = _names(Person, "p")
_ACCOUNT = f"""
SELECT {_account}, {_person} FROM accounts_account a
LEFT JOIN accounts_person p ON p.account_id = a.id WHERE a.id = %(account)s
"""  # noqa: S608 - names of columns


def load_reader(person: Person, *, today: date, seat_id: int | None = None) -> Reader:
    """Return the reader that a person is today. Two queries; call it in the gate role.

    With `seat_id`, the person's other seats count for nothing.

    Side effects: the gate reads as that person for the rest of the transaction.
    """
    enter(GATE, Reader(person=person.pk))
    return _read(person, today=today, seat_id=seat_id)


def _read(person: Person, *, today: date, seat_id: int | None = None) -> Reader:
    """Return the rights of the person that the gate reads as. One query."""
    with prepared_cursor() as cursor:
        cursor.execute(_OF_PERSON, {"person": person.pk, "today": today, "seat": seat_id})
        *ids, seat, unread, demand = cursor.fetchone()
    arrays = {name: tuple(sorted(found)) for name, found in zip(ARRAYS, ids, strict=True)}
    return Reader(
        person=person.pk,
        name=person.name,
        language=person.language,
        time_zone=person.time_zone,
        seat=tuple(seat or ()),
        unread=unread,
        demand=tuple(demand or ()),
        **arrays,
    )


def find_account(account_id: int) -> Account | None:
    """Return the account of a sign-in, with the person behind it if there is one. One query."""
    with prepared_cursor() as cursor:
        cursor.execute(_ACCOUNT, {"account": account_id})
        row = cursor.fetchone()
    if row is None:
        return None
    account = Account.from_db(connection.alias, _ACCOUNT_NAMES, row[: len(_ACCOUNT_NAMES)])
    values = row[len(_ACCOUNT_NAMES) :]
    if values[0] is not None:
        account.person = Person.from_db(connection.alias, _PERSON_NAMES, values)
    return account


def get_reader_of_person(person_id: int, *, today: date) -> Reader:
    """Return the reader that a person is, for a job that runs on the person's behalf."""
    person = Person.objects.filter(pk=person_id).first()
    return STRANGER if person is None else load_reader(person, today=today)


def load_team(organisation_id: int, *, today: date) -> Reader:
    """Return what all of a cluster's team see, as a reader without a person. One query, in the
    gate's role.

    For figures that are worked out for a team: nobody of it reads in them more than the team may.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OF_TEAM, {"organisation": organisation_id, "today": today})
        *ids, _seat, _unread, _demand = cursor.fetchone()
    arrays: dict[str, Any] = {
        name: tuple(sorted(found)) for name, found in zip(ARRAYS, ids, strict=True)
    }
    return Reader(**arrays)


def find_key(token: str, *, now: datetime) -> Key | None:
    """Return the key opened by a bearer token, or None. Runs in the gate's role.

    It holds as long as its seat does, and never more than the seat's own rights. Side effects:
    notes the use, once a minute.
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
