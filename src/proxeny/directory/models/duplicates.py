"""Entries that look alike, and those that were merged."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models.organisations import Organisation
from proxeny.kernel.personal_data import DIRECTORY, Holding
from proxeny.kernel.tenancy import Tenancy

_MANAGED = "cluster_id = ANY {managed}"


class DuplicatePair(models.Model):
    """Two entries of one cluster that may be the same organisation, for a person to decide.

    `evidence` names what speaks for it (`identifier`, `name`, `website`, `place`), each with what
    the two have in common; `score` orders them, from 0 to 1.
    """

    class State(models.TextChoices):
        """The decision on the pair."""

        OPEN = "open", _("Awaiting decision")
        SAME = "same", _("Same organisation: merged")
        DIFFERENT = "different", _("Two organisations")

    cluster = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    first = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    evidence = models.JSONField(default=dict)
    score = models.FloatField(default=0)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)

    tenancy = Tenancy(read=_MANAGED, insert=_MANAGED, update=_MANAGED, delete=_MANAGED)
    holding = Holding(DIRECTORY, _("Decisions on duplicates"), by=("person",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_pair_order"),
        ]
        indexes = [models.Index(fields=["cluster", "state", "-score"])]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}?"


class Merge(models.Model):
    """One entry merged into another: `moved` says which rows pointed to `gone`, to put them back.

    `before` is what the kept entry said beforehand, `chosen` which facts were taken from `gone`.
    """

    cluster = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    kept = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="merges")
    gone = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    before = models.JSONField(default=dict)
    chosen = models.JSONField(default=list)
    moved = models.JSONField(default=dict)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    undone_at = models.DateTimeField(null=True)

    tenancy = Tenancy(read=_MANAGED, insert=_MANAGED, update=_MANAGED, delete=_MANAGED)
    holding = Holding(
        DIRECTORY, _("Merged entries"), by=("person",), copies=("before",), within=("cluster",)
    )

    class Meta:
        indexes = [models.Index(fields=["cluster", "-created_at"])]

    def __str__(self) -> str:
        return f"{self.gone_id} into {self.kept_id}"
