"""History texts for an event's steps, in its own history and its partnership's."""

from collections.abc import Mapping, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import TRAILS, Trail
from proxeny.directory.forms import language_name
from proxeny.events import queries
from proxeny.events.models import AgendaEntry, AgendaRun, Participation
from proxeny.events.queries.partnerships import name_party
from proxeny.kernel import audit
from proxeny.kernel.models import AuditEntry
from proxeny.partnerships import history

#: News for both clusters on the page of their partnership.
NEWS = {
    "create_event": _("Created a joint event"),
    "open_event": _("Opened an event for requests"),
    "close_requests": _("Closed requests for an event"),
    "show_provisional": _("Shared a provisional agenda with participants"),
    "publish_agenda": _("Published an agenda"),
    "finish_event": _("Closed a finished event"),
    "cancel_event": _("Cancelled an event"),
}
SENTENCES = {
    "add_entry": _("Added a meeting to the agenda"),
    "check_in": _("Recorded attendance"),
    "clear_request": _("Cleared a meeting choice"),
    "discard_agenda": _("Discarded the draft agenda"),
    "invite_members": _("Invited members"),
    "lock_entry": _("Locked a meeting in place"),
    "move_entry": _("Moved a meeting in the agenda"),
    "register": _("Registered"),
    "remind_participants": _("Reminded participants"),
    "reopen_requests": _("Reopened requests"),
    "repair_agenda": _("Repaired the agenda"),
    "set_days": _("Set the days and slots"),
    "set_groups": _("Set the groups"),
    "find_suggestions": _("Requested participant suggestions"),
    "set_request": _("Chose who to meet"),
    "set_rules": _("Set the request rules"),
    "set_tables": _("Set the tables"),
    "solve_agenda": _("The agenda was calculated"),
    "start_agenda_run": _("Started calculating the agenda"),
    "stop_agenda_run": _("Stopped calculating the agenda"),
    "unlock_entry": _("Unlocked a meeting"),
    "update_event": _("Changed the event"),
    "update_participation": _("Changed a registration"),
    "withdraw_participation": _("Withdrew from the event"),
}
#: Labels for changes by the steps of an event that are no named fields.
LABELS = {
    "state": _("State"),
    "slots": _("Slots"),
    "tables": _("Tables"),
    "groups": _("Groups"),
    "slot": _("Slot"),
    "table": _("Table"),
    "starts_at": _("Time"),
    "languages": _("Languages"),
    "unavailable": _("Unavailable slots"),
    "is_here": _("Present"),
}


def _name_things(entries: Sequence[AuditEntry]) -> Mapping[int, str]:
    """Name the participants that rows are about: one, a target, or a pair. Two queries."""
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
    audit.SENTENCES.update(SENTENCES)
    history.THINGS.add("events.event", queries.event_titles)
    TRAILS.add(
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
