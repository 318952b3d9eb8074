"""The jobs of labels."""

from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone

from proxeny.kernel.batch import for_each
from proxeny.kernel.jobs import JobContext, enqueue, job
from proxeny.kernel.jobs.schedule import HOURLY
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as
from proxeny.labels import award_tasks  # noqa: F401  its jobs are known from here
from proxeny.labels.operations import reminders


@HOURLY.add
def start_reminding(now: datetime) -> None:
    """Queue the look at check-ups, renewals and drafts, once a day."""
    enqueue("labels.remind", actor=STRANGER, key=f"labels.remind:{now:%Y-%m-%d}", arguments={})


@job("labels.remind")
def remind(context: JobContext) -> dict[str, Any]:
    """Remind holders and applicants, each in a transaction of its own."""
    now, done, failed = timezone.localtime(), 0, 0
    for what, find, write in (
        ("reminding of a check-up", reminders.find_checkups, reminders.remind_checkup),
        ("telling of a renewal", reminders.find_renewals, reminders.tell_renewal),
        ("telling that a round closes", reminders.find_drafts, reminders.tell_closing),
    ):
        with acting_as(SERVICE):
            numbers = find(now)
        told = for_each(
            numbers, partial(write, now=now), what=what, should_stop=context.should_stop
        )
        done, failed = done + told.count, failed + len(told.failed)
    return {"done": done, "failed": failed}
