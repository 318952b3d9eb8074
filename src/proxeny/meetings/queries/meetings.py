"""A person's meetings, as far as the person may know of each."""

from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.models import CatchUpGuest, Meeting, MeetingParty, Rating
from proxeny.meetings.rules import AGREED


def with_parties(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Load the parties and their organisations along; two more queries, whatever the number."""
    parties = MeetingParty.objects.select_related("organisation").order_by("pk")
    return meetings.prefetch_related(Prefetch("parties", queryset=parties))


def own_meetings(reader: Reader) -> QuerySet[Meeting]:
    """Return the meetings that the reader attends.

    These are meetings as the person named, for an organisation that named nobody, or because they
    arranged it; catch-ups as a guest who has not declined.
    """
    own = MeetingParty.objects.filter(
        Q(person_id=reader.person)
        | Q(person__isnull=True, organisation_id__in=reader.organisations)
    )
    asked = CatchUpGuest.objects.filter(person_id=reader.own_id).exclude(
        answer=MeetingParty.Answer.DECLINED
    )
    # Nobody's are not a stranger's.
    arranged = Meeting.objects.filter(arranged_by__isnull=False, arranged_by=reader.person)
    mine = own.values("meeting_id").union(arranged.values("pk"))
    found = Meeting.objects.filter(
        Q(kind__in=(Meeting.Kind.BUSINESS, Meeting.Kind.HAND_OVER), pk__in=mine)
        | Q(kind=Meeting.Kind.CATCH_UP, pk__in=asked.values("catch_up_id"))
    )
    return found.exclude(state=Meeting.State.DRAFT).select_related("catch_up__partnership")


def find_meetings(
    reader: Reader,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    partnership_id: int | None = None,
    state: str = "",
) -> QuerySet[Meeting]:
    """Return the meetings that the reader attends, with parties and the own side's ratings.

    Parameters
    ----------
    since, until : datetime, optional
        Those that end after the one and begin before the other.
    state : str
        One of `shown_state`; empty for all. A reader who may not see a state cannot find it out by
        filtering either.
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

    Whether it took place follows from the parties' ratings, which they do not read of each other:
    for readers outside the two clusters it stays confirmed.
    """
    if meeting.state in AGREED and meeting.partnership_id not in reader.rooms:
        return Meeting.State.CONFIRMED
    return meeting.state


def get_meeting_of(reader: Reader, meeting_id: int) -> Meeting:
    """Return a meeting with its parties and the own side's words, or raise `NotFound`."""
    one = Meeting.objects.filter(pk=meeting_id).select_related("catch_up__partnership")
    found = with_own_words(one, reader).first()
    if found is None:
        raise NotFound(_("We couldn’t find this meeting."))
    return found


def get_meeting(meeting_id: int) -> Meeting:
    """Return a meeting with its parties, or raise `NotFound`."""
    found = with_parties(Meeting.objects.filter(pk=meeting_id)).first()
    if found is None:
        raise NotFound(_("We couldn’t find this meeting."))
    return found
