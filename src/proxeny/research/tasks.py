"""What data packages do by themselves: tables are checked row by row, and what is left over is swept."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from proxeny.engine.package import validate_table
from proxeny.kernel.hourly import hourly
from proxeny.kernel.jobs import JobContext, enqueue, job
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as
from proxeny.research import crate_tasks  # noqa: F401  its jobs are known from here
from proxeny.research.models import PackageFile
from proxeny.research.operations import kept_bytes, tables
from proxeny.research.store import open_bytes


@job(tables.CHECK)
def check_table(context: JobContext) -> dict[str, Any]:
    """Check all rows of a table; one that was said or sent anew meanwhile has another job."""
    given = context.arguments
    with acting_as(SERVICE):
        file = PackageFile.objects.filter(pk=given["file_id"], revision=given["revision"]).first()
    if file is None:
        return {"gone": True}
    dialect, schema = tables.load_table(file)
    with open_bytes(file.sha256) as stream:

        def go_on(rows: int) -> bool:
            percent = min(99, stream.tell() * 100 // max(1, file.size))
            context.report(rows=rows, percent=percent)
            return not context.should_stop()

        report = validate_table(stream, dialect, schema, go_on=go_on)
    result = {"rows": report.rows, "valid": report.valid, "counts": dict(report.counts)}
    with acting_as(SERVICE):
        kept = tables.keep_report(file_id=file.pk, revision=given["revision"], report=report)
        if kept and not report.stopped:
            context.finish(result)
    return result if kept else {"gone": True}


@hourly
def start_sweeping(now: datetime) -> None:
    """Queue the look for what nobody needs, once an hour."""
    enqueue("research.sweep", actor=STRANGER, key=f"research.sweep:{now:%Y-%m-%dT%H}",
            arguments={})  # fmt: skip


@job("research.sweep")
def sweep(context: JobContext) -> dict[str, Any]:
    """Give up forgotten uploads, and delete bytes that no row names."""
    return {"swept": kept_bytes.sweep(timezone.now())}
