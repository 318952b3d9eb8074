"""Long work of the kernel itself."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from proxeny.kernel.jobs import JobContext, enqueue, job
from proxeny.kernel.jobs.schedule import HOURLY
from proxeny.kernel.personal_data.keeping import apply_terms
from proxeny.kernel.tenancy import STRANGER


@HOURLY.add
def start_retention(now: datetime) -> None:
    """Queue the daily deletion of data past its retention period."""
    enqueue(
        "kernel.apply-terms", actor=STRANGER, key=f"kernel.apply-terms:{now:%Y-%m-%d}", arguments={}
    )


@job("kernel.apply-terms")
def apply_terms_of_holdings(context: JobContext) -> dict[str, Any]:
    """Delete data past its retention period, batch by batch."""
    return {"dropped": apply_terms(now=timezone.now(), should_stop=context.should_stop)}
