"""One company's question about a market, from the request to what came of it."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.assessments.models.catalogue import Question, Service
from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy

#: Who works on engagements of a partnership: the teams of its parties, without conflict.
TEAM = "partnership_id = ANY {rooms} AND id NOT IN (SELECT proxeny_walled('assessment'))"
#: The same, for what belongs to an engagement.
TEAM_OF = (
    "partnership_id = ANY {rooms} AND engagement_id NOT IN (SELECT proxeny_walled('assessment'))"
)
#: Whoever sees the engagement: its policy holds inside this one.
_SEEN = "engagement_id IN (SELECT id FROM assessments_engagement)"
#: The client's own people.
_CLIENT = "client_id = ANY {organisations}"


class Engagement(models.Model):
    """A company's request, the teams' work on it, the report, and the questions on its outcome.

    The brief (goal to price, and `due_on`) is signed by the client and by each side that delivers:
    an agreement of the kind `brief` with the engagement's number as its subject.
    """

    class State(models.TextChoices):
        """The state of an engagement: the columns of the board, in their order."""

        ASKED = "asked", _("Requested")
        CHECKING = "checking", _("Conflict check")
        BRIEF = "brief", _("Brief")
        WORKING = "working", _("In progress")
        REPORTED = "reported", _("Report sent")
        HANDED_OVER = "handed-over", _("Handed over")
        CLOSED = "closed", _("Closed")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="engagements"
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="engagements")
    #: The company that asks, and its cluster.
    client = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="engagements"
    )
    cluster = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    asked_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    question = models.CharField(_("market question"), max_length=10, choices=Question)
    title = models.CharField(_("what you want to know"), max_length=200)
    product = models.TextField(_("your product or service"), max_length=2000, blank=True)
    #: ISO 3166 country of the market.
    market = models.CharField(_("market"), max_length=2)
    language = models.CharField(_("language of the report"), max_length=2, default="en")
    wanted_on = models.DateField(_("needed by"), null=True, blank=True)
    state = models.CharField(max_length=11, choices=State, default=State.ASKED)
    #: Why it was declined or withdrawn.
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    goal = models.TextField(_("goal"), max_length=2000, blank=True)
    scope = models.TextField(_("scope"), max_length=2000, blank=True)
    leaves_out = models.TextField(_("out of scope"), max_length=2000, blank=True)
    delivers = models.TextField(_("what you get"), max_length=2000, blank=True)
    price = models.DecimalField(
        _("price"), max_digits=9, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    payer = models.CharField(
        _("who pays"), max_length=7, choices=Service.Payer, default=Service.Payer.CLIENT
    )
    #: What was promised with the brief.
    due_on = models.DateField(_("report by"), null=True, blank=True)
    #: In what the one-page summary of the report begins.
    summary = models.TextField(_("summary"), max_length=3000, blank=True)
    meeting = models.OneToOneField(
        "meetings.Meeting", null=True, on_delete=models.SET_NULL, related_name="engagement"
    )
    asked_at = models.DateTimeField(db_default=Now())
    signed_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        read=f"({TEAM}) OR {_CLIENT}",
        insert=(
            f"partnership_id = ANY {{rooms}} OR ({_CLIENT} AND partnership_id = ANY {{circles}}"
            " AND state = 'asked')"
        ),
        update=f"({TEAM}) OR {_CLIENT}",
    )
    holding = Holding(
        COOPERATION,
        _("Market assessments requested"),
        by=("asked_by",),
        texts=("title", "product", "reason", "goal", "scope", "leaves_out", "delivers", "summary"),
        moment="asked_at",
    )

    class Meta:
        indexes = [
            models.Index(fields=["partnership", "state", "-asked_at"]),
            models.Index(fields=["client", "-asked_at"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="engagement_price"),
        ]

    def __str__(self) -> str:
        return self.title


class Answer(models.Model):
    """The client's answer to one question of the template, given with the request."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="answers")
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    order = models.PositiveSmallIntegerField()
    asked = models.CharField(max_length=300)
    text = models.TextField(_("answer"), max_length=2000, blank=True)

    tenancy = Tenancy(
        read=_SEEN,
        insert=_SEEN,
        update=_SEEN,
    )
    holding = Holding(COOPERATION, _("Assessment requests: answers"), texts=("text",))

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "order"], name="answer_order_once")
        ]

    def __str__(self) -> str:
        return self.asked


class Adviser(models.Model):
    """An adviser on one side of an engagement, cleared once they have declared no conflict.

    The declaration is a `partnerships.Interest`; an adviser with a conflict leaves at once
    (`left_at`).
    """

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="advisers")
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    party = models.ForeignKey("partnerships.Party", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    leads = models.BooleanField(_("lead"), default=False)
    #: How much of their working time it may take.
    effort_days = models.DecimalField(
        _("days of work"),
        max_digits=5,
        decimal_places=1,
        default=0,
        validators=[MinValueValidator(0)],
    )
    asked_at = models.DateTimeField(db_default=Now())
    left_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        # The client reads who works for it; somebody with a conflict, that they were asked.
        read=(
            f"({TEAM_OF}) OR (person_id = {{person}} AND partnership_id = ANY {{rooms}})"
            f" OR (left_at IS NULL AND {_SEEN})"
        ),
        insert=TEAM_OF,
        update=f"({TEAM_OF}) OR (person_id = {{person}} AND partnership_id = ANY {{rooms}})",
    )
    holding = Holding(
        COOPERATION,
        _("Assessments the person works on"),
        about=("person",),
        personal={"person": None},
        moment="asked_at",
        why_kept=_("Kept: the record of who worked on an assessment. Erasure removes the name."),
    )

    class Meta:
        indexes = [
            models.Index(fields=["person"], condition=Q(left_at=None), name="adviser_at_work")
        ]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "person"], name="adviser_once"),
            models.UniqueConstraint(
                fields=["engagement", "party"],
                condition=Q(leads=True, left_at=None),
                name="one_lead_each_side",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.engagement_id}"


class Step(models.Model):
    """One step of an engagement's plan: its task, owner and day."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="steps")
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    order = models.PositiveSmallIntegerField(default=0)
    title = models.CharField(_("step"), max_length=300)
    due_on = models.DateField(_("due date"))
    party = models.ForeignKey(
        "partnerships.Party",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("side"),
    )
    person = models.ForeignKey(
        "accounts.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("person in charge"),
    )
    done_on = models.DateField(_("done on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        read=_SEEN,
        insert=TEAM_OF,
        update=TEAM_OF,
        delete=TEAM_OF,
    )
    holding = Holding(
        COOPERATION,
        _("Steps in assessments"),
        about=("person",),
        personal={"person": None},
        texts=("title",),
    )

    class Meta:
        ordering = ["due_on", "order", "pk"]
        indexes = [models.Index(fields=["person", "due_on"])]

    def __str__(self) -> str:
        return self.title
