"""Rounds of a label: application period, number of places, and state."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.kernel.personal_data import COOPERATION, Holding
from proxeny.kernel.tenancy import Tenancy
from proxeny.labels.models.schemes import Scheme, SchemeVersion
from proxeny.partnerships.models.records import RoomRecord


class Round(RoomRecord):
    """One round of a label. `scheme_version` is what it is judged by, set when it opens.

    Applications are taken from `opens_at` on and before `closes_at`, told in `zone`. `places` are
    the most awards that it gives; empty: as many as pass.
    """

    class State(models.TextChoices):
        """The state of the round."""

        PLANNED = "planned", pgettext_lazy("a round of a label", "Planned")
        OPEN = "open", pgettext_lazy("a round of a label", "Published")
        JUDGING = "judging", pgettext_lazy("a round of a label", "Judging")
        DISCUSSING = "discussing", pgettext_lazy("a round of a label", "In discussion")
        DECIDED = "decided", pgettext_lazy("a round of a label", "Decided")

    scheme = models.ForeignKey(
        Scheme, on_delete=models.PROTECT, related_name="rounds", verbose_name=_("label")
    )
    scheme_version = models.ForeignKey(
        SchemeVersion, null=True, on_delete=models.PROTECT, related_name="rounds"
    )
    title = models.CharField(_("round name"), max_length=120)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))
    zone = models.CharField(_("time zone"), max_length=64, default="Europe/Brussels")
    places = models.PositiveSmallIntegerField(
        _("places"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(2000)],
    )
    decides_on = models.DateField(_("planned decision date"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PLANNED)
    published_at = models.DateTimeField(null=True)

    tenancy = Tenancy(
        # Everybody reads when one can apply.
        read="partnership_id = ANY {rooms} OR (published_at IS NOT NULL AND dropped_at IS NULL)",
        insert="partnership_id = ANY {steered}",
        update="partnership_id = ANY {steered}",
        delete="partnership_id = ANY {steered}",
    )
    holding = Holding(COOPERATION, _("Label rounds: their names"), texts=("title",))

    class Meta:
        indexes = [
            models.Index(fields=["partnership", "state"]),
            models.Index(fields=["scheme"]),
            models.Index(fields=["closes_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=models.F("opens_at")),
                name="round_from_to",
                violation_error_message=_("Choose a closing time after the opening time."),
            ),
            models.CheckConstraint(
                condition=Q(state="planned")
                | Q(published_at__isnull=False, scheme_version__isnull=False),
                name="round_published_by_a_version",
            ),
        ]

    def __str__(self) -> str:
        return self.title
