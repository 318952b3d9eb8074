"""The one meeting model, for events, the ambassador's desk and catch-ups, and its outcome."""

from dataclasses import replace

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, ERASED_NAME, Holding
from proxeny.kernel.tenancy import Definer, Tenancy, define
from proxeny.partnerships.models.records import in_room

# Catch-ups are kept by the teams of all parties; business meetings by managers alone.
_CATCH_UP = "(kind = 'catch-up' AND partnership_id = ANY {rooms})"
# A report is hidden from people with a conflict of interest in it, and so is its handover.
_OPEN = "NOT (kind = 'handover' AND id IN (SELECT proxeny_walled_meetings()))"
# The desk that arranged a meeting may change it.
_DESK = "(desk_id = ANY {desks} AND partnership_id = ANY {rooms})"

# People who meet in a room are recorded once (`directory.Acquaintance`), for any number of
# meetings.
define(
    Definer(
        "proxeny_keep_met()",
        "trigger",
        """
DECLARE
    room bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        SELECT partnership_id INTO room FROM public.meetings_meeting WHERE id = OLD.meeting_id;
        DELETE FROM public.directory_acquaintance
        WHERE source = 'room' AND number = room AND organisation = OLD.organisation_id
            AND NOT EXISTS (SELECT 1 FROM public.meetings_meetingparty p
                JOIN public.meetings_meeting m ON m.id = p.meeting_id
                WHERE p.organisation_id = OLD.organisation_id AND m.partnership_id = room);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO public.directory_acquaintance (source, number, organisation)
        SELECT 'room', partnership_id, NEW.organisation_id
        FROM public.meetings_meeting WHERE id = NEW.meeting_id
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
""",
        language="plpgsql",
        trigger="AFTER INSERT OR DELETE OR UPDATE OF organisation_id, meeting_id"
        " ON meetings_meetingparty",
    )
)


# A guest's own meetings at an event, and their places at these.
define(
    Definer(
        "proxeny_guest_meetings()",
        "SETOF bigint",
        "SELECT meeting_id FROM public.events_agendaentry"
        " WHERE first_id = ANY {participations} OR second_id = ANY {participations}",
        rows=10,
    )
)
define(
    Definer(
        "proxeny_guest_parties()",
        "SETOF bigint",
        "SELECT m.id FROM public.meetings_meetingparty m WHERE m.meeting_id = ANY (ARRAY("
        "SELECT public.proxeny_guest_meetings())) AND m.organisation_id = ANY (ARRAY("
        "SELECT organisation_id FROM public.events_participation WHERE id = ANY {participations}))",
        rows=10,
    )
)


class Meeting(models.Model):
    """Meeting of two or more parties at a time and place.

    `uid` and `sequence` are the calendar's (RFC 5545): the uid never changes, the sequence rises
    with each change of time or place. `organisations` repeats the parties' organisations, so that
    the row-level policy needs no join.

    A catch-up is the partners' own: read and written by their teams, it asks for no ratings and
    counts in no outcome; its further facts are in `CatchUp`. At a handover, the report of a market
    assessment is presented to the company that requested it: it counts in no outcome either, and
    each side may send several people.
    """

    class Kind(models.TextChoices):
        """Kind of meeting."""

        BUSINESS = "business", _("Business meeting")
        CATCH_UP = "catch-up", _("Partner catch-up")
        HAND_OVER = "handover", _("Report handover")

    class State(models.TextChoices):
        """State of the meeting."""

        DRAFT = "draft", _("Not shown yet")
        PROVISIONAL = "provisional", _("Provisional")
        CONFIRMED = "confirmed", _("Confirmed")
        HELD = "held", _("Held")
        MISSED = "missed", _("Did not take place")
        CANCELLED = "cancelled", _("Cancelled")

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="meetings"
    )
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.BUSINESS)
    #: The cluster whose desk arranged it, and the person; empty for meetings of an event's agenda.
    desk = models.ForeignKey(
        "directory.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    arranged_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
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
            "(partnership_id = ANY {rooms} OR"
            " (organisations && {organisations} AND state <> 'draft' AND kind <> 'catch-up')"
            " OR (state <> 'draft' AND id IN (SELECT proxeny_guest_meetings())))"
            f" AND {_OPEN}"
        ),
        insert=f"partnership_id = ANY {{steered}} OR {_CATCH_UP} OR {_DESK}",
        update=f"partnership_id = ANY {{steered}} OR {_CATCH_UP} OR {_DESK}",
        delete="partnership_id = ANY {steered}",
    )
    holding = Holding(
        COOPERATION,
        _("Free text in meetings"),
        by=("arranged_by",),
        texts=("title", "place", "cancel_reason"),
    )

    class Meta:
        indexes = [
            GinIndex(fields=["organisations"]),
            models.Index(fields=["partnership", "starts_at"]),
            models.Index(
                fields=["desk", "starts_at"],
                condition=Q(desk__isnull=False),
                name="meeting_of_desk",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.title or f"meeting {self.pk}"


class MeetingParty(models.Model):
    """Organisation at a meeting, with the person attending for it.

    A catch-up has several guests of each organisation: they are kept in `CatchUpGuest`, and no name
    here. At a handover each person has a row.
    """

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
    #: Which of those who come for the organisation: the only one, but at a handover.
    guest = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=12, choices=Answer, default=Answer.WAITING)
    attended = models.BooleanField(null=True)

    tenancy = Tenancy(
        # Passes the meeting's own policy.
        read="meeting_id IN (SELECT id FROM meetings_meeting)",
        insert=(
            "meeting_id IN (SELECT id FROM meetings_meeting WHERE partnership_id = ANY {steered}"
            " OR (kind = 'catch-up' AND partnership_id = ANY {rooms})"
            " OR (desk_id = ANY {desks} AND partnership_id = ANY {rooms}))"
        ),
        update=(
            "organisation_id = ANY {organisations} OR meeting_id IN"
            " (SELECT id FROM meetings_meeting WHERE partnership_id = ANY {steered}"
            " OR (desk_id = ANY {desks} AND partnership_id = ANY {rooms}))"
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
        why_kept=_(
            "Kept: who met and what came of it. After erasure, the meeting stays without a name."
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "organisation", "guest"], name="party_of_meeting_once"
            )
        ]
        verbose_name_plural = "meeting parties"

    def __str__(self) -> str:
        return f"{self.name} at {self.meeting_id}"


class Rating(models.Model):
    """Rating of a meeting by one party: on the day, and again after six months."""

    class Phase(models.TextChoices):
        """Time of the rating."""

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

    class Agreed(models.TextChoices):
        """Kind of agreement reached."""

        SALE = "sale", _("Sale or purchase")
        SUPPLY = "supply", _("Supply or distribution")
        DEVELOPMENT = "development", _("Joint development")
        LICENCE = "licence", _("Licence")
        INVESTMENT = "investment", _("Investment")
        RESEARCH = "research", _("Joint research")
        BID = "bid", _("Joint bid")
        OTHER = "other", _("Something else")

    party = models.ForeignKey(MeetingParty, on_delete=models.CASCADE, related_name="ratings")
    phase = models.CharField(max_length=5, choices=Phase)
    value = models.CharField(max_length=12, choices=Value)
    note = models.TextField(max_length=2000, blank=True)
    #: Of an agreement: its kind and, if the party tells it, what it is worth.
    agreed = models.CharField(max_length=12, choices=Agreed, blank=True)
    worth = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    rated_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(
        # A rating is one party's word: the other party never reads it, both managers do.
        read=(
            "party_id IN (SELECT id FROM meetings_meetingparty WHERE organisation_id = ANY"
            " {organisations}) OR party_id IN (SELECT p.id FROM meetings_meetingparty p"
            " JOIN meetings_meeting m ON m.id = p.meeting_id WHERE m.partnership_id = ANY {rooms})"
            " OR party_id IN (SELECT proxeny_guest_parties())"
        ),
        insert=(
            "party_id IN (SELECT id FROM meetings_meetingparty WHERE organisation_id = ANY"
            " {organisations}) OR party_id IN (SELECT proxeny_guest_parties())"
        ),
        update=(
            "party_id IN (SELECT id FROM meetings_meetingparty WHERE organisation_id = ANY"
            " {organisations}) OR party_id IN (SELECT proxeny_guest_parties())"
        ),
    )
    holding = Holding(
        COOPERATION,
        _("Feedback about meetings"),
        by=("party__person",),
        shown={
            "meeting": F("party__meeting_id"),
            "starts_at": F("party__meeting__starts_at"),
            **{
                name: F(name)
                for name in ("phase", "value", "note", "agreed", "worth", "currency", "rated_at")
            },
        },
        moment="party__meeting__ends_at",
        texts=("note",),
        why_kept=_(
            "Kept: the outcomes of the meetings. After erasure, the answer remains without a name."
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "phase"], name="rated_once"),
            models.CheckConstraint(
                condition=Q(value="agreement") | Q(agreed="", worth=None), name="rating_agreed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} {self.value}"


class CatchUp(models.Model):
    """Catch-up of the partners themselves: by video or face to face, with minutes.

    Time, place and state are the meeting's, and so is its number. Follow-up actions are kept among
    the partnership's actions, with the number as their origin. `version` counts the edits of both
    sides; a guest's own answer does not raise it.
    """

    meeting = models.OneToOneField(
        Meeting, primary_key=True, on_delete=models.CASCADE, related_name="catch_up"
    )
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="catch_ups"
    )
    in_person = models.BooleanField(_("face to face"), default=False)
    video_url = models.URLField(_("video link"), max_length=500, blank=True)
    #: Whose guests the others are; nobody's at a call, or at a third place.
    host = models.ForeignKey(
        "partnerships.Party", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    agenda = models.TextField(_("agenda"), max_length=4000, blank=True)
    minutes = models.TextField(_("minutes"), max_length=20000, blank=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    # Nobody deletes one: it is called off, and stays in the picture.
    tenancy = replace(in_room(), delete=None)
    holding = Holding(
        COOPERATION, _("Catch-ups: agenda and minutes"), texts=("agenda", "minutes", "video_url")
    )

    def __str__(self) -> str:
        return self.meeting.title or str(_("Catch-up"))


class CatchUpGuest(models.Model):
    """Guest of a catch-up on one side, with the answer and attendance.

    `came` is empty until attendance is recorded.
    """

    catch_up = models.ForeignKey(CatchUp, on_delete=models.CASCADE, related_name="guests")
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    party = models.ForeignKey("partnerships.Party", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answer = models.CharField(
        max_length=12, choices=MeetingParty.Answer, default=MeetingParty.Answer.WAITING
    )
    came = models.BooleanField(null=True)

    tenancy = in_room()
    holding = Holding(
        COOPERATION,
        _("Catch-ups"),
        about=("person",),
        moment="catch_up__meeting__ends_at",
        personal={"person": None},
        shown={
            "meeting": F("catch_up_id"),
            "starts_at": F("catch_up__meeting__starts_at"),
            "answer": F("answer"),
            "came": F("came"),
        },
        why_kept=_(
            "Kept: who met and what came of it. After erasure, the meeting stays without a name."
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["catch_up", "person"], name="guest_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.catch_up_id}"


class Decision(models.Model):
    """Decision taken at a catch-up, in the order in which it was recorded."""

    catch_up = models.ForeignKey(CatchUp, on_delete=models.CASCADE, related_name="decisions")
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    text = models.CharField(_("decision"), max_length=500)
    order = models.PositiveSmallIntegerField()

    tenancy = in_room()
    holding = Holding(COOPERATION, _("Decisions of catch-ups"), texts=("text",))

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["catch_up", "order"], name="decision_order")]

    def __str__(self) -> str:
        return self.text
