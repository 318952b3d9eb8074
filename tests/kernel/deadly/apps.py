"""Registers the work when a worker starts."""

import os
import signal
from typing import Any

from django.apps import AppConfig

KIND = "test.deadly"


class DeadlyConfig(AppConfig):
    name = "tests.kernel.deadly"
    label = "deadly"

    def ready(self) -> None:
        from proxeny.kernel.jobs import JobContext, job

        @job(KIND)
        def end_here(context: JobContext) -> dict[str, Any]:
            """End as a process does that the system has no memory for."""
            os.kill(os.getpid(), signal.SIGKILL)
            return {}
