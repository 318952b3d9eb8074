"""Who has an interest of their own in what they are to judge or to work on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.holdings import COOPERATION, Holding
from proxeny.kernel.tenancy import Definer, Tenancy, define
from proxeny.partnerships.models.core import Partnership

# Policies of what somebody could have an interest in ask it, those of capabilities above too.
define(
    Definer(
        "proxeny_walled(about text)",
        "SETOF bigint",
        """
SELECT subject_id FROM public.partnerships_interest
WHERE person_id = {person} AND subject = about AND conflicts
""",
        rows=5,
    )
)


class Interest(models.Model):
    """What a person declared before the first look: a conflict of interest, or none.

    Who has one reads nothing of the subject from then on (`proxeny_walled`), whatever their seat.
    A word once given is changed by its person alone.
    """

    class Subject(models.TextChoices):
        """In what one may have an interest."""

        ASSESSMENT = "assessment", _("Market assessment")
        APPLICATION = "application", _("Application for a label")

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    subject = models.CharField(max_length=12, choices=Subject)
    subject_id = models.BigIntegerField()
    conflicts = models.BooleanField(_("a conflict of interest"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    said_at = models.DateTimeField()

    tenancy = Tenancy(
        # Why a colleague has a conflict is not for who has one too. One's own word stays one's own.
        read=(
            "person_id = {person} OR (partnership_id = ANY {rooms}"
            " AND subject_id NOT IN (SELECT proxeny_walled(subject)))"
        ),
        insert="person_id = {person} AND partnership_id = ANY {rooms}",
        update="person_id = {person} AND partnership_id = ANY {rooms}",
    )
    holding = Holding(
        COOPERATION,
        _("Declarations of interest"),
        about=("person",),
        texts=("reason",),
        moment="said_at",
        goes=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "subject", "subject_id"], name="interest_declared_once"
            )
        ]
        indexes = [models.Index(fields=["subject", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.subject} {self.subject_id}"
