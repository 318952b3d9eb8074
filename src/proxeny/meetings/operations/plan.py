"""Bulk operations on meetings: plan, move, show, cancel. The caller checks permissions.

These are the building blocks of agendas and booking desks. Row-level security still holds: in the
web role only a manager of the partnership writes here. The caller writes one audit row for all of
it (`publish_agenda`, `book_meeting`); moving and cancelling also leave one per meeting.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from proxeny.kernel import audit
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.models import Meeting, MeetingParty
from proxeny.meetings.rules import OPEN

_BATCH = 500


@dataclass(frozen=True, slots=True)
class NewParty:
    """Organisation's representative at a new meeting."""

    organisation_id: int
    name: str
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """A meeting to make. `uid` is its calendar name and must be new."""

    partnership_id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    place: str
    uid: str
    parties: tuple[NewParty, ...]
    state: str = Meeting.State.DRAFT


@dataclass(frozen=True, slots=True)
class NewPlace:
    """New place and time of a meeting."""

    meeting_id: int
    starts_at: datetime
    ends_at: datetime
    place: str


@transaction.atomic
def plan_meetings(*, plans: Sequence[NewMeeting]) -> list[Meeting]:
    """Create meetings with their parties, in the order of `plans`; two queries per 500.

    Side effects: none beyond the rows; no notifications.
    """
    meetings = Meeting.objects.bulk_create(
        [
            Meeting(
                partnership_id=plan.partnership_id,
                title=plan.title,
                starts_at=plan.starts_at,
                ends_at=plan.ends_at,
                time_zone=plan.time_zone,
                place=plan.place,
                uid=plan.uid,
                state=plan.state,
                organisations=sorted(party.organisation_id for party in plan.parties),
            )
            for plan in plans
        ],
        batch_size=_BATCH,
    )
    MeetingParty.objects.bulk_create(
        [
            MeetingParty(
                meeting=meeting,
                organisation_id=party.organisation_id,
                person_id=party.person_id,
                name=party.name,
            )
            for meeting, plan in zip(meetings, plans, strict=True)
            for party in plan.parties
        ],
        batch_size=_BATCH,
    )
    return meetings


@transaction.atomic
def move_meetings(
    *, actor: Reader, places: Sequence[NewPlace], now: datetime, why: str = ""
) -> list[Meeting]:
    """Give meetings another time or place; those that stay where they are keep their sequence.

    Side effects: `sequence` rises by one and an audit row is written for each that changed. No
    notifications.

    Returns
    -------
    list of Meeting
        Those that changed.
    """
    wanted = {place.meeting_id: place for place in places}
    changed = []
    for meeting in Meeting.objects.filter(pk__in=wanted).order_by("pk"):
        place = wanted[meeting.pk]
        before: list[Any] = [meeting.starts_at, meeting.place]
        if [*before, meeting.ends_at] == [place.starts_at, place.place, place.ends_at]:
            continue
        meeting.starts_at, meeting.ends_at = place.starts_at, place.ends_at
        meeting.place = place.place
        meeting.sequence += 1
        meeting.updated_at = now
        changed.append(meeting)
        audit.record(
            actor,
            "move_meeting",
            meeting,
            partnership_id=meeting.partnership_id,
            changes={
                "starts_at": [before[0].isoformat(), place.starts_at.isoformat()],
                "place": [before[1], place.place],
            },
            why=why,
        )
    Meeting.objects.bulk_update(
        changed, ["starts_at", "ends_at", "place", "sequence", "updated_at"], batch_size=_BATCH
    )
    return changed


@transaction.atomic
def cancel_meetings(
    *, actor: Reader, meeting_ids: Sequence[int], reason: str, now: datetime
) -> list[Meeting]:
    """Cancel meetings; those already cancelled are left alone. No notifications.

    Side effects: state and `sequence` change, an audit row each.

    Returns
    -------
    list of Meeting
        Those cancelled now.
    """
    cancelled = list(
        Meeting.objects.filter(pk__in=meeting_ids)
        .exclude(state=Meeting.State.CANCELLED)
        .order_by("pk")
    )
    for meeting in cancelled:
        before = meeting.state
        meeting.state = Meeting.State.CANCELLED
        meeting.cancel_reason = reason[:300]
        meeting.sequence += 1
        meeting.updated_at = now
        audit.record(
            actor,
            "cancel_meeting",
            meeting,
            partnership_id=meeting.partnership_id,
            changes={"state": [before, meeting.state]},
            why=reason,
        )
    Meeting.objects.bulk_update(
        cancelled, ["state", "cancel_reason", "sequence", "updated_at"], batch_size=_BATCH
    )
    return cancelled


@transaction.atomic
def discard_meetings(*, meeting_ids: Sequence[int], even_cancelled: bool = False) -> int:
    """Remove meetings that were promised to nobody; return how many. Others are left alone.

    `even_cancelled` removes called off ones, too: for plans of which nothing was ever agreed.
    """
    states = [*OPEN, Meeting.State.CANCELLED] if even_cancelled else OPEN
    found = Meeting.objects.filter(pk__in=meeting_ids, state__in=states)
    ids = list(found.values_list("pk", flat=True))
    Meeting.objects.filter(pk__in=ids).delete()
    return len(ids)


def set_meeting_state(*, meeting_ids: Sequence[int], state: str, now: datetime) -> int:
    """Show meetings as provisional, or confirm them; return how many changed.

    Only open meetings change: a cancelled one is not restored.
    """
    found = Meeting.objects.filter(pk__in=meeting_ids, state__in=OPEN).exclude(state=state)
    return found.update(state=state, updated_at=now)
