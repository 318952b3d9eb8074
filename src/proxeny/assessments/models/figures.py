"""Open statistics, stored with their source, date and licence."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.partnerships.models.records import in_room


class Figure(models.Model):
    """A series of open statistics in the partnership's library: any engagement may use it.

    Its values are in `FigureVersion`: a refresh adds one, and nothing is overwritten.
    """

    class Origin(models.TextChoices):
        """The origin of its values."""

        SDMX = "sdmx", _("From a statistical office")
        CSV = "csv", _("From a CSV file")

    class Shape(models.TextChoices):
        """The shape of its drawing."""

        LINE = "line", _("Lines over time")
        BAR = "bar", _("Bars")
        TABLE = "table", pgettext_lazy("how figures are drawn", "Table")

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="figures"
    )
    title = models.CharField(_("what it shows"), max_length=200)
    origin = models.CharField(max_length=4, choices=Origin)
    #: For SDMX: the agency's code in sdmx1 (`ESTAT`, `OECD`, `ECB`), the data flow and the key.
    agency = models.CharField(_("office"), max_length=20, blank=True)
    flow = models.CharField(_("data set"), max_length=120, blank=True)
    key = models.CharField(_("key"), max_length=300, blank=True)
    since = models.CharField(_("from period"), max_length=10, blank=True)
    until = models.CharField(_("until period"), max_length=10, blank=True)
    source = models.CharField(_("source"), max_length=300)
    url = models.URLField(_("address"), max_length=500, blank=True)
    licence = models.CharField(_("licence"), max_length=120)
    unit = models.CharField(_("unit"), max_length=80, blank=True)
    shape = models.CharField(_("display as"), max_length=5, choices=Shape, default=Shape.LINE)
    dropped_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    tenancy = in_room()
    holding = Holding(COOPERATION, _("Figures: texts"), texts=("title", "source"))

    class Meta:
        indexes = [models.Index(fields=["partnership", "-created_at"])]

    def __str__(self) -> str:
        return self.title


class FigureVersion(models.Model):
    """The values of a figure at the time they were imported.

    `series` is a list of ``{"name": str, "points": [[period, value], …]}``; `changes` what differs
    from the version before: ``{"added": n, "gone": n, "changed": [[name, period, was, is], …]}``.
    """

    figure = models.ForeignKey(Figure, on_delete=models.CASCADE, related_name="versions")
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    number = models.PositiveSmallIntegerField()
    query = models.CharField(max_length=1000, blank=True)
    series = models.JSONField(default=list)
    changes = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    brought_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    brought_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(read="partnership_id = ANY {rooms}", insert="partnership_id = ANY {rooms}")
    holding = Holding(COOPERATION, _("Figures added"), by=("brought_by",), moment="brought_at")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["figure", "number"], name="figure_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="figure_version_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.figure_id} {self.number}"
