"""The hourly jobs of the consultation service."""

from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone

from proxeny.assessments import figure_tasks  # noqa: F401  its jobs are known from here
from proxeny.assessments.operations import follow_up, reminders
from proxeny.assessments.queries.plan import steps_to_tell
from proxeny.kernel.batch import for_each
from proxeny.kernel.jobs import JobContext, enqueue, job
from proxeny.kernel.jobs.schedule import HOURLY
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as


@HOURLY.add
def start_reminding_steps(now: datetime) -> None:
    """Queue the look at steps that are due, once an hour."""
    enqueue(
        "assessments.remind_steps",
        actor=STRANGER,
        key=f"assessments.remind_steps:{now:%Y-%m-%dT%H}",
        arguments={},
    )


@job("assessments.remind_steps")
def remind_steps(context: JobContext) -> dict[str, Any]:
    """Remind the owners of steps, two days before and once they are late."""
    now = timezone.localtime()
    with acting_as(SERVICE):
        numbers = steps_to_tell(now.date())
    told = for_each(
        numbers,
        partial(reminders.remind_step, now=now),
        what="reminding of a step",
        should_stop=context.should_stop,
    )
    return {"done": told.count, "failed": len(told.failed)}


@HOURLY.add
def start_asking_later(now: datetime) -> None:
    """Queue the search for reports whose clients are to be asked about the outcome."""
    enqueue(
        "assessments.ask_later",
        actor=STRANGER,
        key=f"assessments.ask_later:{now:%Y-%m-%dT%H}",
        arguments={},
    )


@job("assessments.ask_later")
def ask_later(context: JobContext) -> dict[str, Any]:
    """Ask companies six and twelve months after a handover, and remind them once."""
    now, done, failed = timezone.localtime(), 0, 0
    for what, find, write in (
        ("asking what came of a report", follow_up.find_due, follow_up.ask_later),
        ("reminding of the question", follow_up.find_unanswered, follow_up.remind_later),
    ):
        with acting_as(SERVICE):
            numbers = find(now)
        told = for_each(
            numbers, partial(write, now=now), what=what, should_stop=context.should_stop
        )
        done, failed = done + told.count, failed + len(told.failed)
    return {"done": done, "failed": failed}
