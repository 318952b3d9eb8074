"""Notes of a desk on an introduction."""

from datetime import datetime
from typing import Annotated

from django.utils import timezone
from ninja.responses import Status
from pydantic import Field

from proxeny.ambassadors.api._desk import ONE, get_desk_case
from proxeny.ambassadors.api._router import router
from proxeny.ambassadors.models import Note
from proxeny.ambassadors.operations import introductions as operations
from proxeny.ambassadors.queries.cases import notes_of
from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.requests import Request


class DeskNoteOut(Out):
    """A note that only your team can read."""

    id: int
    text: str
    person_id: int | None
    written_at: datetime
    dropped_at: datetime | None


class DeskNoteIn(In):
    """The text of a note."""

    text: Annotated[str, Field(min_length=1, max_length=4000)]


@router.get(f"{ONE}/notes", response=list[DeskNoteOut], summary="List notes on an introduction")
def list_desk_notes(request: Request, partnership_id: Id, introduction_id: Id) -> list[Note]:
    """Returns the notes that aren't archived, newest first."""
    return notes_of(get_desk_case(request, partnership_id, introduction_id))


@router.post(f"{ONE}/notes", response={201: DeskNoteOut}, summary="Add a note to an introduction")
def write_desk_note(
    request: Request, partnership_id: Id, introduction_id: Id, note: DeskNoteIn
) -> Status[Note]:
    """Visible to your team only."""
    get_desk_case(request, partnership_id, introduction_id)
    made = operations.write_note(
        actor=request.reader, introduction_id=introduction_id, text=note.text, now=timezone.now()
    )
    return Status(201, made)


@router.post(
    f"{ONE}/notes/{{note_id}}/drop", response=DeskNoteOut, summary="Archive or restore a note"
)
def drop_desk_note(request: Request, partnership_id: Id, introduction_id: Id, note_id: Id) -> Note:
    """Archives a note, or restores it if it is archived."""
    get_desk_case(request, partnership_id, introduction_id)
    return operations.drop_note(
        actor=request.reader, introduction_id=introduction_id, note_id=note_id, now=timezone.now()
    )
