"""Introductions of a member and a stakeholder abroad by the ambassador."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.ambassadors.models.mandates import AT_DESK, Mandate
from proxeny.kernel.personal_data import COOPERATION, ERASED_NAME, Holding
from proxeny.kernel.tenancy import Definer, Tenancy, define

# Whom a desk introduces is named once (`directory.Acquaintance`), however many cases there are.
define(
    Definer(
        "proxeny_keep_introduced()",
        "trigger",
        """
DECLARE
    one bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        FOREACH one IN ARRAY ARRAY[OLD.member_id, OLD.stakeholder_id] LOOP
            DELETE FROM public.directory_acquaintance
            WHERE source = 'desk' AND number = OLD.cluster_id AND organisation = one
                AND NOT EXISTS (SELECT 1 FROM public.ambassadors_introduction
                    WHERE cluster_id = OLD.cluster_id
                        AND (member_id = one OR stakeholder_id = one));
        END LOOP;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO public.directory_acquaintance (source, number, organisation)
        SELECT 'desk', NEW.cluster_id, named FROM unnest(ARRAY[NEW.member_id, NEW.stakeholder_id]) named
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
""",
        language="plpgsql",
        trigger="AFTER INSERT OR DELETE OR UPDATE OF member_id, stakeholder_id, cluster_id"
        " ON ambassadors_introduction",
    )
)


class Introduction(models.Model):
    """Case of the desk: the two organisations, the reason, the state and the next step.

    Nobody meets without having accepted (`Side.answer`); a time is found when both have. The two
    organisations read it once they were asked, each without the other's address; the other cluster
    reads nothing of it, but reads the meeting like all meetings of the room.
    """

    class State(models.TextChoices):
        """State of the case: the columns of the board, in their order."""

        NOTED = "noted", _("Noted")
        ASKING = "asking", _("Waiting for answers")
        FINDING = "finding", _("Finding a time")
        BOOKED = "booked", _("Booked")
        MET = "met", _("Met")
        CLOSED = "closed", _("Closed")

    class Source(models.TextChoices):
        """Source of the idea."""

        HAND = "hand", _("Entered manually")
        MANDATE = "mandate", _("Requested by the member")
        MATCH = "match", _("Proposed by matching")
        PLAN = "plan", _("From an introduction plan")

    class Closed(models.TextChoices):
        """Party that ended it."""

        DESK = "desk", _("Closed by the desk")
        MEMBER = "member", _("The member declined")
        STAKEHOLDER = "stakeholder", _("The other side declined")

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="introductions"
    )
    cluster = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    member = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="introductions"
    )
    stakeholder = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="introduced"
    )
    mandate = models.ForeignKey(
        Mandate, null=True, blank=True, on_delete=models.SET_NULL, related_name="introductions"
    )
    reason = models.TextField(_("why they should meet"), max_length=2000)
    source = models.CharField(max_length=7, choices=Source, default=Source.HAND)
    score = models.FloatField(null=True)
    #: Reasons from matching, as data.
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=7, choices=State, default=State.NOTED)
    closed_by = models.CharField(max_length=11, choices=Closed, blank=True)
    in_charge = models.ForeignKey(
        "accounts.Person",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("in charge"),
    )
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_on = models.DateField(_("due on"), null=True, blank=True)
    duration_min = models.PositiveSmallIntegerField(
        pgettext_lazy("duration", "minutes"), default=45
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    needs_interpreter = models.BooleanField(_("interpreter needed"), default=False)
    interpreter = models.CharField(_("interpreter"), max_length=150, blank=True)
    bring = models.TextField(_("what to bring"), max_length=1000, blank=True)
    meeting = models.OneToOneField(
        "meetings.Meeting", null=True, on_delete=models.SET_NULL, related_name="introduction"
    )
    opened_at = models.DateTimeField(db_default=Now())
    asked_at = models.DateTimeField(null=True)
    agreed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    tenancy = Tenancy(
        read=(
            "(cluster_id = ANY {organisations} AND partnership_id = ANY {rooms})"
            " OR (asked_at IS NOT NULL AND (member_id = ANY {organisations}"
            " OR stakeholder_id = ANY {organisations}))"
        ),
        insert=AT_DESK,
        update=AT_DESK,
    )
    holding = Holding(
        COOPERATION,
        _("Desk introductions"),
        about=("in_charge",),
        names={"interpreter": "cluster"},
        texts=("reason", "next_step", "place", "bring"),
        moment="opened_at",
        personal={"in_charge": None, "interpreter": ""},
    )

    class Meta:
        indexes = [
            models.Index(fields=["cluster", "partnership", "state", "next_on"]),
            models.Index(fields=["cluster", "partnership", "state", "-changed_at"]),
            models.Index(fields=["member", "-changed_at"]),
            models.Index(fields=["stakeholder", "-changed_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "member", "stakeholder"],
                condition=~Q(state__in=("met", "closed")),
                name="introduced_once",
            ),
            models.CheckConstraint(
                condition=~Q(member=F("stakeholder")), name="introduced_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"introduction {self.pk}: {self.member_id} and {self.stakeholder_id}"

    @property
    def closed_why(self) -> str:
        """The reason for closing, visible to the desk's own team; empty for everybody else."""
        closings = getattr(self, "closings", None)
        if closings is None:
            closings = list(self.notes.filter(closes=True))
        return closings[0].text if closings and self.state == self.State.CLOSED else ""


class Side(models.Model):
    """Contact of one of the two organisations, with their answer.

    A `person` has a sign-in; for others the desk keeps name and address here, for this case alone,
    and `may_pass_on` says whether the next ambassador may have them.
    """

    class Role(models.TextChoices):
        """Role of the side."""

        MEMBER = "member", _("Member")
        STAKEHOLDER = "stakeholder", _("Stakeholder")

    class Answer(models.TextChoices):
        """Answer on whether they want to meet."""

        WAITING = "waiting", _("No answer yet")
        YES = "yes", _("Would like to meet")
        NO = "no", _("Declined")

    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="sides")
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    cluster = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(max_length=11, choices=Role)
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey(
        "accounts.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.EmailField(_("email"), blank=True)
    language = models.CharField(_("language"), max_length=5, default="en")
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Paris")
    answer = models.CharField(max_length=7, choices=Answer, default=Answer.WAITING)
    why = models.TextField(_("reason"), max_length=1000, blank=True)
    asked_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    #: Whether the next ambassador may have name and address; empty without an answer.
    may_pass_on = models.BooleanField(null=True)
    #: Author of the address; only they read one that may not be passed on.
    kept_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    #: A mail to this address came back, or could not be sent.
    bounced_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        read=(
            "(cluster_id = ANY {organisations} AND partnership_id = ANY {rooms})"
            " OR (asked_at IS NOT NULL AND organisation_id = ANY {organisations})"
        ),
        insert=AT_DESK,
        update=AT_DESK,
    )
    holding = Holding(
        COOPERATION,
        _("People asked about an introduction, and their answers"),
        about=("person",),
        by=("kept_by",),
        addresses={"email": "organisation"},
        names={"name": "organisation"},
        texts=("why",),
        moment="introduction__opened_at",
        personal={"name": ERASED_NAME, "email": "", "why": ""},
        shown={name: F(name) for name in ("name", "email", "answer", "why", "answered_at")},
        why_kept=_(
            "Kept: who met and what came of it. After erasure, the meeting stays without a name."
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["introduction", "role"], name="side_once"),
        ]
        indexes = [models.Index(fields=["email"])]

    def __str__(self) -> str:
        return f"{self.role} of {self.introduction_id}"


class Note(models.Model):
    """Note of the desk on a case. Only its own team reads it.

    A note that `closes` holds the reason for closing the case: the reason of one side is not for
    the other.
    """

    introduction = models.ForeignKey(Introduction, on_delete=models.CASCADE, related_name="notes")
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, related_name="+"
    )
    cluster = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("note"), max_length=4000)
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_at = models.DateTimeField(db_default=Now())
    dropped_at = models.DateTimeField(null=True)
    closes = models.BooleanField(default=False)

    tenancy = Tenancy(
        read="cluster_id = ANY {organisations} AND partnership_id = ANY {rooms}",
        insert=AT_DESK,
        update=AT_DESK,
    )
    holding = Holding(
        COOPERATION, _("Desk notes"), by=("person",), texts=("text",), moment="written_at"
    )

    class Meta:
        ordering = ["-written_at"]

    def __str__(self) -> str:
        return f"note on {self.introduction_id}"
