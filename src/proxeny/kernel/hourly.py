"""What is looked after once an hour: duties that capabilities register, each on its own.

A duty queues jobs under keys that name the day or the record, so that the second of two looks in
one day, on any host, does nothing.
"""

from collections.abc import Callable
from datetime import datetime

from proxeny.kernel.each import for_each

Duty = Callable[[datetime], None]
_duties: list[Duty] = []


def hourly(duty: Duty) -> Duty:
    """Register a function of the present moment; it runs in the service's role."""
    _duties.append(duty)
    return duty


def look_after(now: datetime) -> list[str]:
    """Do every duty, each in its own transaction; return the names of those that failed."""
    outcome = for_each(
        _duties, lambda duty: duty(now), what="the hourly duty", name=lambda duty: duty.__name__
    )
    return [duty.__name__ for duty in outcome.failed]
