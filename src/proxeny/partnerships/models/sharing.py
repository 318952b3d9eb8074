"""Sharing by consent."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.partnerships.models.core import Partnership

# A cluster shares what it keeps itself, and no other cluster's member or file.
_OWN = (
    "(member_id IS NULL OR member_id IN (SELECT o.id FROM directory_organisation o"
    " WHERE o.steward_id = partnerships_sharinggrant.organisation_id AND o.visibility <> 'private'))"
    " AND (file_id IS NULL OR file_id IN (SELECT f.id FROM kernel_storedfile f"
    " WHERE f.organisation_id = partnerships_sharinggrant.organisation_id))"
)


class SharingGrant(models.Model):
    """Consent of a cluster to show something to a partnership, for a purpose, until a day.

    `list`: its members that are visible to partners. `member`: one member that it keeps, unless the
    entry is private. Either shows the guarded facts that `fields` names to people with a seat in
    the other side, and to nobody else. `file`: a file of the cluster, to the same.

    Both sides see the grant; withdrawal acts at once.
    """

    class Kind(models.TextChoices):
        """Kind of shared content."""

        LIST = "list", _("Member list")
        MEMBER = "member", _("One member")
        FILE = "file", _("File")

    class Field(models.TextChoices):
        """Guarded facts that a grant may include; see `directory.models.GUARDED`."""

        CONTACT = "contact", _("Contact person")
        EMAIL = "email", _("Contact email")
        EMPLOYEES = "employees", _("Employees")
        FOUNDED = "founded", _("Founded in")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="grants")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.CASCADE, related_name="grants"
    )
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.LIST)
    member = models.ForeignKey(
        "directory.Organisation", null=True, on_delete=models.CASCADE, related_name="+"
    )
    file_id = models.BigIntegerField(null=True)
    file_name = models.CharField(max_length=255, blank=True)
    fields = ArrayField(models.CharField(max_length=12, choices=Field), default=list, blank=True)
    purpose = models.CharField(_("purpose"), max_length=300)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    granted_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read="partnership_id = ANY {rooms}",
        insert=f"organisation_id = ANY {{managed}} AND partnership_id = ANY {{steered}} AND {_OWN}",
        update=(
            "organisation_id = ANY {managed} AND partnership_id = ANY {rooms}"
            f" AND (withdrawn_at IS NOT NULL OR {_OWN})"
        ),
        gate_read="true",
    )
    holding = Holding(
        COOPERATION,
        _("What was shared with a partnership"),
        by=("granted_by",),
        texts=("purpose",),
        why_kept=_(
            "Kept so that people whose data was shared can ask what was shared, when and why."
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "organisation", "kind", "member", "file_id"],
                condition=Q(withdrawn_at__isnull=True),
                nulls_distinct=False,
                name="grant_once",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind="list", member=None, file_id=None)
                    | Q(kind="member", member__isnull=False, file_id=None)
                    | Q(kind="file", member=None, file_id__isnull=False, fields=[])
                ),
                name="grant_of_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["file_id"], condition=Q(kind="file"), name="grant_file")]

    def __str__(self) -> str:
        return f"{self.organisation_id} shares with {self.partnership_id}"

    def is_live(self, *, today: date) -> bool:
        """Whether the grant holds, as far as its own state goes."""
        return self.withdrawn_at is None and (self.ends_on is None or self.ends_on >= today)
