"""Judging: jurors, their assignments, scores and remarks."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Definer, Tenancy, define
from proxeny.labels.models.applications import JUDGED, MANAGED, Application
from proxeny.labels.models.rounds import Round
from proxeny.partnerships.models.core import Partnership, Party


class Juror(models.Model):
    """A person of a cluster's team as a juror in a round, for the side of that cluster.

    `topics` are their fields of expertise, folded; `most` is their maximum number of applications.
    `declared_at` is the time at which they declared, for each application, whether they have a
    conflict of interest (`partnerships.Interest`): nothing is assigned before.
    """

    class State(models.TextChoices):
        """Whether they take part."""

        ASKED = "asked", pgettext_lazy("a juror", "Invited")
        IN = "in", pgettext_lazy("a juror", "Participating")
        OUT = "out", pgettext_lazy("a juror", "Not participating")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="jurors")
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    topics = ArrayField(
        models.CharField(max_length=80),
        verbose_name=_("fields of expertise"),
        default=list,
        blank=True,
    )
    most = models.PositiveSmallIntegerField(
        _("maximum number of applications"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(500)],
    )
    state = models.CharField(_("state"), max_length=5, choices=State, default=State.ASKED)
    why = models.CharField(_("why"), max_length=300, blank=True)
    asked_at = models.DateTimeField()
    declared_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        # Who judges needs no seat that opens the room.
        read="partnership_id = ANY {rooms} OR person_id = {person}",
        insert="partnership_id = ANY {steered}",
        update="partnership_id = ANY {steered}",
    )
    holding = Holding(
        COOPERATION,
        _("Jury memberships"),
        about=("person",),
        texts=("why",),
        moment="asked_at",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "person"], name="juror_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.round_id}"


class Assignment(models.Model):
    """An application assigned to a juror. `number` is the one that the juror sees.

    From `frozen_at` on, the database refuses changes of its scores. `is_appeal`: a second reading
    after an appeal, by other jurors.
    """

    class State(models.TextChoices):
        """The juror's progress."""

        OPEN = "open", pgettext_lazy("an application that is judged", "To score")
        DONE = "done", pgettext_lazy("an application that is judged", "Scored")
        ABSTAINED = "abstained", pgettext_lazy("an application that is judged", "Abstained")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="assignments")
    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="assignments")
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="assignments"
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    is_appeal = models.BooleanField(default=False)
    comment = models.TextField(_("overall comment"), max_length=4000, blank=True)
    # When it was typed, by the device.
    comment_at = models.DateTimeField(null=True)
    why = models.CharField(_("reason for abstaining"), max_length=500, blank=True)
    assigned_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read=(
            f"{MANAGED} OR (person_id = {{person}} AND {JUDGED})"
            " OR application_id IN (SELECT proxeny_discussed())"
        )
    )
    holding = Holding(
        COOPERATION,
        _("Applications judged"),
        about=("person",),
        texts=("comment", "why"),
        moment="assigned_at",
        why_kept=_("Kept: how a decision came about."),
    )

    class Meta:
        indexes = [models.Index(fields=["round"]), models.Index(fields=["person"])]
        constraints = [
            models.UniqueConstraint(fields=["juror", "application"], name="assigned_once")
        ]

    def __str__(self) -> str:
        return f"{self.application_id} to {self.juror_id}"


class Score(models.Model):
    """The points of one juror for one indicator; without points, they cannot judge it.

    `saved_at` is when it was typed, by the device: of two states of one score, the later one holds.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="scores")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    indicator = models.CharField(max_length=24)
    points = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, validators=[MinValueValidator(0)]
    )
    comment = models.TextField(max_length=2000, blank=True)
    saved_at = models.DateTimeField()

    tenancy = Tenancy(
        read=(
            f"{MANAGED} OR (person_id = {{person}} AND {JUDGED})"
            " OR application_id IN (SELECT proxeny_discussed())"
        ),
        insert="person_id = {person} AND assignment_id IN (SELECT proxeny_scoring())",
        update="person_id = {person} AND assignment_id IN (SELECT proxeny_scoring())",
    )
    holding = Holding(
        COOPERATION,
        _("Scores given"),
        by=("person",),
        texts=("comment",),
        moment="saved_at",
        why_kept=_("Kept: how a decision came about."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assignment", "indicator"], name="score_once"),
            models.CheckConstraint(
                condition=Q(points=None) | Q(points__gte=0), name="score_not_below_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} of {self.assignment_id}"


# A decision can't be changed by anyone. Erasure takes a person and words out of it.
define(
    Definer(
        "proxeny_keep_score()",
        "trigger",
        """BEGIN
IF (TG_OP = 'DELETE' OR NEW.points IS DISTINCT FROM OLD.points
    OR NEW.indicator <> OLD.indicator OR NEW.assignment_id <> OLD.assignment_id)
  AND EXISTS (SELECT 1 FROM public.labels_assignment given
    WHERE given.id = OLD.assignment_id AND given.frozen_at IS NOT NULL) THEN
  RAISE EXCEPTION 'a score that was decided on does not change' USING ERRCODE = 'check_violation';
END IF;
IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
RETURN NEW;
END""",
        language="plpgsql",
        trigger="BEFORE UPDATE OR DELETE ON labels_score",
    )
)
define(
    Definer(
        "proxeny_keep_frozen()",
        "trigger",
        """BEGIN
IF OLD.frozen_at IS NOT NULL AND (NEW.frozen_at IS DISTINCT FROM OLD.frozen_at
    OR NEW.state <> OLD.state OR NEW.application_id <> OLD.application_id) THEN
  RAISE EXCEPTION 'a score that was decided on does not change' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
END""",
        language="plpgsql",
        trigger="BEFORE UPDATE ON labels_assignment",
    )
)


class Remark(models.Model):
    """A juror's or manager's remark on an application during the discussion.

    Without a text, it records that a juror changed their points for the indicator, with old and new
    points; None means "cannot judge".
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="remarks")
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    indicator = models.CharField(max_length=24, blank=True)
    text = models.TextField(_("remark"), max_length=2000, blank=True)
    points_before = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    points_after = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    said_at = models.DateTimeField()

    tenancy = Tenancy(
        read=f"{MANAGED} OR application_id IN (SELECT proxeny_discussed())",
        insert=(
            f"person_id = {{person}} AND ({MANAGED}"
            " OR application_id IN (SELECT proxeny_discussed()))"
        ),
    )
    holding = Holding(
        COOPERATION,
        _("Comments on applications"),
        by=("person",),
        texts=("text",),
        moment="said_at",
    )

    class Meta:
        indexes = [models.Index(fields=["application"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(indicator=""), name="remark_says_something"
            )
        ]

    def __str__(self) -> str:
        return f"remark on {self.application_id}"
