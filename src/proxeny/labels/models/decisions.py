"""Decisions of a jury: selection, waiting list, reasons, and appeals."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Definer, Tenancy, define
from proxeny.labels.models.applications import MANAGED, Application
from proxeny.labels.models.rounds import Round
from proxeny.partnerships.models.core import Partnership

# Texts by which decisions are confirmed, and reasons for not confirming them, tell of all applications
# of a round.
define(
    Definer(
        "proxeny_walled_decisions()",
        "SETOF bigint",
        """
SELECT d.id FROM public.labels_decision d
JOIN public.labels_application a ON a.round_id = d.round_id AND a.state = 'submitted'
JOIN public.partnerships_interest i ON i.subject = 'application' AND i.subject_id = a.id
WHERE i.person_id = {person} AND i.conflicts
""",
        rows=5,
    )
)


class Decision(models.Model):
    """A decision taken at one meeting of a jury, for a whole round or after it.

    `content` is plain data, as `content.Selection` reads it: places, quotas and what they cost, by
    the numbers of submissions. One cluster proposes a decision, and it holds once all have
    confirmed it: until then `waits` is set and it has no `number`. `seen` is the fingerprint of its
    input: it is void when that changes. A confirmed decision never changes.

    `appeal`, `answer` and `grants` are of a decision on an appeal.
    """

    class Kind(models.TextChoices):
        """The kind of decision."""

        ROUND = "round", _("The round")
        MOVED_UP = "moved-up", _("A move up from the waiting list")
        APPEAL = "appeal", _("An appeal")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField(null=True)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.ROUND)
    waits = models.BooleanField(default=False)
    seen = models.CharField(max_length=64, blank=True)
    appeal = models.ForeignKey(
        "labels.Appeal", null=True, on_delete=models.CASCADE, related_name="decisions"
    )
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    grants = models.BooleanField(default=False)
    held_on = models.DateField(_("meeting date"))
    present = models.TextField(_("who took part"), max_length=2000, blank=True)
    minutes = models.TextField(_("minutes"), max_length=20000, blank=True)
    content = models.JSONField()
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField()

    # Minutes name those who applied.
    tenancy = Tenancy(
        read="partnership_id = ANY {steered}",
        insert="partnership_id = ANY {steered}",
        update="partnership_id = ANY {steered}",
    )
    holding = Holding(
        COOPERATION,
        _("Jury decisions: their minutes"),
        by=("person",),
        texts=("present", "minutes", "answer"),
        rooms=("partnership",),
        moment="decided_at",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="decision_once"),
            models.CheckConstraint(
                condition=models.Q(waits=True) ^ models.Q(number__isnull=False),
                name="decision_numbered_once_it_holds",
            ),
        ]

    def __str__(self) -> str:
        return f"decision {self.number} of {self.round_id}"


class Result(models.Model):
    """The decision on one application: its status, its points, and the details it may read.

    `rank` is its place by points among all that passed. `content` is plain data, as
    `content.Outcome` reads it. The applicant reads it from `told_at` on. The newest holds; results
    before an appeal are kept.
    """

    class Standing(models.TextChoices):
        """The status of the application."""

        CHOSEN = "chosen", pgettext_lazy("an application", "Awarded")
        WAITING = "waiting", pgettext_lazy("an application", "On the waiting list")
        BELOW = "below", pgettext_lazy("an application", "Below a threshold")
        OUT = "out", pgettext_lazy("an application", "Not eligible")
        GIVEN_UP = "given-up", pgettext_lazy("an application", "Gave up its place")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="results")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="results")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="results")
    standing = models.CharField(max_length=8, choices=Standing)
    rank = models.PositiveSmallIntegerField(null=True)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    level = models.CharField(max_length=24, blank=True)
    content = models.JSONField()
    feedback = models.TextField(_("jury’s feedback"), max_length=6000, blank=True)
    improvements = models.TextField(_("suggested improvements"), max_length=4000, blank=True)
    is_newest = models.BooleanField(default=True)
    told_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read=(
            f"{MANAGED} OR (application_id IN (SELECT proxeny_own_applications())"
            " AND told_at IS NOT NULL) OR application_id IN (SELECT proxeny_discussed())"
        ),
        insert="partnership_id = ANY {steered}",
        update="partnership_id = ANY {steered}",
    )
    holding = Holding(
        COOPERATION,
        _("Application results"),
        texts=("feedback", "improvements"),
    )

    class Meta:
        indexes = [models.Index(fields=["round", "standing"])]
        constraints = [
            models.UniqueConstraint(fields=["decision", "application"], name="result_once"),
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(is_newest=True),
                name="result_newest_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.standing}"


class Appeal(models.Model):
    """An applicant's appeal: other jurors read the application again."""

    class State(models.TextChoices):
        """The state of the appeal."""

        ASKED = "asked", pgettext_lazy("an appeal", "Pending")
        READ = "read", pgettext_lazy("an appeal", "In second reading")
        UPHELD = "upheld", pgettext_lazy("an appeal", "Granted")
        REFUSED = "refused", pgettext_lazy("an appeal", "Rejected")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="appeals")
    text = models.TextField(_("grounds for the appeal"), max_length=4000)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State, default=State.ASKED)
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    decided_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read=f"{MANAGED} OR application_id IN (SELECT proxeny_own_applications())",
        insert="application_id IN (SELECT proxeny_own_applications())",
        update="partnership_id = ANY {steered}",
    )
    holding = Holding(
        COOPERATION, _("Appeals"), by=("person",), texts=("text", "answer"), moment="asked_at"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(state="asked") | models.Q(state="read"),
                name="appeal_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"appeal of {self.application_id}"
