"""Where an event stands: opened, closed, opened again, called off, over."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.events.models import AgendaEntry, Event, Participation
from proxeny.events.operations._checks import lock_event, refuse_state
from proxeny.events.operations.telling import tell_contact
from proxeny.events.queries.partnerships import contacts_of
from proxeny.events.rules import LIVE
from proxeny.kernel import audit
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.kernel.zones import load_zone
from proxeny.meetings import operations as meetings

State = Event.State


@transaction.atomic
def open_event(*, actor: Reader, event_id: int, now: datetime) -> Event:
    """Show the event to the members of both clusters and take requests.

    Side effects: an audit row. Nobody is told: invitations do that.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        See `lock_event`; Conflict also unless the event is a draft.
    InvalidInput
        No slots, no tables, or a deadline that has passed; `field` names the step to go back to.
    """
    event = lock_event(actor, event_id)
    refuse_state(event, State.DRAFT)
    if not event.slots.exists():
        raise InvalidInput(_("Cut the days into slots first."), field="days")
    if not event.tables.exists():
        raise InvalidInput(_("Say how many tables there are first."), field="tables")
    _check_deadline(event.deadline_at, now)
    return _enter(actor, event, State.OPEN, "open_event")


@transaction.atomic
def close_requests(*, actor: Reader, event_id: int, now: datetime) -> Event:
    """Take no more requests. Raises as `open_event`; Conflict unless the event is open."""
    event = lock_event(actor, event_id)
    refuse_state(event, State.OPEN)
    return _enter(actor, event, State.CLOSED, "close_requests")


@transaction.atomic
def reopen_requests(
    *, actor: Reader, event_id: int, now: datetime, deadline_at: datetime | None = None
) -> Event:
    """Take requests again, until `deadline_at` (None keeps the deadline there was).

    Raises
    ------
    NotFound, NotAllowed, Conflict
        See `lock_event`; Conflict also unless requests are closed.
    InvalidInput
        The deadline has passed, or lies after the event's first day.
    """
    event = lock_event(actor, event_id)
    refuse_state(event, State.CLOSED)
    event.deadline_at = deadline_at or event.deadline_at
    _check_deadline(event.deadline_at, now)
    if event.deadline_at.astimezone(load_zone(event.time_zone)).date() > event.starts_on:
        raise InvalidInput(
            _("Requests have to end before the event begins, so that an agenda can be made."),
            field="deadline_at",
        )
    return _enter(actor, event, State.OPEN, "reopen_requests")


@transaction.atomic
def cancel_event(*, actor: Reader, event_id: int, reason: str, now: datetime) -> Event:
    """Call the event off, and with it the meetings of its agenda.

    Side effects: meetings are called off; people who were invited or registered are told by mail,
    with the reason; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        See `lock_event`; Conflict also when the event is over.
    InvalidInput
        No reason.
    """
    event = lock_event(actor, event_id)
    refuse_state(event, *LIVE)
    if not reason.strip():
        raise InvalidInput(_("Say in a sentence why; everybody invited reads it."), field="reason")
    event.cancel_reason = reason.strip()[:500]
    entries = AgendaEntry.objects.filter(event=event, is_live=True)
    meetings.cancel_meetings(
        actor=actor,
        meeting_ids=list(entries.values_list("meeting_id", flat=True)),
        reason=event.cancel_reason,
        now=now,
    )
    entries.update(is_live=False)
    was_draft = event.state == State.DRAFT
    _enter(actor, event, State.CANCELLED, "cancel_event", why=event.cancel_reason)
    if not was_draft:
        _tell_cancelled(event, now)
    return event


@transaction.atomic
def finish_event(*, actor: Reader, event_id: int, now: datetime) -> Event:
    """Say that the event is over. Raises as `open_event`; only a published event that has ended."""
    event = lock_event(actor, event_id)
    refuse_state(event, State.PUBLISHED)
    last = event.slots.order_by("-ends_at").first()
    if last is not None and now < last.ends_at:
        raise InvalidInput(_("The last meetings are still to come."))
    return _enter(actor, event, State.FINISHED, "finish_event")


def _check_deadline(deadline_at: datetime, now: datetime) -> None:
    if deadline_at <= now:
        raise InvalidInput(
            _("The deadline for requests has passed. Set a later one first."), field="deadline_at"
        )


def _enter(actor: Reader, event: Event, state: str, verb: str, *, why: str = "") -> Event:
    before, event.state = event.state, state
    event.version += 1
    event.save()
    audit.record(
        actor,
        verb,
        event,
        partnership_id=event.partnership_id,
        changes={"state": [before, state]},
        why=why,
    )
    return event


def _tell_cancelled(event: Event, now: datetime) -> None:
    concerned = event.participations.exclude(state=Participation.State.WITHDRAWN)
    # Both sides are told, also those whose people the actor does not see.
    with as_service():
        ids = list(concerned.values_list("organisation_id", flat=True))
        people = contacts_of(ids, today=now.date())
    told = {contact.person_id: contact for found in people.values() for contact in found}
    for contact in told.values():
        tell_contact(
            contact,
            key=f"event-cancelled:{event.pk}:{contact.person_id}",
            template="events/mail/cancelled",
            context={"event": event, "name": contact.name},
            path=reverse("events:detail", args=[event.pk]),
        )
