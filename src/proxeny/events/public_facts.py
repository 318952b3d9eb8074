"""Event facts for the page of a partnership: participants from further countries."""

from collections.abc import Collection, Iterator

from django.urls import reverse

from proxeny.events.models import Event, Participation
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.public_results import MOST_SUPPORTERS, Supporter

_UNSEEN = (Event.State.DRAFT, Event.State.CANCELLED)


def find_supporters(partnership: Partnership, home: Collection[str]) -> Iterator[Supporter]:
    """Yield organisations registered for events, once each, with the latest event. One query."""
    there = (
        Participation.objects.filter(
            event__partnership=partnership, state=Participation.State.REGISTERED
        )
        .exclude(event__state__in=_UNSEEN)
        .exclude(organisation__country__in=home)
    )
    rows = there.order_by("organisation_id", "-event__starts_on").distinct("organisation_id")
    names = (
        "organisation_id",
        "organisation__name",
        "organisation__country",
        "event__title",
        "event_id",
    )
    for number, name, country, title, event in rows.values_list(*names)[:MOST_SUPPORTERS]:
        url = reverse("events:detail", args=[event])
        yield Supporter(number, name, country, title, url)
