"""Provisional and published agendas, and the announcements to participants."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils import timezone

from proxeny.events.api._router import router
from proxeny.events.api.events import EventOut, show
from proxeny.events.operations import publish
from proxeny.events.queries.agenda.board import get_event_for_staff
from proxeny.events.queries.agenda.runs import list_announcements
from proxeny.kernel.api import Id
from proxeny.kernel.api.jobs import JobOut
from proxeny.kernel.models import Job
from proxeny.kernel.requests import Request


class AnnouncementOut(JobOut):
    """The job that notifies participants of a provisional or a published agenda."""

    announces: str

    @staticmethod
    def resolve_announces(job: Job) -> str:
        """Return the kind of agenda that is announced."""
        return str(job.arguments["kind"])


@router.post("/{event_id}/agenda/show", response=EventOut, summary="Show the agenda as provisional")
def show_provisional(request: Request, response: HttpResponse, event_id: Id) -> EventOut:
    """Shows the agenda to participants, marked as provisional. Each participant gets one email."""
    publish.show_provisional(actor=request.reader, event_id=event_id, now=timezone.now())
    return show(request, response, event_id)


@router.post("/{event_id}/agenda/publish", response=EventOut, summary="Publish the agenda")
def publish_agenda(request: Request, response: HttpResponse, event_id: Id) -> EventOut:
    """Confirms all meetings and emails each participant their own agenda.

    All sides must agree: the first call proposes the step, and the call of the last side carries it
    out (see `proposals`).
    """
    publish.publish_agenda(actor=request.reader, event_id=event_id, now=timezone.now())
    return show(request, response, event_id)


@router.get(
    "/{event_id}/agenda/announcements",
    response=list[AnnouncementOut],
    summary="List announcements",
)
def list_agenda_announcements(request: Request, event_id: Id) -> Sequence[Job]:
    """Returns the jobs that write the emails to participants, latest first.

    Available to people of the two clusters.
    """
    return list_announcements(get_event_for_staff(request.reader, event_id))
