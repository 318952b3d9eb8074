"""Questions to participants without a sign-in: how it went, and six months later what came of it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from proxeny.events.models import Event, Participation
from proxeny.events.operations.guests import DAYS_LATER
from proxeny.events.operations.notifications import tell_contact
from proxeny.events.operations.senders import organisers_of
from proxeny.events.queries.guests import contacts_reached
from proxeny.events.queries.partnerships import Contact
from proxeny.meetings.models import Meeting, MeetingParty, Rating
from proxeny.meetings.rules import AGREED

#: So many days after the event its meetings are still asked about, if no worker ran.
_LATE_DAYS = 7


def ask_guests(*, now: datetime) -> int:
    """Ask who took part by link how their meetings went, once; return how many mails. Service role.

    Who signs in finds the question on their front page.
    """
    today = now.date()
    over = Event.objects.filter(
        state__in=(Event.State.PUBLISHED, Event.State.FINISHED),
        ends_on__range=(today - timedelta(days=_LATE_DAYS), today - timedelta(days=1)),
    )
    written = 0
    for event in over.order_by("pk"):
        meetings = event.entries.filter(is_live=True, meeting__state__in=AGREED)
        met = Participation.objects.filter(
            event=event,
            pk__in={pk for pair in meetings.values_list("first", "second") for pk in pair},
        )
        written += _ask(met, "rating", lambda own: f"event-rating:{own.pk}", now)
    return written


def ask_guests_later(meeting_ids: Sequence[int], batch: str, now: datetime) -> int:
    """Ask participants without a person what came of meetings; return how many mails. Service role."""
    waiting = (
        MeetingParty.objects.filter(
            meeting_id__in=meeting_ids,
            person=None,
            meeting__kind=Meeting.Kind.BUSINESS,
            meeting__agenda_entry__isnull=False,
        )
        .exclude(ratings__phase=Rating.Phase.LATER)
        .values_list("meeting__agenda_entry__event_id", "organisation_id")
    )
    counts: dict[tuple[int, int], int] = {}
    for pair in waiting:
        counts[pair] = counts.get(pair, 0) + 1
    first = min(meeting_ids, default=0)
    written = 0
    for event_id in sorted({event_id for event_id, _own in counts}):
        own = [one for event, one in counts if event == event_id]
        met = Participation.objects.filter(event_id=event_id, organisation_id__in=own)
        written += _ask(
            met,
            "later",
            lambda one: f"later:{batch or first}:p{one.pk}",
            now,
            counts={organisation: counts[event_id, organisation] for organisation in own},
        )
    return written


def _ask(
    met: QuerySet[Participation],
    question: str,
    key: Callable[[Participation], str],
    now: datetime,
    counts: Mapping[int, int] | None = None,
) -> int:
    """Write a question to those of some participants whom a mail reaches; return how many."""
    found = list(met.select_related("person", "organisation", "event").order_by("pk"))
    reached = contacts_reached(found, today=now.date())
    if not reached:
        return 0
    organisers = organisers_of(found[0].event, today=now.date())
    return sum(
        tell_contact(
            reached[one.pk],
            participation=one,
            now=now,
            key=key(one),
            template=f"events/mail/{question}",
            context={
                "event": one.event,
                "name": _name(reached[one.pk], one),
                "count": (counts or {}).get(one.organisation_id, 0),
            },
            path=reverse("meetings:ratings"),
            topic="meetings",
            days=DAYS_LATER if question == "later" else 0,
            sender=organisers.of(one.organisation),
        )
        for one in found
        if one.pk in reached and (question == "later" or not reached[one.pk].person_id)
    )


def _name(contact: Contact, own: Participation) -> str:
    return contact.name if contact.person_id else own.contact or contact.name
