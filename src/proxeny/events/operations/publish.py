"""Showing and publishing an agenda, and notifying the people it concerns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from proxeny.events.models import AgendaEntry, Event, Participation
from proxeny.events.operations._guards import lock_event
from proxeny.events.operations.agenda.run import IN_THE_MAKING, refuse_while_solving
from proxeny.events.operations.agreeing import on_agreement, take_step, void_stale
from proxeny.events.operations.notifications import tell_change, tell_contact
from proxeny.events.operations.senders import organisers_of
from proxeny.events.queries.guests import contacts_reached
from proxeny.events.queries.partnerships import Contact
from proxeny.events.steps import Step
from proxeny.kernel import audit
from proxeny.kernel.calendar import Attendee, write_agenda, write_invitation
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.mail_senders import Sender
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.models import Meeting
from proxeny.meetings.operations import set_meeting_state
from proxeny.meetings.queries import make_appointment, with_parties


@dataclass(frozen=True, slots=True)
class Change:
    """Change to a meeting: `added`, `moved` or `cancelled`."""

    meeting_id: int
    kind: str


@transaction.atomic
def show_provisional(*, actor: Reader, event_id: int, now: datetime) -> Event:
    """Show the agenda to the participants, marked as provisional.

    Side effects: meetings become provisional; a job `events.announce` writes one mail to each
    participant who has meetings; an audit row; the managers of the other sides are notified.
    Showing it again notifies nobody twice.

    Raises
    ------
    NotFound, NotAllowed, Conflict, InvalidInput
        No such event; not a manager; a run is under way or not the time for it; no meetings yet.
    """
    event = lock_event(actor, event_id)
    _check_showing(event)
    _set_state(event, Meeting.State.PROVISIONAL, now)
    if event.state == Event.State.PROVISIONAL:
        return event
    event.state = Event.State.PROVISIONAL
    event.version = F("version") + 1
    event.save(update_fields=["state", "version"])
    event.refresh_from_db()
    _announce(actor, event, "provisional", event.version)
    audit.record(actor, "show_provisional", event, partnership_id=event.partnership_id)
    tell_change("provisional", actor=actor, event=event, today=now.date())
    return event


@transaction.atomic
def publish_agenda(*, actor: Reader, event_id: int, now: datetime) -> Event:
    """Confirm all meetings and send everyone their agenda, once all sides agree.

    Side effects: see `take_step`; once the last side agrees, meetings are confirmed, the event's
    revision rises, and a job `events.announce` writes one mail to each participant who has
    meetings, with the personal agenda and one calendar file.

    Raises
    ------
    NotFound, NotAllowed, Conflict, InvalidInput
        As `show_provisional`.
    """
    return take_step(actor=actor, event_id=event_id, step=Step.PUBLISH, now=now)


def _publish(actor: Reader, event: Event, _reason: str, now: datetime) -> None:
    _set_state(event, Meeting.State.CONFIRMED, now)
    event.state = Event.State.PUBLISHED
    event.published_at = now
    event.revision = F("revision") + 1
    event.version = F("version") + 1
    event.save(update_fields=["state", "published_at", "revision", "version"])
    event.refresh_from_db()
    _announce(actor, event, "published", event.revision)
    audit.record(
        actor,
        "publish_agenda",
        event,
        partnership_id=event.partnership_id,
        changes={"revision": event.revision},
    )


def _check_showing(event: Event, _now: datetime | None = None) -> None:
    refuse_while_solving(event)
    if event.state == Event.State.PUBLISHED:
        raise Conflict(_("The agenda has already been published."))
    if event.state not in IN_THE_MAKING:
        raise Conflict(_("There’s no agenda to show at this stage of the event."))
    if not event.entries.filter(is_live=True).exists():
        raise InvalidInput(_("There are no meetings yet. Calculate the agenda first."))


on_agreement(Step.PUBLISH, _check_showing, _publish)


def _set_state(event: Event, state: str, now: datetime) -> None:
    ids = event.entries.filter(is_live=True).values_list("meeting_id", flat=True)
    set_meeting_state(meeting_ids=list(ids), state=state, now=now)


def _announce(actor: Reader, event: Event, kind: str, number: int) -> None:
    enqueue(
        "events.announce",
        actor=actor,
        key=f"events.announce:{event.pk}:{kind}:{number}",
        arguments={"event": event.pk, "kind": kind, "number": number},
        partnership_id=event.partnership_id,
    )


@transaction.atomic
def announce_agenda(*, event: Event, kind: str, number: int, now: datetime) -> int:
    """Write each participant's mail; return how many. Service role; each key once."""
    meetings = _meetings_of(event, None)
    written, organisers = 0, organisers_of(event, today=now.date())
    for participation, contact in _people(event, meetings, now):
        own = meetings[participation.pk]
        mail = _mail(
            event,
            participation,
            contact,
            own,
            now=now,
            key=f"agenda-{kind}:{event.pk}:{number}:{participation.pk}",
            template=f"events/mail/agenda_{kind}",
            with_calendar=kind == "published",
            sender=organisers.of(participation.organisation),
        )
        written += mail
    return written


def next_revision(event: Event) -> int:
    """Raise the revision of a published agenda and return it. Service role."""
    Event.objects.filter(pk=event.pk).update(revision=F("revision") + 1)
    return Event.objects.values_list("revision", flat=True).get(pk=event.pk)


def tell_changes(
    event: Event, changes: Sequence[Change], *, now: datetime, reason: str = ""
) -> int:
    """Write one mail to each participant whose meetings changed; return how many.

    Nobody else hears of it, and nobody at all before the agenda is published: until then people
    look at a page that says that things may change.

    Side effects: before publication, what one side has proposed is void, since it was about another
    agenda; after it, the event's revision rises. A single change travels as an iTIP REQUEST or CANCEL;
    several in one PUBLISH, since RFC 5546 allows REQUEST and CANCEL one UID in a message.
    """
    if event.state != Event.State.PUBLISHED or not changes:
        void_stale(event)
        return 0
    with as_service("Participants are told by people who may not see their addresses."):
        revision = next_revision(event)
        kinds = {change.meeting_id: change.kind for change in changes}
        meetings = _meetings_of(event, kinds)
        written, organisers = 0, organisers_of(event, today=now.date())
        for participation, contact in _people(event, meetings, now):
            own = meetings[participation.pk]
            written += _mail(
                event,
                participation,
                contact,
                own,
                now=now,
                key=f"agenda-change:{event.pk}:{revision}:{participation.pk}",
                template="events/mail/agenda_change",
                kinds=kinds,
                reason=reason,
                with_calendar=True,
                sender=organisers.of(participation.organisation),
            )
    return written


def _meetings_of(event: Event, only: Iterable[int] | None) -> dict[int, list[Meeting]]:
    """Return meetings by participation, in order of time: all current ones, or those named."""
    entries = AgendaEntry.objects.filter(event=event)
    entries = entries.filter(is_live=True) if only is None else entries.filter(meeting__in=only)
    pairs = {entry.meeting_id: (entry.first_id, entry.second_id) for entry in entries}
    found = with_parties(Meeting.objects.filter(pk__in=pairs)).order_by("starts_at", "pk")
    by_participation: dict[int, list[Meeting]] = {}
    for meeting in found:
        for participation_id in pairs[meeting.pk]:
            by_participation.setdefault(participation_id, []).append(meeting)
    return by_participation


def _people(
    event: Event, meetings: dict[int, list[Meeting]], now: datetime
) -> list[tuple[Participation, Contact]]:
    """Return the participations of these meetings that a mail reaches, and whom it goes to."""
    found = list(
        Participation.objects.filter(event=event, pk__in=meetings)
        .select_related("person", "organisation", "event")
        .order_by("pk")
    )
    reached = contacts_reached(found, today=now.date())
    return [(one, reached[one.pk]) for one in found if one.pk in reached]


def _mail(
    event: Event,
    participation: Participation,
    contact: Contact,
    meetings: list[Meeting],
    *,
    now: datetime,
    key: str,
    template: str,
    with_calendar: bool,
    sender: Sender,
    kinds: dict[int, str] | None = None,
    reason: str = "",
) -> bool:
    name = contact.name if contact.person_id else participation.contact or contact.name
    path = reverse("events:my-agenda", args=[event.pk])
    with translation.override(contact.language):
        calendar, method = "", ""
        if with_calendar:
            me = Attendee(name, contact.email, "ACCEPTED")
            url = settings.BASE_URL + path
            calendar, method = _calendar(meetings, participation.organisation_id, me, url, kinds)
        rows = [_row(meeting, participation.organisation_id, kinds) for meeting in meetings]
    return tell_contact(
        contact,
        participation=participation,
        now=now,
        key=key,
        template=template,
        context={
            "name": name,
            "event": event.title,
            "place": event.place,
            "zone": event.time_zone,
            "rows": rows,
            "reason": reason,
        },
        path=path,
        calendar=calendar,
        calendar_method=method,
        sender=sender,
    )


def _calendar(
    meetings: list[Meeting],
    organisation_id: int,
    me: Attendee,
    url: str,
    kinds: dict[int, str] | None,
) -> tuple[str, str]:
    appointments = [
        make_appointment(meeting, own=[organisation_id], attendee=me, url=url)
        for meeting in meetings
    ]
    if kinds is None or len(appointments) != 1:
        return write_agenda(appointments), "PUBLISH"
    method = "CANCEL" if appointments[0].is_cancelled else "REQUEST"
    return write_invitation(appointments[0], method=method), method


def _row(meeting: Meeting, organisation_id: int, kinds: dict[int, str] | None) -> dict[str, object]:
    others = [p for p in meeting.parties.all() if p.organisation_id != organisation_id]
    return {
        "starts_at": meeting.starts_at,
        "place": meeting.place,
        "who": ", ".join(f"{party.organisation.name} ({party.name})" for party in others),
        "kind": (kinds or {}).get(meeting.pk, ""),
    }
