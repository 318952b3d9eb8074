"""Background jobs about people: erasure, the download of personal data, notices of inactivity."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from proxeny.accounts.operations import privacy
from proxeny.kernel.jobs import JobContext, enqueue, job
from proxeny.kernel.jobs.schedule import HOURLY
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as


@HOURLY.add
def start_due_erasures(now: datetime) -> None:
    """Queue the erasures whose waiting period is over."""
    privacy.start_due_erasures(now=now)


@HOURLY.add
def start_telling_idle(now: datetime) -> None:
    """Queue the notices to inactive people, once a day."""
    enqueue(
        "accounts.tell-idle", actor=STRANGER, key=f"accounts.tell-idle:{now:%Y-%m-%d}", arguments={}
    )


@job("accounts.erase-person")
def erase_person(context: JobContext) -> dict[str, Any]:
    """Carry out an erasure request, in one transaction."""
    with acting_as(SERVICE):
        result = privacy.carry_out_erasure(
            erasure_id=context.arguments["erasure"], now=timezone.now()
        )
        context.finish(result)
    return result


@job("accounts.collect-data")
def collect_data(context: JobContext) -> dict[str, Any]:
    """Put together all that is held about a person."""
    with acting_as(SERVICE):
        length = privacy.collect_data(file_id=context.arguments["file"], now=timezone.now())
        context.finish({"length": length})
    return {"length": length}


@job("accounts.tell-idle")
def tell_idle(context: JobContext) -> dict[str, Any]:
    """Notify inactive people that they will be erased."""
    with acting_as(SERVICE):
        told = privacy.announce_idle(now=timezone.now())
        context.finish({"told": told})
    return {"told": told}
