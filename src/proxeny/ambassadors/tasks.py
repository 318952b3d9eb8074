"""Automatic actions of the desk, once an hour."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone

from proxeny.ambassadors.operations import reminders
from proxeny.kernel.batch import for_each
from proxeny.kernel.jobs import JobContext, enqueue, job
from proxeny.kernel.jobs.schedule import HOURLY
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as


@HOURLY.add
def start_minding_desks(now: datetime) -> None:
    """Queue the look at what waits and what is over, once an hour."""
    enqueue(
        "ambassadors.mind", actor=STRANGER, key=f"ambassadors.mind:{now:%Y-%m-%dT%H}", arguments={}
    )


_WORK: Sequence[tuple[str, Callable[[datetime], list[int]], Callable[..., int | None]]] = (
    ("closing a day", reminders.over_meetings, reminders.close_day),
    ("reminding somebody", reminders.waiting_sides, reminders.remind_side),
    ("asking for a rating again", reminders.unrated_links, reminders.remind_to_rate),
    ("asking what came of a meeting", reminders.ripe_cases, reminders.ask_later),
)


@job("ambassadors.mind")
def mind_desks(context: JobContext) -> dict[str, Any]:
    """Send reminders, ask how meetings went, and ask for their outcomes."""
    now, failed, done = timezone.now(), 0, 0
    for what, find, work in _WORK:
        with acting_as(SERVICE):
            numbers = find(now)
        told = for_each(numbers, partial(work, now=now), what=what, should_stop=context.should_stop)
        done, failed = done + told.count, failed + len(told.failed)
    return {"done": done, "failed": failed}
