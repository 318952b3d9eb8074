"""Event facts for the room of a partnership: events to come, hosts and guests."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Case, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from proxeny.events.models import Event, Participation
from proxeny.events.rules import TONES
from proxeny.partnerships.exchange import Given
from proxeny.partnerships.models import Favour, Partnership, Party
from proxeny.partnerships.overview import MOST_ITEMS, Item


def count_hosting(partnership: Partnership, parties: Sequence[Party]) -> Iterator[Given]:
    """Yield hosts and guests: events with a host whose agenda was published and that are over.

    One query. A host gives to each other side with a registered participant, once per event. Not
    simply to every side: not all members of an alliance need come, and a later member was not
    there. A side is identified by the group it fills, which stays as it was at the event; in a
    mixed group by the cluster that looks after the participant, or the cluster itself.
    """
    sides = {one.pk: one.organisation_id for one in parties}
    there = Participation.objects.filter(
        event__partnership=partnership,
        event__host__in=sides,
        event__ends_on__lt=timezone.localdate(),
        event__state__in=(Event.State.PUBLISHED, Event.State.FINISHED),
        state=Participation.State.REGISTERED,
    )
    side = Coalesce("group__organisation_id", "organisation__steward_id", "organisation_id")
    rows = there.annotate(side=side).filter(side__in=sides.values())
    found = rows.values_list("event_id", "event__host_id", "side").distinct()
    for _event, host, receiver in found.order_by("event_id", "side"):
        if receiver != sides[host]:
            yield Given(Favour.Kind.HOSTING, sides[host], receiver, 1)


def find_items(partnership: Partnership, today: date) -> Iterator[Item]:
    """Yield the events to come and those of the last time, the next first. One query."""
    found = Event.objects.filter(partnership=partnership).exclude(state=Event.State.CANCELLED)
    coming = Case(When(ends_on__gte=today, then=0), default=1)
    for one in found.order_by(coming, "starts_on", "pk")[:MOST_ITEMS]:
        yield Item(
            one.title,
            reverse("events:detail", args=[one.pk]),
            date_format(one.starts_on),
            one.get_state_display(),
            TONES.get(Event.State(one.state), ""),
        )
