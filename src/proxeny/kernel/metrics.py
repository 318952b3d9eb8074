"""Figures for Prometheus: requests as this host's web processes count them, work as the database does.

Several web processes of one host count into files that they share (`PROMETHEUS_MULTIPROC_DIR`, set
by `config.wsgi`), so that it does not matter which of them answers. What waits and what failed is
read from the database when it is asked for, and is therefore the same from every host.
"""

import math
import os
from collections.abc import Iterator

from django.conf import settings
from django.db import Error, connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from proxeny.kernel.health import LATELY_S, as_login
from proxeny.kernel.queue import count_left
from proxeny.kernel.tenancy import SERVICE, acting_as

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
#: Whatever else a client calls itself is counted as one, so that it cannot make series at will.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_here = CollectorRegistry()
_requests = Counter(
    "proxeny_requests",
    "Requests answered by this host's web processes together.",
    ["route", "method", "status"],
    registry=_here,
)
_seconds = Histogram(
    "proxeny_request_seconds",
    "Seconds that answers took, over this host's web processes.",
    ["route"],
    registry=_here,
    buckets=BUCKETS,
)


def observe_request(*, route: str, method: str, status: int, seconds: float) -> str:
    """Count one answered request; return the method as it is counted."""
    counted = method if method in METHODS else "other"
    _requests.labels(route, counted, status).inc()
    _seconds.labels(route).observe(seconds)
    return counted


def tell_metrics() -> bytes:
    """Return all figures in Prometheus' text format."""
    database = CollectorRegistry()
    database.register(_Database())
    return generate_latest(_shared() or _here) + generate_latest(database)


def _shared() -> CollectorRegistry | None:
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if not folder:
        return None
    registry = CollectorRegistry()
    MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
    return registry


_JOBS = "SELECT kind, state, count(*) FROM kernel_job GROUP BY kind, state ORDER BY kind, state"
_AGES = """
SELECT (SELECT EXTRACT(EPOCH FROM now() - min(created_at)) FROM kernel_job WHERE state = 'queued'),
       (SELECT EXTRACT(EPOCH FROM now() - min(GREATEST(created_at, not_before))) FROM kernel_mail
        WHERE sent_at IS NULL AND error = '' AND COALESCE(not_before, now()) <= now())
"""
_MAILS = """
SELECT count(*) FILTER (WHERE sent_at IS NOT NULL),
       count(*) FILTER (WHERE sent_at IS NULL AND error = ''),
       count(*) FILTER (WHERE sent_at IS NULL AND error <> ''), count(*) FROM kernel_mail
"""
_RECEIVED = "SELECT outcome, count(*) FROM kernel_receivedmail GROUP BY outcome ORDER BY outcome"
_WORKERS = """
SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)
"""


class _Database(Collector):
    """A collector that queries the database on each scrape."""

    def collect(self) -> Iterator[Metric]:
        """Yield the database's figures, or only that it does not answer."""
        try:
            found = [*self._work(), *self._workers()]
        except Error:
            found = []
        yield _gauge("proxeny_database_up", "Whether the database answers.", bool(found))
        yield from found

    def _work(self) -> Iterator[Metric]:
        with acting_as(SERVICE), connection.cursor() as cursor:
            yield from _jobs(cursor)
            yield from _mails(cursor)
            yield from _waiting(cursor)
            if settings.INBOX_URL:
                yield from _received(cursor)

    def _workers(self) -> Iterator[Metric]:
        with as_login() as cursor:
            cursor.execute(_WORKERS, [LATELY_S])
            yield _gauge("proxeny_workers_alive", "Workers heard of lately.", cursor.fetchone()[0])


def _jobs(cursor: CursorWrapper) -> Iterator[Metric]:
    cursor.execute(_JOBS)
    rows = cursor.fetchall()
    found = GaugeMetricFamily("proxeny_jobs", "Jobs in the database.", labels=["kind", "state"])
    for kind, state, count in rows:
        found.add_metric([kind, state], count)
    yield found
    total = sum(count for _, _, count in rows)
    yield _gauge("proxeny_jobs_written", "All jobs in the database.", total)


def _mails(cursor: CursorWrapper) -> Iterator[Metric]:
    cursor.execute(_MAILS)
    *counts, total = cursor.fetchone()
    found = GaugeMetricFamily(
        "proxeny_mails", "Mails: sent, waiting, or given up.", labels=["state"]
    )
    for state, count in zip(("sent", "waiting", "failed"), counts, strict=True):
        found.add_metric([state], count)
    yield found
    yield _gauge("proxeny_mails_written", "All mails in the database.", total)


def _waiting(cursor: CursorWrapper) -> Iterator[Metric]:
    cursor.execute(_AGES)
    for what, age in zip(("job", "mail"), cursor.fetchone(), strict=True):
        name, meaning = (
            f"proxeny_oldest_waiting_{what}_seconds",
            f"Age of the {what} that waits longest.",
        )
        yield _gauge(name, meaning, age)
    left = GaugeMetricFamily(
        "proxeny_unqueued", "What waits without an entry in the queue.", labels=["what"]
    )
    for what, count in zip(("jobs", "mails"), count_left(), strict=True):
        left.add_metric([what], count)
    yield left


def _received(cursor: CursorWrapper) -> Iterator[Metric]:
    from proxeny.kernel.inbox.reading import last_read

    cursor.execute(_RECEIVED)
    found = GaugeMetricFamily(
        "proxeny_received_mails", "Mails that came in, of 90 days.", labels=["outcome"]
    )
    for outcome, count in cursor.fetchall():
        found.add_metric([outcome or "again"], count)
    yield found
    read_at = last_read()
    # Never read is the longest of all.
    ago = (timezone.now() - read_at).total_seconds() if read_at else math.inf
    yield _gauge("proxeny_inbox_read_seconds_ago", "When the inbox was read to its end.", ago)


def _gauge(name: str, meaning: str, value: float | None) -> Metric:
    return GaugeMetricFamily(name, meaning, value=float(value or 0))
