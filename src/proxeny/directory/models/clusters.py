"""The profile of a cluster in addition to its entry."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models.organisations import Organisation
from proxeny.kernel.personal_data import DIRECTORY, Holding
from proxeny.kernel.tenancy import Tenancy

# The cluster itself, and the keeper of the entry of a cluster known from a list.
_KEPT = (
    "organisation_id = ANY {managed} OR organisation_id IN"
    " (SELECT id FROM directory_organisation WHERE steward_id = ANY {managed})"
)


class ClusterProfile(models.Model):
    """A cluster's profile for the European platform, and its way of working with its members.

    `staff_fte` are full-time equivalents; `committed_members` is what the cluster declares, where
    its member list here is not whole.
    """

    organisation = models.OneToOneField(
        Organisation, on_delete=models.CASCADE, primary_key=True, related_name="cluster_profile"
    )
    staff_fte = models.DecimalField(
        _("staff (full-time equivalents)"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    committed_members = models.PositiveIntegerField(_("committed members"), null=True, blank=True)
    strategy = models.TextField(_("strategy"), max_length=4000, blank=True)
    services = models.TextField(_("services for members"), max_length=4000, blank=True)
    ecosystems = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("industrial ecosystems"),
        default=list,
        blank=True,
    )
    target_countries = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("countries of interest"),
        default=list,
        blank=True,
    )
    reviews_listings = models.BooleanField(
        _("an adviser reviews members’ offers and needs before they’re published"), default=True
    )
    listing_days = models.PositiveSmallIntegerField(
        _("days until an offer or need expires"), default=365
    )
    #: From this day seats in the cluster need a second factor; see `accounts.factors`.
    second_factor_from = models.DateField(
        _("everyone with a seat signs in with a second factor from"), null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        read="EXISTS (SELECT FROM directory_organisation o WHERE o.id = organisation_id)",
        insert=_KEPT,
        update=_KEPT,
        # Before a reader is let in: whether a cluster of theirs asks for a second factor.
        gate_read="true",
    )
    holding = Holding(DIRECTORY, _("Cluster profiles: free text"), texts=("strategy", "services"))

    def __str__(self) -> str:
        return f"profile of {self.organisation_id}"
