"""Show and publish an agenda, and tell the people it concerns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from proxeny.directory.models import Details
from proxeny.events.models import AgendaEntry, Event, Participation
from proxeny.events.operations._checks import lock_event
from proxeny.events.operations.agenda.run import IN_THE_MAKING, refuse_while_solving
from proxeny.events.operations.telling import tell_contact
from proxeny.events.queries.partnerships import Contact
from proxeny.kernel import audit
from proxeny.kernel.calendar import Attendee, write_agenda, write_invitation
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.meetings.models import Meeting
from proxeny.meetings.operations import set_meeting_state
from proxeny.meetings.queries import make_appointment, with_parties


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to a meeting: `added`, `moved` or `cancelled`."""

    meeting_id: int
    kind: str


@transaction.atomic
def show_provisional(*, actor: Reader, event_id: int, now: datetime) -> Event:
    """Let the participants see the agenda, marked as provisional.

    Side effects: meetings become provisional; a job `events.announce` writes one mail to each
    participant who has meetings; an audit row. Showing it again tells nobody twice.

    Raises
    ------
    NotFound, NotAllowed, Conflict, InvalidInput
        No such event; not a manager; a run is under way or not the time for it; no meetings yet.
    """
    event = _lock_to_show(actor, event_id)
    _set_state(event, Meeting.State.PROVISIONAL, now)
    if event.state == Event.State.PROVISIONAL:
        return event
    event.state = Event.State.PROVISIONAL
    event.version = F("version") + 1
    event.save(update_fields=["state", "version"])
    event.refresh_from_db()
    _announce(actor, event, "provisional", event.version)
    audit.record(actor, "show_provisional", event, partnership_id=event.partnership_id)
    return event


@transaction.atomic
def publish_agenda(*, actor: Reader, event_id: int, now: datetime) -> Event:
    """Confirm all meetings and send everyone their agenda.

    Side effects: meetings are confirmed, the event's revision rises; a job `events.announce`
    writes one mail to each participant who has meetings, with the personal agenda and one
    calendar file; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict, InvalidInput
        As `show_provisional`.
    """
    event = _lock_to_show(actor, event_id)
    _set_state(event, Meeting.State.CONFIRMED, now)
    event.state = Event.State.PUBLISHED
    event.published_at = now
    event.revision = F("revision") + 1
    event.version = F("version") + 1
    event.save(update_fields=["state", "published_at", "revision", "version"])
    event.refresh_from_db()
    _announce(actor, event, "published", event.revision)
    audit.record(actor, "publish_agenda", event, partnership_id=event.partnership_id,
                 changes={"revision": event.revision})  # fmt: skip
    return event


def _lock_to_show(actor: Reader, event_id: int) -> Event:
    event = lock_event(actor, event_id)
    refuse_while_solving(event)
    if event.state == Event.State.PUBLISHED:
        raise Conflict(_("The agenda is published already."))
    if event.state not in IN_THE_MAKING:
        raise Conflict(_("There is no agenda to show at this point of the event."))
    if not event.entries.filter(is_live=True).exists():
        raise InvalidInput(_("There are no meetings yet. Work the agenda out first."))
    return event


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
def announce_agenda(*, event: Event, kind: str, number: int) -> int:
    """Write each participant's mail; return how many. Service role; each key once."""
    meetings = _meetings_of(event, None)
    written = 0
    for participation in _people(event, meetings):
        own = meetings[participation.pk]
        mail = _mail(
            event, participation, own,
            key=f"agenda-{kind}:{event.pk}:{number}:{participation.pk}",
            template=f"events/mail/agenda_{kind}",
            with_calendar=kind == "published",
        )  # fmt: skip
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

    Side effects: the event's revision rises. A single change travels as an iTIP REQUEST or CANCEL;
    several in one PUBLISH, since RFC 5546 allows REQUEST and CANCEL one UID in a message.
    """
    if event.state != Event.State.PUBLISHED or not changes:
        return 0
    with as_service():
        revision = next_revision(event)
        kinds = {change.meeting_id: change.kind for change in changes}
        meetings = _meetings_of(event, kinds)
        written = 0
        for participation in _people(event, meetings):
            own = meetings[participation.pk]
            written += _mail(
                event, participation, own,
                key=f"agenda-change:{event.pk}:{revision}:{participation.pk}",
                template="events/mail/agenda_change",
                kinds=kinds, reason=reason, with_calendar=True,
            )  # fmt: skip
    return written


def _meetings_of(event: Event, only: Iterable[int] | None) -> dict[int, list[Meeting]]:
    """Return meetings by participation, in the order of time: all standing ones, or the named."""
    entries = AgendaEntry.objects.filter(event=event)
    entries = entries.filter(is_live=True) if only is None else entries.filter(meeting__in=only)
    pairs = {entry.meeting_id: (entry.first_id, entry.second_id) for entry in entries}
    found = with_parties(Meeting.objects.filter(pk__in=pairs)).order_by("starts_at", "pk")
    by_participation: dict[int, list[Meeting]] = {}
    for meeting in found:
        for participation_id in pairs[meeting.pk]:
            by_participation.setdefault(participation_id, []).append(meeting)
    return by_participation


def _people(event: Event, meetings: dict[int, list[Meeting]]) -> Iterable[Participation]:
    return (
        Participation.objects.filter(event=event, pk__in=meetings)
        .select_related("person", "organisation")
        .order_by("pk")
    )


def _desk_of(organisation_id: int) -> str:
    """Return a member's own address; the service alone writes to it, whoever may see it."""
    with as_service():
        found = Details.objects.filter(organisation_id=organisation_id).values_list("email")
        return next((email for (email,) in found), "")


def _mail(
    event: Event,
    participation: Participation,
    meetings: list[Meeting],
    *,
    key: str,
    template: str,
    with_calendar: bool,
    kinds: dict[int, str] | None = None,
    reason: str = "",
) -> bool:
    person = participation.person
    recipient = person.email if person else _desk_of(participation.organisation_id)
    if not recipient:
        return False
    language = person.language if person else participation.organisation.language
    name = person.name if person else participation.contact
    url = settings.BASE_URL + reverse("events:my-agenda", args=[event.pk])
    with translation.override(language):
        calendar, method = "", ""
        if with_calendar:
            me = Attendee(name, recipient, "ACCEPTED")
            calendar, method = _calendar(meetings, participation.organisation_id, me, url, kinds)
        rows = [_row(meeting, participation.organisation_id, kinds) for meeting in meetings]
    return tell_contact(
        Contact(person.pk if person else 0, name, recipient, language),
        key=key,
        template=template,
        context={
            "name": name, "event": event.title, "place": event.place, "zone": event.time_zone,
            "rows": rows, "reason": reason, "action_url": url,
        },
        calendar=calendar,
        calendar_method=method,
    )  # fmt: skip


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
