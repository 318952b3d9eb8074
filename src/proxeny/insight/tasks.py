"""The jobs of insight: figures recalculated once a night where something has changed."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone, translation

from proxeny.accounts.acting_for import eyes_of_person, person_behind
from proxeny.directory.models import Kind
from proxeny.insight.models import Snapshot
from proxeny.insight.operations.digests import people_of, write_digest
from proxeny.insight.operations.refreshing import queue_refresh, refresh
from proxeny.insight.parts import OF_ROOM, OF_TEAM
from proxeny.insight.pipeline import Eyes, eyes_of
from proxeny.insight.quarters import before, quarter_of
from proxeny.kernel.batch import for_each
from proxeny.kernel.jobs import JobContext, enqueue, job
from proxeny.kernel.jobs.schedule import HOURLY
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as
from proxeny.partnerships.models import Partnership, Party

logger = logging.getLogger(__name__)
#: From this hour (UTC) on, figures of the day are worked out.
_NIGHT = 2
#: Mails of a quarter are written from this hour (UTC) on, within so many days after its end.
_MORNING, _DAYS = 7, 10


@job("insight.refresh")
def refresh_figures(context: JobContext) -> dict[str, Any]:
    """Calculate the figures of a cluster's team, in one room and as a whole.

    The job reads as the team, not as the person who asked: all of the team read the result.
    """
    organisation_id = context.arguments["organisation_id"]
    partnership_id = context.arguments["partnership_id"]
    today = timezone.localdate()
    done: list[str] = []
    failed: list[str] = []
    with person_behind(context), translation.override("en"):
        whole = [(eyes_of(organisation_id, None, today=today), part) for part in OF_TEAM]
        room: list[tuple[Eyes, Any]] = []
        if partnership_id is not None:
            eyes = eyes_of(organisation_id, partnership_id, today=today)
            # A team that has left sees nothing of the room any more: nothing is worked out for it.
            if partnership_id in eyes.reader.rooms:
                room = [(eyes, part) for part in OF_ROOM]
        steps = [*whole, *room]
        for number, (eyes, part) in enumerate(steps):
            if context.should_stop():
                break
            say = _Bar(context, part.kind, number, len(steps))
            say("", 0)
            try:
                if refresh(eyes, part, report=say):
                    done.append(part.kind.value)
            except Exception:
                # What one kind lacks must not keep a team from all others; the job fails in the end.
                logger.exception("working out %s failed", part.kind)
                failed.append(part.kind.value)
    if failed:
        raise RuntimeError(f"These figures could not be worked out: {', '.join(failed)}.")
    with acting_as(SERVICE):
        result = {"worked_out": done}
        context.finish(result)
    return result


@dataclass(frozen=True, slots=True)
class _Bar:
    """Reports the progress of one of several steps as that of all."""

    context: JobContext
    step: str
    number: int
    of: int

    def __call__(self, _step: str, percent: int) -> None:
        self.context.report(
            step=str(self.step), percent=round((100 * self.number + percent) / self.of)
        )


@HOURLY.add
def start_digests(now: datetime) -> None:
    """Queue the mails of the quarter that has ended, in its first days and by day."""
    if now.hour < _MORNING or (now.month % 3, now.day > _DAYS) != (1, False):
        return
    ended = before(quarter_of(now.date()))
    boards = Snapshot.objects.filter(kind=Snapshot.Kind.BOARD, period=ended)
    for room in boards.values_list("partnership_id", flat=True).distinct().order_by():
        enqueue(
            "insight.digest",
            actor=STRANGER,
            partnership_id=room,
            arguments={"partnership_id": room, "quarter": ended},
            key=f"insight.digest:{room}:{ended}",
        )


@job("insight.digest")
def write_digests(context: JobContext) -> dict[str, Any]:
    """Write the quarterly mail of a room to all who want it, each with that person's access."""
    room, quarter = context.arguments["partnership_id"], context.arguments["quarter"]
    with acting_as(SERVICE):
        people = people_of(room, today=timezone.localdate())
    outcome = for_each(
        people,
        lambda pk: write_digest(
            person_id=pk, partnership_id=room, quarter=quarter, reading=eyes_of_person
        ),
        what="the quarterly mail",
        name=str,
    )
    with acting_as(SERVICE):
        result = {"written": outcome.count, "failed": len(outcome.failed)}
        context.finish(result)
    return result


@HOURLY.add
def start_refreshing(now: datetime) -> None:
    """Queue the figures of every room in which something has happened, once a night; so too the
    network of every cluster without a room."""
    if now.hour < _NIGHT:
        return
    for organisation_id, partnership_id in _due(now):
        queue_refresh(STRANGER, organisation_id, partnership_id, when=f"{now:%Y-%m-%d}")


def _due(now: datetime) -> list[tuple[int, int | None]]:
    """Return the sides of rooms that run, but for those of which nothing has changed; and, without
    a room, the clusters that have a team and none that runs. One query.

    Once a week all are looked at: needs, calls and days change outside a room too.
    """
    everything = now.weekday() == 0
    with connection.cursor() as cursor:
        cursor.execute(
            _DUE,
            {
                "active": Partnership.State.ACTIVE,
                "joined": Party.State.JOINED,
                "all": everything,
                "today": now.date(),
                "cluster": Kind.CLUSTER,
            },
        )
        return [(row[0], row[1]) for row in cursor.fetchall()]


_DUE = """
SELECT side.organisation_id, side.partnership_id
FROM partnerships_party side JOIN partnerships_partnership room ON room.id = side.partnership_id
LEFT JOIN insight_snapshot board ON board.organisation_id = side.organisation_id
    AND board.partnership_id = side.partnership_id AND board.kind = 'outcomes'
WHERE room.state = %(active)s AND side.state = %(joined)s
  AND (%(all)s OR board.id IS NULL OR EXISTS (
      SELECT 1 FROM kernel_auditentry entry WHERE entry.partnership_id = side.partnership_id
      AND entry.at > board.looked_at))
UNION ALL
SELECT alone.id, NULL
FROM directory_organisation alone
LEFT JOIN insight_snapshot network ON network.organisation_id = alone.id
    AND network.kind = 'network'
WHERE alone.kind = %(cluster)s AND alone.steward_id IS NULL
  AND EXISTS (
      SELECT 1 FROM accounts_seat seat WHERE seat.organisation_id = alone.id
      AND seat.starts_on <= %(today)s AND (seat.ends_on IS NULL OR seat.ends_on >= %(today)s))
  AND NOT EXISTS (
      SELECT 1 FROM partnerships_party side
      JOIN partnerships_partnership room ON room.id = side.partnership_id
      WHERE side.organisation_id = alone.id AND side.state = %(joined)s
      AND room.state = %(active)s)
  AND (%(all)s OR network.id IS NULL OR EXISTS (
      SELECT 1 FROM kernel_auditentry entry WHERE entry.organisation_id = alone.id
      AND entry.at > network.looked_at))
ORDER BY 1, 2
"""
