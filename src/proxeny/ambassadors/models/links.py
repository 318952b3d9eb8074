"""Links by which people without a sign-in answer."""

from django.db import models
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.ambassadors.models.introductions import Side
from proxeny.kernel.holdings import MAIL, Holding, Keep
from proxeny.kernel.tenancy import Tenancy


class Link(models.Model):
    """A secret address for one purpose and one side, until a day; only its hash is kept.

    The web role reads none of it: whoever opens one is nobody, and Proxeny looks for them.
    `closed_at` is set when it was used up, replaced, or its matter is over.
    """

    class Purpose(models.TextChoices):
        """What can be done by it, and nothing else."""

        WISH = "wish", _("Say whether to meet")
        TIME = "time", _("Find a time")
        DAY = "day", _("Say how it went")
        LATER = "later", _("Say what came of it")

    side = models.ForeignKey(Side, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(max_length=5, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    tenancy = Tenancy()
    holding = Holding(
        MAIL,
        _("Links to answer by"),
        about=("side__person",),
        hidden=("token_hash",),
        goes=True,
        shown={name: F(name) for name in ("purpose", "created_at", "expires_at", "used_at")},
        keep=(Keep(365, since="expires_at"),),
    )

    class Meta:
        indexes = [models.Index(fields=["side", "purpose"])]

    def __str__(self) -> str:
        return f"{self.purpose} link of {self.side_id}"
