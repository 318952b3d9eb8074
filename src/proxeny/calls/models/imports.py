"""Files of calls: uploaded, previewed, imported."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.kernel.personal_data import COOPERATION, Holding, Keep
from proxeny.kernel.tenancy import Tenancy

_WRITTEN = "cluster_id = ANY {organisations} AND cluster_id = ANY {clusters}"


class CallImportManager(models.Manager["CallImport"]):
    """Leaves the file itself in the database: it is long, and no page shows it."""

    def get_queryset(self) -> models.QuerySet["CallImport"]:
        """Return all files of calls that the reader's role may see."""
        return super().get_queryset().defer("content")


class CallImport(models.Model):
    """An uploaded file of calls: its contents, and whether it was imported.

    `problems` are `{"line", "field", "text"}`; `report` shows some of the new and changed calls, as
    `{"new": [[reference, title], …], "changed": [[reference, {field: [was, is]}], …]}`.
    """

    class State(models.TextChoices):
        """The state of the import."""

        SHOWN = "shown", _("Previewed, not imported yet")
        TAKEN = "taken", pgettext_lazy("a file", "Imported")

    cluster = models.ForeignKey("directory.Organisation", on_delete=models.CASCADE)
    source = models.CharField(max_length=6)
    #: The file itself, packed by zlib.
    content = models.BinaryField(default=bytes)
    size = models.PositiveIntegerField(default=0)
    file_name = models.CharField(max_length=255)
    state = models.CharField(max_length=6, choices=State, default=State.SHOWN)
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    problem_count = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    brought_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    taken_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = CallImportManager()

    tenancy = Tenancy(read=_WRITTEN, insert=_WRITTEN, update=_WRITTEN, delete=_WRITTEN)
    holding = Holding(
        COOPERATION,
        _("Files of calls they uploaded"),
        by=("brought_by",),
        copies=("problems", "report"),
        within=("cluster",),
        hidden=("content",),
        moment="created_at",
        keep=(Keep(30, since="created_at"),),
    )

    class Meta:
        indexes = [models.Index(fields=["cluster", "-created_at"])]

    def __str__(self) -> str:
        return self.file_name
