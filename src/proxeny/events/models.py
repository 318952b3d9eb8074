"""Joint events: days and slots, tables, groups, participation, requests, agenda runs."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.holdings import COOPERATION, ERASED_NAME, NOBODY, Holding
from proxeny.kernel.tenancy import Definer, Tenancy, define

# The events whose rows the reader sees; asked in a definer, whose plan is made once a session.
define(
    Definer(
        "proxeny_events()",
        "SETOF bigint",
        "SELECT id FROM public.events_event WHERE partnership_id = ANY {rooms}"
        " OR (partnership_id = ANY {circles} AND state <> 'draft')",
        rows=20,
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
_SEEN = "event_id IN (SELECT proxeny_events())"
_ROOM = "event_id IN (SELECT proxeny_room_events())"
_STEERED = "event_id IN (SELECT id FROM events_event WHERE partnership_id = ANY {steered})"
# A mark belongs to the organisation that gave it, and to the cluster that looks after it.
_OWN_MARK = (
    "source_id IN (SELECT p.id FROM events_participation p"
    " WHERE p.organisation_id = ANY {organisations}) OR source_id IN (SELECT p.id FROM"
    " events_participation p JOIN directory_organisation o ON o.id = p.organisation_id"
    " WHERE o.steward_id = ANY {managed})"
)


class Event(models.Model):
    """A joint event of a partnership: who is asked, when, and how the meetings are cut."""

    class State(models.TextChoices):
        """Where the event stands."""

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
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Paris")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    deadline_at = models.DateTimeField(_("requests until"))
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    fairness = models.PositiveSmallIntegerField(
        _("fairness"),
        null=True,
        blank=True,
        default=2,
        help_text=_(
            "How many more idle gaps one participant may have than another. Empty: any number."
        ),
    )
    #: How the days were cut into slots, as `operations.set_days` was told; the form starts from it.
    days = models.JSONField(default=list, blank=True)
    cancel_reason = models.CharField(_("why it was called off"), max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        read=(
            "partnership_id = ANY {rooms} OR (partnership_id = ANY {circles} AND state <> 'draft')"
        ),
        insert="partnership_id = ANY {steered}",
        update="partnership_id = ANY {steered}",
        delete="partnership_id = ANY {steered} AND state = 'draft'",
    )
    holding = Holding(COOPERATION, _("Events: their free text"), texts=("summary", "cancel_reason"))

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

    tenancy = Tenancy(read=_SEEN, insert=_STEERED, update=_STEERED, delete=_STEERED)
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
        """Where people sit."""

        ONSITE = "onsite", _("On site")
        VIDEO = "video", _("Video")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="tables")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.ONSITE)
    #: Numbers of the slots in which it cannot be used, for instance after it was lost on the day.
    unavailable = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)

    tenancy = Tenancy(read=_SEEN, insert=_STEERED, update=_STEERED, delete=_STEERED)
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

    tenancy = Tenancy(read=_SEEN, insert=_STEERED, update=_STEERED, delete=_STEERED)
    holding = NOBODY

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["event", "name"], name="group_once")]

    def __str__(self) -> str:
        return self.name


class GroupRule(models.Model):
    """Whether members of one group may ask members of another for a meeting."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="rules")
    source = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    target = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    is_allowed = models.BooleanField()

    tenancy = Tenancy(read=_SEEN, insert=_STEERED, update=_STEERED, delete=_STEERED)
    holding = NOBODY

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "target"], name="group_rule_once")]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}: {self.is_allowed}"


class Participation(models.Model):
    """An organisation taking part, with who comes, when it is not free, and what it speaks."""

    class State(models.TextChoices):
        """Whether it takes part."""

        INVITED = "invited", _("Invited")
        REGISTERED = "registered", _("Registered")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="participations"
    )
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="participations")
    person = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL)
    contact = models.CharField(_("who comes"), max_length=150)
    pitch = models.CharField(_("what we look for"), max_length=500, blank=True)
    languages = ArrayField(models.CharField(max_length=5), default=list)
    unavailable = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    by_video = models.BooleanField(_("by video"), default=False)
    cap = models.PositiveSmallIntegerField(
        _("at most so many meetings"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    withdraw_reason = models.CharField(_("why not"), max_length=300, blank=True)
    checked_in_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        # Who may see the event sees who comes. Invitations not taken up, and withdrawals, are seen
        # by the staff of the clusters and by the one invited.
        read=(
            f"organisation_id = ANY {{organisations}} OR {_ROOM}"
            f" OR (state = 'registered' AND {_SEEN})"
        ),
        # A cluster brings its own members (or itself) to the events it steers, nobody else's.
        insert=(
            f"{_STEERED} AND (organisation_id = ANY {{managed}} OR proxeny_stewarded(organisation_id))"
        ),
        update=f"(organisation_id = ANY {{organisations}} AND {_SEEN}) OR {_STEERED}",
        delete=_STEERED,
    )
    holding = Holding(
        COOPERATION,
        _("Taking part in events, for an organisation"),
        about=("person",),
        names={"contact": "organisation"},
        moment="event__ends_on",
        shown={
            # What is a draft is not told.
            "event": Case(When(~Q(event__state="draft"), then="event__title")),
            "organisation": F("organisation__name"),
            **{
                name: F(name)
                for name in (
                    "event_id",
                    "organisation_id",
                    "person_id",
                    "contact",
                    "pitch",
                    "languages",
                    "unavailable",
                    "by_video",
                    "cap",
                    "state",
                    "withdraw_reason",
                    "checked_in_at",
                    "created_at",
                )
            },
        },
        personal={"contact": ERASED_NAME, "version": F("version") + 1},
        texts=("pitch", "withdraw_reason"),
        why_kept=_("Kept: who took part. Erasure leaves the organisation's place without a name."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "organisation"], name="participation_once")
        ]
        indexes = [models.Index(fields=["event", "state"])]

    def __str__(self) -> str:
        return f"{self.organisation_id} at {self.event_id}"


class MeetingRequest(models.Model):
    """What one participant says of meeting another. The other never reads it."""

    class Kind(models.TextChoices):
        """How much."""

        MUST = "must", _("Must meet")
        WISH = "wish", _("Would like to")
        NO_THANKS = "no-thanks", _("No, thanks")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="requests")
    source = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="requests")
    target = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)
    note = models.CharField(_("why"), max_length=300, blank=True)
    updated_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(
        # The asker, and the managers of both clusters; a no-thanks only the asker and its cluster.
        read=f"{_OWN_MARK} OR (kind <> 'no-thanks' AND {_STEERED})",
        insert=_OWN_MARK,
        update=_OWN_MARK,
        delete=_OWN_MARK,
    )
    holding = Holding(
        COOPERATION,
        _("Meeting requests, for an organisation"),
        by=("source__person",),
        shown={
            "event": F("event__title"),
            "target": F("target__organisation__name"),
            **{name: F(name) for name in ("event_id", "target_id", "kind", "note", "updated_at")},
        },
        moment="event__ends_on",
        texts=("note",),
        why_kept=_("Kept with the event: the agenda was made from it."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="request_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="request_not_oneself"),
        ]
        indexes = [models.Index(fields=["event"])]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}: {self.kind}"


class AgendaRun(models.Model):
    """One run of the agenda engine on an event, with its certificate."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField()
    job_id = models.BigIntegerField(null=True)
    seed = models.PositiveIntegerField(default=0)
    time_limit_s = models.PositiveIntegerField(default=60)
    status = models.CharField(max_length=10, blank=True)
    breaks = models.PositiveIntegerField(null=True)
    bound = models.PositiveIntegerField(null=True)
    value = models.PositiveIntegerField(null=True)
    value_bound = models.PositiveIntegerField(null=True)
    seconds = models.FloatField(null=True)
    verdict = models.JSONField(default=dict)
    unplaced = models.JSONField(default=list)
    clashes = models.JSONField(default=list)
    best = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read=_ROOM,
        insert=_STEERED,
        update=_STEERED,
    )
    holding = NOBODY

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["event", "number"], name="run_once")]

    def __str__(self) -> str:
        return f"run {self.number} of {self.event_id}"


class AgendaEntry(models.Model):
    """A meeting's place in an event's agenda. A locked entry stays where it is in the next run."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="entries")
    meeting = models.OneToOneField(
        "meetings.Meeting", on_delete=models.CASCADE, related_name="agenda_entry"
    )
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="entries")
    table = models.ForeignKey(Table, on_delete=models.PROTECT, related_name="entries")
    first = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="+")
    is_locked = models.BooleanField(default=False)
    is_live = models.BooleanField(default=True)

    tenancy = Tenancy(
        # Passes the meeting's own policy: a participant sees its own entries.
        read="meeting_id IN (SELECT id FROM meetings_meeting)",
        insert=_STEERED,
        update=_STEERED,
        delete=_STEERED,
    )
    holding = NOBODY

    class Meta:
        constraints = [
            # Cancelled meetings keep their entry, for the history, and free their place.
            models.UniqueConstraint(
                fields=["slot", "table"], condition=Q(is_live=True), name="table_taken_once"
            ),
            models.UniqueConstraint(
                fields=["slot", "first"], condition=Q(is_live=True), name="first_busy_once"
            ),
            models.UniqueConstraint(
                fields=["slot", "second"], condition=Q(is_live=True), name="second_busy_once"
            ),
        ]
        indexes = [models.Index(fields=["event", "slot"])]
        verbose_name_plural = "agenda entries"

    def __str__(self) -> str:
        return f"{self.meeting_id} in slot {self.slot_id}"
