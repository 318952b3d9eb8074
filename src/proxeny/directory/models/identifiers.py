"""Numbers that registers give organisations."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models.choices import IdentifierScheme
from proxeny.directory.models.details import KEPT
from proxeny.directory.models.organisations import Organisation
from proxeny.kernel.personal_data import NOBODY
from proxeny.kernel.tenancy import Tenancy


class Identifier(models.Model):
    """The number that a register gives an organisation; `value` is normalised, as one compares it."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="identifiers"
    )
    scheme = models.CharField(_("register"), max_length=8, choices=IdentifierScheme)
    value = models.CharField(_("number"), max_length=40)

    tenancy = Tenancy(
        # Asked for each row by the entry's key: `IN` would read all entries for one.
        read="EXISTS (SELECT FROM directory_organisation o WHERE o.id = organisation_id)",
        insert=KEPT,
        update=KEPT,
        delete=KEPT,
    )
    holding = NOBODY

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "scheme", "value"], name="identifier_once"
            ),
        ]
        indexes = [models.Index(fields=["scheme", "value"])]

    def __str__(self) -> str:
        return f"{self.scheme} {self.value}"
