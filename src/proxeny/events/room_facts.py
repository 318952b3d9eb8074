"""What events tell the room of a partnership: who hosted whom."""

from collections.abc import Iterator, Sequence

from django.db.models.functions import Coalesce
from django.utils import timezone

from proxeny.events.models import Event, Participation
from proxeny.partnerships.exchange import Given
from proxeny.partnerships.models import Favour, Partnership, Party


def count_hosting(partnership: Partnership, parties: Sequence[Party]) -> Iterator[Given]:
    """Yield who hosted whom: events with a host whose agenda was published and that are over.

    One query. A host gives each other side of whom somebody was registered, once an event. Not
    simply every side: of an alliance not all need come, and who joins later was not there. A side
    is told by the group it fills, which stays as it was at the event; in a mixed group by the
    cluster that looks after the participant, or the cluster itself.
    """
    sides = {one.pk: one.organisation_id for one in parties}
    there = Participation.objects.filter(
        event__partnership=partnership, event__host__in=sides, event__ends_on__lt=timezone.localdate(),
        event__state__in=(Event.State.PUBLISHED, Event.State.FINISHED),
        state=Participation.State.REGISTERED,
    )  # fmt: skip
    side = Coalesce("group__organisation_id", "organisation__steward_id", "organisation_id")
    rows = there.annotate(side=side).filter(side__in=sides.values())
    found = rows.values_list("event_id", "event__host_id", "side").distinct()
    for _event, host, receiver in found.order_by("event_id", "side"):
        if receiver != sides[host]:
            yield Given(Favour.Kind.HOSTING, sides[host], receiver, 1)
