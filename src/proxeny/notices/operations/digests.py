"""The daily and the weekly mail: notifications since the last one, tasks, and what comes next."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from proxeny.accounts.models import Person
from proxeny.kernel.mail import queue_written, write_mail
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.waiting import Waiting
from proxeny.notices.models import Hours, Notice, Way
from proxeny.notices.operations.choosing import DIGESTS
from proxeny.notices.operations.notify import fewer_url, headers_of
from proxeny.notices.queries import ways_of
from proxeny.notices.rules import due_digests
from proxeny.notices.topics import TOPIC

#: So many notices, and so many things that wait, are told in one mail; of more the number.
_MOST, _MOST_WAITING = 40, 12


@dataclass(frozen=True, slots=True)
class Overview:
    """What waits for a reader, and sentences about their next meetings."""

    waiting: Sequence[Waiting] = ()
    meetings: Sequence[str] = ()


Tell = Callable[[Reader, datetime], Overview]
Reading = Callable[[int], AbstractContextManager[Reader]]


@dataclass(slots=True)
class _Mail:
    """The contents of one mail."""

    notices: list[Notice] = field(default_factory=list)
    overview: Overview = field(default_factory=Overview)
    #: The keys of what waits; None where it was not looked.
    marks: list[str] | None = None


def write_digest(*, person_id: int, now: datetime, reading: Reading, overview: Tell) -> bool:
    """Write the mail due to a person now, unless it would be empty.

    Service role. A second call on the same day of theirs does nothing.

    Parameters
    ----------
    reading : callable
        Takes on a person's eyes for a block.
    overview : callable
        What waits for a reader and comes next, read with these eyes in the language in force.

    Returns
    -------
    bool
        Whether a mail was written.
    """
    person = Person.objects.filter(pk=person_id, erased_at=None).exclude(account=None).first()
    if person is None:
        return False
    hours = Hours.objects.filter(person=person).first() or Hours(person=person)
    daily, weekly, today = due_digests(hours, now, person.time_zone)
    due = [way for way, is_due in ((Way.DAILY, daily), (Way.WEEKLY, weekly)) if is_due]
    if not due:
        return False
    found = _gather(person, hours, now, due, reading=reading, tell=overview)
    written = bool(found.notices or found.overview.waiting)
    if written:
        _send(person, found, today)
    _note(hours, found, now, today, due)
    return written


def _gather(
    person: Person, hours: Hours, now: datetime, due: Sequence[str], *, reading: Reading, tell: Tell
) -> _Mail:
    waiting = Notice.objects.filter(person=person, mailed_at=None, way__in=due)
    # Notifications read on the page are not repeated.
    found = _Mail(notices=list(waiting.filter(read_at=None).order_by("topic", "created_at", "pk")))
    way = ways_of(person.pk)["week"]
    if way not in due:
        return found
    with reading(person.pk) as reader, translation.override(person.language):
        seen = tell(reader, now)
    found.marks = [one.key for one in seen.waiting]
    # Pending items are listed once a week; in between only with something new.
    if (way == Way.WEEKLY and seen.waiting) or set(found.marks) - set(hours.told):
        found.overview = seen
    return found


def _send(person: Person, found: _Mail, today: date) -> None:
    url = fewer_url(person, DIGESTS)
    context = {
        "name": person.name,
        "groups": _groups(found.notices[:_MOST]),
        "more": max(0, len(found.notices) - _MOST),
        "waiting": [
            {"title": one.title, "text": one.text, "url": settings.BASE_URL + one.url}
            for one in found.overview.waiting[:_MOST_WAITING]
        ],
        "count": len(found.overview.waiting),
        "more_waiting": max(0, len(found.overview.waiting) - _MOST_WAITING),
        "meetings": found.overview.meetings,
        "action_url": settings.BASE_URL + reverse("home" if found.marks else "notices:list"),
        "preferences_url": url,
    }
    written = write_mail(template="notices/mail/digest", context=context, language=person.language)
    queue_written(
        written,
        key=f"notices:{person.pk}:{today}",
        recipient=person.email,
        headers=headers_of(url),
    )


def _groups(notices: Iterable[Notice]) -> list[dict[str, Any]]:
    """Return the notices by topic, with one entry for each object."""
    found: dict[str, dict[str, list[Notice]]] = {}
    for one in notices:
        found.setdefault(one.topic, {}).setdefault(one.object_path, []).append(one)
    return [
        {"label": TOPIC[name].label, "notices": [_tell(one) for one in objects.values()]}
        for name, objects in found.items()
    ]


def _tell(notices: Sequence[Notice]) -> dict[str, Any]:
    """Return the newest notice about an object, and the titles of earlier ones."""
    *earlier, newest = notices
    return {
        "title": newest.title,
        "text": newest.text,
        "url": _url(newest),
        "earlier": [one.title for one in reversed(earlier)],
    }


def _url(notice: Notice) -> str:
    if not notice.path:
        return ""
    return settings.BASE_URL + reverse("notices:open", args=[notice.pk])


def _note(hours: Hours, found: _Mail, now: datetime, today: date, due: Sequence[str]) -> None:
    Notice.objects.filter(person_id=hours.person_id, mailed_at=None, way__in=due).update(
        mailed_at=now
    )
    hours.daily_on = today if Way.DAILY in due else hours.daily_on
    hours.weekly_on = today if Way.WEEKLY in due else hours.weekly_on
    # An item that no longer waits counts as new when it returns.
    hours.told = hours.told if found.marks is None else found.marks
    hours.save()
