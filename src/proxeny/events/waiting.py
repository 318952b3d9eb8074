"""Pending items of a reader about events: the next step in each that is to come."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.urls import resolve
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.events.models import Event
from proxeny.events.queries.events import list_coming
from proxeny.events.queries.next_step import next_steps
from proxeny.kernel.kinds import Batch, Kind
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.waiting import Waiting
from proxeny.kernel.zones import city_of, load_zone

#: So many of the next events are looked at.
EVENTS = 8


def find_waiting(reader: Reader, now: datetime, room: int | None) -> Iterator[Kind[Waiting]]:
    """Yield the reader's next step in events to come, unless all is well. At most four queries."""
    yield Batch(list_coming(today=now.date()), partial(_tell, reader, now), most=EVENTS)


def _tell(reader: Reader, now: datetime, rows: Sequence[dict[str, Any]]) -> Iterator[Waiting]:
    coming = list(list_coming(today=now.date()).filter(pk__in=[one["pk"] for one in rows]))
    steps = next_steps(reader, coming, now=now)
    for event in coming:
        step = steps.get(event.pk)
        if step is None or not step.url or step.tone == "ok":
            continue
        is_open = event.state == Event.State.OPEN and now <= event.deadline_at
        deadline = event.deadline_at.astimezone(load_zone(event.time_zone))
        yield Waiting(
            key=f"event:{event.pk}:{resolve(step.url).url_name}",
            title=event.title,
            text=f"{step.text} {_until(event, deadline)}" if is_open else step.text,
            url=step.url,
            label=step.label,
            tone="warn" if step.tone == "warn" else "info",
            due=deadline.date() if is_open else None,
            partnership_id=event.partnership_id if event.partnership_id in reader.rooms else None,
        )


def _until(event: Event, deadline: datetime) -> str:
    """Return until when wishes are taken, by the event's own clocks."""
    return _("Meeting requests are open until %(moment)s (%(city)s).") % {
        "moment": date_format(deadline, "DATETIME_FORMAT"),
        "city": city_of(event.time_zone),
    }
