"""Imported lists."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models.organisations import Organisation
from proxeny.kernel.personal_data import DIRECTORY, Holding, Keep
from proxeny.kernel.tenancy import Tenancy


class MemberImport(models.Model):
    """One imported member list: the file, the mapping of its columns, and the result.

    `columns` holds the detected properties of the file (encoding, delimiter, sheets, header, first
    rows); `mapping` names the header of each of our fields; `options` holds the handling of gaps
    and default values; `report` shows a sample of the changes.
    """

    class State(models.TextChoices):
        """The state of the import."""

        UPLOADED = "uploaded", _("Waiting for column matching")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        APPLYING = "applying", _("Importing")
        APPLIED = "applied", _("Imported")
        FAILED = "failed", _("Rejected")

    class Source(models.TextChoices):
        """The kind of file."""

        MEMBERS = "members", _("Member list")
        CONTACTS = "contacts", _("Organisations we know")
        CLUSTERS = "clusters", _("List of clusters")
        CORDIS = "cordis", _("CORDIS organisations")
        PROJECTS = "projects", _("CORDIS projects")
        VCARD = "vcard", _("Business cards (vCard)")

    cluster = models.ForeignKey(Organisation, on_delete=models.CASCADE)
    source = models.CharField(max_length=8, choices=Source, default=Source.MEMBERS)
    file_id = models.BigIntegerField()
    file_name = models.CharField(max_length=255)
    sheet = models.CharField(max_length=120, blank=True)
    columns = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    job_id = models.BigIntegerField(null=True)
    rows = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    alike = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    problem_count = models.PositiveIntegerField(default=0)
    problems_file_id = models.BigIntegerField(null=True)
    left_out = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    applied_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read="cluster_id = ANY {managed}",
        insert="cluster_id = ANY {managed}",
        update="cluster_id = ANY {managed}",
        delete="cluster_id = ANY {managed}",
    )
    holding = Holding(
        DIRECTORY,
        _("Uploaded member lists: samples and reports"),
        copies=("columns", "problems", "report"),
        within=("cluster",),
        keep=(
            Keep(
                30,
                since="applied_at",
                empties={"columns": {}, "problems": [], "report": {}},
                files=("file_id", "problems_file_id"),
            ),
        ),
    )

    class Meta:
        indexes = [models.Index(fields=["cluster", "-created_at"])]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_over(self) -> bool:
        """Whether the list was imported; an unfinished or refused one may be tried again."""
        return self.state == self.State.APPLIED

    @property
    def may_be_applied(self) -> bool:
        """Whether the check found nothing that stops the import."""
        return self.state == self.State.CHECKED and not self.problem_count
