"""Partnership and contact data that events need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from proxeny.accounts.models import Role
from proxeny.accounts.queries import live_seats
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership, Party


@dataclass(frozen=True, slots=True)
class Contact:
    """Contact of an organisation, with the language to write in."""

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


def list_hosts(
    partnerships: Mapping[int, str], *, kept: int | None = None
) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return the possible hosts of an event of each partnership, given as `{id: title}`. One query.

    Returns
    -------
    list of (str, list of (int, str))
        Each title with the `(party id, name)` of the sides that take part, in their order; `kept`
        is among them although it has left.
    """
    parties = Party.objects.filter(Q(state=Party.State.JOINED) | Q(pk=kept))
    rows = parties.filter(partnership_id__in=partnerships).order_by("side")
    found: dict[int, list[tuple[int, str]]] = {pk: [] for pk in partnerships}
    for partnership, pk, name in rows.values_list("partnership_id", "pk", "organisation__name"):
        found[partnership].append((pk, name))
    return [(title, found[pk]) for pk, title in partnerships.items()]


def is_joined(party_id: int, partnership_id: int) -> bool:
    """Whether a party takes part in a partnership: not only invited to it, and not gone."""
    joined = Party.objects.filter(partnership_id=partnership_id, state=Party.State.JOINED)
    return joined.filter(pk=party_id).exists()


def name_party(party_id: int | None) -> str:
    """Return the name of a party; empty for None, or for a party the reader does not see."""
    if party_id is None:
        return ""
    names = Party.objects.filter(pk=party_id).values_list("organisation__name", flat=True)
    return names.first() or ""


def list_steered(reader: Reader) -> list[tuple[int, str]]:
    """Return `(id, title)` of the signed partnerships in which the reader may open an event."""
    return list(
        Partnership.objects.filter(pk__in=reader.steered)
        .order_by("title", "pk")
        .values_list("pk", "title")
    )


def contacts_of(organisation_ids: Iterable[int], *, today: date) -> dict[int, list[Contact]]:
    """Return the contacts of each organisation: representatives and managers, in order of seats.

    One query. Only people the reader may see are found: those of the reader's own organisations,
    and of the members that the reader's cluster looks after.
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
    for organisation_id, person_id, name, email, language in seats:
        contact = Contact(person_id, name, email, language)
        known = found.setdefault(organisation_id, [])
        if contact not in known:
            known.append(contact)
    return found
