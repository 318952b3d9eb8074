"""Introductions between the shared members of two parties."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Definer, Tenancy, define
from proxeny.partnerships.models.core import Partnership

# Whom each signed partnership of the reader may introduce: members shared with it today. A row of a
# plan is readable as long as both of its organisations are among them.
define(
    Definer(
        "proxeny_introducible()",
        "TABLE (partnership_id bigint, organisation_id bigint)",
        "SELECT g.partnership_id, o.id FROM public.partnerships_sharinggrant g"
        " JOIN public.directory_organisation o ON o.steward_id = g.organisation_id"
        " AND o.visibility IN ('partnership', 'public')"
        " WHERE g.id = ANY {grants} AND g.kind = 'list'"
        " UNION SELECT g.partnership_id, o.id FROM public.partnerships_sharinggrant g"
        " JOIN public.directory_organisation o ON o.id = g.member_id"
        " AND o.steward_id = g.organisation_id AND o.visibility <> 'private'"
        " WHERE g.id = ANY {grants} AND g.kind = 'member'",
        rows=1000,
    )
)
_STEERED = "partnership_id = ANY {steered}"
_SHARED = "SELECT i.partnership_id, i.organisation_id FROM proxeny_introducible() i"
_BOTH_SHARED = (
    f"(partnership_id, left_id) IN ({_SHARED}) AND (partnership_id, right_id) IN ({_SHARED})"
)


class IntroductionPlan(models.Model):
    """Best set of introductions between the shared members of two parties, computed once.

    `settings` are the caps and choices it was made under. `value` is the sum of the scores and
    `bound` its upper limit over all sets; `left_out` counts members without any, by side and
    reason, and `short` names those that cannot have the promised minimum.
    """

    class State(models.TextChoices):
        """State of the plan."""

        WORKING = "working", _("Calculating")
        READY = "ready", _("Ready")
        EMPTY = "empty", _("Nothing to propose")
        INFEASIBLE = "infeasible", _("Not possible")

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="introduction_plans"
    )
    left = models.ForeignKey("directory.Organisation", on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey("directory.Organisation", on_delete=models.CASCADE, related_name="+")
    settings = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WORKING)
    reason = models.CharField(max_length=24, blank=True)
    considered = models.JSONField(default=dict)
    left_out = models.JSONField(default=dict)
    short = models.JSONField(default=list)
    value = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    seconds = models.FloatField(null=True)
    job_id = models.BigIntegerField(null=True)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read="partnership_id = ANY {rooms}", insert=_STEERED, update=_STEERED, delete=_STEERED
    )
    holding = Holding(COOPERATION, _("Introduction plans"), by=("person",))

    class Meta:
        indexes = [models.Index(fields=["partnership", "-created_at"])]

    def __str__(self) -> str:
        return f"introductions {self.pk} of {self.partnership_id}"


class ProposedIntroduction(models.Model):
    """Two members that a plan would introduce, the reasons, and the decision.

    `they_offer` says how well the right member's offers meet the left member's needs, `they_need`
    the reverse; `reasons` are data. Readable while both members are shared with the partnership.
    """

    class State(models.TextChoices):
        """Decision on the proposal."""

        PROPOSED = "proposed", _("Awaiting decision")
        KEPT = "kept", _("Kept")
        DROPPED = "dropped", _("Dropped")

    plan = models.ForeignKey(IntroductionPlan, on_delete=models.CASCADE, related_name="rows")
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    left = models.ForeignKey("directory.Organisation", on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey("directory.Organisation", on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    they_offer = models.FloatField(default=0)
    they_need = models.FloatField(default=0)
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read=f"partnership_id = ANY {{rooms}} AND {_BOTH_SHARED}",
        insert=_STEERED,
        update=_STEERED,
        delete=_STEERED,
    )
    holding = Holding(COOPERATION, _("Proposed introductions: who decided"), by=("person",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "left", "right"], name="introduction_once"),
        ]
        indexes = [models.Index(fields=["plan", "-score"])]

    def __str__(self) -> str:
        return f"{self.left_id} and {self.right_id}"
