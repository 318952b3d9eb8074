"""How an event's steps read in a history: its own, and its partnership's."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import Trail, keep_trail
from proxeny.events import queries
from proxeny.events.models import AgendaEntry, AgendaRun, Participation
from proxeny.kernel import audit
from proxeny.partnerships import history

#: What both clusters read on the page of their partnership.
NEWS = {
    "create_event": _("Began a joint event"),
    "open_event": _("Opened an event for requests"),
    "close_requests": _("Closed the requests of an event"),
    "show_provisional": _("Showed a provisional agenda to the participants"),
    "publish_agenda": _("Published an agenda"),
    "finish_event": _("Closed a finished event"),
    "cancel_event": _("Called an event off"),
}
SENTENCES = {
    "add_entry": _("Put a meeting into the agenda"),
    "check_in": _("Noted who is here"),
    "clear_request": _("Took a mark back"),
    "discard_agenda": _("Threw the draft agenda away"),
    "invite_members": _("Invited members"),
    "lock_entry": _("Locked a meeting in its place"),
    "move_entry": _("Moved a meeting of the agenda"),
    "register": _("Registered"),
    "remind_participants": _("Reminded participants"),
    "reopen_requests": _("Opened the requests again"),
    "repair_agenda": _("Repaired the agenda"),
    "set_days": _("Set the days and slots"),
    "set_groups": _("Set the groups"),
    "set_request": _("Marked whom to meet"),
    "set_rules": _("Set who meets whom"),
    "set_tables": _("Set the tables"),
    "solve_agenda": _("The agenda was worked out"),
    "start_agenda_run": _("Started to work out the agenda"),
    "stop_agenda_run": _("Stopped working out the agenda"),
    "unlock_entry": _("Unlocked a meeting"),
    "update_event": _("Changed the event"),
    "update_participation": _("Changed a registration"),
    "withdraw_participation": _("Withdrew from the event"),
}


def teach() -> None:
    """Called when Django is ready."""
    for verb, sentence in NEWS.items():
        history.tell(verb, sentence)
    audit.tell(SENTENCES)
    keep_trail(
        "event",
        Trail(
            find=queries.get_event,
            address=lambda event: reverse("events:detail", args=[event.pk]),
            related=lambda event: {
                "events.AgendaRun": AgendaRun.objects.filter(event=event).values("pk"),
                "events.AgendaEntry": AgendaEntry.objects.filter(event=event).values("pk"),
                "events.Participation": Participation.objects.filter(event=event).values("pk"),
                "meetings.Meeting": AgendaEntry.objects.filter(event=event).values("meeting_id"),
            },
        ),
    )
