"""Common base of all records of a room."""

from django.db import models
from django.db.models.functions import Now

from proxeny.kernel.tenancy import Tenancy
from proxeny.partnerships.models.core import Partnership


def in_room(*, binding: bool = False) -> Tenancy:
    """Return the policy of a record that both sides read and write; `binding`: their managers."""
    write = "partnership_id = ANY {steered}" if binding else "partnership_id = ANY {rooms}"
    return Tenancy(read="partnership_id = ANY {rooms}", insert=write, update=write, delete=write)


class RoomRecord(models.Model):
    """Record that the parties keep together: read and written by both sides.

    An archived record (`dropped_at`) leaves the lists and can be restored.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    dropped_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
