"""Deletion of data past its retention period, by the declarations of the tables."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models
from django.db.models import Q

from proxeny.kernel.models import AuditEntry, StoredFile
from proxeny.kernel.personal_data.declared import Keep
from proxeny.kernel.personal_data.tables import Model, all_holdings
from proxeny.kernel.tenancy import SERVICE, acting_as

#: Rows dropped in one transaction.
BATCH = 2000
#: The verb of the audit rows that say what was dropped.
VERB = "apply_retention"
#: Finished entries of the queue, whose table belongs to `procrastinate`.
QUEUE_DAYS = 90

_QUEUE = """
DELETE FROM procrastinate_jobs WHERE id IN (
    SELECT j.id FROM procrastinate_jobs j
    WHERE j.status IN ('succeeded', 'failed', 'cancelled', 'aborted')
      AND NOT EXISTS (SELECT 1 FROM procrastinate_events e
                      WHERE e.job_id = j.id AND e.at >= %s)
    ORDER BY j.id LIMIT %s)
"""
_CACHE = """
DELETE FROM kernel_cache WHERE cache_key IN (
    SELECT cache_key FROM kernel_cache WHERE expires < %s LIMIT %s)
"""


def apply_terms(
    *, now: datetime, should_stop: Callable[[], bool] = lambda: False, batch: int = BATCH
) -> dict[str, int]:
    """Delete all rows past their retention period; return the number of rows of each table.

    Each batch is one transaction in the service's role, with an audit row that records table and
    number, so everything deleted before a crash is on record and the next run continues from there.

    Parameters
    ----------
    should_stop : callable
        Called between batches.
    """
    dropped: dict[str, int] = {}
    for label, work in _duties(now, batch):
        while not should_stop():
            with acting_as(SERVICE):
                count = work()
                if count:
                    AuditEntry.objects.create(verb=VERB, target=label, changes={"rows": count})
                    dropped[label] = dropped.get(label, 0) + count
            if count < batch:
                break
    return dropped


def _duties(now: datetime, batch: int) -> Iterator[tuple[str, Callable[[], int]]]:
    for model, holding in all_holdings():
        for keep in holding.keep:
            yield model._meta.label_lower, _duty(model, keep, now, batch)
    ended = now - timedelta(days=QUEUE_DAYS)
    yield "procrastinate.procrastinatejob", lambda: _execute(_QUEUE, [ended, batch])
    yield "kernel.cache", lambda: _execute(_CACHE, [now, batch])


def _duty(model: Model, keep: Keep, now: datetime, batch: int) -> Callable[[], int]:
    def work() -> int:
        rows = list(due(model, keep, now=now).order_by("pk")[:batch].values_list("pk", *keep.files))
        if not rows:
            return 0
        numbers = [row[0] for row in rows]
        StoredFile.objects.filter(pk__in={one for row in rows for one in row[1:] if one}).delete()
        found = model._base_manager.filter(pk__in=numbers)
        if keep.empties is not None:
            found.update(**keep.empties)
        else:
            found.delete()
        return len(numbers)

    return work


def due(model: Model, keep: Keep, *, now: datetime) -> models.QuerySet[Any]:
    """Return the rows past their retention period."""
    over = now - timedelta(days=keep.days)
    before: Any = int(over.timestamp() // keep.unit_s) if keep.unit_s else over
    rows = model._base_manager.filter(keep.only or Q(), **{f"{keep.since}__lt": before})
    if keep.empties:
        # An empty row was dropped before.
        rows = rows.exclude(**keep.empties)
    return rows


def _execute(statement: str, parameters: list[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)
