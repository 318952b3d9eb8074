"""The plan: activities and milestones, their dependencies and owners, and dated actions."""

from dataclasses import replace

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, NOBODY, Holding
from proxeny.partnerships.models.core import Partnership, Party
from proxeny.partnerships.models.records import RoomRecord, in_room


class Activity(RoomRecord):
    """Something that the parties do between two days; a milestone is a day.

    `worth` (1 to 5) and `core` say what it is to the partnership, and `cost` what it costs in all,
    in the partnership's currency: the stress test of the funding reads them.
    """

    class State(models.TextChoices):
        """Progress of the activity."""

        PLANNED = "planned", _("Planned")
        DOING = "doing", _("Under way")
        DONE = "done", _("Done")

    title = models.CharField(_("activity"), max_length=200)
    details = models.TextField(_("details"), max_length=4000, blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    is_milestone = models.BooleanField(_("milestone"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PLANNED)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    core = models.BooleanField(_("core"), default=False)
    worth = models.PositiveSmallIntegerField(
        _("worth"), default=3, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2, default=0)

    tenancy = in_room()
    holding = Holding(COOPERATION, _("Plans: their free text"), texts=("title", "details"))

    class Meta:
        verbose_name_plural = "activities"
        indexes = [models.Index(fields=["partnership", "starts_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="activity_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(worth__gte=1, worth__lte=5, cost__gte=0), name="activity_figures"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Dependency(models.Model):
    """An activity that cannot begin before another has ended."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="dependencies")
    needs = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="needed_by")

    tenancy = in_room()
    holding = NOBODY

    class Meta:
        verbose_name_plural = "dependencies"
        constraints = [
            models.UniqueConstraint(fields=["activity", "needs"], name="dependency_once"),
            models.CheckConstraint(condition=~Q(activity=F("needs")), name="dependency_on_another"),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} needs {self.needs_id}"


class Charge(models.Model):
    """Responsibility of a person for an activity or a risk, on one side."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    activity = models.ForeignKey(
        Activity, null=True, on_delete=models.CASCADE, related_name="charges"
    )
    risk = models.ForeignKey(
        "partnerships.Risk", null=True, on_delete=models.CASCADE, related_name="charges"
    )

    tenancy = in_room()
    holding = Holding(COOPERATION, _("What a person is in charge of"), about=("person",), goes=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "activity", "risk"], nulls_distinct=False, name="charge_once"
            ),
            models.CheckConstraint(
                condition=Q(activity=None, risk__isnull=False)
                | Q(activity__isnull=False, risk=None),
                name="charge_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.party_id}"


class Action(RoomRecord):
    """Something that somebody has to do by a day, wherever it was decided."""

    class Origin(models.TextChoices):
        """Place of the decision."""

        ROOM = "room", _("In the room")
        PLAN = "plan", _("In the plan")
        RISK = "risk", _("For a risk")
        CATCH_UP = "catch-up", _("At a catch-up")
        RECOMMENDATION = "advice", _("For a recommendation")
        STUDY = "study", _("For a study")
        BID = "bid", _("For a bid")

    title = models.CharField(_("what needs to be done"), max_length=200)
    due_on = models.DateField(_("due date"))
    party = models.ForeignKey(
        Party,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("party"),
    )
    person = models.ForeignKey(
        "accounts.Person",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("person in charge"),
    )
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.ROOM)
    #: The number of the risk, meeting, recommendation or study.
    origin_id = models.BigIntegerField(null=True, blank=True)
    done_on = models.DateField(_("done on"), null=True, blank=True)

    # Actions from a recommendation are read by the readers of that recommendation.
    tenancy = replace(
        in_room(),
        read=(
            "partnership_id = ANY {rooms} AND (origin <> 'advice'"
            " OR origin_id IN (SELECT id FROM partnerships_recommendation))"
        ),
    )
    holding = Holding(
        COOPERATION,
        _("Actions to do"),
        about=("person",),
        personal={"person": None},
        texts=("title",),
    )

    class Meta:
        indexes = [
            models.Index(fields=["partnership", "due_on"]),
            models.Index(fields=["origin", "origin_id"]),
        ]

    def __str__(self) -> str:
        return self.title
