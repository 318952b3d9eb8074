"""Working hours of people, and times at which they are busy elsewhere."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, Holding, Keep
from proxeny.kernel.tenancy import Tenancy

_OWN = "person_id = {person}"
# The desk computes times for the people it asks: it sees when they are busy, never with what.
_WORKMATES = (
    "person_id = {person} OR person_id IN (SELECT person_id FROM accounts_seat"
    " WHERE organisation_id = ANY {desks}) OR person_id IN"
    " (SELECT person_id FROM ambassadors_side WHERE cluster_id = ANY {desks} AND answer = 'yes')"
)


class WorkingHours(models.Model):
    """Working hours of a person: weekdays (0 is Monday) and hours, in minutes of their own day."""

    person = models.OneToOneField(
        "accounts.Person", primary_key=True, on_delete=models.CASCADE, related_name="+"
    )
    weekdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("days"))
    opens_min = models.PositiveSmallIntegerField(default=540)
    closes_min = models.PositiveSmallIntegerField(default=1020)

    tenancy = Tenancy(read=_WORKMATES, insert=_OWN, update=_OWN, delete=_OWN)
    holding = Holding(COOPERATION, _("Your working hours"), about=("person",), goes=True)

    class Meta:
        verbose_name_plural = "working hours"
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_min__gt=F("opens_min"), closes_min__lte=1440),
                name="hours_end_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"hours of {self.person_id}"


class BusyTime(models.Model):
    """Time at which a person is busy, from an uploaded calendar. Its subject is not kept."""

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    tenancy = Tenancy(read=_WORKMATES, insert=_OWN, update=_OWN, delete=_OWN)
    holding = Holding(
        COOPERATION,
        _("Busy times from a calendar you imported"),
        about=("person",),
        goes=True,
        moment="starts_at",
        keep=(Keep(30, since="ends_at"),),
    )

    class Meta:
        indexes = [models.Index(fields=["person", "starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="busy_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} busy from {self.starts_at}"
