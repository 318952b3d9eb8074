"""Jobs of data packages: checks of tables row by row, and the cleanup of leftovers."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from proxeny.kernel.jobs import JobContext, enqueue, job
from proxeny.kernel.jobs.schedule import HOURLY
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as
from proxeny.research import (
    crate_tasks,  # noqa: F401  its jobs are known from here
    sandboxed,
)
from proxeny.research.models import PackageFile
from proxeny.research.operations import tables, unreferenced_bytes
from proxeny.research.store import open_bytes


@job(tables.CHECK)
def check_table(context: JobContext) -> dict[str, Any]:
    """Check all rows of a table; if it was changed meanwhile, another job does."""
    given = context.arguments
    with acting_as(SERVICE):
        file = PackageFile.objects.filter(pk=given["file_id"], revision=given["revision"]).first()
    if file is None:
        return {"gone": True}
    dialect, schema = tables.load_table(file)

    def go_on(rows: int, read: int) -> bool:
        context.report(rows=rows, percent=min(99, read * 100 // max(1, file.size)))
        return not context.should_stop()

    with open_bytes(file.sha256) as stream:
        report = sandboxed.check_table(stream, dialect, schema, go_on=go_on)
    result = {"rows": report.rows, "valid": report.valid, "counts": dict(report.counts)}
    with acting_as(SERVICE):
        kept = tables.keep_report(file_id=file.pk, revision=given["revision"], report=report)
        if kept and not report.stopped:
            context.finish(result)
    return result if kept else {"gone": True}


@HOURLY.add
def start_sweeping(now: datetime) -> None:
    """Queue the look for what nobody needs, once an hour."""
    enqueue("research.sweep", actor=STRANGER, key=f"research.sweep:{now:%Y-%m-%dT%H}", arguments={})


@job("research.sweep")
def sweep(context: JobContext) -> dict[str, Any]:
    """Give up forgotten uploads, and delete bytes that no row names."""
    return {"swept": unreferenced_bytes.sweep(timezone.now())}
