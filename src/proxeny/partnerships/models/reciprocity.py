"""The agreed rhythm of catch-ups, and what one side gave the other."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, NOBODY, Holding
from proxeny.partnerships.models.core import Partnership, Party
from proxeny.partnerships.models.records import RoomRecord, in_room


class Rhythm(models.Model):
    """Agreed interval of meetings: of any kind, and face to face."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="rhythms")
    in_person = models.BooleanField(_("face to face"), default=False)
    every_days = models.PositiveSmallIntegerField(_("days between catch-ups"))
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
    """Contribution of one side to the other that Proxeny does not count by itself.

    One side records it; it counts once the other has confirmed it.
    """

    class Kind(models.TextChoices):
        """Kind of contribution; the same kinds are counted from events in Proxeny."""

        HOSTING = "hosting", _("Hosting")
        INTRODUCTION = "introduction", _("Introductions")
        MEETING = "meeting", _("Meetings arranged")
        BID = "bid", _("Joint bids")
        MEMBERSHIP = "membership", _("Membership")
        OTHER = "other", _("Something else")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    giver = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("given by")
    )
    receiver = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="+", verbose_name=_("received by")
    )
    happened_on = models.DateField(_("day"))
    count = models.PositiveSmallIntegerField(_("how many"), default=1)
    what = models.CharField(_("what was given"), max_length=300)
    #: The organisation whose people recorded it; the other one confirms.
    noted_by = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    contested_at = models.DateTimeField(null=True)
    contested_why = models.CharField(_("reason"), max_length=300, blank=True)

    tenancy = in_room()
    holding = Holding(
        COOPERATION,
        _("Contributions from one side to another"),
        by=("person",),
        texts=("what", "contested_why"),
    )

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
