"""Notifications, and people's preferences for receiving them."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.kernel.personal_data import MAIL, Holding, Keep
from proxeny.kernel.tenancy import Tenancy
from proxeny.notices.topics import TOPICS

#: Retention of a notification in days; its subject stays where it is.
KEPT_DAYS = 180
_OWN = "person_id = {person}"
#: The page of an object: in a room what follows the room's own number, elsewhere up to the number.
_OBJECT = "^(/partnerships/[0-9]+(/[a-z-]+)+/[0-9]+/|(/[a-z-]+)+/[0-9]+/)"
_PAGE = "^[^?#]*"


def page_of(path: Any) -> Func:
    """Return the page of an address as an SQL expression: without its query and fragment."""
    return Func(path, Value(_PAGE), function="substring", output_field=models.CharField())


def object_of(path: Any) -> Func:
    """Return the page of the object to which an address belongs, as an SQL expression.

    Without an object's number in it, it is the address itself.
    """
    found = Func(path, Value(_OBJECT), function="substring", output_field=models.CharField())
    return Coalesce(found, page_of(path))


class Way(models.TextChoices):
    """The delivery of a topic by mail. Notifications always appear on the page."""

    NOW = "now", pgettext_lazy("by mail", "Right away")
    DAILY = "daily", pgettext_lazy("by mail", "Once a day")
    WEEKLY = "weekly", pgettext_lazy("by mail", "Once a week")
    PAGE = "page", pgettext_lazy("by mail", "Not by email")


class Notice(models.Model):
    """A notification to a person: its text, its subject, its link, and its mail.

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
    #: The page of the object that it is about, by which notices are grouped and read; one that
    #: leads nowhere stands for itself.
    object_path = models.GeneratedField(
        expression=Case(When(path="", then=F("key")), default=object_of(F("path"))),
        output_field=models.CharField(max_length=500),
        db_persist=True,
    )
    way = models.CharField(max_length=6, choices=Way)
    created_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    tenancy = Tenancy(read=_OWN, update=_OWN, gate_read=_OWN)
    holding = Holding(
        MAIL,
        _("Your notifications"),
        about=("person",),
        copies=("title", "text"),
        to_anybody=True,
        goes=True,
        hidden=("key", "object_path"),
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
    """A person's delivery choice for one topic; without a row, the topic's default."""

    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=20, choices=[(one.name, one.label) for one in TOPICS])
    way = models.CharField(max_length=6, choices=Way)

    tenancy = Tenancy(read=_OWN, insert=_OWN, update=_OWN, delete=_OWN)
    holding = Holding(MAIL, _("How you’re notified about each topic"), about=("person",), goes=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "topic"], name="notice_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.way}"


def _hour(label: Any, default: int) -> "models.PositiveSmallIntegerField[Any, Any]":
    return models.PositiveSmallIntegerField(
        label, default=default, validators=[MinValueValidator(0), MaxValueValidator(23)]
    )


class Hours(models.Model):
    """The hours at which mails may reach a person, in their time zone; without a row, the defaults.

    Quiet hours run from `quiet_from` to `quiet_until`, past midnight where that is earlier; the
    same hour twice means none. Mails written during quiet hours are sent when they end.
    """

    person = models.OneToOneField(
        "accounts.Person", on_delete=models.CASCADE, related_name="notice_hours"
    )
    digest_hour = _hour(_("hour of the email"), 7)
    #: By ISO 8601: Monday is 1.
    digest_weekday = models.PositiveSmallIntegerField(
        _("day of the weekly email"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(7)],
    )
    quiet_from = _hour(_("quiet hours from"), 0)
    quiet_until = _hour(_("quiet hours until"), 0)
    is_quiet_at_weekends = models.BooleanField(_("quiet at weekends"), default=False)
    #: Whether the own calendar shows last days, not only meetings.
    shows_deadlines = models.BooleanField(_("deadlines in the calendar"), default=True)
    #: The day (in the person's zone) of the last daily and the last weekly mail, and marks of what
    #: that said waits: only with something new is there another in the same week.
    daily_on = models.DateField(null=True)
    weekly_on = models.DateField(null=True)
    told = models.JSONField(default=list)

    tenancy = Tenancy(read=_OWN, insert=_OWN, update=_OWN)
    holding = Holding(
        MAIL, _("When emails can reach you"), about=("person",), goes=True, hidden=("told",)
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
