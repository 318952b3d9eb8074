"""Figures calculated by jobs, from the records that one cluster's team may see."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from proxeny.directory.models import Organisation
from proxeny.kernel.personal_data import NOBODY
from proxeny.kernel.tenancy import Tenancy
from proxeny.partnerships.models import Partnership


class SnapshotManager(models.Manager["Snapshot"]):
    """Leaves what is only computed with in the database: it is long, and no page shows it."""

    def get_queryset(self) -> models.QuerySet["Snapshot"]:
        """Return all snapshots that the reader's role may see."""
        return super().get_queryset().defer("data")

    def at(
        self, kind: str, organisation_id: int, partnership_id: int | None, period: str = ""
    ) -> models.QuerySet["Snapshot"]:
        """Return the one of a kind that a team has, of a room or as a whole."""
        found = self.filter(kind=kind, organisation_id=organisation_id, period=period)
        if partnership_id is None:
            return found.filter(partnership__isnull=True)
        return found.filter(partnership_id=partnership_id)


class Snapshot(models.Model):
    """Figures of one kind, calculated as a cluster's team reads, and visible to that team alone.

    What one side may see, another may not: each side has its own. `content` names organisations and
    other rows by their numbers only, so that a reader who has lost access to a row does not read
    its name here; `data` holds arrays to compute with (numpy's compressed format).

    A board's figures are kept for each quarter (`period`, such as `2026-Q3`); all other kinds have
    one row, which is replaced. `digest` is the SHA-256 of the input: unchanged input is not
    recalculated. `counted_until` is the newest moment in the input, `looked_at` the time of the
    last comparison with current data, and `method` the version of the method.
    """

    class Kind(models.TextChoices):
        """The subject of the figures."""

        NETWORK = "network"
        FORESIGHT = "foresight"
        OUTCOMES = "outcomes"
        BOARD = "board"

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    partnership = models.ForeignKey(
        Partnership, null=True, on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=9, choices=Kind)
    period = models.CharField(max_length=7, blank=True)
    content = models.JSONField(default=dict)
    data = models.BinaryField(null=True)
    digest = models.CharField(max_length=64)
    method = models.CharField(max_length=20)
    counted_until = models.DateTimeField(null=True)
    computed_at = models.DateTimeField(db_default=Now())
    looked_at = models.DateTimeField(db_default=Now())
    took_ms = models.PositiveIntegerField(default=0)

    objects = SnapshotManager()

    tenancy = Tenancy(
        # The team of the cluster whose eyes they were made with; of a room, while it is one's own.
        read=(
            "organisation_id = ANY {organisations}"
            " AND (partnership_id IS NULL OR partnership_id = ANY {rooms})"
        ),
    )
    holding = NOBODY

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "partnership", "kind", "period"],
                name="snapshot_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(kind="network", partnership=None)
                | (~Q(kind="network") & Q(partnership__isnull=False)),
                name="snapshot_of_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period} as {self.organisation_id} sees it"
