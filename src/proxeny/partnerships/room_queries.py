"""Reading what a room keeps, as pages and programs show it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from proxeny.accounts.models import Person
from proxeny.accounts.queries import live_seats
from proxeny.kernel.errors import NotFound
from proxeny.partnerships.kinds import KINDS, Kind
from proxeny.partnerships.models import (
    Charge,
    Dependency,
    HealthReview,
    KeyResult,
    Measurement,
    Partnership,
    Party,
    Rhythm,
)
from proxeny.partnerships.models.records import RoomRecord


def list_records(kind: Kind, partnership_id: int, *, dropped: bool = False) -> QuerySet[RoomRecord]:
    """Return the records of a kind in a room, or the archived ones."""
    found = kind.model._default_manager.filter(
        partnership_id=partnership_id, dropped_at__isnull=not dropped
    )
    return found.order_by("pk")


@dataclass(frozen=True, slots=True)
class PutAway:
    """Archived record that can be restored."""

    kind: Kind
    record: RoomRecord

    @property
    def title(self) -> str:
        """The title of the record."""
        return self.kind.title_of(self.record)


def list_put_away(
    kinds: Iterable[str], partnership_id: int, within: Mapping[str, Any] | None = None
) -> list[PutAway]:
    """Return archived records of some kinds, latest first. One query per kind.

    Parameters
    ----------
    within : mapping, optional
        Values of their columns, for example for those of one study.
    """
    found = [
        PutAway(one, record)
        for one in (KINDS[name] for name in kinds)
        for record in _with_tag(one, list_records(one, partnership_id, dropped=True)).filter(
            **(within or {})
        )
    ]
    found.sort(key=lambda one: (one.record.dropped_at, one.record.pk), reverse=True)
    return found


def _with_tag(kind: Kind, found: QuerySet[RoomRecord]) -> QuerySet[RoomRecord]:
    """Return records with what they are called by, where that is another record."""
    column = kind.model._meta.get_field(kind.tag)
    return found.select_related(kind.tag) if column.is_relation else found


def get_record(kind: Kind, partnership_id: int, record_id: int) -> Any:
    """Return one record, archived or not; `NotFound` if there is none or the reader sees none."""
    found = kind.model._default_manager.filter(pk=record_id, partnership_id=partnership_id).first()
    if found is None:
        raise NotFound(_("We couldn’t find this entry."))
    return found


def list_team(parties: Iterable[Party], *, today: date) -> dict[int, list[Person]]:
    """Return the people with a seat in each party, by the party's number, by name. One query."""
    by_organisation = {one.organisation_id: one.pk for one in parties if one.state == "joined"}
    seats = live_seats(today=today).filter(organisation_id__in=by_organisation)
    found: dict[int, dict[int, Person]] = defaultdict(dict)
    for seat in seats.select_related("person").order_by("person__name", "pk"):
        if seat.person is not None:
            found[by_organisation[seat.organisation_id]][seat.person_id] = seat.person
    return {party: list(people.values()) for party, people in found.items()}


def team_ids(parties: Iterable[Party], *, today: date) -> set[int]:
    """Return the ids of all people with a seat in a party. One query."""
    team = list_team(parties, today=today)
    return {person.pk for people in team.values() for person in people}


def charges_of(kind: Kind, record_ids: Iterable[int]) -> dict[int, dict[int, Person]]:
    """Return the people in charge of records: by record, then by party. One query."""
    column = f"{kind.name}_id"
    found: dict[int, dict[int, Person]] = defaultdict(dict)
    rows = Charge.objects.filter(**{f"{column}__in": list(record_ids)}).select_related("person")
    for one in rows:
        found[getattr(one, column)][one.party_id] = one.person
    return found


def needs_of(activity_ids: Iterable[int]) -> dict[int, list[int]]:
    """Return what activities need, by their numbers. One query."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = Dependency.objects.filter(activity_id__in=list(activity_ids)).order_by("needs_id")
    for one, other in rows.values_list("activity_id", "needs_id"):
        found[one].append(other)
    return found


def list_rhythms(partnership: Partnership) -> dict[bool, Rhythm]:
    """Return the agreed rhythms, by whether they are face to face. One query."""
    return {one.in_person: one for one in Rhythm.objects.filter(partnership=partnership)}


def list_measurements(result: KeyResult) -> list[Measurement]:
    """Return the figures of a key result, the newest first. One query."""
    return list(Measurement.objects.filter(result=result).order_by("-measured_on", "-pk"))


def get_review(partnership_id: int, review_id: int) -> HealthReview:
    """Return a health review; `NotFound` if the reader does not see it."""
    found = HealthReview.objects.filter(pk=review_id, partnership_id=partnership_id).first()
    if found is None:
        raise NotFound(_("We couldn’t find this entry."))
    return found
