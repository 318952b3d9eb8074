"""Reading people and seats, and working out who reads."""

from datetime import date

from django.db import connection

from proxeny.accounts.models import Person
from proxeny.kernel.tenancy import ARRAYS, STRANGER, Reader

# One query: each array of `Reader`, from live seats, memberships, parties and grants. Runs in the
# gate role, whose policies show it the seats of the person that `proxeny.person` names.
_READER = """
WITH mine AS (
    SELECT organisation_id, role FROM accounts_seat
    WHERE person_id = %(person)s AND starts_on <= %(today)s
      AND (ends_on IS NULL OR ends_on >= %(today)s)
), clusters AS (
    SELECT o.id FROM directory_organisation o
    JOIN mine ON mine.organisation_id = o.id WHERE o.kind = 'cluster'
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
)
SELECT
    ARRAY(SELECT DISTINCT organisation_id FROM mine) AS organisations,
    ARRAY(SELECT DISTINCT organisation_id FROM mine WHERE role = 'manager') AS managed,
    ARRAY(SELECT id FROM clusters) AS clusters,
    ARRAY(SELECT id FROM seen) AS partnerships,
    ARRAY(SELECT id FROM seen WHERE state IN ('active', 'ended')) AS rooms,
    ARRAY(SELECT id FROM seen WHERE state = 'active' AND steered) AS steered,
    ARRAY(SELECT id FROM circles) AS circles,
    ARRAY(SELECT DISTINCT g.organisation_id FROM partnerships_sharinggrant g
          WHERE g.withdrawn_at IS NULL AND (g.ends_on IS NULL OR g.ends_on >= %(today)s)
            AND (g.partnership_id IN (SELECT id FROM seen WHERE state = 'active')
                 OR g.partnership_id IN (SELECT id FROM circles))) AS sharers
"""


def load_reader(person: Person, *, today: date) -> Reader:
    """Return the reader that a person is today. Two queries; call it in the gate role.

    Side effects: sets `proxeny.person` in the current transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('proxeny.person', %s, true)", [str(person.pk)])
        cursor.execute(_READER, {"person": person.pk, "today": today})
        row = cursor.fetchone()
    arrays = {name: tuple(sorted(ids)) for name, ids in zip(ARRAYS, row, strict=True)}
    return Reader(
        person=person.pk,
        name=person.name,
        language=person.language,
        time_zone=person.time_zone,
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
