"""The one meeting model, for events and the ambassador's desk, and what came of each meeting."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.holdings import COOPERATION, ERASED_NAME, Holding
from proxeny.kernel.tenancy import Tenancy


class Meeting(models.Model):
    """Two or more parties at a time and place.

    `uid` and `sequence` are the calendar's (RFC 5545): the uid never changes, the sequence rises
    with each change of time or place. `organisations` repeats the parties' organisations, so that
    the row-level policy needs no join.
    """

    class State(models.TextChoices):
        """Where the meeting stands."""

        DRAFT = "draft", _("Not shown yet")
        PROVISIONAL = "provisional", _("Provisional")
        CONFIRMED = "confirmed", _("Confirmed")
        HELD = "held", _("Held")
        MISSED = "missed", _("Did not take place")
        CANCELLED = "cancelled", _("Cancelled")

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="meetings"
    )
    title = models.CharField(max_length=250, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=60)
    place = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=State, default=State.DRAFT)
    uid = models.CharField(max_length=100, unique=True)
    sequence = models.PositiveIntegerField(default=0)
    organisations = ArrayField(models.BigIntegerField(), default=list)
    cancel_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(
        read=(
            "partnership_id = ANY {rooms}"
            " OR (organisations && {organisations} AND state <> 'draft')"
        ),
        insert="partnership_id = ANY {steered}",
        update="partnership_id = ANY {steered}",
        delete="partnership_id = ANY {steered}",
    )
    holding = Holding(COOPERATION, _("Meetings: their free text"), texts=("place", "cancel_reason"))

    class Meta:
        indexes = [
            GinIndex(fields=["organisations"]),
            models.Index(fields=["partnership", "starts_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.title or f"meeting {self.pk}"


class MeetingParty(models.Model):
    """One organisation at a meeting, with who comes for it."""

    class Answer(models.TextChoices):
        """The invitation's answer, by its iCalendar name."""

        WAITING = "NEEDS-ACTION", _("No answer yet")
        ACCEPTED = "ACCEPTED", _("Accepted")
        DECLINED = "DECLINED", _("Declined")

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="meeting_parties"
    )
    person = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL)
    name = models.CharField(max_length=150)
    answer = models.CharField(max_length=12, choices=Answer, default=Answer.WAITING)
    attended = models.BooleanField(null=True)

    tenancy = Tenancy(
        # Passes the meeting's own policy.
        read="meeting_id IN (SELECT id FROM meetings_meeting)",
        insert="meeting_id IN (SELECT id FROM meetings_meeting WHERE partnership_id = ANY {steered})",
        update=(
            "organisation_id = ANY {organisations} OR meeting_id IN"
            " (SELECT id FROM meetings_meeting WHERE partnership_id = ANY {steered})"
        ),
        delete="meeting_id IN (SELECT id FROM meetings_meeting WHERE partnership_id = ANY {steered})",
    )
    holding = Holding(
        COOPERATION,
        _("Meetings"),
        about=("person",),
        names={"name": "organisation"},
        moment="meeting__ends_at",
        personal={"name": ERASED_NAME},
        # An agenda that is not shown yet tells no times.
        shown={
            "meeting": F("meeting_id"),
            "starts_at": Case(When(~Q(meeting__state="draft"), then="meeting__starts_at")),
            "name": F("name"),
            "answer": F("answer"),
            "attended": F("attended"),
        },
        why_kept=_("Kept: who met and what came of it. Erasure leaves the meeting without a name."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "organisation"], name="party_of_meeting_once"
            )
        ]
        verbose_name_plural = "meeting parties"

    def __str__(self) -> str:
        return f"{self.name} at {self.meeting_id}"


class Rating(models.Model):
    """What one party says of a meeting: on the day, and again after six months."""

    class Phase(models.TextChoices):
        """When it was asked."""

        DAY = "day", _("On the day")
        LATER = "later", _("Six months later")

    class Value(models.TextChoices):
        """The answers, first those of the day, then those of six months later."""

        NOT_HELD = "not-held", _("Did not take place")
        NO_INTEREST = "no-interest", _("No common interest")
        INFORMATIVE = "informative", _("Informative, no cooperation planned")
        POSSIBLE = "possible", _("Cooperation possible")
        NO_CONTACT = "no-contact", _("No further contact")
        KNOWLEDGE = "knowledge", _("Useful knowledge")
        CONTACT = "contact", _("Valuable contact")
        NEGOTIATING = "negotiating", _("Negotiating")
        AGREEMENT = "agreement", _("An agreement")

    party = models.ForeignKey(MeetingParty, on_delete=models.CASCADE, related_name="ratings")
    phase = models.CharField(max_length=5, choices=Phase)
    value = models.CharField(max_length=12, choices=Value)
    note = models.TextField(max_length=2000, blank=True)
    rated_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(
        # A rating is one party's word: the other party never reads it, both managers do.
        read=(
            "party_id IN (SELECT id FROM meetings_meetingparty WHERE organisation_id = ANY"
            " {organisations}) OR party_id IN (SELECT p.id FROM meetings_meetingparty p"
            " JOIN meetings_meeting m ON m.id = p.meeting_id WHERE m.partnership_id = ANY {rooms})"
        ),
        insert=(
            "party_id IN (SELECT id FROM meetings_meetingparty WHERE organisation_id = ANY"
            " {organisations})"
        ),
        update=(
            "party_id IN (SELECT id FROM meetings_meetingparty WHERE organisation_id = ANY"
            " {organisations})"
        ),
    )
    holding = Holding(
        COOPERATION,
        _("What people said about meetings"),
        by=("party__person",),
        shown={
            "meeting": F("party__meeting_id"),
            "starts_at": F("party__meeting__starts_at"),
            **{name: F(name) for name in ("phase", "value", "note", "rated_at")},
        },
        moment="party__meeting__ends_at",
        texts=("note",),
        why_kept=_("Kept: what came of the meetings. Erasure leaves the answer without a name."),
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["party", "phase"], name="rated_once")]

    def __str__(self) -> str:
        return f"{self.party_id} {self.value}"
