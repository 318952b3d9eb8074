"""Jobs: long work in the background, its schedule, and what failed.

`running` queues and carries out jobs, `schedule` holds the hourly duties, `watching` shows people
their jobs, and `failures` holds what waits for a decision. The queue itself is `kernel.queue`.
"""

from proxeny.kernel.jobs.running import (
    JOB_ENDED,
    JobContext,
    enqueue,
    fresh_connection,
    job,
    register,
    registered_kinds,
    request_stop,
    run,
    try_again,
)

__all__ = [
    "JOB_ENDED",
    "JobContext",
    "enqueue",
    "fresh_connection",
    "job",
    "register",
    "registered_kinds",
    "request_stop",
    "run",
    "try_again",
]
