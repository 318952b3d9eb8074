"""API for a side's contact and internal assessment, and for parties joining and leaving."""

from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import Field

from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.partnerships import queries
from proxeny.partnerships.api._router import router
from proxeny.partnerships.api._shapes import Note, Version, WhyIn
from proxeny.partnerships.operations import parties


class ContactIn(In):
    """The contact of your side. Null means no one."""

    person_id: Id | None


@router.put("/{partnership_id}/contact", response={204: None}, summary="Set the contact")
def name_contact(request: Request, partnership_id: Id, contact: ContactIn) -> Status[None]:
    """Sets the contact of your side for everyday matters."""
    parties.name_contact(
        actor=request.reader,
        partnership_id=partnership_id,
        person_id=contact.person_id,
        now=timezone.localtime(),
    )
    return Status(204, None)


class AssessmentText(In):
    """A side's internal assessment. No one else can read it."""

    brings: Annotated[str, Field(max_length=4000)] = ""
    needs: Annotated[str, Field(max_length=4000)] = ""
    limits: Annotated[str, Field(max_length=4000)] = ""
    doubts: Annotated[str, Field(max_length=4000)] = ""


class AssessmentIn(AssessmentText):
    """The assessment, the version it is based on (0 if there was none), and whether it is done."""

    version: Version
    is_done: bool = False


class AssessmentOut(Out):
    """The internal assessment of your own side."""

    brings: str
    needs: str
    limits: str
    doubts: str
    version: int


@router.get(
    "/{partnership_id}/assessment", response=AssessmentOut, summary="Get your internal assessment"
)
def show_assessment(request: Request, partnership_id: Id) -> Any:
    """Returns the internal assessment of your side."""
    partnership = queries.get_partnership(partnership_id)
    for party in queries.parties_of(partnership):
        if party.organisation_id in request.reader.organisations:
            kept = queries.get_assessment(partnership, party.organisation_id)
            if kept is not None:
                return kept
    raise NotFound(_("We couldn’t find this entry."))


@router.put(
    "/{partnership_id}/assessment",
    response=AssessmentOut,
    summary="Update your internal assessment",
)
def write_assessment(request: Request, partnership_id: Id, view: AssessmentIn) -> Any:
    """Saves the assessment. The other side sees only the day when it was completed."""
    return parties.write_assessment(
        actor=request.reader,
        partnership_id=partnership_id,
        now=timezone.localtime(),
        **view.model_dump(),
    )


class PartyIn(In):
    """The cluster to invite, and a note for it."""

    organisation_id: Id
    note: Note = ""


@router.post("/{partnership_id}/parties", response={204: None}, summary="Invite another cluster")
def invite_party(request: Request, partnership_id: Id, invitation: PartyIn) -> Status[None]:
    """Invites a cluster.

    All parties and the cluster itself have to sign. With a third party, the partnership becomes an
    alliance.
    """
    parties.invite_party(
        actor=request.reader,
        partnership_id=partnership_id,
        now=timezone.localtime(),
        **invitation.model_dump(),
    )
    return Status(204, None)


@router.post("/{partnership_id}/leave", response={204: None}, summary="Leave an alliance")
def leave_alliance(request: Request, partnership_id: Id, why: WhyIn) -> Status[None]:
    """Leaves the alliance, which continues with the other parties.

    Everything that your side shared stops being shared.
    """
    parties.leave_alliance(
        actor=request.reader,
        partnership_id=partnership_id,
        reason=why.reason,
        now=timezone.localtime(),
    )
    return Status(204, None)
