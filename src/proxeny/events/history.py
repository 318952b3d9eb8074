"""How an event's steps read in a history: its own, and its partnership's."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import Trail, keep_trail
from proxeny.directory.forms import language_name
from proxeny.events import queries
from proxeny.events.models import AgendaEntry, AgendaRun, Participation
from proxeny.events.queries.partnerships import name_party
from proxeny.kernel import audit
from proxeny.kernel.models import AuditEntry
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
    "discard_agenda": _("Discarded the draft agenda"),
    "invite_members": _("Invited members"),
    "lock_entry": _("Locked a meeting in its place"),
    "move_entry": _("Moved a meeting of the agenda"),
    "register": _("Registered"),
    "remind_participants": _("Reminded participants"),
    "reopen_requests": _("Opened the requests again"),
    "repair_agenda": _("Repaired the agenda"),
    "set_days": _("Set the days and slots"),
    "set_groups": _("Set the groups"),
    "find_suggestions": _("Had participants suggested"),
    "set_request": _("Marked whom to meet"),
    "set_rules": _("Set who may ask whom"),
    "set_tables": _("Set the tables"),
    "solve_agenda": _("The agenda was worked out"),
    "start_agenda_run": _("Started to work out the agenda"),
    "stop_agenda_run": _("Stopped working out the agenda"),
    "unlock_entry": _("Unlocked a meeting"),
    "update_event": _("Changed the event"),
    "update_participation": _("Changed a registration"),
    "withdraw_participation": _("Withdrew from the event"),
}
#: What the steps of an event change that is no field with a name of its own.
LABELS = {
    "state": _("State"),
    "slots": _("Slots"),
    "tables": _("Tables"),
    "groups": _("Groups"),
    "slot": _("Slot"),
    "table": _("Table"),
    "starts_at": _("Time"),
    "languages": _("Languages"),
    "unavailable": _("Slots that do not suit"),
    "is_here": _("Is here"),
}


def _name_things(entries: Sequence[AuditEntry]) -> Mapping[int, str]:
    """Name whom rows are about: who takes part, is to be met, or the two who meet. Two queries."""
    whom = {
        one.pk: one.changes.get("target", one.target_id)
        for one in entries
        if one.target == "events.participation"
    }
    who = queries.participant_names(whom.values())
    pairs = queries.pair_names((one.target, one.target_id) for one in entries)
    named = {one.pk: pairs.get((one.target, one.target_id), "") for one in entries}
    return named | {pk: who.get(participation, "") for pk, participation in whom.items()}


def teach() -> None:
    """Called when Django is ready."""
    for verb, sentence in NEWS.items():
        history.tell(verb, sentence)
    audit.tell(SENTENCES)
    history.name_things("events.event", queries.event_titles)
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
            things=_name_things,
            labels=LABELS,
            words={"languages": language_name, "host_id": lambda pk: name_party(int(pk))},
        ),
    )
