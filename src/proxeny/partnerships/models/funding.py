"""Funding: sources, lines and exchange rates."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, NOBODY, Holding
from proxeny.partnerships.models.core import Partnership, Party
from proxeny.partnerships.models.plans import Activity
from proxeny.partnerships.models.records import RoomRecord, in_room


class FundingSource(RoomRecord):
    """Source of funding. Without a party it funds all of them together."""

    class Kind(models.TextChoices):
        """Kind of money."""

        OWN = "own", _("Own funds")
        FEES = "fees", _("Member fees")
        SERVICES = "services", _("Service revenue")
        REGIONAL = "regional", _("Regional grant")
        NATIONAL = "national", _("National grant")
        EUROPEAN = "european", _("European grant")
        OTHER = "other", _("Other")

    class Certainty(models.TextChoices):
        """Certainty of the money."""

        SECURED = "secured", _("Secured")
        LIKELY = "likely", _("Likely")
        HOPED = "hoped", _("Hoped for")

    name = models.CharField(_("source"), max_length=200)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    party = models.ForeignKey(
        Party,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("party"),
    )
    certainty = models.CharField(
        _("certainty"), max_length=8, choices=Certainty, default=Certainty.SECURED
    )
    #: Whether it may pay for another activity when its own stops.
    movable = models.BooleanField(_("can be reallocated"), default=False)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    tenancy = in_room(binding=True)
    holding = Holding(COOPERATION, _("Funding sources: their names"), texts=("name",))

    def __str__(self) -> str:
        return self.name


class FundingLine(RoomRecord):
    """A sum of a source in a year, for an activity or for whatever is done."""

    source = models.ForeignKey(
        FundingSource, on_delete=models.CASCADE, related_name="lines", verbose_name=_("source")
    )
    activity = models.ForeignKey(
        Activity,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="funding",
        verbose_name=_("activity"),
    )
    year = models.PositiveSmallIntegerField(_("year"))
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)

    tenancy = in_room(binding=True)
    holding = NOBODY

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="funding_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class ExchangeRate(models.Model):
    """Value of one unit of a currency in the partnership's own, from a day on."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="rates")
    currency = models.CharField(_("currency"), max_length=3)
    rate = models.DecimalField(_("rate"), max_digits=16, decimal_places=8)
    since_on = models.DateField(_("from"))
    source = models.CharField(_("where to find it"), max_length=200, blank=True)

    tenancy = in_room(binding=True)
    holding = NOBODY

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "currency", "since_on"], name="rate_once_a_day"
            ),
            models.CheckConstraint(condition=Q(rate__gt=0), name="rate_above_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.currency} {self.rate}"
