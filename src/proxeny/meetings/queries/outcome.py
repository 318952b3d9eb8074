"""What came of meetings, from planned to agreement."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.models import Meeting, Rating
from proxeny.meetings.rules import (
    OPEN,
    REFERENCE_AGREEMENTS,
    REFERENCE_COOPERATIONS,
    REFERENCE_MEETINGS,
    wilson_interval,
)
from proxeny.partnerships.queries import get_partnership


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
        cooperation_rate=rate_of(cooperations, held, REFERENCE_COOPERATIONS),
        agreement_rate=rate_of(agreements, held, REFERENCE_AGREEMENTS),
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
    return sum_outcome(shown_meetings(partnership_id).values_list("pk", flat=True))


def shown_meetings(partnership_id: int) -> QuerySet[Meeting]:
    """Return the business meetings of a partnership that were ever shown to participants."""
    meetings = Meeting.objects.filter(partnership_id=partnership_id, kind=Meeting.Kind.BUSINESS)
    return meetings.exclude(state__in=OPEN)


def _count_with(words: dict[int, list[str]], *wanted: str) -> int:
    return sum(any(value in wanted for value in values) for values in words.values())


def rate_of(count: int, of: int, reference: int) -> Rate:
    """Return a rate beside the reference's, which is a number of `REFERENCE_MEETINGS`."""
    # A word can come for a meeting whose state was corrected since; a rate never passes 100 %.
    trials = max(count, of)
    low, high = wilson_interval(count, trials)
    percent = 100 * count / trials if trials else 0.0
    reference_percent = 100 * reference / REFERENCE_MEETINGS
    return Rate(count, of, percent, 100 * low, 100 * high, reference_percent)
