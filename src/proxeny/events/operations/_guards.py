"""Loading and refusing, as several operations need it."""

from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext as _

from proxeny.events.models import Event, Participation
from proxeny.events.rules import can_act_for, can_organise
from proxeny.kernel.errors import Conflict, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import city_of, load_zone


def lock_event(actor: Reader, event_id: int, *, version: int | None = None) -> Event:
    """Return the event for a change by an organiser, locked until the transaction ends.

    Raises
    ------
    NotFound
        The actor does not see it.
    NotAllowed
        The actor sees it and does not organise it.
    Conflict
        `version` is given and is not the event's.
    """
    find_event(actor, event_id)
    event = Event.objects.select_for_update().get(pk=event_id)
    if version is not None and version != event.version:
        raise Conflict(
            _(
                "Someone else changed this event while you were editing it. Check the latest "
                "version and save again."
            )
        )
    return event


def find_event(actor: Reader, event_id: int) -> Event:
    """Return an event that the actor organises; raises `NotFound` and `NotAllowed` as above."""
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        raise NotFound(_("We couldn’t find this event."))
    if not can_organise(actor, event):
        raise NotAllowed(_("Only managers of the clusters involved can set up this event."))
    return event


def lock_participation(
    actor: Reader, participation_id: int, *, version: int | None = None
) -> Participation:
    """Return a participation, locked for a change by an actor acting for it.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `lock_event`.
    """
    found = Participation.objects.select_related("event__partnership", "organisation", "group")
    locked = found.select_for_update(of=("self",)).filter(pk=participation_id).first()
    # What nobody may write, the database does not lock: the reason is what may be read of it.
    seen = locked or found.filter(pk=participation_id).first()
    if seen is None:
        raise NotFound(_("We couldn’t find this participant."))
    if not can_act_for(actor, seen):
        raise NotAllowed(_("Only the organisation itself or its own cluster can change this."))
    if locked is None:
        # Its partnership has ended: the room stays readable.
        raise Conflict(_("This event has ended and can no longer be changed."))
    if version is not None and version != locked.version:
        raise Conflict(
            _(
                "Someone else changed this registration while you were editing it. Check the "
                "latest version and save again."
            )
        )
    return locked


def refuse_state(event: Event, *states: str) -> None:
    """Raise `Conflict` unless the event is in one of these states."""
    if event.state not in states:
        raise Conflict(
            _("This isn’t possible while the event is at the “%(state)s” stage.")
            % {"state": event.get_state_display()}
        )


def say_moment(event: Event, moment: datetime) -> str:
    """Return a moment in the event's own time, with the city whose clocks show it."""
    local = moment.astimezone(load_zone(event.time_zone))
    return f"{formats.date_format(local, 'DATETIME_FORMAT')} ({city_of(event.time_zone)})"
