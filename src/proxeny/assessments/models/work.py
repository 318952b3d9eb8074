"""The teams' notes during their research, and their findings."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proxeny.assessments.models.engagements import TEAM_OF, Engagement
from proxeny.assessments.models.figures import FigureVersion
from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.partnerships.models.records import RoomRecord

#: The teams' own: the client reads what a report shows of it.
_TEAMS = Tenancy(read=TEAM_OF, insert=TEAM_OF, update=TEAM_OF, delete=TEAM_OF)


class Note(RoomRecord):
    """One piece of information: its source, or the person who gave it, and when."""

    class Kind(models.TextChoices):
        """The subject of the note."""

        NOTE = "note", _("Note")
        SOURCE = "source", _("Source")
        INTERVIEW = "interview", _("Interview")
        COMPETITOR = "competitor", _("Competitor")
        CHANNEL = "channel", _("Sales channel")
        REGULATION = "regulation", _("Regulation")
        PRICE = "price", _("Price")
        RISK = "risk", _("Risk")

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.NOTE)
    title = models.CharField(_("in a few words"), max_length=200)
    text = models.TextField(_("content"), max_length=8000, blank=True)
    #: Who said it or where it stands: an interview's person by role, a paper, an authority.
    origin = models.CharField(_("according to"), max_length=200, blank=True)
    url = models.URLField(_("link"), max_length=500, blank=True)
    seen_on = models.DateField(_("seen or heard on"), null=True, blank=True)
    #: For a price: how much, in what currency, for what.
    amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    unit = models.CharField(_("for"), max_length=60, blank=True)
    written_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )

    tenancy = _TEAMS
    holding = Holding(
        COOPERATION,
        _("Notes for assessments"),
        by=("written_by",),
        texts=("title", "text", "origin"),
        moment="created_at",
    )

    class Meta:
        indexes = [models.Index(fields=["engagement", "kind"])]

    def __str__(self) -> str:
        return self.title


class Finding(RoomRecord):
    """A conclusion of the teams, their confidence, and its sources (`FindingSource`)."""

    class Confidence(models.TextChoices):
        """The teams' confidence."""

        LOW = "low", _("Indicative")
        MEDIUM = "medium", _("Likely")
        HIGH = "high", _("Well founded")

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="findings")
    chapter = models.CharField(_("chapter"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("finding"), max_length=250)
    text = models.TextField(_("in full"), max_length=6000, blank=True)
    confidence = models.CharField(
        _("confidence"), max_length=6, choices=Confidence, default=Confidence.MEDIUM
    )

    tenancy = _TEAMS
    holding = Holding(COOPERATION, _("Findings: texts"), texts=("title", "text"))

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class FindingSource(models.Model):
    """The source of a finding: a note, or a figure as it was at one time."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="+")
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="sources")
    note = models.ForeignKey(Note, null=True, on_delete=models.PROTECT, related_name="cited_by")
    figure = models.ForeignKey(
        FigureVersion, null=True, on_delete=models.PROTECT, related_name="cited_by"
    )
    #: Which part of it, in words: a page, a row, a year.
    place = models.CharField(_("where in the source"), max_length=120, blank=True)

    tenancy = _TEAMS
    holding = Holding(COOPERATION, _("Sources of findings"), texts=("place",))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "note", "figure"],
                nulls_distinct=False,
                name="finding_source_once",
            ),
            models.CheckConstraint(
                condition=Q(note=None, figure__isnull=False) | Q(note__isnull=False, figure=None),
                name="finding_source_is_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id}: {self.note_id or self.figure_id}"
