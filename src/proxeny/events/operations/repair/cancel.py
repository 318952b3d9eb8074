"""Cancel meetings: a single one, the actor's own, or all of a participant's."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from proxeny.events.models import AgendaEntry, Event, Participation
from proxeny.events.operations._guards import lock_event, lock_participation
from proxeny.events.operations.agenda.edit import lock_agenda
from proxeny.events.operations.publish import Change, tell_changes
from proxeny.events.queries.agenda.places import get_entry, live_entries
from proxeny.events.rules import can_act_for
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.models import Meeting
from proxeny.meetings.operations import cancel_meetings


@transaction.atomic
def cancel_meeting(
    *, actor: Reader, event_id: int, entry_id: int, reason: str, now: datetime
) -> AgendaEntry:
    """Call one meeting of the agenda off, as an organiser.

    Side effects: the place is free again; the two participants, and nobody else, get a CANCEL if
    the agenda is published; the pair is not planned again by a later run. An audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict, InvalidInput
        No such meeting; not a manager; not the time for it; no reason given.
    """
    _check_reason(reason)
    event = lock_agenda(actor, event_id)
    entry = get_entry(event_id, entry_id)
    changes = call_off(actor, [entry], reason, now)
    tell_changes(event, changes, now=now, reason=reason)
    return entry


@transaction.atomic
def withdraw_from_meeting(
    *, actor: Reader, event_id: int, entry_id: int, reason: str, now: datetime
) -> AgendaEntry:
    """Cancel one of the actor's own meetings, as a participant.

    Side effects are those of `cancel_meeting`.

    Raises
    ------
    NotFound, NotAllowed, Conflict, InvalidInput
        No such meeting, or not shown yet; not the actor's own; it has begun; no reason given.
    """
    _check_reason(reason)
    entry = get_entry(event_id, entry_id)
    if entry.meeting.state == Meeting.State.DRAFT:
        # A cluster that takes part itself sees its meetings as an organiser before they are shown.
        raise NotFound(_("We couldn’t find this meeting in this agenda."))
    own = (entry.first.organisation_id, entry.second.organisation_id)
    if not set(own) & set(actor.organisations):
        raise NotAllowed(_("Only the participants in this meeting can withdraw from it."))
    if entry.slot.starts_at <= now:
        raise Conflict(_("This meeting has started. You can say how it went instead."))
    with as_service("Participants may call their own meeting off, but may not write the agenda."):
        event = Event.objects.select_for_update().get(pk=event_id)
        changes = call_off(actor, [entry], reason, now)
        tell_changes(event, changes, now=now, reason=reason)
    return entry


@transaction.atomic
def cancel_participation_meetings(
    *, actor: Reader, participation_id: int, reason: str, now: datetime
) -> int:
    """Cancel all meetings of a participant that have not begun; return their number.

    For a withdrawal from an event: by the organisation itself, its cluster, or an organiser. Side
    effects are those of `cancel_meeting`, with one mail to each participant concerned.

    Raises
    ------
    NotFound, NotAllowed
    """
    participation = _participation_to_change(actor, participation_id)
    with as_service("The right to withdraw was checked, but only managers may write the agenda."):
        event = Event.objects.select_for_update().get(pk=participation.event_id)
        mine = Q(first=participation) | Q(second=participation)
        entries = list(live_entries(event.pk).filter(mine, slot__starts_at__gt=now))
        changes = call_off(actor, entries, reason, now)
        tell_changes(event, changes, now=now, reason=reason)
    return len(changes)


def _participation_to_change(actor: Reader, participation_id: int) -> Participation:
    found = Participation.objects.select_related("organisation", "event")
    participation = found.filter(pk=participation_id).first()
    if participation is None or can_act_for(actor, participation):
        return lock_participation(actor, participation_id)
    lock_event(actor, participation.event_id)
    return participation


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput(_("Give a short reason. The other side will read it."), field="reason")


def call_off(
    actor: Reader, entries: Sequence[AgendaEntry], reason: str, now: datetime
) -> list[Change]:
    """Free the places of entries and call their meetings off; return what changed."""
    # The entries stay, for the history and so that no run plans the pair again.
    AgendaEntry.objects.filter(pk__in=[entry.pk for entry in entries]).update(
        is_live=False, is_locked=False
    )
    cancelled = cancel_meetings(
        actor=actor, meeting_ids=[entry.meeting_id for entry in entries], reason=reason, now=now
    )
    return [Change(meeting.pk, "cancelled") for meeting in cancelled]
