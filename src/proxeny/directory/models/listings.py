"""Offers and needs."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models.choices import IPR, Stage
from proxeny.directory.models.choices import Kind as OrganisationKind
from proxeny.directory.models.choices import Size as OrganisationSize
from proxeny.directory.models.organisations import Organisation
from proxeny.folding import fold, fold_lines
from proxeny.kernel.personal_data import DIRECTORY, NOBODY, Holding
from proxeny.kernel.tenancy import Definer, Tenancy, define

# Offers and needs of the reader's organisations, by name or through their cluster. Two policies use
# it on tables that would otherwise query each other.
define(
    Definer(
        "proxeny_own_listings()",
        "SETOF bigint",
        "SELECT id FROM public.directory_listing WHERE organisation_id = ANY {organisations}"
        " UNION ALL SELECT listing_id FROM public.directory_listingclient"
        " WHERE organisation_id = ANY {organisations}",
        rows=50,
    )
)

_WRITTEN = (
    "organisation_id = ANY {organisations} OR id IN (SELECT proxeny_own_listings())"
    " OR organisation_id IN"
    " (SELECT id FROM directory_organisation WHERE steward_id = ANY {managed})"
)


class ListingManager(models.Manager["Listing"]):
    """A manager that does not load the search columns: they are long, and no page shows them."""

    def get_queryset(self) -> models.QuerySet["Listing"]:
        """Return all offers and needs that the reader's role may see."""
        return super().get_queryset().defer("search_text", "search_vector", "search_marks")


class Listing(models.Model):
    """An offer or a need of an organisation, with the types that partnering platforms use.

    An anonymous one is published by the cluster on behalf of a member: `organisation` is the
    cluster, and the member is recorded in `ListingClient`, which only the cluster's people and the
    member can read. `is_open` says whether interest may be expressed; `reviewed_at` when an adviser
    approved it; `note` holds the adviser's request.
    """

    class Direction(models.TextChoices):
        """Whether the organisation gives or seeks."""

        OFFER = "offer", _("Offer")
        NEED = "need", _("Need")

    class Kind(models.TextChoices):
        """The subject of the offer or need."""

        BUSINESS = "business", _("Business")
        TECHNOLOGY = "technology", _("Technology")
        RESEARCH = "research", _("Research")
        EXPERTISE = "expertise", _("Expertise")

    class Status(models.TextChoices):
        """The state of the text."""

        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("With the adviser")
        PUBLISHED = "published", _("Published")
        ON_HOLD = "on_hold", _("On hold")
        EXPIRED = "expired", _("Expired")
        ARCHIVED = "archived", _("Archived")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="listings"
    )
    direction = models.CharField(max_length=5, choices=Direction)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.BUSINESS)
    title = models.CharField(_("title"), max_length=256)
    summary = models.TextField(_("summary"), max_length=500, blank=True)
    description = models.TextField(_("description"), max_length=4000, blank=True)
    partner_role = models.TextField(_("partner’s role"), max_length=4000, blank=True)
    language = models.CharField(max_length=5, default="en")
    markets = ArrayField(
        models.CharField(max_length=80), verbose_name=_("markets"), size=5, default=list, blank=True
    )
    technologies = ArrayField(
        models.CharField(max_length=80),
        verbose_name=_("technologies"),
        size=5,
        default=list,
        blank=True,
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, blank=True)
    ipr = models.CharField(_("protection"), max_length=9, choices=IPR, blank=True)
    partner_kinds = ArrayField(
        models.CharField(max_length=12, choices=OrganisationKind),
        verbose_name=_("partners sought"),
        default=list,
        blank=True,
    )
    partner_sizes = ArrayField(
        models.CharField(max_length=6, choices=OrganisationSize),
        verbose_name=_("sizes sought"),
        default=list,
        blank=True,
    )
    partner_countries = ArrayField(
        models.CharField(max_length=2), verbose_name=_("countries sought"), default=list, blank=True
    )
    is_open = models.BooleanField(_("open to interest"), default=True)
    is_anonymous = models.BooleanField(_("without our name"), default=False)
    status = models.CharField(max_length=9, choices=Status, default=Status.PUBLISHED)
    note = models.TextField(max_length=2000, blank=True)
    expires_on = models.DateField(_("until"), null=True, blank=True)
    expiry_told_on = models.DateField(null=True, editable=False)
    submitted_at = models.DateTimeField(null=True, editable=False)
    reviewed_at = models.DateTimeField(null=True, editable=False)
    reviewer = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    search_text = models.TextField(blank=True, editable=False)
    search_vector = models.GeneratedField(
        expression=Func(Value(""), F("search_text"), function="proxeny_vector"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    # Maintained by the database, which knows the readers of the organisation.
    search_marks = ArrayField(models.TextField(), default=list, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    objects = ListingManager()

    tenancy = Tenancy(
        # Drafts and the archive stay with the organisation and its steward's managers; what is to
        # be reviewed or rests is the business of all the steward's people; the rest follows the
        # organisation. Each row reads its own organisation alone, by its number.
        read=(
            "organisation_id = ANY {organisations} OR id IN (SELECT proxeny_own_listings())"
            " OR EXISTS (SELECT 1 FROM directory_organisation o WHERE o.id = organisation_id"
            " AND (status = 'published' OR o.steward_id = ANY {managed}"
            " OR (status IN ('review', 'on_hold', 'expired')"
            " AND o.steward_id = ANY {organisations})))"
        ),
        insert=_WRITTEN,
        update=_WRITTEN,
        delete=_WRITTEN,
    )
    holding = Holding(
        DIRECTORY,
        _("Offers and needs: free text"),
        by=("reviewer",),
        texts=("summary", "description", "partner_role", "note"),
        folded={"search_text": fold},
    )

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "direction"]),
            models.Index(fields=["status", "expires_on"]),
            models.Index(fields=["updated_at", "id"], name="listing_changed"),
            GinIndex(
                fields=["search_vector", "search_marks"], fastupdate=False, name="listing_search"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="published") | Q(title__gt=""), name="listing_has_title"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the folded words kept true."""
        self.search_text = self.searchable_text()
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text"}
        super().save(*args, **kwargs)

    def searchable_text(self) -> str:
        """Return the folded words under which the text is found."""
        return fold_lines(
            (self.title,),
            (*self.markets, *self.technologies),
            (self.summary, self.description, self.partner_role),
        )


class ListingClient(models.Model):
    """The member behind an anonymous offer or need."""

    listing = models.OneToOneField(
        Listing, on_delete=models.CASCADE, primary_key=True, related_name="client"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")

    tenancy = Tenancy(
        read=(
            "organisation_id = ANY {organisations} OR listing_id IN"
            " (SELECT id FROM directory_listing WHERE organisation_id = ANY {organisations})"
        ),
    )
    holding = NOBODY

    def __str__(self) -> str:
        return f"client of {self.listing_id}"
