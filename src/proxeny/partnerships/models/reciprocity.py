"""The agreed rhythm of catch-ups, and what one side gave the other."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.holdings import COOPERATION, NOBODY, Holding
from proxeny.partnerships.models.core import Partnership, Party
from proxeny.partnerships.models.records import RoomRecord, in_room


class Rhythm(models.Model):
    """How often the parties agreed to meet: at all, and face to face."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="rhythms")
    in_person = models.BooleanField(_("face to face"), default=False)
    every_days = models.PositiveSmallIntegerField(_("every so many days"))
    since_on = models.DateField(_("since"))
    version = models.PositiveIntegerField(default=1)

    tenancy = in_room()
    holding = NOBODY

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "in_person"], name="rhythm_once"),
            models.CheckConstraint(condition=Q(every_days__gte=1), name="rhythm_of_days"),
        ]

    def __str__(self) -> str:
        return f"every {self.every_days} days"


class Favour(RoomRecord):
    """What one side gave the other outside of what Proxeny counts by itself.

    One side notes it; it counts once the other has confirmed it.
    """

    class Kind(models.TextChoices):
        """What was given; the same kinds are counted from what happened in Proxeny."""

        HOSTING = "hosting", _("Hosting")
        INTRODUCTION = "introduction", _("Introductions")
        MEETING = "meeting", _("Meetings arranged")
        BID = "bid", _("Joint bids")
        MEMBERSHIP = "membership", _("Membership")
        OTHER = "other", _("Something else")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    giver = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("who gave")
    )
    receiver = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("who received")
    )
    happened_on = models.DateField(_("day"))
    count = models.PositiveSmallIntegerField(_("how many"), default=1)
    what = models.CharField(_("what it was"), max_length=300)
    #: The organisation whose people noted it; the other one confirms.
    noted_by = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    contested_at = models.DateTimeField(null=True)
    contested_why = models.CharField(_("why not"), max_length=300, blank=True)

    tenancy = in_room()
    holding = Holding(
        COOPERATION, _("What one side gave the other"), by=("person",),
        texts=("what", "contested_why"),
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="favour_to_another"),
            models.CheckConstraint(condition=Q(count__gte=1), name="favour_counts"),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(contested_at=None), name="favour_yes_or_no"
            ),
        ]

    def __str__(self) -> str:
        return self.what
