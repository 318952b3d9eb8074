"""What the teams note while they find out, by program."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.assessments.api._router import router
from proxeny.assessments.api._work import ONE, enter
from proxeny.assessments.models import Note
from proxeny.assessments.operations import notes as operations
from proxeny.assessments.operations.notes import MOST_AMOUNT, NoteFacts
from proxeny.assessments.queries import notes as queries
from proxeny.kernel.api import (
    Id,
    IfMatch,
    In,
    Out,
    exact,
    in_pages,
    match_version,
    show_version,
    unsent,
)
from proxeny.kernel.api.times import Day

_ALL = f"{ONE}/notes"
_ONE = f"{_ALL}/{{note_id}}"
NoteKind = Literal[*Note.Kind.values]
Title = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=8000)]
Words = Annotated[str, Field(max_length=200)]
Address = Annotated[str, Field(max_length=500, pattern="^(https?://.*)?$")]
Amount = exact(14, 2, least=0, most=MOST_AMOUNT - 1)
Currency = Annotated[str, Field(max_length=3, description="Three letters, like EUR.")]
Unit = Annotated[str, Field(max_length=60, description="A piece, a month, a licence.")]


class WorkNoteOut(Out):
    """Something found out: where it stands or who said it, and when."""

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
    """Something found out.

    A price needs amount, currency and unit; an interview who by role (`origin`) and when; a source
    when it was read, and an address or who published it. Competitors and channels may carry an
    amount.
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
    """What is to be otherwise; the rest stays."""

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
    """Which notes to list."""

    kind: NoteKind | None = None
    q: Annotated[str, Field(max_length=100)] = ""


@router.get(_ALL, response=list[WorkNoteOut], summary="Notes of an assessment")
@in_pages("-created_at", "-id")
def list_work_notes(
    request: HttpRequest, partnership_id: Id, engagement_id: Id, filters: Query[WorkNoteFilters]
) -> QuerySet[Note]:
    """Those that were not put away, the newest first."""
    enter(request, partnership_id, engagement_id)
    kinds = (filters.kind,) if filters.kind else ()
    return queries.find_notes(engagement_id, queries.Wanted(q=filters.q, kinds=kinds))


@router.post(_ALL, response={201: WorkNoteOut}, summary="Note something")
def write_work_note(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    note: WorkNoteIn,
) -> Status[Any]:  # fmt: skip
    """From the brief on, until the report is handed over."""
    enter(request, partnership_id, engagement_id)
    made = operations.write_note(
        actor=request.reader, engagement_id=engagement_id, facts=NoteFacts(**note.model_dump()),
        now=timezone.localtime(),
    )  # fmt: skip
    response["Location"] = f"{request.path}/{made.pk}"
    return Status(201, _shown(response, made))


def _shown(response: HttpResponse, note: Note) -> Note:
    show_version(response, note.version)
    return note


@router.get(_ONE, response=WorkNoteOut, summary="One note")
def show_work_note(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id, note_id: Id
) -> Note:
    """Put away or not."""
    enter(request, partnership_id, engagement_id)
    return _shown(response, queries.get_note(engagement_id, note_id))


@router.patch(_ONE, response=WorkNoteOut, summary="Change a note")
def change_work_note(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id,
    note_id: Id, change: WorkNoteChanges, if_match: IfMatch = None,
) -> Note:  # fmt: skip
    """As it was read: what somebody else changed meanwhile is not written over."""
    enter(request, partnership_id, engagement_id)
    note = queries.get_note(engagement_id, note_id)
    facts = {name: getattr(note, name) for name in WorkNoteChanges.model_fields}
    made = operations.change_note(
        actor=request.reader, engagement_id=engagement_id, note_id=note_id,
        version=match_version(if_match, note.version), facts=NoteFacts(**facts | change.sent()),
        now=timezone.localtime(),
    )  # fmt: skip
    return _shown(response, made)


@router.post(f"{_ONE}/drop", response=WorkNoteOut, summary="Put a note away")
def drop_work_note(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id, note_id: Id
) -> Note:
    """One that a finding or a recommendation rests on stays."""
    enter(request, partnership_id, engagement_id)
    made = operations.drop_note(
        actor=request.reader, engagement_id=engagement_id, note_id=note_id, now=timezone.localtime()
    )
    return _shown(response, made)


@router.post(f"{_ONE}/restore", response=WorkNoteOut, summary="Bring a note back")
def restore_work_note(
    request: HttpRequest, response: HttpResponse, partnership_id: Id, engagement_id: Id, note_id: Id
) -> Note:
    """One that was put away."""
    enter(request, partnership_id, engagement_id)
    made = operations.restore_note(
        actor=request.reader, engagement_id=engagement_id, note_id=note_id, now=timezone.localtime()
    )
    return _shown(response, made)
