"""Organisations, memberships, offers and needs, and imports of member lists."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.folding import fold
from proxeny.kernel.holdings import DIRECTORY, NOBODY, Holding, Keep
from proxeny.kernel.tenancy import Definer, Tenancy, View, define

# Does a cluster that the reader manages keep this organisation?
define(
    Definer(
        "proxeny_stewarded(organisation bigint)",
        "boolean",
        "SELECT EXISTS (SELECT 1 FROM public.directory_organisation"
        " WHERE id = organisation AND steward_id = ANY {managed})",
    )
)
# Whom the reader's own rows name: the parties of a partnership see each other, and so do those at
# one event or one table. Each goes by an index, where asking the three tables through their own
# policies would read everybody's rows; a policy asks them in this order and mostly needs the first.
define(
    Definer(
        "proxeny_partners()",
        "SETOF bigint",
        "SELECT organisation_id FROM public.partnerships_party"
        " WHERE partnership_id = ANY {partnerships} OR partnership_id = ANY {circles}",
        rows=10,
    )
)
define(
    Definer(
        "proxeny_participants()",
        "SETOF bigint",
        "SELECT organisation_id FROM public.events_participation WHERE event_id = ANY (ARRAY("
        "SELECT id FROM public.events_event WHERE partnership_id = ANY {rooms}))"
        " OR (state = 'registered' AND event_id = ANY (ARRAY(SELECT id FROM public.events_event"
        " WHERE partnership_id = ANY {circles} AND state <> 'draft')))",
        rows=500,
    )
)
define(
    Definer(
        "proxeny_met()",
        "SETOF bigint",
        "SELECT unnest(organisations) FROM public.meetings_meeting"
        " WHERE partnership_id = ANY {rooms}"
        " OR (organisations && {organisations} AND state <> 'draft')",
        rows=1000,
    )
)


class Kind(models.TextChoices):
    """What an organisation is."""

    CLUSTER = "cluster", _("Cluster")
    COMPANY = "company", _("Company")
    STARTUP = "startup", _("Start-up")
    UNIVERSITY = "university", _("University")
    LAB = "lab", _("Research lab")
    PUBLIC = "public", _("Public body")
    INVESTOR = "investor", _("Investor")
    ASSOCIATION = "association", _("Association")
    OTHER = "other", _("Other")


class Visibility(models.TextChoices):
    """Who may see a directory entry."""

    PRIVATE = "private", _("Only us")
    CLUSTER = "cluster", _("Our cluster")
    PARTNERSHIP = "partnership", _("Our cluster and its partners")
    PUBLIC = "public", _("Everyone")


#: Whoever may change the entry may write its guarded facts.
_KEPT = (
    "organisation_id = ANY {organisations} OR organisation_id IN"
    " (SELECT id FROM directory_organisation WHERE steward_id = ANY {managed})"
)

# Who reads a guarded fact: people of the organisation, of the cluster that keeps the entry, and of
# another cluster it is a member of; of a cluster's own entry, its members too. Of the other side
# only who holds a seat in it, under a live grant that names the fact.
_DETAILS = """
SELECT o.id AS organisation_id,
    CASE WHEN own.side OR 'contact' = ANY (given.fields) THEN COALESCE(d.contact, '') END AS contact,
    CASE WHEN own.side OR 'email' = ANY (given.fields) THEN COALESCE(d.email, '') END AS email,
    CASE WHEN own.side OR 'employees' = ANY (given.fields) THEN d.employees END AS employees,
    CASE WHEN own.side OR 'founded' = ANY (given.fields) THEN d.founded END AS founded
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
WHERE own.side OR given.fields IS NOT NULL
"""


class OrganisationManager(models.Manager["Organisation"]):
    """Leaves the two search columns in the database: they are long, and no page shows them."""

    def get_queryset(self) -> models.QuerySet["Organisation"]:
        """Return all organisations that the reader's role may see."""
        return super().get_queryset().defer("search_text", "search_vector")


class Organisation(models.Model):
    """A company, lab, university, public body or cluster.

    `steward` is the cluster that keeps the entry (null for a cluster itself); `key` is the
    steward's own number for it, unique for that steward, so that a list can be imported again.
    `sort_name` and `search_text` are folded (see `folding`): lists sort and search by them.
    What it says of people and of its size is guarded, and kept apart: see `Details`.
    """

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.COMPANY)
    steward = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="stewarded"
    )
    key = models.CharField(_("reference"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("region"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    summary = models.TextField(_("summary"), max_length=4000, blank=True)
    language = models.CharField(_("language of the text"), max_length=5, default="en")
    languages = ArrayField(models.CharField(max_length=5), verbose_name=_("languages"), default=list,
                           blank=True)  # fmt: skip
    sectors = ArrayField(models.CharField(max_length=80), verbose_name=_("fields"), default=list,
                         blank=True)  # fmt: skip
    visibility = models.CharField(
        _("visible to"), max_length=12, choices=Visibility, default=Visibility.PARTNERSHIP
    )
    sort_name = models.CharField(max_length=400, blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    search_vector = models.GeneratedField(
        expression=SearchVector("search_text", config="simple"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    objects = OrganisationManager()

    tenancy = Tenancy(
        read=(
            "id = ANY {organisations} OR id = ANY {clusters} OR steward_id = ANY {organisations}"
            " OR visibility = 'public'"
            " OR (steward_id = ANY {clusters} AND visibility IN ('cluster', 'partnership'))"
            " OR (steward_id = ANY {sharers} AND visibility = 'partnership')"
            " OR id = ANY {shared}"
            " OR id IN (SELECT proxeny_partners())"
            " OR id IN (SELECT proxeny_participants())"
            " OR id IN (SELECT proxeny_met())"
        ),
        insert="steward_id = ANY {managed}",
        update="id = ANY {managed} OR steward_id = ANY {managed} OR id = ANY {organisations}",
        delete="steward_id = ANY {managed}",
        gate_read="true",
    )
    holding = Holding(
        DIRECTORY,
        _("Entries of organisations: their free text"),
        texts=("summary",),
        folded={"search_text": fold},
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["steward", "key"], condition=~Q(key=""), name="organisation_key_once"
            ),
        ]
        indexes = [
            models.Index(fields=["steward", "sort_name"]),
            models.Index(fields=["sort_name", "id"]),
            models.Index(
                fields=["visibility"], condition=Q(visibility="public"), name="org_public"
            ),
            GinIndex(fields=["sectors"]),
            GinIndex(fields=["search_vector"]),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the folded name kept true and a new entry found by its own words."""
        self.sort_name = fold(self.name)[:400]
        if self._state.adding and not self.search_text:
            self.search_text = self.searchable_text()
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "sort_name"}
        super().save(*args, **kwargs)

    def searchable_text(self, *listings: str) -> str:
        """Return the folded words under which the entry, with its offers and needs, is found.

        The contact person and address stay out of it: nobody shall be found by probing for them.
        """
        parts = (self.name, self.city, self.region, *self.sectors, self.summary, *listings)
        return fold(" ".join(part for part in parts if part))

    @property
    def is_cluster(self) -> bool:
        """Whether the organisation has members of its own."""
        return self.kind == Kind.CLUSTER

    def fact(self, name: str) -> Any:
        """Return what the entry says under a name; None for a guarded fact not shown to the reader.

        The first guarded fact costs a query, unless `queries.attach_details` brought them along.
        """
        if name not in GUARDED:
            return getattr(self, name)
        try:
            return getattr(self.details, name)
        except OrganisationDetails.DoesNotExist:
            return None

    def forget_details(self) -> None:
        """Let guarded facts that have been written be read anew."""
        relation = self._meta.get_field("details")
        if relation.is_cached(self):
            relation.delete_cached_value(self)

    def guarded_facts(self) -> dict[str, Any]:
        """Return the guarded facts by name, as far as they are shown to the reader."""
        return {name: self.fact(name) for name in GUARDED}


#: Facts that public visibility alone shows nobody, and another cluster only by a grant that names
#: them.
GUARDED = ("contact", "email", "employees", "founded")


def field_of(name: str) -> models.Field:
    """Return the field that holds a fact, in whichever of the two tables it is."""
    return (Details if name in GUARDED else Organisation)._meta.get_field(name)


class DetailsQuerySet(models.QuerySet["Details"]):
    """Changes the entry's version with its guarded facts."""

    def update(self, **values: Any) -> int:
        """Update, and raise the entry's version.

        Who has the entry open in a form is told before saving: what was taken out meanwhile, an
        erased contact, must not come back with it.
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
    email = models.EmailField(_("contact e-mail"), blank=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    founded = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)

    tenancy = Tenancy(
        read=_KEPT, insert=_KEPT, update=_KEPT, delete=_KEPT, hidden_columns=GUARDED
    )  # fmt: skip
    holding = Holding(
        DIRECTORY,
        _("Contact persons of organisations"),
        addresses={"email": "organisation"},
        names={"contact": "organisation"},
        has_trail=False,
        personal={"contact": "", "email": ""},
        shown={"organisation": F("organisation__name"), "contact": F("contact"),
               "email": F("email"), "updated_at": F("organisation__updated_at")},
        why_kept=_("As long as the organisation is listed and names the person."),
    )  # fmt: skip
    objects = DetailsQuerySet.as_manager()

    class Meta:
        db_table = "directory_guarded"
        base_manager_name = "objects"
        verbose_name_plural = "details"

    def __str__(self) -> str:
        return f"details of {self.organisation_id}"


class OrganisationDetails(models.Model):
    """The guarded facts of entries as the reader may see them: a view; None is "not for you".

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


class Membership(models.Model):
    """An organisation's membership in a cluster, from a day to a day."""

    cluster = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships_given"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    tenancy = Tenancy(
        read=(
            "cluster_id = ANY {organisations} OR organisation_id = ANY {organisations}"
            " OR cluster_id = ANY {clusters} OR cluster_id = ANY {sharers}"
        ),
        insert="cluster_id = ANY {managed}",
        update="cluster_id = ANY {managed}",
        delete="cluster_id = ANY {managed}",
        gate_read="true",
    )
    holding = NOBODY

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "organisation"],
                condition=Q(ends_on__isnull=True),
                name="membership_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="membership_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} in {self.cluster_id}"


class Listing(models.Model):
    """An offer or a need of an organisation, typed as partner platforms of the field type them."""

    class Direction(models.TextChoices):
        """Whether the organisation gives or seeks."""

        OFFER = "offer", _("Offer")
        NEED = "need", _("Need")

    class Kind(models.TextChoices):
        """What is given or sought."""

        BUSINESS = "business", _("Business")
        TECHNOLOGY = "technology", _("Technology")
        RESEARCH = "research", _("Research")
        EXPERTISE = "expertise", _("Expertise")

    class Status(models.TextChoices):
        """Where the text stands."""

        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        ARCHIVED = "archived", _("Archived")

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="listings"
    )
    direction = models.CharField(max_length=5, choices=Direction)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.BUSINESS)
    title = models.CharField(_("title"), max_length=256)
    summary = models.TextField(_("summary"), max_length=500, blank=True)
    language = models.CharField(max_length=5, default="en")
    status = models.CharField(max_length=9, choices=Status, default=Status.PUBLISHED)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        # Drafts stay with the organisation and its steward; the rest follows the organisation.
        read=(
            "organisation_id = ANY {organisations} OR (organisation_id IN"
            " (SELECT id FROM directory_organisation o WHERE status = 'published'"
            " OR o.steward_id = ANY {managed}))"
        ),
        insert=(
            "organisation_id = ANY {organisations} OR organisation_id IN"
            " (SELECT id FROM directory_organisation WHERE steward_id = ANY {managed})"
        ),
        update=(
            "organisation_id = ANY {organisations} OR organisation_id IN"
            " (SELECT id FROM directory_organisation WHERE steward_id = ANY {managed})"
        ),
        delete=(
            "organisation_id = ANY {organisations} OR organisation_id IN"
            " (SELECT id FROM directory_organisation WHERE steward_id = ANY {managed})"
        ),
    )
    holding = Holding(DIRECTORY, _("Offers and needs: their free text"), texts=("summary",))

    class Meta:
        indexes = [models.Index(fields=["organisation", "direction"])]

    def __str__(self) -> str:
        return self.title


class MemberImport(models.Model):
    """One brought member list: the file, how its columns are read, and what came of it.

    `columns` is what the file was found to hold (encoding, delimiter, sheets, header, first rows);
    `mapping` names the header of each of our fields; `options` says what to do with gaps and holds
    the values for what the list does not say; `report` shows a sample of the changes.
    """

    class State(models.TextChoices):
        """Where the import stands."""

        UPLOADED = "uploaded", _("Waiting for the columns")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        APPLYING = "applying", _("Being imported")
        APPLIED = "applied", _("Imported")
        FAILED = "failed", _("Refused")

    cluster = models.ForeignKey(Organisation, on_delete=models.CASCADE)
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
