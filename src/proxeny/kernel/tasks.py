"""Long work of the kernel itself."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from proxeny.kernel.holdings.keeping import apply_terms
from proxeny.kernel.hourly import hourly
from proxeny.kernel.jobs import JobContext, enqueue, job
from proxeny.kernel.tenancy import STRANGER


@hourly
def start_retention(now: datetime) -> None:
    """Queue the dropping of what is no longer needed, once a day."""
    enqueue("kernel.apply-terms", actor=STRANGER, key=f"kernel.apply-terms:{now:%Y-%m-%d}",
            arguments={})  # fmt: skip


@job("kernel.apply-terms")
def apply_terms_of_holdings(context: JobContext) -> dict[str, Any]:
    """Drop what is no longer needed, batch by batch."""
    return {"dropped": apply_terms(now=timezone.now(), should_stop=context.should_stop)}
