"""Stored figures, and whether they still hold."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from proxeny.insight.models import Snapshot
from proxeny.kernel.models import AuditEntry

#: After so long without a look, figures are called old whatever has happened.
OLD_AFTER = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Standing:
    """The age of figures: when they were calculated, by which method, and any activity since."""

    computed_at: datetime
    looked_at: datetime
    method: str
    changed_at: datetime | None
    is_old: bool

    @property
    def is_stale(self) -> bool:
        """Whether the page should say that figures may have moved."""
        return self.is_old or self.changed_at is not None


def find_snapshot(
    kind: Snapshot.Kind,
    organisation_id: int,
    partnership_id: int | None = None,
    *,
    period: str = "",
) -> Snapshot | None:
    """Return figures as a team reads them, or None before a job has worked them out. One query."""
    return Snapshot.objects.at(kind, organisation_id, partnership_id, period).first()


def standing_of(snapshot: Snapshot, *, now: datetime) -> Standing:
    """Say whether figures still hold. One query, by an index."""
    if snapshot.partnership_id is None:
        entries = AuditEntry.objects.filter(organisation_id=snapshot.organisation_id)
    else:
        entries = AuditEntry.objects.filter(partnership_id=snapshot.partnership_id)
    newest = entries.aggregate(at=Max("at"))["at"]
    changed = newest if newest and newest > snapshot.looked_at else None
    return Standing(
        snapshot.computed_at,
        snapshot.looked_at,
        snapshot.method,
        changed,
        now - snapshot.looked_at > OLD_AFTER,
    )
