"""Objectives of the parties, and the key results that measure them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.partnerships.models.core import Partnership, Party
from proxeny.partnerships.models.records import RoomRecord, in_room


class Objective(RoomRecord):
    """Objective of the parties."""

    title = models.CharField(_("objective"), max_length=200)
    details = models.TextField(_("why, and for whom"), max_length=2000, blank=True)
    due_on = models.DateField(_("due date"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    outcome = models.TextField(_("outcome"), max_length=2000, blank=True)

    tenancy = in_room()
    holding = Holding(
        COOPERATION, _("Objectives: their free text"), texts=("title", "details", "outcome")
    )

    def __str__(self) -> str:
        return self.title


class KeyResult(RoomRecord):
    """A figure by which an objective is measured, from `start` to `target`."""

    objective = models.ForeignKey(
        Objective, on_delete=models.CASCADE, related_name="results", verbose_name=_("objective")
    )
    title = models.CharField(_("what is measured"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    start = models.DecimalField(_("from"), max_digits=14, decimal_places=2, default=0)
    target = models.DecimalField(_("to"), max_digits=14, decimal_places=2)
    due_on = models.DateField(_("due date"), null=True, blank=True)
    #: Whose it is to reach; nobody's alone when empty.
    party = models.ForeignKey(
        Party,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("party"),
    )

    tenancy = in_room()
    holding = Holding(COOPERATION, _("Key results: their free text"), texts=("title",))

    def __str__(self) -> str:
        return self.title


class Measurement(models.Model):
    """Value of a key result on a day."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    result = models.ForeignKey(KeyResult, on_delete=models.CASCADE, related_name="measurements")
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    measured_on = models.DateField(_("date"))
    note = models.CharField(_("source or remark"), max_length=300, blank=True)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    tenancy = in_room()
    holding = Holding(
        COOPERATION, _("Measurements of key results"), by=("person",), texts=("note",)
    )

    class Meta:
        indexes = [models.Index(fields=["result", "-measured_on"])]

    def __str__(self) -> str:
        return f"{self.value} on {self.measured_on}"
