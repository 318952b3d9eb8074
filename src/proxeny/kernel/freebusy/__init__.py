"""Times that a calendar of other people's making says are taken, and nothing else of it."""

from proxeny.kernel.freebusy.reading import (
    LARGEST,
    LONGEST_DAYS,
    MOST_INTERVALS,
    Busy,
    read_busy,
)

__all__ = ["LARGEST", "LONGEST_DAYS", "MOST_INTERVALS", "Busy", "read_busy"]
