"""The work of a bid: work packages, their dependencies, and each partner's spending."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from proxeny.bids.models.bids import MOST_MONTHS, Bid
from proxeny.bids.models.partners import Partner
from proxeny.kernel.personal_data import COOPERATION, NOBODY, Holding
from proxeny.partnerships.models.core import Partnership
from proxeny.partnerships.models.records import RoomRecord, in_room


class WorkPackage(RoomRecord):
    """A part of the work: from the beginning of a month of the project to the end of another."""

    bid = models.ForeignKey(Bid, on_delete=models.CASCADE, related_name="packages")
    number = models.PositiveSmallIntegerField(
        _("number"), validators=[MinValueValidator(1), MaxValueValidator(99)]
    )
    title = models.CharField(_("work package"), max_length=200)
    aims = models.TextField(_("what it involves"), max_length=4000, blank=True)
    lead = models.ForeignKey(
        Partner,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("led by"),
    )
    first_month = models.PositiveSmallIntegerField(
        _("first month"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
    )
    last_month = models.PositiveSmallIntegerField(
        _("last month"), validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)]
    )

    tenancy = in_room()
    holding = Holding(COOPERATION, _("Free text in work packages"), texts=("title", "aims"))

    class Meta:
        ordering = ["number", "pk"]
        indexes = [models.Index(fields=["bid", "number"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    first_month__gte=1,
                    last_month__gte=F("first_month"),
                    last_month__lte=MOST_MONTHS,
                ),
                name="package_ends_after_start",
                violation_error_message=_("The end can’t be before the start."),
            ),
            models.UniqueConstraint(
                fields=["bid", "number"],
                condition=Q(dropped_at=None),
                name="package_number_once",
                violation_error_message=_("Another work package already has this number."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PackageNeed(models.Model):
    """A work package that cannot begin before another has ended."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    package = models.ForeignKey(WorkPackage, on_delete=models.CASCADE, related_name="needs")
    needs = models.ForeignKey(WorkPackage, on_delete=models.CASCADE, related_name="needed_by")

    tenancy = in_room()
    holding = NOBODY

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "needs"], name="package_need_once"),
            models.CheckConstraint(condition=~Q(package=F("needs")), name="package_needs_another"),
        ]

    def __str__(self) -> str:
        return f"{self.package_id} needs {self.needs_id}"


class Spending(models.Model):
    """A partner's contribution to one work package: person-months, or money of a category."""

    class Category(models.TextChoices):
        """The category of the amount."""

        MONTHS = "months", _("Person-months")
        SUBCONTRACTING = "subcontracting", _("Subcontracting")
        TRAVEL = "travel", _("Travel")
        EQUIPMENT = "equipment", _("Equipment")
        GOODS = "goods", _("Other goods and services")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    bid = models.ForeignKey(Bid, on_delete=models.CASCADE, related_name="spendings")
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="spendings")
    package = models.ForeignKey(WorkPackage, on_delete=models.CASCADE, related_name="spendings")
    category = models.CharField(max_length=14, choices=Category)
    #: Months, or a sum in the call's currency.
    amount = models.DecimalField(max_digits=12, decimal_places=2)

    tenancy = in_room()
    holding = NOBODY

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "package", "category"], name="spending_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="spending_above_nothing"),
        ]
        indexes = [models.Index(fields=["bid"])]

    def __str__(self) -> str:
        return f"{self.category} of {self.partner_id} in {self.package_id}"
