"""What the consultation service does by itself, once an hour."""

from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone

from proxeny.assessments import figure_tasks  # noqa: F401  its jobs are known from here
from proxeny.assessments.operations import later, reminding
from proxeny.assessments.queries.plan import steps_to_tell
from proxeny.kernel.each import for_each
from proxeny.kernel.hourly import hourly
from proxeny.kernel.jobs import JobContext, enqueue, job
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as


@hourly
def start_reminding_steps(now: datetime) -> None:
    """Queue the look at steps that are due, once an hour."""
    enqueue("assessments.remind_steps", actor=STRANGER,
            key=f"assessments.remind_steps:{now:%Y-%m-%dT%H}", arguments={})  # fmt: skip


@job("assessments.remind_steps")
def remind_steps(context: JobContext) -> dict[str, Any]:
    """Remind who is in charge of steps, two days before and once they are late."""
    now = timezone.localtime()
    with acting_as(SERVICE):
        numbers = steps_to_tell(now.date())
    told = for_each(
        numbers, partial(reminding.remind_step, now=now), what="reminding of a step",
        should_stop=context.should_stop,
    )  # fmt: skip
    return {"done": told.count, "failed": len(told.failed)}


@hourly
def start_asking_later(now: datetime) -> None:
    """Queue the look at reports of which somebody is to be asked what came of them."""
    enqueue("assessments.ask_later", actor=STRANGER,
            key=f"assessments.ask_later:{now:%Y-%m-%dT%H}", arguments={})  # fmt: skip


@job("assessments.ask_later")
def ask_later(context: JobContext) -> dict[str, Any]:
    """Ask companies six and twelve months after a hand-over, and remind them once."""
    now, done, failed = timezone.localtime(), 0, 0
    for what, find, write in (
        ("asking what came of a report", later.find_due, later.ask_later),
        ("reminding of the question", later.find_unanswered, later.remind_later),
    ):
        with acting_as(SERVICE):
            numbers = find(now)
        told = for_each(
            numbers, partial(write, now=now), what=what, should_stop=context.should_stop
        )
        done, failed = done + told.count, failed + len(told.failed)
    return {"done": done, "failed": failed}
