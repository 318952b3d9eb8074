"""Who speaks for a side, what it thinks for itself, who joins and leaves, by program."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.errors import NotFound
from proxeny.partnerships import queries
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import Note, Version, WhyIn
from proxeny.partnerships.operations import parties


class ContactIn(In):
    """Who speaks for the caller's side; null: nobody."""

    person_id: Id | None


@router.put("/{partnership_id}/contact", response={204: None}, summary="Name a contact")
def name_contact(request: HttpRequest, partnership_id: Id, contact: ContactIn) -> Status[None]:
    """For the caller's side, in everyday matters."""
    parties.name_contact(
        actor=request.reader, partnership_id=partnership_id, person_id=contact.person_id,
        now=timezone.localtime(),
    )  # fmt: skip
    return Status(204, None)


class AssessmentText(In):
    """What a side thinks for itself; nobody else reads it."""

    brings: Annotated[str, Field(max_length=4000)] = ""
    needs: Annotated[str, Field(max_length=4000)] = ""
    limits: Annotated[str, Field(max_length=4000)] = ""
    doubts: Annotated[str, Field(max_length=4000)] = ""


class AssessmentIn(AssessmentText):
    """The same, the version it was written from (0: none), and whether it is done."""

    version: Version
    is_done: bool = False


class AssessmentOut(Out):
    """What one's own side thinks for itself."""

    brings: str
    needs: str
    limits: str
    doubts: str
    version: int


@router.get("/{partnership_id}/assessment", response=AssessmentOut, summary="Our own view")
def show_assessment(request: HttpRequest, partnership_id: Id) -> Any:
    """What the caller's side thinks for itself."""
    partnership = queries.get_partnership(partnership_id)
    for party in queries.parties_of(partnership):
        if party.organisation_id in request.reader.organisations:
            kept = queries.get_assessment(partnership, party.organisation_id)
            if kept is not None:
                return kept
    raise NotFound(_("There is no such entry."))


@router.put("/{partnership_id}/assessment", response=AssessmentOut, summary="Write our own view")
def write_assessment(request: HttpRequest, partnership_id: Id, view: AssessmentIn) -> Any:
    """The other side sees the day on which it was done, and not a word more."""
    return parties.write_assessment(
        actor=request.reader,
        partnership_id=partnership_id,
        now=timezone.localtime(),
        **view.model_dump(),
    )


class PartyIn(In):
    """Which cluster is to join, and what it reads with it."""

    organisation_id: Id
    note: Note = ""


@router.post("/{partnership_id}/parties", response={204: None}, summary="Invite a further cluster")
def invite_party(request: HttpRequest, partnership_id: Id, invitation: PartyIn) -> Status[None]:
    """All parties and the cluster itself sign; with a third party it is an alliance."""
    parties.invite_party(
        actor=request.reader, partnership_id=partnership_id, now=timezone.localtime(),
        **invitation.model_dump(),
    )  # fmt: skip
    return Status(204, None)


@router.post("/{partnership_id}/leave", response={204: None}, summary="Leave an alliance")
def leave_alliance(request: HttpRequest, partnership_id: Id, why: WhyIn) -> Status[None]:
    """The others go on; what the caller's side shared stops being shared."""
    parties.leave_alliance(
        actor=request.reader,
        partnership_id=partnership_id,
        reason=why.reason,
        now=timezone.localtime(),
    )
    return Status(204, None)
