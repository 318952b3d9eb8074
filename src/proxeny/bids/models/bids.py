"""A bid for a call: its idea, its stage, and each side's statement."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.calls.models import Call
from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.partnerships.models.core import Partnership, Party
from proxeny.partnerships.models.funding import FundingSource
from proxeny.partnerships.models.records import RoomRecord, in_room

#: The longest project, in months.
MOST_MONTHS = 120


class Bid(RoomRecord):
    """A joint bid of a partnership's parties for a call, from the first look to the result.

    A project lasts `months` from `starts_on`. `overhead` is the indirect costs in percent of the
    direct ones without subcontracting. `copied_from` is the bid from which its consortium was
    copied. `counted_from` is the closing date of the call from which its steps were scheduled
    backwards.
    """

    class State(models.TextChoices):
        """The stage of the bid."""

        EXPLORING = "exploring", _("Under consideration")
        PREPARING = "preparing", pgettext_lazy("a bid", "In preparation")
        SUBMITTED = "submitted", pgettext_lazy("a bid", "Submitted")
        RESERVE = "reserve", _("On the reserve list")
        WON = "won", pgettext_lazy("a bid", "Won")
        LOST = "lost", pgettext_lazy("a bid", "Not funded")
        NOT_TAKEN = "not-taken", _("Not pursued")

    call = models.ForeignKey(
        Call, on_delete=models.PROTECT, related_name="bids", verbose_name=_("call")
    )
    title = models.CharField(_("project title"), max_length=200)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    idea = models.TextField(_("what we want to do"), max_length=8000, blank=True)
    starts_on = models.DateField(_("project start date"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(
        _("duration in months"),
        default=36,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
    )
    overhead = models.DecimalField(
        _("indirect costs, in percent"),
        max_digits=5,
        decimal_places=2,
        default=25,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.EXPLORING)
    copied_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    counted_from = models.DateField(_("steps are counted back from"), null=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    submitted_as = models.CharField(_("submission number"), max_length=120, blank=True)
    decided_on = models.DateField(_("decided on"), null=True)
    points = models.DecimalField(_("points"), max_digits=7, decimal_places=2, null=True)
    granted = models.DecimalField(_("grant"), max_digits=15, decimal_places=2, null=True)
    learned = models.TextField(_("what we learned"), max_length=8000, blank=True)
    #: The grant as a source of the partnership's money.
    money = models.OneToOneField(
        FundingSource, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )

    tenancy = in_room()
    holding = Holding(
        COOPERATION, _("Free text in bids"), texts=("title", "acronym", "idea", "learned")
    )

    class Meta:
        indexes = [models.Index(fields=["partnership", "state"]), models.Index(fields=["call"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    months__gte=1, months__lte=MOST_MONTHS, overhead__gte=0, overhead__lte=100
                ),
                name="bid_figures",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=False)
                | Q(state="exploring")
                | Q(state="preparing")
                | Q(state="not-taken"),
                name="bid_submitted_once_it_is",
            ),
        ]

    def __str__(self) -> str:
        return self.acronym or self.title


class Stance(models.Model):
    """Whether a party is for a bid, and what it would do of it without the grant."""

    class Says(models.TextChoices):
        """Its answer."""

        GO = "go", _("We’ll bid")
        NO = "no", _("We won’t bid")

    class GoesOn(models.TextChoices):
        """The share of the work that goes on without a grant."""

        ALL = "all", _("All of it, more slowly")
        PART = "part", _("Some of it")
        NOTHING = "nothing", _("None of it")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    bid = models.ForeignKey(Bid, on_delete=models.CASCADE, related_name="stances")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    says = models.CharField(_("your answer"), max_length=2, choices=Says)
    goes_on = models.CharField(_("without the grant"), max_length=7, choices=GoesOn)
    without_grant = models.TextField(
        _("what would we still do without the grant?"), max_length=4000
    )
    why = models.TextField(_("why"), max_length=2000, blank=True)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    said_at = models.DateTimeField()

    tenancy = in_room(binding=True)
    holding = Holding(
        COOPERATION,
        _("Answers on whether their side wants to bid"),
        by=("person",),
        texts=("without_grant", "why"),
        moment="said_at",
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bid", "party"], name="stance_once")]

    def __str__(self) -> str:
        return f"{self.party_id} says {self.says}"
