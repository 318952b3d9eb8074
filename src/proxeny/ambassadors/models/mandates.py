"""Mandates of members to the ambassador."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy

#: People who work at the desk of a cluster, in a partnership of theirs.
AT_DESK = "cluster_id = ANY {desks} AND partnership_id = ANY {rooms}"


class Mandate(models.Model):
    """A member asks its cluster's ambassador to act for it abroad.

    `answer` is the desk's word to the state: what it asks back, or why it declines. The other
    cluster reads nothing of it.
    """

    class State(models.TextChoices):
        """State of the mandate."""

        ASKED = "asked", _("Waiting for the ambassador")
        QUESTION = "question", _("The ambassador has a question")
        ACCEPTED = "accepted", _("The ambassador is acting for you")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="mandates"
    )
    #: The cluster whose ambassador is asked.
    cluster = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    member = models.ForeignKey(
        "directory.Organisation", on_delete=models.CASCADE, related_name="mandates"
    )
    seeks = models.TextField(_("what you’re looking for"), max_length=2000)
    material = models.TextField(_("what the ambassador can share"), max_length=2000, blank=True)
    material_url = models.URLField(_("link to more information"), max_length=500, blank=True)
    no_go = models.TextField(_("who not to approach"), max_length=2000, blank=True)
    until = models.DateField(_("until"))
    state = models.CharField(max_length=9, choices=State, default=State.ASKED)
    answer = models.TextField(_("the ambassador’s message"), max_length=1000, blank=True)
    asked_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        read=(
            "member_id = ANY {organisations}"
            " OR (cluster_id = ANY {organisations} AND partnership_id = ANY {rooms})"
        ),
        insert="member_id = ANY {organisations} AND cluster_id = ANY {clusters}",
        update=f"member_id = ANY {{organisations}} OR ({AT_DESK})",
    )
    holding = Holding(
        COOPERATION,
        _("Members’ mandates to the ambassador"),
        by=("asked_by", "answered_by"),
        texts=("seeks", "material", "no_go", "answer"),
        moment="asked_at",
    )

    class Meta:
        indexes = [
            models.Index(fields=["cluster", "state", "-asked_at"]),
            models.Index(fields=["member", "-asked_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "member"],
                condition=Q(state__in=("asked", "question")),
                name="mandate_asked_once",
            )
        ]

    def __str__(self) -> str:
        return f"mandate {self.pk} of {self.member_id}"
