"""First steps of an ambassador: a mandate, their hours, an introduction."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.ambassadors.models import Introduction, Mandate, Mission, WorkingHours
from proxeny.kernel.first_steps import FirstStep
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership, Placement


def _desks(reader: Reader) -> QuerySet[Partnership]:
    active = Partnership.objects.filter(pk__in=reader.rooms, state=Partnership.State.ACTIVE)
    return active.order_by("created_at")


def _page(number: int, page: str) -> str:
    return reverse(f"ambassadors:{page}", args=[number]) if number else ""


STEPS = (
    FirstStep(
        whose="ambassador",
        rank=10,
        label=_("Accept a mandate"),
        text=_("A member says what it’s looking for abroad, and you act for it."),
        verb=_("See mandates"),
        done=lambda reader, now: [
            Mandate.objects.filter(cluster_id__in=reader.desks, state=Mandate.State.ACCEPTED)
        ],
        at=lambda reader, now: _desks(reader),
        url=lambda number: _page(number, "mandates"),
    ),
    FirstStep(
        whose="ambassador",
        rank=20,
        label=_("Set your hours, or plan a stay"),
        text=_("Times that you propose fit your days, and others see when you’re there."),
        verb=_("Set your hours"),
        done=lambda reader, now: [
            WorkingHours.objects.filter(person_id=reader.own_id),
            Mission.objects.filter(person_id=reader.own_id, dropped_at=None),
            Placement.objects.filter(person_id=reader.own_id, dropped_at=None),
        ],
        url=lambda number: reverse("ambassadors:calendar"),
    ),
    FirstStep(
        whose="ambassador",
        rank=30,
        label=_("Make your first introduction"),
        text=_("Choose a member and who it should meet. Both answer by email, without an account."),
        verb=_("Introduce"),
        done=lambda reader, now: [Introduction.objects.filter(in_charge_id=reader.own_id)],
        at=lambda reader, now: _desks(reader),
        url=lambda number: _page(number, "new"),
    ),
)
