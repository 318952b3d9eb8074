"""Partnerships and alliances, and their parties."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy


class Stage(models.TextChoices):
    """Stage of a partnership in its life cycle, after ISO 44001:2017, in that order."""

    AWARENESS = "awareness", _("Awareness")
    KNOWLEDGE = "knowledge", _("Getting to know each other")
    ASSESSMENT = "assessment", _("Internal assessment")
    SELECTION = "selection", _("Planning together")
    WORKING = "working", _("Working together")
    VALUE = "value", _("Creating value")
    STAYING = "staying", _("Staying together")
    EXIT = "exit", _("Exit")

    @property
    def place(self) -> int:
        """Its number, from 1 to 8."""
        return list(Stage).index(self) + 1


class Partnership(models.Model):
    """Partnership of two clusters (an alliance: more). `lead` proposed it.

    `state` says whether it is binding, `stage` is its place in the life cycle. Amounts are in
    `currency`.
    """

    class State(models.TextChoices):
        """State of the partnership."""

        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed")
        ACTIVE = "active", _("Active")
        ENDED = "ended", _("Ended")
        DECLINED = "declined", _("Declined")

    title = models.CharField(_("title"), max_length=200)
    purpose = models.TextField(_("what we want to achieve together"), max_length=4000, blank=True)
    lead = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.AWARENESS)
    stage_since = models.DateField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="EUR")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    #: Reason for declining or ending, in the words of its author.
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        read=(
            "id = ANY {partnerships} OR lead_id = ANY {managed} OR id = ANY {circles}"
            " OR id IN (SELECT proxeny_guest_partnerships())"
        ),
        insert="lead_id = ANY {managed}",
        update="id = ANY {steered} OR lead_id = ANY {managed}",
        gate_read="true",
    )
    holding = Holding(COOPERATION, _("Partnerships: their free text"), texts=("purpose", "reason"))

    def __str__(self) -> str:
        return self.title


class Party(models.Model):
    """An organisation in a partnership. Sides are lettered in the order of joining: A, B, …

    An `invited` party reads the agreement of the alliance, and nothing done under it. A party that
    has `left` reads nothing any more. `contact` is the side's contact in everyday matters.
    """

    class State(models.TextChoices):
        """State of the party's participation."""

        INVITED = "invited", _("Invited")
        JOINED = "joined", _("Joined")
        LEFT = "left", _("Has left")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="parties"
    )
    side = models.CharField(max_length=1)
    state = models.CharField(max_length=7, choices=State, default=State.JOINED)
    contact = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    assessed_on = models.DateField(null=True)
    joined_at = models.DateTimeField(db_default=Now())
    left_on = models.DateField(null=True)

    tenancy = Tenancy(
        read=(
            "partnership_id = ANY {partnerships} OR partnership_id = ANY {circles}"
            " OR partnership_id IN (SELECT proxeny_guest_partnerships())"
        ),
        gate_read="true",
    )
    holding = Holding(
        COOPERATION,
        _("Contacts for the sides of a partnership"),
        about=("contact",),
        personal={"contact": None},
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "organisation"], name="party_once"),
            models.UniqueConstraint(fields=["partnership", "side"], name="party_side_once"),
        ]
        verbose_name_plural = "parties"
        ordering = ["side"]

    def __str__(self) -> str:
        return f"{self.side}: {self.organisation_id}"


class Assessment(models.Model):
    """Internal assessment by a party before it commits, visible to its own people alone.

    ISO 44001 asks for it before a partner is chosen. The other side sees the day it was made.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    brings = models.TextField(_("What we bring"), max_length=4000, blank=True)
    needs = models.TextField(_("What we need from the other side"), max_length=4000, blank=True)
    limits = models.TextField(_("What we will not do"), max_length=4000, blank=True)
    doubts = models.TextField(_("What makes us hesitate"), max_length=4000, blank=True)
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        read="organisation_id = ANY {organisations} AND partnership_id = ANY {partnerships}",
        insert="organisation_id = ANY {managed} AND partnership_id = ANY {partnerships}",
        update="organisation_id = ANY {managed} AND partnership_id = ANY {partnerships}",
    )
    holding = Holding(
        COOPERATION,
        _("Internal assessments: their free text"),
        texts=("brings", "needs", "limits", "doubts"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "organisation"], name="assessment_once")
        ]

    def __str__(self) -> str:
        return f"assessment of {self.partnership_id} by {self.organisation_id}"
