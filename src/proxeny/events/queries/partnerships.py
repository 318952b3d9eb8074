"""What an event needs to know of its partnership and of people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from proxeny.accounts.models import Role
from proxeny.accounts.queries import live_seats
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership, Party


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who answers for an organisation, with the language to write in."""

    person_id: int
    name: str
    email: str
    language: str


def list_parties(partnership_id: int) -> list[tuple[int, str, str]]:
    """Return `(organisation id, name, side)` of each party, in the order of the sides."""
    return list(
        Party.objects.filter(partnership_id=partnership_id)
        .order_by("side")
        .values_list("organisation_id", "organisation__name", "side")
    )


def list_steered(reader: Reader) -> list[tuple[int, str]]:
    """Return `(id, title)` of the signed partnerships in which the reader may open an event."""
    return list(
        Partnership.objects.filter(pk__in=reader.steered)
        .order_by("title", "pk")
        .values_list("pk", "title")
    )


def contacts_of(organisation_ids: Iterable[int], *, today: date) -> dict[int, list[Contact]]:
    """Return who answers for each organisation: representatives and managers, in order of seats.

    One query. Only people the reader may see are found: those of the own organisations, and those
    of the members one's cluster looks after.
    """
    seats = (
        live_seats(today=today)
        .filter(organisation_id__in=list(organisation_ids))
        .filter(role__in=(Role.REPRESENTATIVE, Role.MANAGER))
        .order_by("organisation_id", "starts_on", "pk")
        .values_list(
            "organisation_id", "person_id", "person__name", "person__email", "person__language"
        )
    )
    found: dict[int, list[Contact]] = {}
    for organisation_id, *values in seats:
        contact = Contact(*values)
        known = found.setdefault(organisation_id, [])
        if contact not in known:
            known.append(contact)
    return found
