"""The joint register of risks."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.holdings import COOPERATION, Holding
from proxeny.partnerships.models.records import RoomRecord, in_room


def _grade(label: object) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        label, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )


class Risk(RoomRecord):
    """What could go wrong: how likely and how bad (1 to 5) untreated, today, and in the end.

    Both parties accept it by their signatures; a change of what they accepted closes these. Who is
    in charge on each side stands in `Charge`, what is to be done in `Action`.
    """

    class Response(models.TextChoices):
        """What is done about it."""

        AVOID = "avoid", _("Avoid it")
        REDUCE = "reduce", _("Reduce it")
        TRANSFER = "transfer", _("Pass it on")
        ACCEPT = "accept", _("Accept it")

    title = models.CharField(_("risk"), max_length=200)
    details = models.TextField(_("cause and consequence"), max_length=4000, blank=True)
    inherent_likelihood = _grade(_("likelihood untreated"))
    inherent_impact = _grade(_("impact untreated"))
    current_likelihood = _grade(_("likelihood today"))
    current_impact = _grade(_("impact today"))
    residual_likelihood = _grade(_("likelihood in the end"))
    residual_impact = _grade(_("impact in the end"))
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
                    inherent_likelihood__range=(1, 5), inherent_impact__range=(1, 5),
                    residual_likelihood__gte=1, residual_impact__gte=1,
                    current_likelihood__lte=F("inherent_likelihood"),
                    current_impact__lte=F("inherent_impact"),
                    residual_likelihood__lte=F("current_likelihood"),
                    residual_impact__lte=F("current_impact"),
                ),
                name="risk_falls_from_inherent_to_residual",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title
