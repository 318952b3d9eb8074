"""People in charge of offers, needs and interest: a cluster's advisers, an entry's people."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from proxeny.accounts.models import Person, Role
from proxeny.accounts.queries import live_seats
from proxeny.kernel.tenancy import Reader

#: Roles that may read members' submissions, and pass interest on.
ADVISING = (Role.ADVISER, Role.MANAGER, Role.AMBASSADOR)


def advised_by(reader: Reader, *, today: date) -> frozenset[int]:
    """Return the organisations in which the reader is a manager, an ambassador or an adviser."""
    if set(reader.organisations) <= set(reader.managed):
        return frozenset(reader.managed)
    seats = live_seats(today=today).filter(
        person_id=reader.own_id, role__in=ADVISING, organisation_id__in=reader.organisations
    )
    return frozenset(seats.values_list("organisation_id", flat=True))


def advisers_of(cluster_id: int | None, *, today: date) -> list[Person]:
    """Return a cluster's advisers; without one its managers and ambassadors. Service role."""
    seats = live_seats(today=today).filter(organisation_id=cluster_id or 0)
    for roles in (ADVISING[:1], ADVISING[1:]):
        found = _people(seats.filter(role__in=roles).values("person_id"))
        if found:
            return found
    return []


def people_of(organisation_id: int, *, today: date) -> list[Person]:
    """Return the holders of live seats in an organisation, except jurors. Service role."""
    seats = live_seats(today=today).filter(organisation_id=organisation_id)
    return _people(seats.exclude(role=Role.JUROR).values("person_id"))


def _people(ids: Iterable[Any]) -> list[Person]:
    return list(Person.objects.filter(pk__in=ids, erased_at=None).order_by("pk"))
