"""Loading and refusing, as several operations need it."""

from django.utils import formats
from django.utils.translation import gettext as _

from proxeny.events.models import Event, Participation
from proxeny.events.rules import can_act_for, can_organise
from proxeny.kernel.errors import Conflict, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import load_zone


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
    event = Event.objects.filter(pk=event_id).first()
    if event is None:
        raise NotFound(_("There is no such event."))
    if not can_organise(actor, event):
        raise NotAllowed(_("Only the managers of the two clusters set up their event."))
    event = Event.objects.select_for_update().get(pk=event_id)
    if version is not None and version != event.version:
        raise Conflict(
            _("Somebody else changed this event while you worked on it. Look at it and save again.")
        )
    return event


def lock_participation(
    actor: Reader, participation_id: int, *, version: int | None = None
) -> Participation:
    """Return a participation for a change by who acts for it, locked.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `lock_event`.
    """
    found = (
        Participation.objects.select_related("organisation", "event", "group")
        .filter(pk=participation_id)
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such participant."))
    if not can_act_for(actor, found):
        raise NotAllowed(_("Only the organisation itself or its own cluster may change this."))
    locked = Participation.objects.select_for_update().filter(pk=participation_id).first()
    if locked is None:
        # Its partnership has ended: the room stays readable, and the database lets nobody write.
        raise Conflict(_("This event is over; nothing changes any more."))
    locked.organisation, locked.event, locked.group = found.organisation, found.event, found.group
    if version is not None and version != locked.version:
        raise Conflict(
            _("Somebody else changed this registration while you wrote. Look at it and save again.")
        )
    return locked


def refuse_state(event: Event, *states: str) -> None:
    """Raise `Conflict` unless the event is in one of these states."""
    if event.state not in states:
        raise Conflict(
            _("The event is at the stage “%(state)s”; this is not possible at this stage.")
            % {"state": event.get_state_display()}
        )


def say_moment(event: Event, moment: object) -> str:
    """Return a moment in the event's own time, with the zone's name."""
    local = moment.astimezone(load_zone(event.time_zone))  # type: ignore[attr-defined]
    return f"{formats.date_format(local, 'DATETIME_FORMAT')} ({event.time_zone})"
