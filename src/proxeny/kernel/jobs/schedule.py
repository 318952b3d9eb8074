"""Hourly duties that capabilities register, each run on its own.

A duty queues jobs under keys that name the day or the record, so that the second of two checks on
one day, on any host, does nothing.
"""

from collections.abc import Callable
from datetime import datetime

from proxeny.kernel.batch import for_each
from proxeny.kernel.hooks import Hook

Duty = Callable[[datetime], None]
HOURLY: Hook[Duty] = Hook(
    "jobs.hourly", "A duty of every hour; it runs in the role of the service."
)


def look_after(now: datetime) -> list[str]:
    """Do every duty, each in its own transaction; return the names of those that failed."""
    outcome = for_each(
        HOURLY, lambda duty: duty(now), what="the hourly duty", name=lambda duty: duty.__name__
    )
    return [duty.__name__ for duty in outcome.failed]
