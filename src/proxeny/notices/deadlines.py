"""Last days that a person's calendar shows: each capability says its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.kernel.calendar import LastDay, make_uid
from proxeny.kernel.hooks import Hook
from proxeny.kernel.tenancy import Reader
from proxeny.notices.queries import get_hours
from proxeny.notices.topics import TOPIC

#: So far ahead last days are shown, and so long they stay after they are over.
AHEAD, BEHIND = timedelta(days=365), timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due date.

    Attributes
    ----------
    key : str
        What makes it this one, whatever day it is moved to, for instance `call:17`.
    on : date
        The day, where it is meant.
    title, text : str
        In the language in force.
    path : str
        Where it is done, from the slash on.
    topic : str
        One of `topics.TOPICS`: says why it is shown.
    """

    key: str
    on: date
    title: str
    text: str
    path: str
    topic: str


#: Returns the reader's last days between two days, both included; read with the reader's eyes.
Source = Callable[[Reader, date, date], Iterable[Deadline]]
DEADLINES: Hook[Source] = Hook(
    "calendar.deadlines", "Due dates for the calendar that somebody subscribes to."
)


def deadlines_of(reader: Reader, *, today: date) -> list[Deadline]:
    """Return the reader's last days, the nearest first. A few queries for each capability."""
    first, last = today - BEHIND, today + AHEAD
    found = [one for source in DEADLINES for one in source(reader, first, last)]
    return sorted(found, key=lambda one: (one.on, one.key))


def days_in_calendar(reader: Reader, *, now: datetime, stamp: datetime) -> list[LastDay]:
    """Return the reader's last days as their calendar shows them; none if they want none there.

    Each says why it is shown, and how to have fewer. `stamp` is when the calendar was made.
    """
    if reader.person is None or not get_hours(reader).shows_deadlines:
        return []
    fewer = settings.BASE_URL + reverse("notices:choices") + "#hours"
    return [
        LastDay(
            uid=make_uid("deadline", reader.person, one.key),
            on=one.on,
            summary=one.title,
            description="\n\n".join(
                part
                for part in (
                    one.text,
                    str(TOPIC[one.topic].why),
                    _("Show fewer dates like this in your calendar: %(url)s") % {"url": fewer},
                )
                if part
            ),
            url=settings.BASE_URL + one.path,
            stamp=stamp,
        )
        for one in deadlines_of(reader, today=now.date())
    ]
