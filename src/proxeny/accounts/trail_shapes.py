"""The history of one record over the API, the same for every kind of record."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from pydantic import Field

from proxeny.accounts import trail
from proxeny.kernel.api import In, Out
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.requests import Request


class TrailChangeOut(Out):
    """One field before and after, as text. Long texts are cut."""

    label: str
    before: str
    after: str


class TrailEntryOut(Out):
    """One event in the life of a record or of its parts."""

    id: int
    verb: str
    at: datetime
    sentence: str
    what: str = Field(description="The name of the record concerned; may be empty.")
    by: str
    why: str
    changes: list[TrailChangeOut]


class TrailFilters(In):
    """Filters for a list of history entries."""

    verb: str = Field("", max_length=80)


def find_trail(
    request: Request, kind: str, record_id: int, filters: TrailFilters
) -> QuerySet[AuditEntry]:
    """Return a record's history entries that the caller may read; `NotFound` without access to it.

    Entries about seats and invitations are included for programs with the scope to read people.
    """
    record, _address = trail.find_record(kind, record_id)
    found = trail.find_happenings(kind, record, verb=filters.verb)
    if "people:read" in request.auth.scopes:
        return found
    return found.exclude(target__startswith="accounts.")


def telling(kind: str) -> Callable[..., list[TrailEntryOut]]:
    """Return a function that describes the rows of one page, in the caller's language."""

    def tell(entries: list[AuditEntry], **_: Any) -> list[TrailEntryOut]:
        told = trail.tell_happenings(kind, entries)
        return [_entry_out(*pair) for pair in zip(entries, told, strict=True)]

    return tell


def _entry_out(entry: AuditEntry, item: trail.Happening) -> TrailEntryOut:
    return TrailEntryOut(
        id=entry.pk,
        verb=entry.verb,
        at=item.at,
        sentence=str(item.sentence),
        what=item.what,
        by=item.by,
        why=item.why,
        changes=[TrailChangeOut.model_validate(one) for one in item.changes],
    )
