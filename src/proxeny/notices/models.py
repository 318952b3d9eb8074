"""What people are told, and how they want to hear of it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.kernel.holdings import MAIL, Holding, Keep
from proxeny.kernel.tenancy import Tenancy
from proxeny.notices.topics import TOPICS

#: A notice is kept for so many days: what it told of stays where it is.
KEPT_DAYS = 180
_OWN = "person_id = {person}"


class Way(models.TextChoices):
    """How a person hears of a topic by mail. On the page it stands in any case."""

    NOW = "now", pgettext_lazy("by mail", "At once")
    DAILY = "daily", pgettext_lazy("by mail", "Once a day")
    WEEKLY = "weekly", pgettext_lazy("by mail", "Once a week")
    PAGE = "page", pgettext_lazy("by mail", "Not by mail")


class Notice(models.Model):
    """One thing that a person was told: what, about what, where it leads, and how it was mailed.

    `title` and `text` are in the language that the person had. `way` is how the mail goes or went,
    chosen when the notice was written; `mailed_at` when it was handed to the mail.
    """

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="notices")
    topic = models.CharField(max_length=20, choices=[(one.name, one.label) for one in TOPICS])
    key = models.CharField(max_length=200, unique=True)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    #: Where it leads: an address within Proxeny, from the slash on; empty where nothing is to be done.
    path = models.CharField(max_length=500, blank=True)
    way = models.CharField(max_length=6, choices=Way)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    tenancy = Tenancy(read=_OWN, update=_OWN, gate_read=_OWN)
    holding = Holding(
        MAIL,
        _("What you were told"),
        about=("person",),
        copies=("title", "text"),
        to_anybody=True,
        goes=True,
        hidden=("key",),
        keep=(Keep(KEPT_DAYS, since="created_at"),),
    )

    class Meta:
        indexes = [
            models.Index(fields=["person", "-created_at"], name="notice_list"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(
                fields=["person"],
                condition=Q(mailed_at=None) & ~Q(way="page"),
                name="notice_to_mail",
            ),
            models.Index(fields=["created_at"], name="notice_age"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.pk}"


class Choice(models.Model):
    """How a person wants to hear of one topic; without a row, as the topic has it."""

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=20, choices=[(one.name, one.label) for one in TOPICS])
    way = models.CharField(max_length=6, choices=Way)

    tenancy = Tenancy(read=_OWN, insert=_OWN, update=_OWN, delete=_OWN)
    holding = Holding(MAIL, _("How you hear of each topic"), about=("person",), goes=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "topic"], name="notice_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.way}"


def _hour(label: str, default: int) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        label, default=default, validators=[MinValueValidator(0), MaxValueValidator(23)]
    )


class Hours(models.Model):
    """When mails may reach a person, by the clocks of their own zone; without a row, the defaults.

    Quiet hours run from `quiet_from` to `quiet_until`, over midnight where that is earlier; the same
    hour twice is none. What is written in them goes out when they end.
    """

    person = models.OneToOneField(
        "accounts.Person", on_delete=models.CASCADE, related_name="notice_hours"
    )
    digest_hour = _hour(_("hour of the mail"), 7)
    #: By ISO 8601: Monday is 1.
    digest_weekday = models.PositiveSmallIntegerField(
        _("day of the weekly mail"), default=1,
        validators=[MinValueValidator(1), MaxValueValidator(7)],
    )  # fmt: skip
    quiet_from = _hour(_("quiet from"), 0)
    quiet_until = _hour(_("quiet until"), 0)
    is_quiet_at_weekends = models.BooleanField(_("quiet at weekends"), default=False)
    #: Whether the own calendar shows last days, not only meetings.
    shows_deadlines = models.BooleanField(_("last days in the calendar"), default=True)
    #: The day (in the person's zone) of the last daily and the last weekly mail, and marks of what
    #: that said waits: only with something new is there another in the same week.
    daily_on = models.DateField(null=True)
    weekly_on = models.DateField(null=True)
    told = models.JSONField(default=list)

    tenancy = Tenancy(read=_OWN, insert=_OWN, update=_OWN)
    holding = Holding(
        MAIL, _("When mails may reach you"), about=("person",), goes=True, hidden=("told",)
    )

    class Meta:
        verbose_name_plural = "hours"
        constraints = [
            models.CheckConstraint(
                condition=Q(digest_hour__lte=23) & Q(quiet_from__lte=23) & Q(quiet_until__lte=23),
                name="notice_hours_of_a_day",
            ),
            models.CheckConstraint(
                condition=Q(digest_weekday__gte=1) & Q(digest_weekday__lte=7),
                name="notice_day_of_a_week",
            ),
        ]

    def __str__(self) -> str:
        return f"hours of {self.person_id}"
