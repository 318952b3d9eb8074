"""Long work about people: erasure, the file of one's own data, telling who takes part no longer."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from proxeny.accounts.operations import privacy
from proxeny.kernel.hourly import hourly
from proxeny.kernel.jobs import JobContext, enqueue, job
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as


@hourly
def start_due_erasures(now: datetime) -> None:
    """Queue the erasures whose days for a change of mind are over."""
    privacy.start_due_erasures(now=now)


@hourly
def start_telling_idle(now: datetime) -> None:
    """Queue the notices to people who take part no longer, once a day."""
    enqueue("accounts.tell-idle", actor=STRANGER, key=f"accounts.tell-idle:{now:%Y-%m-%d}",
            arguments={})  # fmt: skip


@job("accounts.erase-person")
def erase_person(context: JobContext) -> dict[str, Any]:
    """Erase whom a wish is about, in one transaction."""
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
    """Write to people who take part no longer that they will be erased."""
    with acting_as(SERVICE):
        told = privacy.announce_idle(now=timezone.now())
        context.finish({"told": told})
    return {"told": told}
