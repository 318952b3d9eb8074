"""What is looked after once an hour: duties that capabilities register, each on its own.

A duty queues jobs under keys that name the day or the record, so that the second of two looks in
one day, on any host, does nothing.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from proxeny.kernel.tenancy import SERVICE, acting_as

logger = logging.getLogger(__name__)

Duty = Callable[[datetime], None]
_duties: list[Duty] = []


def hourly(duty: Duty) -> Duty:
    """Register a function of the present moment; it runs in the service's role."""
    _duties.append(duty)
    return duty


def look_after(now: datetime) -> list[str]:
    """Do every duty, each in its own transaction; return the names of those that failed."""
    failed = []
    for duty in _duties:
        try:
            with acting_as(SERVICE):
                duty(now)
        except Exception:
            logger.exception("the hourly duty %s failed", duty.__name__)
            failed.append(duty.__name__)
    return failed
