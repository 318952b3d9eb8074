"""The recipients of a board's quarterly mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.partnerships.models.core import Partnership

_OWN = "person_id = {person} AND partnership_id = ANY {rooms}"


class DigestChoice(models.Model):
    """A person's choice about the quarterly mail of a partnership.

    Without a choice, managers of its parties get the mail; people with any other seat do not.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("accounts.Person", on_delete=models.CASCADE, related_name="+")
    wanted = models.BooleanField()

    tenancy = Tenancy(read="person_id = {person}", insert=_OWN, update=_OWN, delete=_OWN)
    holding = Holding(
        COOPERATION,
        _("Whether you get the quarterly figures by email"),
        about=("person",),
        goes=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "person"], name="digest_choice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.wanted}"
