"""The guarded facts of organisations, kept apart from them."""

from typing import Any, cast

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models.organisations import GUARDED, Organisation
from proxeny.kernel.personal_data import DIRECTORY, NOBODY, Holding
from proxeny.kernel.tenancy import Tenancy, View

#: Everybody who may change the entry may write its guarded facts.
KEPT = (
    "organisation_id = ANY {organisations} OR organisation_id IN"
    " (SELECT id FROM directory_organisation WHERE steward_id = ANY {managed})"
)

# Who reads a guarded fact: people of the organisation, of the cluster that keeps the entry, and of
# another cluster it is a member of; of a cluster's own entry, its members too. Of the other side
# only who holds a seat in it, under a live grant that names the fact.
_DETAILS = """
SELECT o.id AS organisation_id,
    CASE WHEN own.side OR 'contact' = ANY (told.fields) THEN COALESCE(d.contact, '') END AS contact,
    CASE WHEN own.side OR 'email' = ANY (told.fields) THEN COALESCE(d.email, '') END AS email,
    CASE WHEN own.side OR 'employees' = ANY (told.fields) THEN d.employees END AS employees,
    CASE WHEN own.side OR 'founded' = ANY (told.fields) THEN d.founded END AS founded
FROM directory_organisation o
LEFT JOIN directory_guarded d ON d.organisation_id = o.id
CROSS JOIN LATERAL (SELECT
    o.id = ANY {organisations} OR o.id = ANY {clusters}
    OR COALESCE(o.steward_id = ANY {organisations}, false)
    OR (o.visibility <> 'private' AND EXISTS (
        SELECT 1 FROM directory_membership m
        WHERE m.organisation_id = o.id AND m.cluster_id = ANY {organisations}
          AND m.starts_on <= CURRENT_DATE AND (m.ends_on IS NULL OR m.ends_on >= CURRENT_DATE)
    )) AS side
) own
CROSS JOIN LATERAL (
    SELECT array_agg(one) AS fields
    FROM partnerships_sharinggrant g, unnest(g.fields) AS one
    WHERE g.id = ANY {grants} AND g.withdrawn_at IS NULL
      AND g.organisation_id = COALESCE(o.steward_id, o.id)
      AND CASE g.kind WHEN 'member' THEN g.member_id = o.id AND o.visibility <> 'private'
          WHEN 'list' THEN o.visibility IN ('partnership', 'public') ELSE false END
) given
CROSS JOIN LATERAL (SELECT
    CASE WHEN o.visibility = 'public'
        OR (o.steward_id = ANY {clusters} AND o.visibility IN ('cluster', 'partnership'))
        OR (o.steward_id = ANY {sharers} AND o.visibility = 'partnership')
    THEN NULLIF(o.open_facts, '{{}}') END AS fields
) shown
CROSS JOIN LATERAL (SELECT given.fields || shown.fields AS fields) told
WHERE own.side OR told.fields IS NOT NULL
"""


def field_of(name: str) -> "models.Field[Any, Any]":
    """Return the field that holds a fact, in whichever of the two tables it is."""
    field = (Details if name in GUARDED else Organisation)._meta.get_field(name)
    return cast("models.Field[Any, Any]", field)


class DetailsQuerySet(models.QuerySet["Details"]):
    """Changes the entry's version with its guarded facts."""

    def update(self, **values: Any) -> int:
        """Update, and raise the entry's version.

        This warns anybody with the entry open in a form before saving: a value removed meanwhile,
        such as an erased contact, must not come back with it.
        """
        organisations = list(self.values_list("pk", flat=True))
        changed = super().update(**values)
        Organisation.objects.filter(pk__in=organisations).update(version=F("version") + 1)
        return changed


class Details(models.Model):
    """The guarded facts of an entry. Written here; the web role reads them in the view below only.

    They have a table of their own so that no query of an organisation, however it comes about
    (`select_related`, a sub-query, an API), carries them along.
    """

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    contact = models.CharField(_("contact person"), max_length=150, blank=True)
    email = models.EmailField(_("contact email"), blank=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    founded = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)

    tenancy = Tenancy(read=KEPT, insert=KEPT, update=KEPT, delete=KEPT, hidden_columns=GUARDED)
    holding = Holding(
        DIRECTORY,
        _("Contact persons at organisations"),
        addresses={"email": "organisation"},
        names={"contact": "organisation"},
        has_trail=False,
        personal={"contact": "", "email": ""},
        shown={
            "organisation": F("organisation__name"),
            "contact": F("contact"),
            "email": F("email"),
            "updated_at": F("organisation__updated_at"),
        },
        why_kept=_("As long as the organisation is listed and names this person."),
    )
    objects = DetailsQuerySet.as_manager()

    class Meta:
        db_table = "directory_guarded"
        base_manager_name = "objects"
        verbose_name_plural = "details"

    def __str__(self) -> str:
        return f"details of {self.organisation_id}"


class OrganisationDetails(models.Model):
    """The guarded facts of entries as the reader may see them: a view; None means hidden.

    Ask it for ids (`queries.details_of`): joined to a list it would be worked out for all entries.
    """

    organisation = models.OneToOneField(
        Organisation, on_delete=models.DO_NOTHING, primary_key=True, related_name="details"
    )
    contact = models.CharField(max_length=150, null=True)
    email = models.EmailField(null=True)
    employees = models.PositiveIntegerField(null=True)
    founded = models.PositiveSmallIntegerField(null=True)

    view = View(_DETAILS)

    # A view: what it shows is held by `Details`.
    holding = NOBODY

    class Meta:
        managed = False
        db_table = "directory_details"

    def __str__(self) -> str:
        return f"details of {self.organisation_id}"
