"""Times at which an introduction could become a meeting."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.ambassadors.models.introductions import Introduction
from proxeny.ambassadors.models.mandates import AT_DESK
from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy


class TimeOption(models.Model):
    """One time and place that somebody proposed, and what each of the three says to it.

    The first one that suits desk, member and stakeholder becomes the meeting. An empty word is one
    that was not given yet.
    """

    class By(models.TextChoices):
        """Author of the proposal."""

        DESK = "desk", _("The ambassador")
        MEMBER = "member", _("The member")
        STAKEHOLDER = "stakeholder", _("The stakeholder")

    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="options")
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    cluster = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=60)
    place = models.CharField(max_length=200, blank=True)
    proposed_by = models.CharField(max_length=11, choices=By)
    note = models.CharField(_("comment"), max_length=300, blank=True)
    desk = models.BooleanField(null=True)
    member = models.BooleanField(null=True)
    stakeholder = models.BooleanField(null=True)
    proposed_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read=(
            "(cluster_id = ANY {organisations} AND partnership_id = ANY {rooms})"
            # Passes the introduction's own policy: both organisations, once they are asked.
            " OR introduction_id IN (SELECT id FROM ambassadors_introduction)"
        ),
        insert=AT_DESK,
        update=AT_DESK,
    )
    holding = Holding(COOPERATION, _("Times proposed for meetings"), texts=("place", "note"))

    class Meta:
        ordering = ["starts_at"]
        indexes = [models.Index(fields=["cluster", "starts_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["introduction", "starts_at"],
                condition=Q(withdrawn_at=None),
                name="time_offered_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="time_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at} for {self.introduction_id}"
