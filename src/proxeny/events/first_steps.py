"""First steps with events: a cluster's first one, and a member's meeting requests."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.events.models import Event, MeetingRequest, Participation
from proxeny.kernel.first_steps import FirstStep
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Partnership


def _taking_part(reader: Reader, now: datetime) -> QuerySet[Participation]:
    """Return the reader's participations in events that still take meeting requests."""
    members = set(reader.organisations) - set(reader.clusters)
    found = Participation.objects.filter(
        organisation_id__in=members, event__state=Event.State.OPEN, event__deadline_at__gte=now
    )
    found = found.exclude(state=Participation.State.WITHDRAWN)
    return found.order_by("event__deadline_at", "pk")


STEPS = (
    FirstStep(
        whose="cluster",
        rank=60,
        label=_("Create your first event"),
        text=_("Members say who they want to meet, and you get the best possible agenda."),
        verb=_("Create"),
        done=lambda reader, now: [Event.objects.filter(partnership_id__in=reader.rooms)],
        at=lambda reader, now: Partnership.objects.filter(pk__in=reader.steered).order_by("pk"),
        url=lambda number: f"{reverse('events:create')}?partnership={number}" if number else "",
    ),
    FirstStep(
        whose="member",
        rank=30,
        label=_("Choose who you want to meet"),
        text=_("Your times and requests for the next event. Its agenda is made from them."),
        verb=_("Choose"),
        done=lambda reader, now: [
            MeetingRequest.objects.filter(source__in=_taking_part(reader, now).order_by())
        ],
        at=_taking_part,
        url=lambda number: reverse("events:requests", args=[number]) if number else "",
        is_optional=True,
    ),
)
