"""A look back at a recommendation: what became of it, a year later and each year after."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.holdings import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.partnerships.models import Partnership, Recommendation


class AdviceReview(models.Model):
    """Somebody looked at what a study recommended, and says what became of it.

    What was said once stays: the next look is another row.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="+")
    looked_on = models.DateField(_("looked at on"))
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(_("what became of it"), max_length=1000)

    tenancy = Tenancy(read="partnership_id = ANY {rooms}", insert="partnership_id = ANY {rooms}")
    holding = Holding(
        COOPERATION, _("Looks back at recommendations"), by=("person",), texts=("note",),
        moment="looked_on",
    )  # fmt: skip

    class Meta:
        indexes = [models.Index(fields=["recommendation", "-looked_on"])]

    def __str__(self) -> str:
        return self.note
