"""Events with their slots, tables, groups, and the rules on which groups may ask which."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, NOBODY, Holding
from proxeny.kernel.tenancy import Definer, Tenancy, define

# The events whose rows the reader sees; asked in a definer, whose plan is made once a session.
define(
    Definer(
        "proxeny_events()",
        "SETOF bigint",
        "SELECT id FROM public.events_event WHERE partnership_id = ANY {rooms}"
        " OR (partnership_id = ANY {circles} AND state <> 'draft')"
        " OR id = ANY (ARRAY(SELECT public.proxeny_guest_events()))",
        rows=20,
    )
)
# What a guest's participation opens; asked apart from the tables' own policies, which ask back.
define(
    Definer(
        "proxeny_guest_events()",
        "SETOF bigint",
        "SELECT event_id FROM public.events_participation WHERE id = ANY {participations}",
        rows=1,
    )
)
define(
    Definer(
        "proxeny_guest_partnerships()",
        "SETOF bigint",
        "SELECT e.partnership_id FROM public.events_event e JOIN public.events_participation p"
        " ON p.event_id = e.id WHERE p.id = ANY {participations}",
        rows=1,
    )
)
define(
    Definer(
        "proxeny_room_events()",
        "SETOF bigint",
        "SELECT id FROM public.events_event WHERE partnership_id = ANY {rooms}",
        rows=20,
    )
)
SEEN = "event_id IN (SELECT proxeny_events())"
ROOM = "event_id IN (SELECT proxeny_room_events())"
STEERED = "event_id IN (SELECT id FROM events_event WHERE partnership_id = ANY {steered})"


class Event(models.Model):
    """Joint event of a partnership: invited groups, dates, and the cutting into slots."""

    class State(models.TextChoices):
        """State of the event."""

        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open for requests")
        CLOSED = "closed", _("Requests closed")
        PROVISIONAL = "provisional", _("Provisional agenda")
        PUBLISHED = "published", _("Agenda published")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="events"
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("what it is about"), max_length=4000, blank=True)
    place = models.CharField(_("place"), max_length=200)
    #: Whose guests the others are; nobody alone where it is held together, or online.
    host = models.ForeignKey(
        "partnerships.Party",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("host"),
    )
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Paris")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    deadline_at = models.DateTimeField(_("requests close on"))
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    fairness = models.PositiveSmallIntegerField(
        _("fairness"),
        null=True,
        blank=True,
        default=2,
        help_text=_(
            "How many more idle gaps one participant can have than another. Leave empty for no "
            "limit."
        ),
    )
    #: The cutting of the days into slots, as given to `operations.set_days`; the form starts from
    #: it.
    days = models.JSONField(default=list, blank=True)
    cancel_reason = models.CharField(_("reason for cancellation"), max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        read=(
            "partnership_id = ANY {rooms} OR (partnership_id = ANY {circles} AND state <> 'draft')"
            " OR id IN (SELECT proxeny_guest_events())"
        ),
        insert="partnership_id = ANY {steered}",
        update="partnership_id = ANY {steered}",
        delete="partnership_id = ANY {steered} AND state = 'draft'",
    )
    holding = Holding(COOPERATION, _("Events: free text"), texts=("summary", "cancel_reason"))

    class Meta:
        indexes = [models.Index(fields=["partnership", "starts_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="event_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.title


class Slot(models.Model):
    """A meeting slot, numbered from 1 in the order of time. Breaks are the gaps between slots.

    `session` groups slots (1 morning, 2 afternoon, counted on over the days).
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="slots")
    number = models.PositiveSmallIntegerField()
    session = models.PositiveSmallIntegerField(default=1)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    tenancy = Tenancy(read=SEEN, insert=STEERED, update=STEERED, delete=STEERED)
    holding = NOBODY

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["event", "number"], name="slot_number_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"slot {self.number}"


class Table(models.Model):
    """A table in the room, or a video room."""

    class Kind(models.TextChoices):
        """Seating: on site or by video."""

        ONSITE = "onsite", _("On site")
        VIDEO = "video", _("Video")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="tables")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.ONSITE)
    #: Numbers of the slots in which it cannot be used, for instance after it was lost on the day.
    unavailable = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)

    tenancy = Tenancy(read=SEEN, insert=STEERED, update=STEERED, delete=STEERED)
    holding = NOBODY

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="table_once")]

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """A group of participants, for instance each cluster's members; `side` gives its colour."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="groups")
    name = models.CharField(_("name"), max_length=80)
    organisation = models.ForeignKey(
        "directory.Organisation", null=True, blank=True, on_delete=models.SET_NULL
    )
    side = models.CharField(max_length=1, blank=True)

    tenancy = Tenancy(read=SEEN, insert=STEERED, update=STEERED, delete=STEERED)
    holding = NOBODY

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["event", "name"], name="group_once")]

    def __str__(self) -> str:
        return self.name


class GroupRule(models.Model):
    """Rule on whether members of one group may ask members of another for a meeting."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="rules")
    source = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    target = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    is_allowed = models.BooleanField()

    tenancy = Tenancy(read=SEEN, insert=STEERED, update=STEERED, delete=STEERED)
    holding = NOBODY

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target"], name="group_rule_once")]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}: {self.is_allowed}"
