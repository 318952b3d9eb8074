"""Projects that organisations carried out together, as public registers tell them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from proxeny.directory.models.organisations import Organisation
from proxeny.kernel.personal_data import NOBODY
from proxeny.kernel.tenancy import Tenancy

_MANAGED = "steward_id = ANY {managed}"
_PARTS_MANAGED = "project_id IN (SELECT id FROM directory_project WHERE steward_id = ANY {managed})"


class Project(models.Model):
    """A funded project, imported from a register by the cluster that keeps it.

    `source` names the register (`cordis`), `reference` its number there; amounts are in euro.
    """

    steward = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=12)
    reference = models.CharField(max_length=40)
    acronym = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=500, blank=True)
    objective = models.TextField(blank=True)
    call = models.CharField(max_length=120, blank=True)
    topics = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    contribution = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)

    tenancy = Tenancy(
        read=(
            "steward_id = ANY {organisations} OR steward_id = ANY {clusters}"
            " OR steward_id = ANY {sharers}"
        ),
        insert=_MANAGED,
        update=_MANAGED,
        delete=_MANAGED,
    )
    holding = NOBODY

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["steward", "source", "reference"], name="project_once"),
        ]

    def __str__(self) -> str:
        return self.acronym or self.title or self.reference


class ProjectPart(models.Model):
    """One organisation's part in a project; shown with the organisation."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="parts")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="project_parts"
    )
    role = models.CharField(max_length=20, blank=True)
    contribution = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)

    tenancy = Tenancy(
        read=(
            "project_id IN (SELECT id FROM directory_project)"
            " AND EXISTS (SELECT FROM directory_organisation o WHERE o.id = organisation_id)"
        ),
        insert=_PARTS_MANAGED,
        update=_PARTS_MANAGED,
        delete=_PARTS_MANAGED,
    )
    holding = NOBODY

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "organisation"], name="project_part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.project_id}"
