"""Deadlines of a person's responsibilities in partnerships, by day, for calendars."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from proxeny.kernel.tenancy import Reader
from proxeny.notices.deadlines import Deadline
from proxeny.partnerships.operations.reminders import TITLES, list_due


def find_deadlines(reader: Reader, first: date, last: date) -> Iterator[Deadline]:
    """Yield what the reader is in charge of and is not done. Four queries."""
    if reader.person is None or not reader.rooms:
        return
    for one in list_due(reader.person, today=first, until=last):
        if one.day < first:
            continue
        path = one.url.removeprefix(settings.BASE_URL)
        yield Deadline(
            key=path.rpartition("/")[2].lstrip("#"),
            on=one.day,
            topic="partnerships",
            path=path,
            title=str(TITLES[one.kind]) % {"title": one.title},
            text=_("In the partnership “%(name)s”.") % {"name": one.partnership},
        )
