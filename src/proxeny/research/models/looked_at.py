"""A look back at a recommendation: what became of it, a year later and each year after."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.partnerships.models import Partnership, Recommendation


class AdviceReview(models.Model):
    """A review of what became of a study's recommendation.

    Reviews never change: the next one is another row.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    recommendation = models.ForeignKey(Recommendation, on_delete=models.CASCADE, related_name="+")
    looked_on = models.DateField(_("follow-up date"))
    person = models.ForeignKey(
        "accounts.Person", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(_("follow-up"), max_length=1000)

    tenancy = Tenancy(read="partnership_id = ANY {rooms}", insert="partnership_id = ANY {rooms}")
    holding = Holding(
        COOPERATION,
        _("Follow-ups on recommendations"),
        by=("person",),
        texts=("note",),
        moment="looked_on",
    )

    class Meta:
        indexes = [models.Index(fields=["recommendation", "-looked_on"])]

    def __str__(self) -> str:
        return self.note
