"""The history of one record over the API, the same for every kind of record."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from pydantic import Field

from proxeny.accounts import trail
from proxeny.kernel.api import In, Out
from proxeny.kernel.models import AuditEntry


class TrailChangeOut(Out):
    """One field before and after, in words; long texts are cut."""

    label: str
    before: str
    after: str


class TrailEntryOut(Out):
    """One thing that happened to a record or to what belongs to it."""

    id: int
    verb: str
    at: datetime
    sentence: str
    what: str = Field(description="The name of what it was done to; may be empty.")
    by: str
    why: str
    changes: list[TrailChangeOut]


class TrailFilters(In):
    """Which happenings to list."""

    verb: str = Field("", max_length=80)


def find_trail(
    request: HttpRequest, kind: str, record_id: int, filters: TrailFilters
) -> QuerySet[AuditEntry]:
    """Return what the caller may read about a record; `NotFound` if they do not see it.

    Seats and invitations are told to programs that may read people.
    """
    record, _address = trail.find_record(kind, record_id)
    found = trail.find_happenings(kind, record, verb=filters.verb)
    if "people:read" in request.auth.scopes:
        return found
    return found.exclude(target__startswith="accounts.")


def telling(kind: str) -> Callable[..., list[TrailEntryOut]]:
    """Return what turns the rows of one page into words, in the caller's language."""

    def tell(entries: list[AuditEntry], **_: Any) -> list[TrailEntryOut]:
        told = trail.tell_happenings(kind, entries)
        return [_entry_out(*pair) for pair in zip(entries, told, strict=True)]

    return tell


def _entry_out(entry: AuditEntry, item: trail.Happening) -> TrailEntryOut:
    return TrailEntryOut(
        id=entry.pk, verb=entry.verb, at=item.at, sentence=str(item.sentence), what=item.what,
        by=item.by, why=item.why,
        changes=[TrailChangeOut.model_validate(one) for one in item.changes],
    )  # fmt: skip
