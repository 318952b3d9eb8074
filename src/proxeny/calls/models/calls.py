"""Calls for proposals, as imported by one cluster."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.folding import fold, fold_lines
from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Definer, Tenancy, define

# The clusters whose calls the reader sees: their own, and those that have joined a live
# partnership of one of these.
define(
    Definer(
        "proxeny_call_stewards()",
        "SETOF bigint",
        "SELECT unnest({clusters}) UNION SELECT organisation_id FROM public.partnerships_party"
        " WHERE partnership_id = ANY {circles} AND state = 'joined'",
        rows=10,
    )
)
# The calls that a room of the reader bids for: they stay readable if the cluster that imported them
# leaves.
define(
    Definer(
        "proxeny_bid_calls()",
        "SETOF bigint",
        "SELECT call_id FROM public.bids_bid WHERE partnership_id = ANY {rooms}",
        rows=10,
    )
)
# An index of words serves here; a policy would keep PostgreSQL from using it.
define(
    Definer(
        "proxeny_found_calls(wanted tsquery)",
        "SETOF bigint",
        "SELECT id FROM public.calls_call WHERE search_vector @@ wanted AND steward_id = ANY"
        " (ARRAY(SELECT unnest({clusters}) UNION SELECT organisation_id"
        " FROM public.partnerships_party"
        " WHERE partnership_id = ANY {circles} AND state = 'joined'))",
        rows=200,
    )
)

#: People with a seat at the cluster itself; which of their seats may write, operations say.
_WRITTEN = "steward_id = ANY {organisations} AND steward_id = ANY {clusters}"
#: As many letters of a text are searched: a call's first pages.
SEARCHED = 20_000


class CallManager(models.Manager["Call"]):
    """A manager that does not load the search columns: they are long, and no page shows them."""

    def get_queryset(self) -> models.QuerySet["Call"]:
        """Return all calls that the reader's role may see."""
        return super().get_queryset().defer("search_text", "search_vector")


class Call(models.Model):
    """A call for proposals, or one topic of it, as imported by a cluster.

    Whether it is coming, open or closed follows from `opens_on` and `closes_at`. `rule_set` names a
    set of conditions that comes with the product (`engine.consortium.find_rules`); `own_rules` are
    additional ones, each as a rule of `engine.consortium.make_rules`.
    """

    class Source(models.TextChoices):
        """The origin of the call."""

        PORTAL = "portal", _("Funding portal export")
        CSV = "csv", _("CSV file")
        HAND = "hand", _("Entered manually")

    class Part(models.TextChoices):
        """The part of a programme, where countries are associated to parts alone."""

        NONE = "", _("Not specified")
        PILLAR_1 = "pillar-1", _("Pillar I")
        PILLAR_2 = "pillar-2", _("Pillar II")
        PILLAR_3 = "pillar-3", _("Pillar III")
        WIDENING = "widening", _("Widening and the European Research Area")

    steward = models.ForeignKey(
        "directory.Organisation", on_delete=models.CASCADE, related_name="calls"
    )
    reference = models.CharField(_("reference"), max_length=80)
    title = models.CharField(_("title"), max_length=400)
    programme = models.CharField(_("programme"), max_length=120, blank=True)
    action = models.CharField(_("type of action"), max_length=160, blank=True)
    rule_set = models.CharField(_("conditions"), max_length=60, blank=True)
    part = models.CharField(_("part"), max_length=12, choices=Part, blank=True, default="")
    own_rules = models.JSONField(default=list, blank=True)
    topics = ArrayField(
        models.CharField(max_length=200), verbose_name=_("topics"), default=list, blank=True
    )
    text = models.TextField(_("text"), max_length=60_000, blank=True)
    language = models.CharField(_("language of the text"), max_length=5, default="en")
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    #: Of a call in two stages: when the whole proposals are due.
    second_closes_at = models.DateTimeField(_("second stage closes at"), null=True, blank=True)
    budget = models.DecimalField(
        _("budget"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    grant_least = models.DecimalField(
        _("smallest grant"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    grant_most = models.DecimalField(
        _("largest grant"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    grants_expected = models.PositiveIntegerField(_("grants expected"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    address = models.URLField(_("address"), max_length=500, blank=True)
    source = models.CharField(max_length=6, choices=Source, default=Source.HAND)
    brought_at = models.DateTimeField(db_default=Now())
    brought_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    put_away_at = models.DateTimeField(null=True)
    search_text = models.TextField(blank=True, editable=False)
    search_vector = models.GeneratedField(
        expression=Func(Value(""), F("search_text"), function="proxeny_vector"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    version = models.PositiveIntegerField(default=1)

    objects = CallManager()

    tenancy = Tenancy(
        read=(
            "steward_id IN (SELECT proxeny_call_stewards()) OR id IN (SELECT proxeny_bid_calls())"
        ),
        insert=_WRITTEN,
        update=_WRITTEN,
    )
    holding = Holding(
        COOPERATION,
        _("Calls for proposals they added"),
        by=("brought_by",),
        texts=("title", "text"),
        folded={"search_text": fold},
        moment="brought_at",
    )

    class Meta:
        indexes = [
            models.Index(fields=["steward", "closes_at"]),
            GinIndex(fields=["search_vector"], fastupdate=False, name="call_search"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["steward", "reference"], name="call_reference_once"),
            models.CheckConstraint(
                condition=Q(reference__gt="", title__gt=""), name="call_is_named"
            ),
            models.CheckConstraint(
                condition=Q(second_closes_at=None) | Q(second_closes_at__gte=F("closes_at")),
                name="call_stages_in_order",
            ),
            models.CheckConstraint(
                condition=Q(grant_least=None)
                | Q(grant_most=None)
                | Q(grant_most__gte=F("grant_least")),
                name="call_grants_in_order",
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
        """Return the folded words under which the call is found."""
        return fold_lines(
            (self.title, self.reference),
            (*self.topics, self.programme, self.action),
            (self.text[:SEARCHED],),
        )
