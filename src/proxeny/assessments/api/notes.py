"""The teams' notes, for programs."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.assessments.api._router import router
from proxeny.assessments.api._work import ONE, change_record, do_deed, enter
from proxeny.assessments.models import Note
from proxeny.assessments.operations.notes import MOST_AMOUNT, NOTES, NoteFacts
from proxeny.assessments.queries import notes as queries
from proxeny.kernel.api import (
    Id,
    IfMatch,
    In,
    Out,
    exact,
    in_pages,
    show_version,
    unsent,
)
from proxeny.kernel.api.times import Day
from proxeny.kernel.requests import Request

_ALL = f"{ONE}/notes"
_ONE = f"{_ALL}/{{note_id}}"
NoteKind = Literal[*Note.Kind.values]
Title = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=8000)]
Words = Annotated[str, Field(max_length=200)]
Address = Annotated[str, Field(max_length=500, pattern="^(https?://.*)?$")]
Amount = exact(14, 2, least=0, most=MOST_AMOUNT - 1)
Currency = Annotated[str, Field(max_length=3, description="Three-letter code, for example EUR.")]
Unit = Annotated[
    str, Field(max_length=60, description="For example, a piece, a month or a licence.")
]


class WorkNoteOut(Out):
    """Something the teams found out: its source, and when."""

    id: int
    kind: NoteKind
    title: str
    text: str
    origin: str
    url: str
    seen_on: date | None
    amount: Decimal | None
    currency: str
    unit: str
    written_by_id: int | None
    created_at: datetime
    dropped_at: datetime | None
    version: int


class WorkNoteIn(In):
    """Something the teams found out.

    A price needs an amount, a currency and a unit; an interview needs the role of the person
    interviewed (`origin`) and the date; a source needs the date it was read, and an address or
    publisher. Competitors and channels may have an amount.
    """

    kind: NoteKind = "note"
    title: Title
    text: Text = ""
    origin: Words = ""
    url: Address = ""
    seen_on: Day | None = None
    amount: Amount | None = None
    currency: Currency = ""
    unit: Unit = ""


class WorkNoteChanges(In):
    """Changes to a note; everything else stays as it is."""

    kind: NoteKind = unsent()
    title: Title = unsent()
    text: Text = unsent()
    origin: Words = unsent()
    url: Address = unsent()
    seen_on: Day | None = unsent()
    amount: Amount | None = unsent()
    currency: Currency = unsent()
    unit: Unit = unsent()


class WorkNoteFilters(In):
    """Filters for a list of notes."""

    kind: NoteKind | None = None
    q: Annotated[str, Field(max_length=100)] = ""


@router.get(_ALL, response=list[WorkNoteOut], summary="List notes of an assessment")
@in_pages("-created_at", "-id")
def list_work_notes(
    request: Request, partnership_id: Id, engagement_id: Id, filters: Query[WorkNoteFilters]
) -> QuerySet[Note]:
    """Returns the notes that aren't archived, newest first."""
    enter(request, partnership_id, engagement_id)
    kinds = (filters.kind,) if filters.kind else ()
    return queries.find_notes(engagement_id, queries.Wanted(q=filters.q, kinds=kinds))


@router.post(_ALL, response={201: WorkNoteOut}, summary="Add a note")
def write_work_note(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    note: WorkNoteIn,
) -> Status[Any]:
    """Possible from the brief until the report is handed over."""
    numbers = (partnership_id, engagement_id)
    made = do_deed(request, numbers, NOTES.write, facts=NoteFacts(**note.model_dump()))
    response["Location"] = f"{request.path}/{made.pk}"
    return Status(201, _shown(response, made))


def _shown(response: HttpResponse, note: Note) -> Note:
    show_version(response, note.version)
    return note


@router.get(_ONE, response=WorkNoteOut, summary="Get a note")
def show_work_note(
    request: Request, response: HttpResponse, partnership_id: Id, engagement_id: Id, note_id: Id
) -> Note:
    """Archived notes can be read too."""
    enter(request, partnership_id, engagement_id)
    return _shown(response, queries.get_note(engagement_id, note_id))


@router.patch(_ONE, response=WorkNoteOut, summary="Update a note")
def change_work_note(
    request: Request,
    response: HttpResponse,
    partnership_id: Id,
    engagement_id: Id,
    note_id: Id,
    change: WorkNoteChanges,
    if_match: IfMatch = None,
) -> Note:
    """Applies to the version you read, so that you don't overwrite what someone else has changed
    since.
    """
    numbers = (partnership_id, engagement_id)
    return _shown(response, change_record(request, numbers, NOTES, note_id, change, if_match))


@router.post(f"{_ONE}/drop", response=WorkNoteOut, summary="Archive a note")
def drop_work_note(
    request: Request, response: HttpResponse, partnership_id: Id, engagement_id: Id, note_id: Id
) -> Note:
    """A note that a finding or a recommendation is based on can't be archived."""
    numbers = (partnership_id, engagement_id)
    return _shown(response, do_deed(request, numbers, NOTES.drop, record_id=note_id))


@router.post(f"{_ONE}/restore", response=WorkNoteOut, summary="Restore a note")
def restore_work_note(
    request: Request, response: HttpResponse, partnership_id: Id, engagement_id: Id, note_id: Id
) -> Note:
    """Restores an archived note."""
    numbers = (partnership_id, engagement_id)
    return _shown(response, do_deed(request, numbers, NOTES.restore, record_id=note_id))
