"""Memberships of organisations in clusters, with dates."""

from django.db import models
from django.db.models import F, Q

from proxeny.directory.models.organisations import Organisation
from proxeny.kernel.personal_data import NOBODY
from proxeny.kernel.tenancy import Tenancy


class Membership(models.Model):
    """An organisation's membership in a cluster, from a day to a day."""

    cluster = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships_given"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    tenancy = Tenancy(
        read=(
            "cluster_id = ANY {organisations} OR organisation_id = ANY {organisations}"
            " OR cluster_id = ANY {clusters} OR cluster_id = ANY {sharers}"
        ),
        insert="cluster_id = ANY {managed}",
        update="cluster_id = ANY {managed}",
        delete="cluster_id = ANY {managed}",
        gate_read="true",
    )
    holding = NOBODY

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "organisation"],
                condition=Q(ends_on__isnull=True),
                name="membership_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.cluster_id}"
