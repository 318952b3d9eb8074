"""Queries for seats and managers."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import Person, Role, Seat
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader


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
    head: tuple[Any, ...] = (
        _("Name"),
        _("Email"),
        _("Organisation"),
        _("Role"),
        _("First day"),
        _("Last day"),
    )
    rows: Iterator[tuple[object, ...]] = (
        (
            seat.person.name,
            seat.person.email,
            seat.organisation.name,
            seat.get_role_display(),
            seat.starts_on.isoformat(),
            seat.ends_on.isoformat() if seat.ends_on else "",
        )
        for seat in seats
    )
    return head, rows


def get_listed_seat(reader: Reader, seat_id: int, *, today: date) -> Seat:
    """Return a seat of the reader's list, later ones included; `NotFound` for any other."""
    for seat in list_seats(reader, today=today, with_later=True).filter(pk=seat_id):
        return seat
    raise NotFound(_("We couldn’t find this role."))


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


def get_seat(seat_id: int) -> Seat:
    """Return a seat with its person and organisation; `NotFound` if the reader does not see it."""
    seat = Seat.objects.select_related("person", "organisation").filter(pk=seat_id).first()
    if seat is None:
        raise NotFound(_("We couldn’t find this role."))
    return seat


def find_ended_seat(seat_id: int, *, today: date) -> Seat | None:
    """Return a seat that ended yesterday, to offer the undo of it; None otherwise."""
    ended = Seat.objects.filter(pk=seat_id, ends_on=today - timedelta(days=1))
    return ended.select_related("person", "organisation").first()


def managers_of(organisation_ids: Iterable[int], *, today: date) -> list[Person]:
    """Return the managers of organisations today, each person once. One query."""
    seats = live_seats(today=today).filter(
        organisation_id__in=list(organisation_ids), role=Role.MANAGER
    )
    return list(Person.objects.filter(pk__in=seats.values("person_id")).order_by("pk"))
