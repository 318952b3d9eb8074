"""What a jury decides: who gets the label, who waits, why, and appeals."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.kernel.holdings import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.labels.models.applications import MANAGED, Application
from proxeny.labels.models.rounds import Round
from proxeny.partnerships.models.core import Partnership


class Decision(models.Model):
    """What was decided at one meeting of a jury, for a whole round or after it.

    `content` is plain data, as `content.Selection` reads it: places, quotas and what they cost, by
    the numbers of submissions. It never changes.
    """

    class Kind(models.TextChoices):
        """What was decided."""

        ROUND = "round", _("The round")
        MOVED_UP = "moved-up", _("Somebody moved up")
        APPEAL = "appeal", _("An appeal")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.ROUND)
    held_on = models.DateField(_("day of the meeting"))
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
        COOPERATION, _("Decisions of juries: their minutes"), by=("person",),
        texts=("present", "minutes"), rooms=("partnership",), moment="decided_at",
    )  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "number"], name="decision_once")]

    def __str__(self) -> str:
        return f"decision {self.number} of {self.round_id}"


class Result(models.Model):
    """What was decided of one application: its standing, its points, and what it reads of them.

    `rank` is its place by points among all that passed. `content` is plain data, as `content.Outcome` reads it. The applicant reads it from `told_at` on.
    The newest holds; what was before an appeal stays.
    """

    class Standing(models.TextChoices):
        """Where it stands."""

        CHOSEN = "chosen", pgettext_lazy("an application", "Awarded")
        WAITING = "waiting", pgettext_lazy("an application", "On the waiting list")
        BELOW = "below", pgettext_lazy("an application", "Below a threshold")
        OUT = "out", pgettext_lazy("an application", "Could not take part")
        GIVEN_UP = "given-up", pgettext_lazy("an application", "Gave its place up")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="results")
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="results")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="results")
    standing = models.CharField(max_length=8, choices=Standing)
    rank = models.PositiveSmallIntegerField(null=True)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    level = models.CharField(max_length=24, blank=True)
    content = models.JSONField()
    feedback = models.TextField(_("what the jury says"), max_length=6000, blank=True)
    improvements = models.TextField(_("what would make it better"), max_length=4000, blank=True)
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
        COOPERATION, _("Results of applications"), texts=("feedback", "improvements"),
    )  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["round", "standing"])]
        constraints = [
            models.UniqueConstraint(fields=["decision", "application"], name="result_once"),
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(is_newest=True),
                name="result_newest_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.application_id}: {self.standing}"


class Appeal(models.Model):
    """An applicant that does not agree: other jurors read the application anew."""

    class State(models.TextChoices):
        """What became of it."""

        ASKED = "asked", pgettext_lazy("an appeal", "To be looked at")
        READ = "read", pgettext_lazy("an appeal", "Being read anew")
        UPHELD = "upheld", pgettext_lazy("an appeal", "Granted")
        REFUSED = "refused", pgettext_lazy("an appeal", "Not granted")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="appeals")
    text = models.TextField(_("what is not right"), max_length=4000)
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
