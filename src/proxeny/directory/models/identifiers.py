"""Numbers that registers give organisations."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models.choices import IdentifierScheme
from proxeny.directory.models.organisations import KEPT, Organisation
from proxeny.kernel.holdings import NOBODY
from proxeny.kernel.tenancy import Tenancy


class Identifier(models.Model):
    """The number that a register gives an organisation; `value` is normalised, as one compares it."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="identifiers"
    )
    scheme = models.CharField(_("register"), max_length=8, choices=IdentifierScheme)
    value = models.CharField(_("number"), max_length=40)

    tenancy = Tenancy(
        read="organisation_id IN (SELECT id FROM directory_organisation)",
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
