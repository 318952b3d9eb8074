"""Organisations."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models.choices import Kind, QualityLabel, Size, Visibility
from proxeny.folding import fold, fold_lines
from proxeny.kernel.personal_data import DIRECTORY, Holding
from proxeny.kernel.tenancy import Definer, Tenancy, define

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
        " WHERE partnership_id = ANY {partnerships} OR partnership_id = ANY {circles}"
        " OR partnership_id = ANY (ARRAY(SELECT public.proxeny_guest_partnerships()))",
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
        " WHERE partnership_id = ANY {circles} AND state <> 'draft')))"
        # A guest's own organisation, and who else takes part in that event.
        " OR id = ANY {participations} OR (state = 'registered' AND event_id = ANY (ARRAY("
        "SELECT event_id FROM public.events_participation WHERE id = ANY {participations})))",
        rows=500,
    )
)
define(
    Definer(
        "proxeny_met()",
        "SETOF bigint",
        # Of a whole room or desk by a table of its own, which the database keeps (`Acquaintance`).
        "SELECT organisation FROM public.directory_acquaintance"
        " WHERE source = 'room' AND number = ANY {rooms}"
        " OR source = 'desk' AND number = ANY {organisations}"
        " UNION ALL SELECT unnest(organisations) FROM public.meetings_meeting"
        " WHERE organisations && {organisations} AND state <> 'draft'"
        # The clusters that award a label see its applicants.
        " UNION ALL SELECT organisation_id FROM public.labels_application"
        " WHERE partnership_id = ANY {steered} AND submitted_at IS NOT NULL"
        # Two organisations that a desk introduces see each other once they are asked.
        " UNION ALL SELECT unnest(ARRAY[member_id, stakeholder_id, cluster_id])"
        " FROM public.ambassadors_introduction WHERE asked_at IS NOT NULL"
        " AND (member_id = ANY {organisations} OR stakeholder_id = ANY {organisations})",
        rows=1000,
    )
)


#: Facts that public visibility alone shows nobody, and another cluster only by a grant that names
#: them.
GUARDED = ("contact", "email", "employees", "founded")


class OrganisationManager(models.Manager["Organisation"]):
    """A manager that does not load the search columns: they are long, and no page shows them."""

    def get_queryset(self) -> models.QuerySet["Organisation"]:
        """Return all organisations that the reader's role may see."""
        return super().get_queryset().defer("search_text", "search_vector", "search_marks")

    def listed(self) -> models.QuerySet["Organisation"]:
        """Return these without those that were merged into another: no list shows them."""
        return self.get_queryset().filter(merged_into=None)


class Organisation(models.Model):
    """A company, lab, university, public body or cluster.

    `steward` is the cluster that keeps the entry (null for a cluster itself); `key` is the
    steward's own number for it, unique for that steward, so that a list can be imported again.
    `sort_name` and `search_text` are folded (see `folding`): lists sort and search by them, the
    latter by its words in all forms and by marks (see `models.search`). `has_offers` and
    `has_needs` are kept true by the database. Its facts about people and size are guarded, and
    stored separately: see `models.details`; `open_facts` names those visible to all readers of the
    entry. `size` is the band alone.

    `nuts` is a NUTS code of any level, `nace` holds codes of NACE Rev. 2.1, `topics` those of
    EuroSciVoc (`/25/73`); `latitude` and `longitude` are degrees (WGS 84). An entry that was merged
    into another is kept for its history and shown in no list.
    """

    name = models.CharField(_("name"), max_length=200)
    former_names = ArrayField(
        models.CharField(max_length=200), verbose_name=_("former names"), default=list, blank=True
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.COMPANY)
    steward = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="stewarded"
    )
    key = models.CharField(_("reference"), max_length=120, blank=True)
    size = models.CharField(_("size"), max_length=6, choices=Size, blank=True)
    quality_label = models.CharField(
        _("quality label"), max_length=6, choices=QualityLabel, blank=True
    )
    country = models.CharField(_("country"), max_length=2)
    region = models.CharField(_("region"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    nuts = models.CharField(_("NUTS region"), max_length=5, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    summary = models.TextField(_("summary"), max_length=4000, blank=True)
    language = models.CharField(_("language of the text"), max_length=5, default="en")
    languages = ArrayField(
        models.CharField(max_length=5), verbose_name=_("languages"), default=list, blank=True
    )
    sectors = ArrayField(
        models.CharField(max_length=80), verbose_name=_("fields"), default=list, blank=True
    )
    nace = ArrayField(
        models.CharField(max_length=8), verbose_name=_("sectors (NACE)"), default=list, blank=True
    )
    topics = ArrayField(
        models.CharField(max_length=80),
        verbose_name=_("fields of science"),
        default=list,
        blank=True,
    )
    open_facts = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    visibility = models.CharField(
        _("visible to"), max_length=12, choices=Visibility, default=Visibility.PARTNERSHIP
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged"
    )
    sort_name = models.CharField(max_length=400, blank=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    has_offers = models.BooleanField(default=False, editable=False)
    has_needs = models.BooleanField(default=False, editable=False)
    search_vector = models.GeneratedField(
        expression=Func(F("sort_name"), F("search_text"), function="proxeny_vector"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    search_marks = models.GeneratedField(
        expression=Func(
            F("id"),
            F("steward"),
            F("kind"),
            F("visibility"),
            F("merged_into"),
            F("country"),
            F("nuts"),
            F("size"),
            F("sectors"),
            F("nace"),
            F("languages"),
            F("has_offers"),
            F("has_needs"),
            function="proxeny_organisation_marks",
        ),
        output_field=ArrayField(models.TextField()),
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
        # An ambassador's contacts abroad are noted for the desk's own cluster only.
        insert=(
            "steward_id = ANY {managed} OR (steward_id = ANY {desks} AND visibility = 'private')"
        ),
        update="id = ANY {managed} OR steward_id = ANY {managed} OR id = ANY {organisations}",
        delete="steward_id = ANY {managed}",
        gate_read="true",
    )
    holding = Holding(
        DIRECTORY,
        _("Organisation entries: free text"),
        texts=("summary",),
        folded={"search_text": fold},
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["steward", "key"], condition=~Q(key=""), name="organisation_key_once"
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="organisation_on_earth",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("pk")), name="organisation_not_into_itself"
            ),
        ]
        indexes = [
            models.Index(fields=["steward", "sort_name"]),
            models.Index(fields=["sort_name", "id"]),
            models.Index(
                fields=["visibility"], condition=Q(visibility="public"), name="org_public"
            ),
            GinIndex(fields=["sectors"]),
            GinIndex(fields=["nace"]),
            models.Index(fields=["country", "nuts"]),
            # All that the map and the policy above ask for, so that no row itself is read for it.
            models.Index(
                fields=[
                    "country",
                    "latitude",
                    "longitude",
                    "nuts",
                    "city",
                    "visibility",
                    "steward",
                    "id",
                ],
                condition=Q(merged_into=None),
                name="org_places",
            ),
            GinIndex(
                fields=["search_vector", "search_marks"],
                fastupdate=False,
                name="organisation_search",
            ),
            models.Index(fields=["updated_at", "id"], name="organisation_changed"),
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
        """Return the folded words by which the entry, with its offers and needs, is found.

        Names, fields and the rest stand in lines of their own: a hit counts for more in the first.
        The contact person and address stay out of it: nobody shall be found by probing for them.
        """
        return fold_lines(
            (self.name, *self.former_names),
            self.sectors,
            (self.city, self.region, self.summary, *listings),
        )

    @property
    def is_cluster(self) -> bool:
        """Whether the organisation has members of its own."""
        return self.kind == Kind.CLUSTER

    def fact(self, name: str) -> Any:
        """Return a fact of the entry by name; None for a guarded fact not shown to the reader.

        The first guarded fact costs a query, unless `queries.attach_details` loaded them before; so
        do the identifiers, unless they were prefetched.
        """
        if name == "identifiers":
            return sorted(f"{one.scheme}:{one.value}" for one in self.identifiers.all())
        if name not in GUARDED:
            return getattr(self, name)
        try:
            return getattr(self.details, name)
        except ObjectDoesNotExist:
            return None

    def forget_details(self) -> None:
        """Drop cached guarded facts, so that written ones are read again."""
        relation: Any = self._meta.get_field("details")
        if relation.is_cached(self):
            relation.delete_cached_value(self)

    def guarded_facts(self) -> dict[str, Any]:
        """Return the guarded facts by name, as far as they are shown to the reader."""
        return {name: self.fact(name) for name in GUARDED}
