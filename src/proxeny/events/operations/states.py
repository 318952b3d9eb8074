"""State changes of an event: opened, closed, reopened, cancelled, finished."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.events.models import AgendaEntry, Event, Participation
from proxeny.events.operations._guards import lock_event, refuse_state
from proxeny.events.operations.agreeing import on_agreement, take_step
from proxeny.events.operations.notifications import tell_change, tell_contact
from proxeny.events.operations.senders import organisers_of
from proxeny.events.queries.guests import contacts_or_address
from proxeny.events.steps import FROM, Step
from proxeny.kernel import audit
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.kernel.zones import load_zone
from proxeny.meetings import operations as meetings

State = Event.State


@transaction.atomic
def open_event(*, actor: Reader, event_id: int, now: datetime) -> Event:
    """Show the event to the members of its clusters and take requests, once all sides agree.

    Side effects: see `take_step`. Members are not notified: invitations do that.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        See `lock_event`; Conflict also unless the event is a draft.
    InvalidInput
        No slots, no tables, or a deadline that has passed; `field` names the step to go back to.
    """
    return take_step(actor=actor, event_id=event_id, step=Step.OPEN, now=now)


def _check_opening(event: Event, now: datetime) -> None:
    refuse_state(event, *FROM[Step.OPEN])
    if not event.slots.exists():
        raise InvalidInput(_("Split the days into slots first."), field="days")
    if not event.tables.exists():
        raise InvalidInput(_("Enter the number of tables first."), field="tables")
    _check_deadline(event.deadline_at, now)


def _open(actor: Reader, event: Event, _reason: str, _now: datetime) -> None:
    _enter(actor, event, State.OPEN, "open_event")


on_agreement(Step.OPEN, _check_opening, _open)


@transaction.atomic
def close_requests(*, actor: Reader, event_id: int, now: datetime) -> Event:
    """Take no more requests, once all sides agree. Raises as `open_event`."""
    return take_step(actor=actor, event_id=event_id, step=Step.CLOSE, now=now)


def _check_closing(event: Event, _now: datetime) -> None:
    refuse_state(event, *FROM[Step.CLOSE])


def _close(actor: Reader, event: Event, _reason: str, _now: datetime) -> None:
    _enter(actor, event, State.CLOSED, "close_requests")


on_agreement(Step.CLOSE, _check_closing, _close)


@transaction.atomic
def reopen_requests(
    *, actor: Reader, event_id: int, now: datetime, deadline_at: datetime | None = None
) -> Event:
    """Take requests again, until `deadline_at` (None keeps the current deadline).

    Side effects: an audit row; the managers of the other sides are notified.

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
            _("Requests must close before the event starts, so that the agenda can be created."),
            field="deadline_at",
        )
    _enter(actor, event, State.OPEN, "reopen_requests")
    tell_change("reopened", actor=actor, event=event, today=now.date())
    return event


@transaction.atomic
def cancel_event(*, actor: Reader, event_id: int, reason: str, now: datetime) -> Event:
    """Cancel the event and the meetings of its agenda, once all sides agree.

    Side effects: see `take_step`; once the last side agrees, meetings are cancelled, and people who
    were invited or registered are notified by mail, with the reason.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        See `lock_event`; Conflict also when the event is over.
    InvalidInput
        No reason.
    """
    reason = reason.strip()[:500]
    if not reason:
        raise InvalidInput(
            _("Give a one-sentence reason. Everyone invited will read it."), field="reason"
        )
    return take_step(actor=actor, event_id=event_id, step=Step.CANCEL, reason=reason, now=now)


def _check_cancelling(event: Event, _now: datetime) -> None:
    refuse_state(event, *FROM[Step.CANCEL])


def _cancel(actor: Reader, event: Event, reason: str, now: datetime) -> None:
    event.cancel_reason = reason
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


on_agreement(Step.CANCEL, _check_cancelling, _cancel)


@transaction.atomic
def finish_event(*, actor: Reader, event_id: int, now: datetime) -> Event:
    """Say that the event is over. Raises as `open_event`; only a published event that has ended."""
    event = lock_event(actor, event_id)
    refuse_state(event, State.PUBLISHED)
    last = event.slots.order_by("-ends_at").first()
    if last is not None and now < last.ends_at:
        raise InvalidInput(_("The last meetings haven’t taken place yet."))
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
    # Both sides are told, also those whose people the actor does not see; each by its own cluster.
    with as_service("All sides are told, also people whom the actor may not see."):
        found = list(concerned.select_related("organisation", "event").order_by("pk"))
        people = contacts_or_address([one.organisation for one in found], today=now.date())
        organisers = organisers_of(event, today=now.date())
    for own in found:
        for contact in people.get(own.organisation_id, ()):
            tell_contact(
                contact,
                participation=own,
                now=now,
                key=f"event-cancelled:{event.pk}:{contact.person_id or f'p{own.pk}'}",
                template="events/mail/cancelled",
                context={"event": event, "name": contact.name},
                path=reverse("events:detail", args=[event.pk]),
                sender=organisers.of(own.organisation),
            )
