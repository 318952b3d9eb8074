"""Words of vocabularies that were loaded beside those that come with Proxeny."""

from django.db import models

from proxeny.kernel.personal_data import NOBODY
from proxeny.kernel.tenancy import Tenancy


class Term(models.Model):
    """One code of a public vocabulary, with its label in one language.

    `search_text` is the label, folded.
    """

    class Scheme(models.TextChoices):
        """Vocabularies; proper names."""

        NACE = "nace", "NACE Rev. 2.1"
        EUROSCIVOC = "euroscivoc", "EuroSciVoc"
        NUTS = "nuts", "NUTS"

    scheme = models.CharField(max_length=10, choices=Scheme)
    code = models.CharField(max_length=80)
    language = models.CharField(max_length=5)
    label = models.CharField(max_length=300)
    search_text = models.CharField(max_length=400, blank=True)

    tenancy = Tenancy(read="true")
    holding = NOBODY

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code", "language"], name="term_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"
