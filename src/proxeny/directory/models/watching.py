"""Items that a person watches: entries, offers and needs, and searches."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models.listings import Listing
from proxeny.directory.models.organisations import Organisation
from proxeny.kernel.personal_data import DIRECTORY, Holding
from proxeny.kernel.tenancy import Tenancy

_OWN = "person_id = {person}"


class Follow(models.Model):
    """A person's subscription to an entry, or to one offer or need; last notified at `told_at`."""

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.CASCADE, related_name="+"
    )
    listing = models.ForeignKey(Listing, null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    told_at = models.DateTimeField(null=True)

    tenancy = Tenancy(read=_OWN, insert=_OWN, update=_OWN, delete=_OWN)
    holding = Holding(DIRECTORY, _("What you follow"), about=("person",), goes=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation=None) ^ Q(listing=None), name="follow_one_thing"
            ),
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(listing=None),
                name="follow_organisation_once",
            ),
            models.UniqueConstraint(
                fields=["person", "listing"],
                condition=Q(organisation=None),
                name="follow_listing_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} follows"


class SavedSearch(models.Model):
    """A person's saved search; `known` are the hits already shown or reported.

    `query` is the query string of the list, without page and sorting.
    """

    class Scope(models.TextChoices):
        """The searched records."""

        ORGANISATIONS = "organisations", _("Organisations")
        LISTINGS = "listings", _("Offers and needs")

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    scope = models.CharField(max_length=13, choices=Scope, default=Scope.ORGANISATIONS)
    query = models.CharField(max_length=2000, blank=True)
    notify = models.BooleanField(_("email me about new results"), default=True)
    known = ArrayField(models.BigIntegerField(), default=list, blank=True)
    fresh = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    told_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(read=_OWN, insert=_OWN, update=_OWN, delete=_OWN)
    holding = Holding(
        DIRECTORY,
        _("Your saved searches"),
        about=("person",),
        texts=("name", "query"),
        hidden=("known",),
        goes=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "scope", "name"], name="search_name_once"),
        ]

    def __str__(self) -> str:
        return self.name
