"""The long work of the directory: checking and importing member lists.

Both run as the person who started them, so that the database refuses what that person may no
longer do. Killed at any moment they leave nothing half-done: all rows and the job's own end are
one transaction.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone, translation

from proxeny.accounts.queries import get_reader_of_person
from proxeny.directory import operations, queries
from proxeny.directory.models import MemberImport
from proxeny.kernel.errors import NotFound, ProxenyError
from proxeny.kernel.jobs import JobContext, job
from proxeny.kernel.tenancy import GATE, STRANGER, WEB, Reader, acting_as

State = MemberImport.State
# Of the whole bar, what each step takes; measured with 20,000 rows.
_STEPS = {"read": (0, 5), "check": (5, 35), "compare": (35, 45), "write": (45, 100)}


@job("directory.check-import")
def check(context: JobContext) -> dict[str, Any]:
    """Check a brought list."""
    with (
        _as_person(context) as reader,
        _fail_visibly(context, reader, State.CHECKING),
        acting_as(WEB, reader),
    ):
        if not _is_current(context):
            return {}
        brought = operations.check_import(
            actor=reader, import_id=context.arguments["import_id"], report=_bar(context)
        )
        result = {"problems": brought.problem_count, "rows": brought.rows}
        context.finish(result)
    return result


@job("directory.apply-import")
def apply(context: JobContext) -> dict[str, Any]:
    """Import a checked list."""
    with (
        _as_person(context) as reader,
        _fail_visibly(context, reader, State.APPLYING),
        acting_as(WEB, reader),
    ):
        if not _is_current(context):
            return {}
        brought = operations.write_import(
            actor=reader, import_id=context.arguments["import_id"], now=timezone.now(),
            report=_bar(context),
        )  # fmt: skip
        result = {
            "added": brought.added,
            "changed": brought.changed,
            "unchanged": brought.unchanged,
        }
        context.finish(result)
    return result


@contextmanager
def _as_person(context: JobContext) -> Iterator[Reader]:
    reader = STRANGER
    if context.person_id is not None:
        with acting_as(GATE):
            reader = get_reader_of_person(context.person_id, today=timezone.now().date())
    with translation.override(reader.language or "en"):
        yield reader


@contextmanager
def _fail_visibly(context: JobContext, reader: Reader, state: str) -> Iterator[None]:
    # A refusal undoes the work; that the list was refused is kept in a transaction of its own.
    try:
        yield
    except ProxenyError:
        with acting_as(WEB, reader):
            MemberImport.objects.filter(
                pk=context.arguments["import_id"], version=context.arguments["version"], state=state
            ).update(state=State.FAILED)
        raise


def _is_current(context: JobContext) -> bool:
    # Somebody may have chosen other columns since this job was queued.
    try:
        brought = queries.get_import(context.arguments["import_id"])
    except NotFound:
        return False
    return brought.version == context.arguments["version"] and not brought.is_over


def _bar(context: JobContext) -> Callable[[str, int, int], None]:
    def report(step: str, done: int, total: int) -> None:
        start, end = _STEPS[step]
        percent = start + (end - start) * done // max(total, 1)
        context.report(step=step, done=done, total=total, percent=percent)

    return report
