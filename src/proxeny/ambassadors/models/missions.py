"""Days of visits in a city, as somebody at the desk plans them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.ambassadors.models.introductions import Introduction
from proxeny.ambassadors.models.mandates import AT_DESK
from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy

_OF_DESK = "cluster_id = ANY {organisations} AND partnership_id = ANY {rooms}"


class Mission(models.Model):
    """Day of visits of one person: start, end, places, and mode of travel.

    The bookings of that day are read again each time, so that the plan stays valid after moves.
    Minutes are local clock time.
    """

    class Mode(models.TextChoices):
        """Mode of travel."""

        WALKING = "walking", _("On foot")
        TRANSPORT = "transport", _("Public transport")
        CAR = "car", _("Car")

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="missions"
    )
    cluster = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        "accounts.Person",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("person travelling"),
    )
    on = models.DateField(_("day"))
    city = models.CharField(_("city"), max_length=120)
    country = models.CharField(_("country"), max_length=2)
    start_place = models.CharField(_("starting point"), max_length=200, blank=True)
    start_latitude = models.FloatField(null=True)
    start_longitude = models.FloatField(null=True)
    #: Whether the day ends where it began; else wherever the last visit is.
    returns = models.BooleanField(_("return to the starting point"), default=True)
    starts_min = models.PositiveSmallIntegerField(default=540)
    ends_min = models.PositiveSmallIntegerField(default=1080)
    time_zone = models.CharField(_("time zone"), max_length=60)
    mode = models.CharField(_("travel"), max_length=9, choices=Mode, default=Mode.TRANSPORT)
    #: Travel time between two addresses of which only the city is known.
    apart_min = models.PositiveSmallIntegerField(default=20)
    planned_at = models.DateTimeField(db_default=Now())
    dropped_at = models.DateTimeField(null=True)

    tenancy = Tenancy(read=_OF_DESK, insert=AT_DESK, update=AT_DESK)
    holding = Holding(
        COOPERATION,
        _("Days of visits you planned"),
        about=("person",),
        texts=("start_place",),
        personal={
            "person": None,
            "start_place": "",
            "start_latitude": None,
            "start_longitude": None,
        },
    )

    class Meta:
        indexes = [models.Index(fields=["cluster", "partnership", "on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "person", "on"],
                condition=Q(dropped_at=None),
                name="day_planned_once",
            ),
            models.CheckConstraint(
                condition=Q(ends_min__gt=F("starts_min"), ends_min__lt=1440),
                name="day_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"day of {self.person_id} on {self.on}"


class Stop(models.Model):
    """A visit that could be made on a day: of an introduction, or anywhere else."""

    class Weight(models.TextChoices):
        """Priority of the visit."""

        MUST = "must", _("Essential")
        SHOULD = "should", _("Desirable")
        COULD = "could", _("If there’s time")

    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="stops")
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    cluster = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    introduction = models.ForeignKey(
        Introduction, null=True, on_delete=models.CASCADE, related_name="stops"
    )
    #: Of a visit that is no introduction.
    name = models.CharField(_("who or what you’re visiting"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    duration_min = models.PositiveSmallIntegerField(_("for how long"), default=45)
    #: Opening hours in minutes that the clocks show: from, to, from, to; none: all day.
    hours = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    fixed_min = models.PositiveSmallIntegerField(_("agreed time"), null=True)
    weight = models.CharField(_("importance"), max_length=6, choices=Weight, default=Weight.SHOULD)
    added_at = models.DateTimeField(db_default=Now())
    dropped_at = models.DateTimeField(null=True)

    tenancy = Tenancy(read=_OF_DESK, insert=AT_DESK, update=AT_DESK)
    holding = Holding(COOPERATION, _("Visits on a planned day"), texts=("name", "address"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "introduction"],
                condition=Q(dropped_at=None),
                name="introduction_on_day_once",
            ),
            models.CheckConstraint(
                condition=Q(introduction__isnull=False) | ~Q(name=""), name="stop_has_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name or f"visit to {self.introduction_id}"
