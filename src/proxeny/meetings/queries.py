"""Reading meetings: a person's calendar, what waits for an answer, and what came of meetings."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from proxeny.accounts.queries import get_person_of_feed, get_reader_of_person
from proxeny.kernel.calendar import Appointment, Attendee, write_feed
from proxeny.kernel.errors import NotAllowed, NotFound
from proxeny.kernel.tenancy import GATE, WEB, Reader, acting_as
from proxeny.meetings.models import Meeting, MeetingParty, Rating
from proxeny.meetings.rules import (
    AGREED,
    LATER_AFTER,
    OPEN,
    REFERENCE_AGREEMENTS,
    REFERENCE_COOPERATIONS,
    REFERENCE_MEETINGS,
    wilson_interval,
)
from proxeny.partnerships.queries import get_partnership

FEED_PAST = timedelta(days=365)


def with_parties(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Load the parties and their organisations along; two more queries, whatever the number."""
    parties = MeetingParty.objects.select_related("organisation").order_by("pk")
    return meetings.prefetch_related(Prefetch("parties", queryset=parties))


def own_meetings(reader: Reader) -> QuerySet[Meeting]:
    """Return the meetings to which the reader goes: as the person named, or for an organisation
    that named nobody."""
    own = MeetingParty.objects.filter(
        Q(person_id=reader.person)
        | Q(person__isnull=True, organisation_id__in=reader.organisations)
    )
    return Meeting.objects.filter(pk__in=own.values("meeting_id")).exclude(
        state=Meeting.State.DRAFT
    )


def find_meetings(
    reader: Reader,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    partnership_id: int | None = None,
    state: str = "",
) -> QuerySet[Meeting]:
    """Return the meetings to which the reader goes, with parties and the own side's words.

    Parameters
    ----------
    since, until : datetime, optional
        Those that end after the one and begin before the other.
    state : str
        One of `shown_state`; empty for all. What a state is not shown to whom, they cannot find
        out by asking for it either.
    """
    found = own_meetings(reader)
    if since is not None:
        found = found.filter(ends_at__gt=since)
    if until is not None:
        found = found.filter(starts_at__lt=until)
    if partnership_id is not None:
        found = found.filter(partnership_id=partnership_id)
    if state:
        told = Q(state=state, partnership_id__in=reader.rooms)
        if state == Meeting.State.CONFIRMED:
            told |= Q(state__in=AGREED) & ~Q(partnership_id__in=reader.rooms)
        elif state not in AGREED:
            told = Q(state=state)
        found = found.filter(told)
    return with_own_words(found, reader)


def with_own_words(meetings: QuerySet[Meeting], reader: Reader) -> QuerySet[Meeting]:
    """Load along what the reader's own organisations said of each meeting, and nothing of others."""
    words = Rating.objects.filter(party__organisation_id__in=reader.organisations)
    ratings = Prefetch("ratings", queryset=words.order_by("rated_at"), to_attr="own_words")
    parties = MeetingParty.objects.select_related("organisation").order_by("pk")
    return meetings.prefetch_related(
        Prefetch("parties", queryset=parties.prefetch_related(ratings))
    )


def shown_state(meeting: Meeting, reader: Reader) -> str:
    """Return a meeting's state as the reader may know it.

    Whether it took place follows from what the parties said of it, which they do not read of each
    other: to those who are not of one of the two clusters it stays confirmed.
    """
    if meeting.state in AGREED and meeting.partnership_id not in reader.rooms:
        return Meeting.State.CONFIRMED
    return meeting.state


def get_meeting_of(reader: Reader, meeting_id: int) -> Meeting:
    """Return a meeting with its parties and the own side's words, or raise `NotFound`."""
    found = with_own_words(Meeting.objects.filter(pk=meeting_id), reader).first()
    if found is None:
        raise NotFound(_("There is no such meeting."))
    return found


def get_meeting(meeting_id: int) -> Meeting:
    """Return a meeting with its parties, or raise `NotFound`."""
    found = with_parties(Meeting.objects.filter(pk=meeting_id)).first()
    if found is None:
        raise NotFound(_("There is no such meeting."))
    return found


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A calendar feed as it travels: the text, its tag, and when it last changed."""

    text: str
    etag: str
    modified_at: datetime


def read_feed(token: str, *, now: datetime) -> FeedFile:
    """Return the calendar behind a secret address, read as the person it belongs to.

    Raises
    ------
    NotFound
        No such address.
    """
    with acting_as(GATE):
        person = get_person_of_feed(token)
        if person is None:
            raise NotFound(_("There is no calendar at this address."))
        reader = get_reader_of_person(person.pk, today=now.date())
    with acting_as(WEB, reader), translation.override(reader.language or "en"):
        meetings = _in_calendar(reader, now=now)
        text = _write_calendar(meetings, reader)
    modified = max((meeting.updated_at for meeting in meetings), default=person.created_at)
    etag = hashlib.sha256(text.encode()).hexdigest()[:32]
    return FeedFile(text, f'"{etag}"', modified)


def write_calendar(reader: Reader, *, now: datetime) -> str:
    """Return the reader's meetings of the last year and all to come as an iCalendar text."""
    return _write_calendar(_in_calendar(reader, now=now), reader)


def _in_calendar(reader: Reader, *, now: datetime) -> list[Meeting]:
    own = with_parties(own_meetings(reader)).filter(ends_at__gte=now - FEED_PAST)
    return list(own.order_by("starts_at", "pk"))


def _write_calendar(meetings: list[Meeting], reader: Reader) -> str:
    appointments = [
        make_appointment(meeting, own=own_organisations(meeting, reader)) for meeting in meetings
    ]
    return write_feed(_("Meetings · Proxeny"), appointments)


def own_organisations(meeting: Meeting, reader: Reader) -> set[int]:
    """Return for which organisations the reader goes to a meeting (parties must be loaded)."""
    parties = meeting.parties.all()
    named = {party.organisation_id for party in parties if party.person_id == reader.person}
    return named or set(meeting.organisations) & set(reader.organisations)


def make_appointment(
    meeting: Meeting,
    *,
    own: Iterable[int],
    attendee: Attendee | None = None,
    description: str = "",
    url: str = "",
) -> Appointment:
    """Return a meeting as one side's calendar shows it, in the language in force.

    Parameters
    ----------
    meeting : Meeting
        With its parties loaded.
    own : iterable of int
        The organisations for which the reader goes; the others are named in the summary.
    attendee : Attendee, optional
        Who is asked to come; the other side's address is never told.
    """
    mine = set(own)
    parties = list(meeting.parties.all())
    others = [party for party in parties if party.organisation_id not in mine] or parties
    names = ", ".join(f"{party.organisation.name} ({party.name})" for party in others)
    return Appointment(
        uid=meeting.uid,
        sequence=meeting.sequence,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        summary=_("Meeting with %(names)s") % {"names": names},
        stamp=meeting.updated_at,
        description=description or meeting.title,
        place=meeting.place,
        url=url,
        organiser_name=meeting.title or "Proxeny",
        organiser_email=parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        attendees=(attendee,) if attendee else (),
        is_cancelled=meeting.state == Meeting.State.CANCELLED,
        is_tentative=meeting.state in (Meeting.State.DRAFT, Meeting.State.PROVISIONAL),
    )


@dataclass(frozen=True, slots=True)
class Question:
    """A meeting that waits for, or already has, the reader's word."""

    meeting_id: int
    title: str
    starts_at: datetime
    time_zone: str
    others: str
    phase: str
    value: str
    note: str


def list_questions(reader: Reader, *, now: datetime) -> list[Question]:
    """Return "how did it go" for the reader's meetings that have begun; three queries.

    First what has no answer, the latest first. Six months after a meeting that was held, the
    question is what came of it.
    """
    own = (
        MeetingParty.objects.filter(organisation_id__in=reader.organisations)
        .filter(Q(person_id=reader.person) | Q(person__isnull=True))
        .filter(meeting__state__in=AGREED, meeting__starts_at__lte=now)
        .select_related("meeting")
        .prefetch_related("ratings")
    )
    parties = sorted(own, key=lambda party: party.meeting.starts_at, reverse=True)
    others = _names_of_others(parties)
    questions = [_question(party, others[party.pk], now) for party in parties]
    return sorted(questions, key=lambda question: bool(question.value))


def _names_of_others(own: list[MeetingParty]) -> dict[int, str]:
    ids = {party.meeting_id for party in own}
    names: dict[int, list[tuple[int, str]]] = {}
    rows = MeetingParty.objects.filter(meeting_id__in=ids).values_list(
        "meeting_id", "pk", "organisation__name"
    )
    for meeting_id, party_id, name in rows.order_by("pk"):
        names.setdefault(meeting_id, []).append((party_id, name))
    return {
        party.pk: ", ".join(n for pk, n in names[party.meeting_id] if pk != party.pk)
        for party in own
    }


def _question(party: MeetingParty, others: str, now: datetime) -> Question:
    meeting = party.meeting
    ripe = meeting.state == Meeting.State.HELD and meeting.ends_at <= now - LATER_AFTER
    phase = Rating.Phase.LATER if ripe else Rating.Phase.DAY
    said = next((rating for rating in party.ratings.all() if rating.phase == phase), None)
    return Question(
        meeting_id=meeting.pk,
        title=meeting.title,
        starts_at=meeting.starts_at,
        time_zone=meeting.time_zone,
        others=others,
        phase=phase,
        value=said.value if said else "",
        note=said.note if said else "",
    )


def count_open_questions(reader: Reader, *, now: datetime) -> int:
    """Return how many meetings of the reader wait for a first word; one query."""
    return (
        MeetingParty.objects.filter(organisation_id__in=reader.organisations)
        .filter(Q(person_id=reader.person) | Q(person__isnull=True))
        .filter(meeting__state__in=AGREED, meeting__starts_at__lte=now)
        .exclude(ratings__phase=Rating.Phase.DAY)
        .count()
    )


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with its limits at 95 % (Wilson), all in percent, beside the reference."""

    count: int
    of: int
    percent: float
    low: float
    high: float
    reference: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a set of meetings: each step of the chain with its count.

    `possible` counts meetings where one party or more called cooperation possible, `both` those
    where all parties did; `later` those with a word after six months.
    """

    planned: int
    cancelled: int
    held: int
    missed: int
    rated: int
    possible: int
    both: int
    later: int
    cooperations: int
    agreements: int
    cooperation_rate: Rate
    agreement_rate: Rate


def sum_outcome(meeting_ids: Iterable[int]) -> Outcome:
    """Count what came of meetings; two queries. Ratings are seen by both clusters' managers."""
    ids = list(meeting_ids)
    states = dict(Meeting.objects.filter(pk__in=ids).values_list("pk", "state"))
    words: dict[tuple[int, str], list[str]] = {}
    rows = Rating.objects.filter(party__meeting_id__in=ids).values_list(
        "party__meeting_id", "phase", "value"
    )
    for meeting_id, phase, value in rows:
        words.setdefault((meeting_id, phase), []).append(value)
    day = {pk: values for (pk, phase), values in words.items() if phase == Rating.Phase.DAY}
    later = {pk: values for (pk, phase), values in words.items() if phase == Rating.Phase.LATER}
    held = sum(state == Meeting.State.HELD for state in states.values())
    cooperations = _count_with(later, Rating.Value.NEGOTIATING, Rating.Value.AGREEMENT)
    agreements = _count_with(later, Rating.Value.AGREEMENT)
    return Outcome(
        planned=sum(state != Meeting.State.CANCELLED for state in states.values()),
        cancelled=sum(state == Meeting.State.CANCELLED for state in states.values()),
        held=held,
        missed=sum(state == Meeting.State.MISSED for state in states.values()),
        rated=len(day),
        possible=_count_with(day, Rating.Value.POSSIBLE),
        both=sum(values.count(Rating.Value.POSSIBLE) > 1 for values in day.values()),
        later=len(later),
        cooperations=cooperations,
        agreements=agreements,
        cooperation_rate=_rate(cooperations, held, REFERENCE_COOPERATIONS),
        agreement_rate=_rate(agreements, held, REFERENCE_AGREEMENTS),
    )


def sum_partnership_outcome(reader: Reader, partnership_id: int) -> Outcome:
    """Count what came of all meetings of a partnership, for people of its clusters.

    Raises
    ------
    NotFound, NotAllowed
        No such partnership; not of its clusters, or they have not signed.
    """
    get_partnership(partnership_id)
    if partnership_id not in reader.rooms:
        raise NotAllowed(_("Only people of the two clusters see what came of it."))
    meetings = Meeting.objects.filter(partnership_id=partnership_id)
    shown = meetings.exclude(state__in=OPEN)
    return sum_outcome(shown.values_list("pk", flat=True))


def _count_with(words: dict[int, list[str]], *wanted: str) -> int:
    return sum(any(value in wanted for value in values) for values in words.values())


def _rate(count: int, of: int, reference: int) -> Rate:
    # A word can come for a meeting whose state was corrected since; a rate never passes 100 %.
    trials = max(count, of)
    low, high = wilson_interval(count, trials)
    percent = 100 * count / trials if trials else 0.0
    reference_percent = 100 * reference / REFERENCE_MEETINGS
    return Rate(count, of, percent, 100 * low, 100 * high, reference_percent)
