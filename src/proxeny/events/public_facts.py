"""What events tell for the page of a partnership: who came from further countries."""

from collections.abc import Collection, Iterator

from django.urls import reverse

from proxeny.events.models import Event, Participation
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.public_results import MOST_SUPPORTERS, Supporter

_UNSEEN = (Event.State.DRAFT, Event.State.CANCELLED)


def find_supporters(partnership: Partnership, home: Collection[str]) -> Iterator[Supporter]:
    """Yield who is registered for an event, each once, with the last one. One query."""
    there = Participation.objects.filter(
        event__partnership=partnership, state=Participation.State.REGISTERED
    ).exclude(event__state__in=_UNSEEN).exclude(organisation__country__in=home)  # fmt: skip
    rows = there.order_by("organisation_id", "-event__starts_on").distinct("organisation_id")
    names = ("organisation_id", "organisation__name", "organisation__country", "event__title",
             "event_id")  # fmt: skip
    for number, name, country, title, event in rows.values_list(*names)[:MOST_SUPPORTERS]:
        url = reverse("events:detail", args=[event])
        yield Supporter(number, name, country, title, url)
