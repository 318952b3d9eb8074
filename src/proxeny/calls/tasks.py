"""Hourly background jobs for calls: reminders to watchers."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from proxeny.accounts.acting_for import eyes_of_person
from proxeny.calls.operations import watching
from proxeny.calls.queries.watching import watches_to_tell
from proxeny.kernel.batch import for_each
from proxeny.kernel.jobs import JobContext, enqueue, job
from proxeny.kernel.jobs.schedule import HOURLY
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as


@HOURLY.add
def start_reminding_of_calls(now: datetime) -> None:
    """Queue the look at watched calls, once an hour."""
    enqueue("calls.remind", actor=STRANGER, key=f"calls.remind:{now:%Y-%m-%dT%H}", arguments={})


@job("calls.remind")
def remind(context: JobContext) -> dict[str, Any]:
    """Remind watchers of calls that close soon or moved; each with their own read rights."""
    now = timezone.now()
    with acting_as(SERVICE):
        numbers = watches_to_tell(now=now)
    told = for_each(
        numbers,
        lambda one: watching.tell_watcher(one, now=now, reading=eyes_of_person),
        what="reminding of a call",
        should_stop=context.should_stop,
    )
    return {"mails": told.count, "failed": len(told.failed)}
