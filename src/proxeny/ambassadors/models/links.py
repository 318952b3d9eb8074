"""Links by which people without a sign-in answer."""

from django.db import models
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.ambassadors.models.introductions import Side
from proxeny.kernel.personal_data import MAIL, Holding, Keep
from proxeny.kernel.tenancy import Tenancy


class Link(models.Model):
    """Secret link for one purpose and one side, valid until a day; only its hash is kept.

    The web role reads none of it: a visitor with a link is a stranger, and the service role looks
    the link up. `closed_at` is set when it was used up, replaced, or its matter is over.
    """

    class Purpose(models.TextChoices):
        """Only permitted use of the link."""

        WISH = "wish", _("Accept or decline the meeting")
        TIME = "time", _("Find a time")
        DAY = "day", _("Rate the meeting")
        LATER = "later", _("Share the outcome")

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
        _("Answer links"),
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
