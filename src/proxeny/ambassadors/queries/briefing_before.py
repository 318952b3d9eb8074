"""Earlier meetings of the same two, and the ratings that the reader gave."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from proxeny.ambassadors.models import Introduction, Note
from proxeny.meetings.models import Meeting, Rating
from proxeny.meetings.rules import AGREED

#: So many earlier meetings of two are told, the latest first.
MOST = 5


@dataclass(frozen=True, slots=True)
class Said:
    """Rating of a meeting by a person."""

    name: str
    phase: str
    label: str
    note: str


@dataclass(frozen=True, slots=True)
class Before:
    """Earlier meeting; whether it took place follows from its ratings alone.

    `notes` are the desk's, and empty for a side.
    """

    starts_at: datetime
    zone: str
    place: str
    said: tuple[Said, ...]
    notes: tuple[Note, ...]


def find_before(cases: Sequence[Introduction], *, own: str = "") -> dict[int, tuple[Before, ...]]:
    """Return the meetings of the same two before each case's, by case; the latest first.

    Four queries at most, whatever the number of cases.

    Parameters
    ----------
    own : {"member", "stakeholder", ""}
        The ratings to include: a side's own alone, or, for the desk, all with its notes.
    """
    found = _meetings(cases, is_desk=not own)
    return {case.pk: tuple(_of(case, found, own))[:MOST] for case in cases}


def _meetings(cases: Iterable[Introduction], *, is_desk: bool) -> list[Meeting]:
    pairs = Q(pk=None)
    for case in cases:
        pairs |= Q(organisations__contains=[case.member_id, case.stakeholder_id])
    words = Rating.objects.select_related("party__organisation").order_by("phase", "rated_at")
    found = Meeting.objects.filter(pairs, kind=Meeting.Kind.BUSINESS, state__in=AGREED)
    found = found.prefetch_related(Prefetch("parties__ratings", queryset=words))
    return list((_with_notes(found) if is_desk else found).order_by("-starts_at", "-pk"))


def _with_notes(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    notes = Note.objects.filter(dropped_at=None).select_related("person")
    return meetings.select_related("introduction").prefetch_related(
        Prefetch("introduction__notes", queryset=notes.order_by("-written_at", "-pk"))
    )


def _of(case: Introduction, meetings: Iterable[Meeting], own: str) -> Iterable[Before]:
    pair = {case.member_id, case.stakeholder_id}
    speaker = {"member": case.member_id, "stakeholder": case.stakeholder_id}.get(own)
    for one in meetings:
        is_earlier = case.meeting is not None and one.starts_at < case.meeting.starts_at
        if is_earlier and pair <= set(one.organisations):
            yield Before(
                one.starts_at,
                one.time_zone,
                one.place,
                tuple(_said(one, pair, speaker)),
                () if own else tuple(_notes(one)),
            )


def _said(meeting: Meeting, pair: set[int], speaker: int | None) -> Iterable[Said]:
    for party in meeting.parties.all():
        is_told = party.organisation_id == speaker if speaker else party.organisation_id in pair
        for one in party.ratings.all() if is_told else ():
            yield Said(
                party.organisation.name if not speaker else "",
                one.get_phase_display(),
                one.get_value_display(),
                one.note,
            )


def _notes(meeting: Meeting) -> Iterable[Note]:
    introduction = getattr(meeting, "introduction", None)
    return introduction.notes.all() if introduction is not None else ()
