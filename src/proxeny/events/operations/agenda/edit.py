"""Change single meetings of an agenda by hand: lock, move, add."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.events.models import (
    AgendaEntry,
    Event,
    GroupRule,
    MeetingRequest,
    Participation,
)
from proxeny.events.operations._guards import lock_event
from proxeny.events.operations.agenda.run import IN_THE_MAKING, refuse_while_solving
from proxeny.events.operations.agenda.store import new_meeting, place_words
from proxeny.events.operations.agreeing import void_stale
from proxeny.events.operations.publish import Change, tell_changes
from proxeny.events.queries.agenda.places import (
    Place,
    find_places,
    get_entry,
    get_participation,
)
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.models import Meeting
from proxeny.meetings.operations import (
    NewPlace,
    discard_meetings,
    move_meetings,
    plan_meetings,
)

_STATE_OF_MEETINGS: dict[str, Meeting.State] = {
    Event.State.CLOSED: Meeting.State.DRAFT,
    Event.State.PROVISIONAL: Meeting.State.PROVISIONAL,
    Event.State.PUBLISHED: Meeting.State.CONFIRMED,
}


@transaction.atomic
def lock_entry(*, actor: Reader, event_id: int, entry_id: int, is_locked: bool) -> AgendaEntry:
    """Lock a meeting to its place for the next runs, or unlock it.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        No such meeting; not a manager; a run is under way or the event is over.
    """
    event = lock_agenda(actor, event_id)
    entry = get_entry(event_id, entry_id)
    if entry.is_locked != is_locked:
        entry.is_locked = is_locked
        entry.save(update_fields=["is_locked"])
        audit.record(
            actor,
            "lock_entry" if is_locked else "unlock_entry",
            entry,
            partnership_id=event.partnership_id,
        )
    return entry


@transaction.atomic
def move_entry(
    *,
    actor: Reader,
    event_id: int,
    entry_id: int,
    slot_id: int,
    table_id: int,
    now: datetime,
    version: int | None = None,
) -> AgendaEntry:
    """Move a meeting to another free place and lock it there.

    With `version`, a meeting whose sequence is another one by now has been moved meanwhile.

    Side effects: the meeting's time, place and sequence; an audit row. Once the agenda is
    published, the participants of this meeting, and nobody else, get a mail.

    Raises
    ------
    NotFound, NotAllowed
        No such meeting; not a manager.
    InvalidInput, Conflict
        The place is not free for both; a run is under way, or somebody was faster.
    """
    event = lock_agenda(actor, event_id)
    entry = get_entry(event_id, entry_id)
    if version is not None and version != entry.meeting.sequence:
        raise Conflict(_("Someone else has moved this meeting. Check where it is now."))
    if (entry.slot_id, entry.table_id) == (slot_id, table_id):
        return entry
    places = find_places(event_id, entry.first, entry.second, ignoring=entry.pk)
    place = pick_place(places, slot_id, table_id)
    before = [entry.slot.number, entry.table.number]
    entry.slot, entry.table, entry.is_locked = place.slot, place.table, True
    _write(entry)
    where = NewPlace(
        entry.meeting_id, place.slot.starts_at, place.slot.ends_at, place_words(event, place.table)
    )
    changed = move_meetings(actor=actor, places=[where], now=now)
    audit.record(
        actor,
        "move_entry",
        entry,
        partnership_id=event.partnership_id,
        changes={"slot": [before[0], place.slot.number], "table": [before[1], place.table.number]},
    )
    tell_changes(event, [Change(meeting.pk, "moved") for meeting in changed], now=now)
    return entry


@transaction.atomic
def add_entry(
    *,
    actor: Reader,
    event_id: int,
    first_id: int,
    second_id: int,
    slot_id: int,
    table_id: int,
    now: datetime,
) -> AgendaEntry:
    """Plan a meeting of two participants by hand, and lock it to its place.

    Side effects and errors are those of `move_entry`. A pair that one of the two does not want,
    or that the event's rules do not let meet, is refused in the same words, so that no one
    learns of a `no-thanks`.
    """
    event = lock_agenda(actor, event_id)
    if first_id == second_id:
        raise InvalidInput(_("Choose two different participants."), field="second")
    first = get_participation(event_id, first_id)
    second = get_participation(event_id, second_id)
    _check_pair(event, first, second)
    place = pick_place(find_places(event_id, first, second), slot_id, table_id)
    called_off = _of_pair(event, first, second).filter(is_live=False).count()
    (meeting,) = plan_meetings(
        plans=[
            new_meeting(
                event,
                first,
                second,
                place.slot,
                place.table,
                repeat=called_off,
                state=_STATE_OF_MEETINGS[event.state],
            )
        ]
    )
    entry = AgendaEntry(
        event=event,
        meeting=meeting,
        slot=place.slot,
        table=place.table,
        first=first,
        second=second,
        is_locked=True,
    )
    _write(entry)
    audit.record(
        actor,
        "add_entry",
        entry,
        partnership_id=event.partnership_id,
        changes={"first": first.pk, "second": second.pk},
    )
    tell_changes(event, [Change(meeting.pk, "added")], now=now)
    return entry


@transaction.atomic
def discard_agenda(*, actor: Reader, event_id: int) -> int:
    """Throw an agenda away that was never published; return how many meetings went.

    Side effects: its meetings are removed, called off ones included; requests stay; an audit row.
    A provisional agenda is no longer shown, and the event is back at "requests closed".

    Raises
    ------
    NotFound, NotAllowed, Conflict
        No such event; not a manager; a run is under way, or the agenda was published.
    """
    event = lock_agenda(actor, event_id)
    if event.state not in IN_THE_MAKING:
        raise Conflict(
            _("A published agenda can’t be discarded. Cancel individual meetings instead.")
        )
    ids = list(AgendaEntry.objects.filter(event=event).values_list("meeting_id", flat=True))
    AgendaEntry.objects.filter(event=event).delete()
    # Rows that depend on a meeting (answers, ratings) go with it, and a manager may not delete
    # them.
    with as_service("A manager may discard meetings, but may not delete the ratings in them."):
        count = discard_meetings(meeting_ids=ids, even_cancelled=True)
    Event.objects.filter(pk=event.pk).update(state=Event.State.CLOSED, version=F("version") + 1)
    void_stale(event)
    audit.record(
        actor,
        "discard_agenda",
        event,
        partnership_id=event.partnership_id,
        changes={"meetings": count},
    )
    return count


def lock_agenda(actor: Reader, event_id: int) -> Event:
    """Return the event for a change by hand, locked; refuse while it may not be changed."""
    event = lock_event(actor, event_id)
    refuse_while_solving(event)
    if event.state not in (*IN_THE_MAKING, Event.State.PUBLISHED):
        raise Conflict(_("This event’s agenda can’t be changed now."))
    return event


def pick_place(places: list[Place], slot_id: int, table_id: int) -> Place:
    """Return the place that was chosen, or say that it is not free."""
    for place in places:
        if (place.slot.pk, place.table.pk) == (slot_id, table_id):
            return place
    raise InvalidInput(
        _("This time and table are no longer free for both participants. Choose another option."),
        field="place",
    )


def _of_pair(event: Event, first: Participation, second: Participation) -> QuerySet[AgendaEntry]:
    return AgendaEntry.objects.filter(event=event).filter(
        Q(first=first, second=second) | Q(first=second, second=first)
    )


def _check_pair(event: Event, first: Participation, second: Participation) -> None:
    registered = Participation.State.REGISTERED
    if first.state != registered or second.state != registered:
        raise InvalidInput(_("Both participants must be registered."), field="second")
    if _of_pair(event, first, second).filter(is_live=True).exists():
        raise InvalidInput(_("These two participants already have a meeting."), field="second")
    if not _may_meet(event, first, second):
        raise InvalidInput(_("This meeting can’t be scheduled."), field="second")
    for one in (first, second):
        live = AgendaEntry.objects.filter(event=event, is_live=True)
        count = live.filter(Q(first=one) | Q(second=one)).count()
        if one.cap is not None and count >= one.cap:
            raise InvalidInput(
                ngettext(
                    "%(name)s wants at most %(cap)d meeting and already has it.",
                    "%(name)s wants at most %(cap)d meetings and has already reached that limit.",
                    one.cap,
                )
                % {"name": one.organisation.name, "cap": one.cap}
            )


def _may_meet(event: Event, first: Participation, second: Participation) -> bool:
    with as_service("A refusal to meet is hidden from the planner, who learns only yes or no."):
        unwanted = MeetingRequest.objects.filter(
            event=event,
            kind=MeetingRequest.Kind.NO_THANKS,
            source__in=(first, second),
            target__in=(first, second),
        ).exists()
    rules = {
        (rule.source_id, rule.target_id): rule.is_allowed
        for rule in GroupRule.objects.filter(event=event)
    }
    ways = ((first.group_id, second.group_id), (second.group_id, first.group_id))
    return not unwanted and any(rules.get(way, True) for way in ways)


def _write(entry: AgendaEntry) -> None:
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        raise Conflict(
            _(
                "Someone else has just taken this time and table. Nothing was changed. Choose "
                "another option."
            )
        ) from error
