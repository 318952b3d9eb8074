"""Pending items of a reader in studies: requests for data, follow-ups, and studies to import."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.kernel.kinds import Kind
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.waiting import Waiting
from proxeny.partnerships.models import Partnership
from proxeny.research.models import Arrival, DataRequest
from proxeny.research.queries.fates import find_due

_COLUMNS = {"room": "partnership_id"}


def find_waiting(reader: Reader, now: datetime, room: int | None) -> Iterator[Kind[Waiting]]:
    """Yield what waits in studies; nothing for people without a room."""
    if not reader.rooms:
        return
    of_room = {
        "partnership_id__in": reader.rooms,
        "partnership__state": Partnership.State.ACTIVE,
    }
    due = find_due(*reader.rooms, today=now.date()).select_related(None)
    due = due.filter(partnership__state=Partnership.State.ACTIVE)
    shown = Arrival.objects.filter(**of_room, state=Arrival.State.SHOWN)
    yield Kind(due, _tell_due, {**_COLUMNS, "title": "title"})
    columns = {**_COLUMNS, "title": "name"}
    yield Kind(shown.order_by("brought_at", "pk"), _tell_arrival, columns)
    if reader.desks:
        asked = DataRequest.objects.filter(
            **of_room, state=DataRequest.State.ASKED, package__dropped_at=None
        )
        columns = {**_COLUMNS, "title": "package__title"}
        yield Kind(asked.order_by("asked_at", "pk"), _tell_request, columns)


def _tell_request(pk: int, room: int, title: str) -> Waiting:
    return Waiting(
        key=f"data-request:{pk}:decide",
        title=title,
        text=_("Someone is asking for this data. Grant or refuse access."),
        url=reverse("research:request", args=[room, pk]),
        label=_("Decide"),
        tone="warn",
        partnership_id=room,
    )


def _tell_due(pk: int, room: int, title: str) -> Waiting:
    return Waiting(
        key=f"recommendation:{pk}:follow-up",
        title=title,
        text=_("This study recommendation has had no follow-up for a year."),
        url=f"{reverse('research:fates', args=[room])}#due",
        label=_("View"),
        partnership_id=room,
    )


def _tell_arrival(pk: int, room: int, title: str) -> Waiting:
    return Waiting(
        key=f"arrival:{pk}:take",
        title=title,
        text=_("This study has been checked. Import or discard it."),
        url=reverse("research:arrival", args=[room, pk]),
        label=_("View"),
        partnership_id=room,
    )
