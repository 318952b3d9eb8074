"""Texts that all parties sign, and their signatures: the one way to agree."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.holdings import COOPERATION, ERASED_NAME, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.partnerships.models.core import Partnership, Party, Stage


class Agreement(models.Model):
    """A text that all parties sign; a new version needs new signatures.

    `subject` says what it is about within its kind: the stage that it opens, the number of the
    risk that is accepted, of the party that joins, of the service, assessment or publication; nothing for the
    agreement itself and the plan for the exit. `client` is a company that signs beside the parties.
    What was `closed_at` before all had signed binds nobody; a signed acceptance that
    is closed holds no longer.
    """

    class Kind(models.TextChoices):
        """What is agreed."""

        TEXT = "text", _("Agreement")
        STAGE = "stage", _("Next stage")
        RISK = "risk", _("Acceptance of a risk")
        EXIT = "exit", _("Plan for the exit")
        JOINING = "joining", _("A party joins")
        SERVICE = "service", _("Terms of a service")
        BRIEF = "brief", _("Brief of an assessment")
        STUDY = "study", _("Publication of a study")

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="agreements"
    )
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.TEXT)
    subject = models.CharField(max_length=24, blank=True)
    client = models.ForeignKey(
        "directory.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    number = models.PositiveSmallIntegerField(default=1)
    text = models.TextField(_("agreement"), max_length=20000)
    text_hash = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now())
    completed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_why = models.CharField(max_length=300, blank=True)

    # Whoever is asked reads the agreement itself; what is agreed under it belongs to the room, but
    # for who has a conflict of interest, and to the client who signs.
    tenancy = Tenancy(
        read=(
            "client_id = ANY {organisations} OR (partnership_id = ANY {partnerships}"
            " AND (kind IN ('text', 'joining') OR partnership_id = ANY {rooms})"
            " AND NOT (kind = 'brief' AND subject IN"
            " (SELECT proxeny_walled('assessment')::text)))"
        )
    )
    holding = Holding(
        COOPERATION,
        _("Texts of agreements"),
        why_kept=_("A signed text stays word for word: its signatures are over these words."),
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


class SignOff(models.Model):
    """One signature under one text: who, when, and the hash of what was signed.

    It is a party's, or without one the client's.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="sign_offs")
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT, related_name="sign_offs")
    person = models.ForeignKey("accounts.Person", null=True, on_delete=models.SET_NULL)
    person_name = models.CharField(max_length=150)
    text_hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField(db_default=Now())

    tenancy = Tenancy(
        read=(
            # Passes the policy of the text.
            "agreement_id IN (SELECT id FROM partnerships_agreement)"
        ),
    )
    holding = Holding(
        COOPERATION,
        _("Agreements signed"),
        about=("person",),
        names={"person_name": "party__organisation"},
        moment="signed_at",
        personal={"person_name": ERASED_NAME},
        why_kept=_("Kept as long as the agreement. Erasure leaves a signature without a name."),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "party"], name="signed_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_name} for {self.party_id}"
