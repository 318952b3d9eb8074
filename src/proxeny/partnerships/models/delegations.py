"""Delegations: one party lets another decide a matter alone, in writing, until withdrawn."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, ERASED_NAME, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.partnerships.models.core import Partnership, Party

# A party gives in its own name alone.
_OWN = (
    "partnership_id = ANY {steered} AND giver_id IN"
    " (SELECT id FROM partnerships_party WHERE organisation_id = ANY {managed})"
)


class Delegation(models.Model):
    """A party's consent that another one decides a matter without asking it.

    What is put before all parties is then signed for the giver too (`signing`). All sides see it;
    withdrawal acts at once, also on what still waits for others.
    """

    class Matter(models.TextChoices):
        """Matter that may be decided alone."""

        EVENTS = "events", _("Events: open, close, publish, cancel")
        ADVICE = "advice", _("Recommendations to all parties: accept")
        ROUNDS = "rounds", _("Rounds of a label: decide, and send the letters")

    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="delegations"
    )
    giver = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="delegations_given")
    receiver = models.ForeignKey(
        Party, on_delete=models.CASCADE, related_name="delegations_received"
    )
    matter = models.CharField(_("matter"), max_length=6, choices=Matter)
    note = models.CharField(_("conditions, in your own words"), max_length=500, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    given_by = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    given_by_name = models.CharField(max_length=150)
    given_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)

    tenancy = Tenancy(read="partnership_id = ANY {rooms}", insert=_OWN, update=_OWN)
    holding = Holding(
        COOPERATION,
        _("Delegations between parties"),
        about=("given_by",),
        names={"given_by_name": "giver__organisation"},
        moment="given_at",
        personal={"given_by_name": ERASED_NAME},
        texts=("note",),
        why_kept=_(
            "Kept as long as the agreement. On erasure, the delegation stays without a name."
        ),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["giver", "receiver", "matter"],
                condition=Q(withdrawn_at=None),
                name="delegation_once",
            ),
            models.CheckConstraint(
                condition=~Q(giver=F("receiver")), name="delegation_to_another_party"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} to {self.receiver_id}: {self.matter}"

    def is_live(self, *, today: date) -> bool:
        """Whether it holds on a day."""
        return self.withdrawn_at is None and (self.ends_on is None or self.ends_on >= today)
