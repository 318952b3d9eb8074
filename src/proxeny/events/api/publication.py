"""Showing and publishing an agenda, and who is being told of it."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from proxeny.events.api._router import router
from proxeny.events.api.events import EventOut, show
from proxeny.events.operations import publish
from proxeny.events.queries.agenda.board import get_event_for_staff
from proxeny.events.queries.agenda.runs import list_announcements
from proxeny.kernel.api import Id
from proxeny.kernel.api.work import JobOut


class AnnouncementOut(JobOut):
    """The job that tells the participants: of a provisional, or of a published agenda."""

    announces: str

    @staticmethod
    def resolve_announces(job: object) -> str:
        """Which agenda is told of."""
        return job.arguments["kind"]


@router.post("/{event_id}/agenda/show", response=EventOut, summary="Show the agenda")
def show_provisional(request: HttpRequest, response: HttpResponse, event_id: Id):
    """Let the participants see the agenda, marked as provisional; each gets one mail."""
    publish.show_provisional(actor=request.reader, event_id=event_id, now=timezone.now())
    return show(request, response, event_id)


@router.post("/{event_id}/agenda/publish", response=EventOut, summary="Publish the agenda")
def publish_agenda(request: HttpRequest, response: HttpResponse, event_id: Id):
    """Confirm all meetings; each participant gets one mail with the own agenda."""
    publish.publish_agenda(actor=request.reader, event_id=event_id, now=timezone.now())
    return show(request, response, event_id)


@router.get(
    "/{event_id}/agenda/announcements",
    response=list[AnnouncementOut],
    summary="List announcements",
)
def list_agenda_announcements(request: HttpRequest, event_id: Id):
    """Jobs that write the participants' mails, the latest first; for people of the clusters."""
    return list_announcements(get_event_for_staff(request.reader, event_id))
