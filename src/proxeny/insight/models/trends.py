"""The radar that the parties of a room edit together."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models import Organisation
from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.partnerships.models.core import Partnership
from proxeny.partnerships.models.records import RoomRecord, in_room


class Trend(RoomRecord):
    """Something that is coming, and when it will matter to the members.

    By `words` (phrases, with commas or lines between) it is found in needs, offers and calls; the
    title counts as one of them. `topic` is the key of the topic of the figures that it was taken
    from, if it was.
    """

    class Horizon(models.TextChoices):
        """The time until a trend matters: the rings of the radar, from the middle."""

        NOW = "now", _("Now")
        SOON = "soon", _("In 1 to 2 years")
        LATER = "later", _("In 3 to 5 years")
        FAR = "far", _("In more than 5 years")

    class Area(models.TextChoices):
        """The kind of change: the sectors of the radar (as in PEST analyses)."""

        TECHNOLOGY = "technology", _("Technology")
        MARKET = "market", _("Markets and money")
        SOCIETY = "society", _("People and society")
        POLICY = "policy", _("Rules and policy")
        ENVIRONMENT = "environment", _("Climate and resources")

    title = models.CharField(_("trend"), max_length=160)
    details = models.TextField(_("what changes, and for whom"), max_length=4000, blank=True)
    words = models.TextField(_("search words"), max_length=1000, blank=True)
    area = models.CharField(
        _("type of change"), max_length=11, choices=Area, default=Area.TECHNOLOGY
    )
    horizon = models.CharField(
        _("time to impact"), max_length=5, choices=Horizon, default=Horizon.SOON
    )
    topic = models.CharField(max_length=120, blank=True)

    tenancy = in_room()
    holding = Holding(
        COOPERATION, _("Trends: their free text"), texts=("title", "details", "words")
    )

    class Meta:
        indexes = [models.Index(fields=["partnership"])]

    def __str__(self) -> str:
        return self.title


class TrendEvidence(RoomRecord):
    """Evidence for a trend: a study, an article, a figure, a statement."""

    trend = models.ForeignKey(Trend, on_delete=models.CASCADE, related_name="evidence")
    title = models.CharField(_("what it shows"), max_length=200)
    link = models.URLField(_("address"), max_length=500, blank=True)
    said_on = models.DateField(_("dated"), null=True, blank=True)
    note = models.TextField(_("note"), max_length=2000, blank=True)

    tenancy = in_room()
    holding = Holding(COOPERATION, _("Evidence of trends: its free text"), texts=("title", "note"))

    class Meta:
        indexes = [models.Index(fields=["trend"])]

    def __str__(self) -> str:
        return self.title


class TrendView(models.Model):
    """The weight of a trend for the members of one party, as given by its team (1 to 5)."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    trend = models.ForeignKey(Trend, on_delete=models.CASCADE, related_name="views")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    relevance = models.PositiveSmallIntegerField(
        _("relevance for our members"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    why = models.CharField(_("why"), max_length=300, blank=True)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    said_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(
        read="partnership_id = ANY {rooms}",
        # Each side speaks for its own members.
        insert="partnership_id = ANY {rooms} AND organisation_id = ANY {organisations}",
        update="partnership_id = ANY {rooms} AND organisation_id = ANY {organisations}",
        delete="partnership_id = ANY {rooms} AND organisation_id = ANY {organisations}",
    )
    holding = Holding(
        COOPERATION, _("Ratings of trends"), by=("person",), texts=("why",), moment="said_at"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["trend", "organisation"], name="trend_view_once"),
            models.CheckConstraint(
                condition=Q(relevance__range=(1, 5)), name="trend_view_from_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.relevance} of 5 for {self.organisation_id}"
