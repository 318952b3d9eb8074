"""The last days for answers and requests at events, for calendars."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.events.models import Event, Participation
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import city_of
from proxeny.notices.deadlines import Deadline
from proxeny.notices.rules import zone_of

State = Participation.State


def find_deadlines(reader: Reader, first: date, last: date) -> Iterator[Deadline]:
    """Yield until when the reader's organisations answer open events. One query."""
    if not reader.organisations:
        return
    found = Participation.objects.filter(
        organisation_id__in=reader.organisations,
        state__in=(State.INVITED, State.REGISTERED),
        event__state=Event.State.OPEN,
        event__deadline_at__date__gte=first - timedelta(days=1),
        event__deadline_at__date__lte=last + timedelta(days=1),
    ).select_related("event", "organisation")
    for taken in found.order_by("pk"):
        event = taken.event
        local = event.deadline_at.astimezone(zone_of(event.time_zone))
        if not first <= local.date() <= last:
            continue
        page, title = "requests", _("Last day for requests: %(title)s")
        if taken.state == State.INVITED:
            page, title = "register", _("Last day to register: %(title)s")
        yield Deadline(
            key=f"event:{taken.pk}:{page}",
            on=local.date(),
            topic="events",
            title=title % {"title": event.title},
            text=_("For %(name)s, until %(time)s (%(city)s time).")
            % {
                "name": taken.organisation.name,
                "time": f"{local:%H:%M}",
                "city": city_of(event.time_zone),
            },
            path=reverse(f"events:{page}", args=[taken.pk]),
        )
