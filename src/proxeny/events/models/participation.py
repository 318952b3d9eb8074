"""Participation in an event, and meeting requests."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.events.models.events import ROOM, SEEN, STEERED, Event, Group
from proxeny.kernel.personal_data import COOPERATION, ERASED_NAME, Holding
from proxeny.kernel.tenancy import Tenancy

# A mark belongs to the organisation that gave it, and to the cluster that looks after it.
_OWN_MARK = (
    "source_id IN (SELECT p.id FROM events_participation p"
    " WHERE p.organisation_id = ANY {organisations}) OR source_id IN (SELECT p.id FROM"
    " events_participation p JOIN directory_organisation o ON o.id = p.organisation_id"
    " WHERE o.steward_id = ANY {managed}) OR source_id = ANY {participations}"
)


class Participation(models.Model):
    """Participation of an organisation: its contact, its unavailable slots and its languages."""

    class State(models.TextChoices):
        """State of the participation."""

        INVITED = "invited", _("Invited")
        REGISTERED = "registered", _("Registered")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="participations"
    )
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="participations")
    person = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL)
    contact = models.CharField(_("who’s coming"), max_length=150)
    pitch = models.CharField(_("what we’re looking for"), max_length=500, blank=True)
    languages = ArrayField(models.CharField(max_length=5), default=list)
    unavailable = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    by_video = models.BooleanField(_("by video"), default=False)
    cap = models.PositiveSmallIntegerField(
        _("maximum number of meetings"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    state = models.CharField(max_length=10, choices=State, default=State.INVITED)
    withdraw_reason = models.CharField(_("reason"), max_length=300, blank=True)
    checked_in_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        # Readers of the event see its participants. Open invitations and withdrawals are seen only
        # by the staff of the clusters and by the invited organisation.
        read=(
            f"organisation_id = ANY {{organisations}} OR {ROOM}"
            f" OR (state = 'registered' AND {SEEN}) OR id = ANY {{participations}}"
        ),
        # A cluster invites its own members (or itself) to the events it steers, and no others.
        insert=(
            f"{STEERED} AND (organisation_id = ANY {{managed}} OR proxeny_stewarded(organisation_id))"
        ),
        update=(
            f"(organisation_id = ANY {{organisations}} AND {SEEN}) OR {STEERED}"
            " OR id = ANY {participations}"
        ),
        delete=STEERED,
    )
    holding = Holding(
        COOPERATION,
        _("Taking part in events on behalf of an organisation"),
        about=("person",),
        names={"contact": "organisation"},
        moment="event__ends_on",
        shown={
            # The title of a draft is not shown.
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
        why_kept=_(
            "Kept to show who took part. After erasure, the organisation’s place remains without "
            "a name."
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "organisation"], name="participation_once")
        ]
        indexes = [models.Index(fields=["event", "state"])]

    def __str__(self) -> str:
        return f"{self.organisation_id} at {self.event_id}"


class MeetingRequest(models.Model):
    """Request of one participant about meeting another, who never reads it."""

    class Kind(models.TextChoices):
        """Strength of the request."""

        MUST = "must", _("Must meet")
        WISH = "wish", _("Want to meet")
        NO_THANKS = "no-thanks", _("No thanks")

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="requests")
    source = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="requests")
    target = models.ForeignKey(Participation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=Kind)
    note = models.CharField(_("why"), max_length=300, blank=True)
    updated_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(
        # The asker, and the managers of both clusters; a no-thanks only the asker and its cluster.
        read=f"{_OWN_MARK} OR (kind <> 'no-thanks' AND {STEERED})",
        insert=_OWN_MARK,
        update=_OWN_MARK,
        delete=_OWN_MARK,
    )
    holding = Holding(
        COOPERATION,
        _("Meeting requests on behalf of an organisation"),
        by=("source__person",),
        shown={
            "event": F("event__title"),
            "target": F("target__organisation__name"),
            **{name: F(name) for name in ("event_id", "target_id", "kind", "note", "updated_at")},
        },
        moment="event__ends_on",
        texts=("note",),
        why_kept=_("Kept with the event because the agenda was based on it."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="request_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="request_not_oneself"),
        ]
        indexes = [models.Index(fields=["event"])]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}: {self.kind}"
