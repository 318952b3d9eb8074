"""Links by which organisations without a sign-in take part in an event."""

from django.db import models
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from proxeny.events.models.participation import Participation
from proxeny.kernel.personal_data import MAIL, Holding, Keep
from proxeny.kernel.tenancy import Tenancy


class GuestLink(models.Model):
    """Secret link of one contact address for one participation; only its hash is kept.

    The secret follows from the row and the installation's key, so that each mail carries the same
    one until it is renewed: `number` counts the renewals. The web role reads none of it.
    """

    participation = models.ForeignKey(
        Participation, on_delete=models.CASCADE, related_name="guest_links"
    )
    email = models.EmailField()
    language = models.CharField(max_length=5, default="en")
    number = models.PositiveIntegerField(default=1)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    renewed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    tenancy = Tenancy()
    holding = Holding(
        MAIL,
        _("Links to take part in events"),
        about=("participation__person",),
        addresses={"email": ""},
        hidden=("token_hash",),
        goes=True,
        shown={name: F(name) for name in ("email", "created_at", "expires_at", "used_at")},
        keep=(Keep(365, since="expires_at"),),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["participation", "email"], name="guest_link_once")
        ]
        indexes = [models.Index(fields=["email"])]

    def __str__(self) -> str:
        return f"link of {self.participation_id}"
