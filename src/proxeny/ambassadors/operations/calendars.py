"""People's own statements of when they can be met: working hours, and an uploaded calendar."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from proxeny.accounts.queries import get_profile
from proxeny.ambassadors.models import BusyTime, WorkingHours
from proxeny.ambassadors.queries.calendars import own_hours
from proxeny.kernel import audit
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.freebusy import LARGEST, Busy, read_busy
from proxeny.kernel.sandbox import read_apart
from proxeny.kernel.tenancy import Reader

#: So far ahead busy times are read from a calendar: meetings are proposed within a year.
AHEAD = timedelta(days=366)
#: Rows that are written at once.
_BATCH = 2000


@dataclass(frozen=True, slots=True)
class Brought:
    """Content read from a calendar: the number of events, and the busy hours."""

    events: int
    times: int
    hours: float
    until: datetime


@transaction.atomic
def set_working_hours(
    *, actor: Reader, weekdays: Collection[int], opens_min: int, closes_min: int
) -> WorkingHours:
    """Set the days on which and the hours between which the actor can be met, in their time zone.

    Parameters
    ----------
    weekdays : collection of int
        0 is Monday.
    opens_min, closes_min : int
        In minutes of the day.

    Side effects: an audit row.

    Raises
    ------
    NotFound, InvalidInput
        The actor is a stranger; no day, or hours that do not end after they begin.
    """
    person = get_profile(actor)
    days = sorted(set(weekdays))
    if not days or not set(days) <= set(range(7)):
        raise InvalidInput(_("Choose at least one day."), field="weekdays")
    if not 0 <= opens_min < closes_min <= 24 * 60:
        raise InvalidInput(_("Enter an end time after the start time."), field="closes")
    before = own_hours(actor)
    new = {"weekdays": days, "opens_min": opens_min, "closes_min": closes_min}
    hours, _made = WorkingHours.objects.update_or_create(person_id=person.pk, defaults=new)
    changes = {
        name: [getattr(before, name) if before else None, value]
        for name, value in new.items()
        if before is None or getattr(before, name) != value
    }
    if changes:
        audit.record(actor, "set_working_hours", hours, changes=changes)
    return hours


@transaction.atomic
def bring_calendar(*, actor: Reader, content: bytes, now: datetime) -> Brought:
    """Read busy times from a calendar, replacing all earlier ones of the actor.

    Parameters
    ----------
    content : bytes
        An iCalendar file of any maker.

    Side effects: an audit row. Times alone are kept: no title, place or guest.

    Raises
    ------
    NotFound, InvalidInput
        The actor is a stranger; too large, not a calendar, or one that cannot be read.
    """
    person = get_profile(actor)
    refuse_size(len(content))
    since, until = now, now + AHEAD
    found = read_apart(
        read_busy, content, since, until, person.time_zone, [person.email], returns=(Busy,)
    )
    # Two files at once, from two windows: the later one counts, whole.
    _hold(person.pk)
    BusyTime.objects.filter(person_id=person.pk).delete()
    BusyTime.objects.bulk_create(
        (
            BusyTime(person_id=person.pk, starts_at=start, ends_at=end)
            for start, end in found.intervals
        ),
        batch_size=_BATCH,
    )
    taken = sum((end - start for start, end in found.intervals), timedelta())
    brought = Brought(found.events, len(found.intervals), taken / timedelta(hours=1), until)
    audit.record(actor, "bring_calendar", person, changes={"times": brought.times})
    return brought


def refuse_size(size: int) -> None:
    """Refuse a file that is larger than a calendar is.

    Raises
    ------
    InvalidInput
        With the largest size.
    """
    if size > LARGEST:
        raise InvalidInput(
            _("This file is larger than %(size)d MB. Export only the coming months.")
            % {"size": LARGEST // 1024 // 1024},
            field="file",
        )


@transaction.atomic
def forget_calendar(*, actor: Reader) -> int:
    """Delete all busy times that the actor uploaded; return their number.

    Side effects: an audit row, if there were any.

    Raises
    ------
    NotFound
        The actor is a stranger.
    """
    person = get_profile(actor)
    _hold(person.pk)
    count, _kinds = BusyTime.objects.filter(person_id=person.pk).delete()
    if count:
        audit.record(actor, "forget_calendar", person, changes={"times": count})
    return count


def _hold(person_id: int) -> None:
    """Make other writers of this person's busy times wait until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"busy times {person_id}"]
        )
