"""Remarks on a report's text, by passage."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from proxeny.accounts.models import Person
from proxeny.assessments.models import Engagement, Remark
from proxeny.directory.models import Organisation
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.tenancy import Reader, as_service


@dataclass(frozen=True, slots=True)
class Said:
    """One remark or answer: its author, their organisation, and its time."""

    id: int
    text: str
    name: str
    organisation: str
    is_client: bool
    is_own: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Thread:
    """A remark with its answers. `number` is the version beside which it was written."""

    first: Said
    passage: str
    number: int
    answers: tuple[Said, ...]
    settled_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Whether it waits to be settled."""
        return self.settled_at is None


def list_threads(engagement: Engagement, reader: Reader) -> list[Thread]:
    """Return all that was said beside the versions of a report, in its order. Three queries.

    The client and the teams read each other's names here: they speak to one another.
    """
    found = Remark.objects.filter(engagement=engagement).select_related("report")
    rows = list(found.defer("report__content").order_by("created_at", "pk"))
    if not rows:
        return []
    with as_service("The company and the teams speak here, and read each other's names."):
        people = dict(
            Person.objects.filter(pk__in={one.written_by_id for one in rows}).values_list(
                "pk", "name"
            )
        )
        sides = dict(
            Organisation.objects.filter(pk__in={one.organisation_id for one in rows}).values_list(
                "pk", "name"
            )
        )
    said = {one.pk: _said(one, engagement, reader, people, sides) for one in rows}
    answers: dict[int, list[Said]] = {}
    for one in rows:
        if one.answers_id:
            answers.setdefault(one.answers_id, []).append(said[one.pk])
    return [
        Thread(
            said[one.pk],
            one.passage,
            one.report.number,
            tuple(answers.get(one.pk, ())),
            one.settled_at,
        )
        for one in rows
        if not one.answers_id
    ]


def _said(
    one: Remark,
    engagement: Engagement,
    reader: Reader,
    people: Mapping[int, str],
    sides: Mapping[int, str],
) -> Said:
    return Said(
        one.pk,
        one.text,
        tell_name(people.get(one.written_by_id or 0, "")),
        sides.get(one.organisation_id, ""),
        one.organisation_id == engagement.client_id,
        one.written_by_id is not None and one.written_by_id == reader.person,
        one.created_at,
    )


def by_passage(threads: list[Thread]) -> dict[str, list[Thread]]:
    """Return threads by their passage."""
    found: dict[str, list[Thread]] = {}
    for one in threads:
        found.setdefault(one.passage, []).append(one)
    return found
