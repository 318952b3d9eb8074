"""Texts that all parties sign, and their signatures: the one way to agree."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, ERASED_NAME, NOBODY, Holding
from proxeny.kernel.tenancy import Definer, Tenancy, define
from proxeny.partnerships.models.core import Partnership, Party, Stage
from proxeny.partnerships.models.delegations import Delegation

# The texts that an organisation of the reader signs along with the parties.
define(
    Definer(
        "proxeny_to_sign()",
        "SETOF bigint",
        "SELECT agreement_id FROM public.partnerships_signatory"
        " WHERE organisation_id = ANY {organisations}",
        rows=10,
    )
)


class Agreement(models.Model):
    """A text that all parties sign; a new version needs new signatures.

    `subject` names its object within its kind: the stage that it opens, the number of the risk that
    is accepted, of the party that joins, of the service, assessment, publication or page; nothing
    for the agreement itself, the plan for the exit and the end; of the partner whose letter it is,
    the bid, label, decision, round or award; of the event and its step, and of the recommendation.
    Organisations that sign along with the parties, or in their place, are a `Signatory` each. A
    text `closed_at` before all had signed binds nobody; a signed acceptance that is closed is no
    longer valid.
    """

    class Kind(models.TextChoices):
        """Kind of text."""

        TEXT = "text", _("Agreement")
        STAGE = "stage", _("Next stage")
        RISK = "risk", _("Acceptance of a risk")
        EXIT = "exit", _("Exit plan")
        JOINING = "joining", _("New party joining")
        SERVICE = "service", _("Terms of a service")
        BRIEF = "brief", _("Assessment brief")
        STUDY = "study", _("Publication of a study")
        LETTER = "letter", _("Letter of intent")
        BID = "bid", _("Bid for a call")
        PAGE = "page", _("Public page")
        SCHEME = "scheme", _("Label scheme")
        AWARD = "award", _("Label awards")
        REVOKE = "revoke", _("Revocation of an award")
        ROUND = "round", _("Round decision")
        EVENT = "event", _("Event step")
        ADVICE = "advice", _("Recommendation to all parties")
        END = "end", _("End of the alliance")

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="agreements"
    )
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.TEXT)
    subject = models.CharField(max_length=24, blank=True)
    number = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(_("agreement"), max_length=20000)
    text_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now())
    completed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_why = models.CharField(max_length=300, blank=True)

    # Invited parties read the agreement itself; texts under it belong to the room, except for
    # people with a conflict of interest, and to further signatories. Decisions of juries are for
    # managers without one in an application of the round.
    tenancy = Tenancy(
        read=(
            "id IN (SELECT proxeny_to_sign()) OR (partnership_id = ANY {partnerships}"
            " AND (kind IN ('text', 'joining') OR partnership_id = ANY {rooms})"
            " AND NOT (kind = 'brief' AND subject IN"
            " (SELECT proxeny_walled('assessment')::text))"
            " AND (kind <> 'round' OR (partnership_id = ANY {steered}"
            " AND subject NOT IN (SELECT proxeny_walled_decisions()::text)))"
            # Passes the policy of the recommendation.
            " AND (kind <> 'advice' OR subject IN"
            " (SELECT id::text FROM partnerships_recommendation)))"
        )
    )
    holding = Holding(
        COOPERATION,
        _("Agreement texts"),
        why_kept=_("A signed text stays word for word: its signatures cover exactly this wording."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "kind", "subject", "number"], name="agreement_number_once"
            )
        ]

    def __str__(self) -> str:
        return f"agreement {self.number} of {self.partnership_id}"

    @property
    def stage(self) -> Stage:
        """The stage that a text of the kind `STAGE` opens."""
        return Stage(self.subject)


class Signatory(models.Model):
    """An organisation whose signature a text needs beside those of the parties, or in their place."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="signatories")
    organisation = models.ForeignKey(
        "directory.Organisation", on_delete=models.PROTECT, related_name="+"
    )

    tenancy = Tenancy(
        # Passes the policy of the text.
        read="agreement_id IN (SELECT id FROM partnerships_agreement)"
    )
    holding = NOBODY

    class Meta:
        verbose_name_plural = "signatories"
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="signatory_once")
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} of {self.agreement_id}"


class SignOff(models.Model):
    """Signature under a text: the person, the time, and the hash of the signed text.

    It belongs to a party, or else to a signatory's `organisation`. Without a `person`, the name was
    entered by the holder of a link. With a `delegation`, another party has signed for this one.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="sign_offs")
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="sign_offs")
    organisation = models.ForeignKey(
        "directory.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    person = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL)
    person_name = models.CharField(max_length=150)
    text_hash = models.CharField(max_length=64)
    delegation = models.ForeignKey(
        Delegation, null=True, on_delete=models.PROTECT, related_name="sign_offs"
    )
    signed_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(
        read=(
            # Passes the policy of the text.
            "agreement_id IN (SELECT id FROM partnerships_agreement)"
        ),
    )
    holding = Holding(
        COOPERATION,
        _("Signed agreements"),
        about=("person",),
        names={"person_name": "party__organisation"},
        moment="signed_at",
        personal={"person_name": ERASED_NAME},
        why_kept=_(
            "Kept as long as the agreement. On erasure, the signature stays without a name."
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "party", "organisation"],
                name="signed_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(party=None, organisation__isnull=False)
                | models.Q(party__isnull=False, organisation=None),
                name="signed_for_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_name} for {self.party_id}"
