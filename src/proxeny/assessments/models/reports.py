"""Reports to the client, remarks on them, and the client's answers half a year and a year later."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.assessments.models.engagements import TEAM_OF, Engagement
from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Definer, Tenancy, define

# The policy of meetings asks it: who has a conflict of interest sees no handover either.
define(
    Definer(
        "proxeny_walled_meetings()",
        "SETOF bigint",
        """
SELECT e.meeting_id FROM public.assessments_engagement e
JOIN public.partnerships_interest i ON i.subject_id = e.id
WHERE i.person_id = {person} AND i.subject = 'assessment' AND i.conflicts
    AND e.meeting_id IS NOT NULL
""",
        rows=5,
    )
)

_READ = "engagement_id IN (SELECT id FROM assessments_engagement)"


class Report(models.Model):
    """One version of a report, word for word as it was given to the client.

    `content` holds all that page and PDF show: summary, findings by chapter with their sources and
    figures, recommendations by number. What is noted later changes nothing of it.
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="reports")
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=2)
    #: What is new in it, from the second on.
    news = models.CharField(_("what is new"), max_length=500, blank=True)
    content = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    given_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    given_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(read=_READ, insert=TEAM_OF)
    holding = Holding(
        COOPERATION,
        _("Reports of assessments"),
        by=("given_by",),
        texts=("news",),
        copies=("content",),
        rooms=("partnership",),
        moment="given_at",
        why_kept=_("A report sent to a client stays as it was sent."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="report_number_once")
        ]

    def __str__(self) -> str:
        return f"report {self.number} of {self.engagement_id}"


class Remark(models.Model):
    """A remark on one passage of a report, and the answers to it."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="remarks")
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="remarks")
    #: The passage: `summary`, `finding-12`, `advice-3`.
    passage = models.CharField(max_length=40)
    answers = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="replies")
    text = models.CharField(_("remark"), max_length=2000)
    written_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    settled_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read=_READ,
        insert=f"organisation_id = ANY {{organisations}} AND {_READ}",
        update=_READ,
    )
    holding = Holding(
        COOPERATION,
        _("Remarks on reports"),
        by=("written_by",),
        texts=("text",),
        moment="created_at",
    )

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class Later(models.Model):
    """The client's answers on the outcome, six and twelve months after the handover."""

    class Value(models.TextChoices):
        """The outcome, from least to most."""

        UNUSED = "unused", _("Not used")
        USEFUL = "useful", _("Useful to know")
        STAYED_OUT = "stayed-out", _("We decided against this market")
        PREPARING = "preparing", _("We are preparing to enter")
        ENTERED = "entered", _("We have entered the market")

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="later")
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    months = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    asked_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    value = models.CharField(_("outcome"), max_length=10, choices=Value, blank=True)
    worth = models.DecimalField(
        _("worth"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    text = models.CharField(_("in your own words"), max_length=2000, blank=True)

    tenancy = Tenancy(read=_READ, insert=TEAM_OF, update=_READ)
    holding = Holding(
        COOPERATION,
        _("Outcomes of assessments"),
        by=("answered_by",),
        texts=("text",),
        moment="answered_at",
        why_kept=_("Kept: outcomes of the assessments. Erasure removes the name."),
    )

    class Meta:
        indexes = [models.Index(fields=["due_on"], condition=Q(answered_at=None), name="later_due")]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "months"], name="later_once"),
            models.CheckConstraint(condition=Q(months__in=(6, 12)), name="later_six_or_twelve"),
        ]

    def __str__(self) -> str:
        return f"{self.engagement_id} after {self.months} months"
