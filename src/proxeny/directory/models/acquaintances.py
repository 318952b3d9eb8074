"""Organisations named in the rows of a room or a desk, once each.

Maintained by the database, for its policies alone.
"""

from django.db import models

from proxeny.kernel.personal_data import NOBODY
from proxeny.kernel.tenancy import Tenancy


class Acquaintance(models.Model):
    """An organisation met in a partnership, or introduced by a cluster's desk.

    A policy asks it with every query of organisations (`proxeny_met()`); the meetings themselves
    are too many for that. Triggers beside the models of meetings and introductions keep it true.
    Plain numbers: no page reads it, and it dies with what it was made of.
    """

    class Source(models.TextChoices):
        """The owner of the number."""

        ROOM = "room", "room"  #: A partnership's.
        DESK = "desk", "desk"  #: A cluster's.

    source = models.CharField(max_length=4, choices=Source)
    number = models.BigIntegerField()
    organisation = models.BigIntegerField()

    tenancy = Tenancy()
    holding = NOBODY

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "number", "organisation"], name="acquaintance_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} of {self.source} {self.number}"
