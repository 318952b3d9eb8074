"""First steps with people: a colleague, and one's own calendar."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.models import CalendarFeed, Invitation, Seat
from proxeny.kernel.first_steps import FirstStep

STEPS = (
    FirstStep(
        whose="cluster",
        rank=20,
        label=_("Invite a colleague"),
        text=_("You share the work, and someone answers the other side when you’re away."),
        verb=_("Invite"),
        done=lambda reader, now: [
            Seat.objects.filter(organisation_id__in=reader.managed).exclude(
                person_id=reader.own_id
            ),
            Invitation.objects.filter(organisation_id__in=reader.managed, withdrawn_at=None),
        ],
        url=lambda number: reverse("people:invite"),
    ),
    FirstStep(
        whose="member",
        rank=40,
        label=_("Subscribe to your meetings"),
        text=_("They appear in the calendar you already use, and move there when they change."),
        verb=_("Subscribe"),
        done=lambda reader, now: [CalendarFeed.objects.filter(person_id=reader.own_id)],
        url=lambda number: f"{reverse('people:me')}#calendar",
    ),
)
