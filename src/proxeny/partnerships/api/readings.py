"""API for the log of reads of shared content."""

from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Query
from pydantic import Field

from proxeny.kernel.api import Id, In, Out, in_pages
from proxeny.kernel.api.files import TABLE_FILE, FileFormat
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import ledger, queries
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import Side
from proxeny.partnerships.history import READING

ReadingVerb = Literal[*READING]


class ReadingOut(Out):
    """An access to shared content, recorded once a day.

    Names are empty if you can't see the person or record they refer to.
    """

    id: int
    verb: ReadingVerb
    at: datetime
    sentence: str
    by: str
    organisation: str = Field(description="The organisation of the reader.")
    side: str = Field(description="The letter of the side that read it. Empty for a member.")
    what: str
    shared_by: str = Field(description="The letter of the side that shares it.")
    rows: int | None = Field(description="The number of entries that were downloaded.")


class ReadingFilters(In):
    """Filters for the access log."""

    verb: ReadingVerb | None = None
    shared_by: Side | None = None


class ReadingsFile(ReadingFilters):
    """Filters and file format for the access log."""

    format: FileFormat = "csv"


def _tell(entries: list[AuditEntry], *, partnership_id: int, **_: Any) -> list[ReadingOut]:
    found = ledger.tell_readings(queries.get_partnership(partnership_id), entries)
    return [_reading_out(item) for item in found]


def _reading_out(item: ledger.ReadingItem) -> ReadingOut:
    return ReadingOut(
        id=item.id,
        verb=item.verb,
        at=item.at,
        sentence=str(item.sentence),
        by=item.by,
        organisation=item.whose,
        side=item.side.upper(),
        what=item.what,
        shared_by=item.of.side if item.of else "",
        rows=item.rows,
    )


def _find(reader: Reader, partnership_id: int, filters: ReadingFilters) -> QuerySet[AuditEntry]:
    partnership = ledger.open_ledger(reader, partnership_id)
    return ledger.find_readings(
        partnership,
        verb=filters.verb or "",
        of=queries.organisation_on(partnership, filters.shared_by),
    )


@router.get("/{partnership_id}/readings", response=list[ReadingOut], summary="List the access log")
@in_pages("-id", tell=_tell)
def list_readings(
    request: Request, partnership_id: Id, filters: Query[ReadingFilters]
) -> QuerySet[AuditEntry]:
    """Returns who opened shared entries and files, and who downloaded lists.

    Available to people of both clusters.
    """
    return _find(request.reader, partnership_id, filters)


@router.get(
    "/{partnership_id}/readings/export", summary="Export the access log", openapi_extra=TABLE_FILE
)
def export_readings(
    request: Request, partnership_id: Id, wanted: Query[ReadingsFile]
) -> HttpResponse:
    """Downloads the newest 20,000 entries as a file."""
    found = _find(request.reader, partnership_id, wanted)
    header, rows = ledger.table_of_readings(queries.get_partnership(partnership_id), found)
    return answer_table("sharing-ledger", form=wanted.format, header=header, rows=rows)
