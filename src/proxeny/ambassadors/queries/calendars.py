"""Working hours and busy times of people: for the desk, and for themselves."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Q, QuerySet, Sum

from proxeny.ambassadors.models import BusyTime, WorkingHours
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.models import CatchUpGuest, Meeting, MeetingParty

type Interval = tuple[datetime, datetime]

_OFF = (Meeting.State.DRAFT, Meeting.State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Taken:
    """Totals of an uploaded calendar from now on: number of times, hours, and last day."""

    times: int = 0
    hours: float = 0.0
    until: datetime | None = None


def own_hours(reader: Reader) -> WorkingHours | None:
    """Return the working hours that the reader has said, or None."""
    return WorkingHours.objects.filter(person_id=reader.own_id).first()


def own_taken(reader: Reader, *, now: datetime) -> Taken:
    """Return how much of the reader's future time their uploaded calendar takes."""
    found = BusyTime.objects.filter(person_id=reader.own_id, ends_at__gt=now).aggregate(
        times=Count("pk"), length=Sum(F("ends_at") - F("starts_at")), until=Max("ends_at")
    )
    length = found["length"] or timedelta()
    return Taken(found["times"], length / timedelta(hours=1), found["until"])


def hours_of(person_ids: Collection[int]) -> dict[int, WorkingHours]:
    """Return the stated working hours of people, by person. One query.

    The reader finds their own, those of people at their desk, and of people who agreed to meet.
    """
    return {one.person_id: one for one in WorkingHours.objects.filter(person_id__in=person_ids)}


def busy_of(
    person_ids: Collection[int], since: datetime, until: datetime
) -> dict[int, list[Interval]]:
    """Return people's busy times within a period, by person, in order. One query.

    Busy times are those of an uploaded calendar, and meetings and catch-ups the person attends: as
    far as the reader may see either. Where two overlap, both are returned.

    Parameters
    ----------
    person_ids : collection of int
    since, until : datetime
        Times that end after the one and begin before the other.
    """
    brought = BusyTime.objects.filter(
        person_id__in=person_ids, ends_at__gt=since, starts_at__lt=until
    ).values_list("person_id", "starts_at", "ends_at")
    goes = MeetingParty.objects.exclude(answer=MeetingParty.Answer.DECLINED)
    asked = CatchUpGuest.objects.exclude(answer=MeetingParty.Answer.DECLINED)
    found: dict[int, list[Interval]] = {}
    rows = brought.union(
        _meetings(goes, "meeting", person_ids, since, until),
        _meetings(asked, "catch_up__meeting", person_ids, since, until),
    )
    for person, starts_at, ends_at in rows.order_by("starts_at", "ends_at"):
        found.setdefault(person, []).append((starts_at, ends_at))
    return found


def _meetings(
    rows: QuerySet[MeetingParty] | QuerySet[CatchUpGuest],
    path: str,
    person_ids: Collection[int],
    since: datetime,
    until: datetime,
) -> QuerySet[MeetingParty] | QuerySet[CatchUpGuest]:
    within = Q(**{f"{path}__ends_at__gt": since, f"{path}__starts_at__lt": until})
    found = rows.filter(within, person_id__in=person_ids).exclude(**{f"{path}__state__in": _OFF})
    return found.values_list("person_id", f"{path}__starts_at", f"{path}__ends_at")
