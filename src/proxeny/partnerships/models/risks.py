"""The joint register of risks."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.partnerships.models.records import RoomRecord, in_room


def _grade(label: Any) -> "models.PositiveSmallIntegerField[Any, Any]":
    return models.PositiveSmallIntegerField(
        label, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )


class Risk(RoomRecord):
    """Risk: likelihood and impact (1 to 5), inherent, current and residual.

    Both parties accept it by their signatures; a change of the accepted facts closes these. The
    person in charge on each side is kept in `Charge`, the measures in `Action`.
    """

    class Response(models.TextChoices):
        """Response to the risk."""

        AVOID = "avoid", _("Avoid it")
        REDUCE = "reduce", _("Reduce it")
        TRANSFER = "transfer", _("Pass it on")
        ACCEPT = "accept", _("Accept it")

    title = models.CharField(_("risk"), max_length=200)
    details = models.TextField(_("cause and consequence"), max_length=4000, blank=True)
    inherent_likelihood = _grade(_("inherent likelihood"))
    inherent_impact = _grade(_("inherent impact"))
    current_likelihood = _grade(_("current likelihood"))
    current_impact = _grade(_("current impact"))
    residual_likelihood = _grade(_("residual likelihood"))
    residual_impact = _grade(_("residual impact"))
    response = models.CharField(_("response"), max_length=8, choices=Response, blank=True)
    treatment = models.TextField(_("what we do about it"), max_length=2000, blank=True)
    review_on = models.DateField(_("next review"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closed_why = models.CharField(_("why it is closed"), max_length=300, blank=True)

    tenancy = in_room()
    holding = Holding(
        COOPERATION,
        _("Risks: their free text"),
        texts=("title", "details", "treatment", "closed_why"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    inherent_likelihood__range=(1, 5),
                    inherent_impact__range=(1, 5),
                    residual_likelihood__gte=1,
                    residual_impact__gte=1,
                    current_likelihood__lte=F("inherent_likelihood"),
                    current_impact__lte=F("inherent_impact"),
                    residual_likelihood__lte=F("current_likelihood"),
                    residual_impact__lte=F("current_impact"),
                ),
                name="risk_falls_from_inherent_to_residual",
            )
        ]

    def __str__(self) -> str:
        return self.title
