"""Conflicts of interest in judging or working on something."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, Holding
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
    """Declaration of a person before the first access: a conflict of interest, or none.

    A person with a conflict reads nothing of the subject from then on (`proxeny_walled`), whatever
    their seat. Only the person can change the declaration.
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
        # A person with a conflict does not read a colleague's reason. Each reads their own
        # declaration.
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
