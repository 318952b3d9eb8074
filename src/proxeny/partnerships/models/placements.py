"""Stays of ambassadors with the other side, and visits as their lighter kind."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.partnerships.models.core import Party
from proxeny.partnerships.models.records import RoomRecord, in_room


class Placement(RoomRecord):
    """Stay of a person of one side at the other; goals and costs are agreed by both.

    The author agrees for their side (`proposed_by`); a manager of the other side agrees
    (`agreed_at`). Later changes need agreement again.
    """

    class Kind(models.TextChoices):
        """Kind by length, and by how much is agreed."""

        STAY = "stay", _("Longer stay")
        VISIT = "visit", _("Visit")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.STAY)
    #: Empty after the person was erased, or left.
    person = models.ForeignKey(
        "accounts.Person",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("person travelling"),
    )
    sender = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("sending side")
    )
    host = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("host side")
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    place = models.CharField(_("city and desk"), max_length=200)
    hours = models.CharField(_("hours"), max_length=200, blank=True)
    goals = models.TextField(_("goals"), max_length=2000)
    costs = models.TextField(_("costs"), max_length=1000, blank=True)
    borne_by = models.ForeignKey(
        Party,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("who covers the costs"),
    )
    report_due_on = models.DateField(_("report due on"), null=True, blank=True)
    report = models.TextField(_("closing report"), max_length=4000, blank=True)
    proof_url = models.URLField(_("proof"), max_length=500, blank=True)
    #: The side whose team wrote the current version, and thereby agrees to it.
    proposed_by = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(_("agreed"), null=True)
    agreed_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    closed_on = models.DateField(_("closed on"), null=True)

    tenancy = in_room()
    holding = Holding(
        COOPERATION,
        _("Stays and visits with a partner"),
        about=("person",),
        by=("agreed_by",),
        personal={"person": None},
        texts=("place", "hours", "goals", "costs", "report"),
        moment="ends_on",
    )

    class Meta:
        indexes = [models.Index(fields=["partnership", "starts_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="placement_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(host=F("sender")), name="placement_with_another"),
            models.CheckConstraint(
                condition=Q(closed_on=None) | ~Q(report=""), name="placement_closed_with_report"
            ),
        ]

    def __str__(self) -> str:
        return self.place

    @property
    def days(self) -> int:
        """The number of days, including the first and the last."""
        return (self.ends_on - self.starts_on).days + 1

    @property
    def asked_id(self) -> int:
        """The party of the two that says yes to what the other one wrote."""
        return self.host_id if self.proposed_by_id == self.sender_id else self.sender_id
