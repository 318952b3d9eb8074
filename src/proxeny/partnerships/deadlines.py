"""What a person is in charge of in partnerships, by its day, for calendars."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.kernel.tenancy import Reader
from proxeny.notices.deadlines import Deadline
from proxeny.partnerships.operations.reminders import list_due

_WORDS: dict[str, Any] = {
    "action": gettext_lazy("To do: %(title)s"),
    "risk": gettext_lazy("Look at the risk again: %(title)s"),
    "activity": gettext_lazy("Ends: %(title)s"),
    "placement": gettext_lazy("Report due: %(title)s"),
}


def find_deadlines(reader: Reader, first: date, last: date) -> Iterator[Deadline]:
    """Yield what the reader is in charge of and is not done. Four queries."""
    if reader.person is None or not reader.rooms:
        return
    for one in list_due(reader.person, today=first, until=last):
        if one.day < first:
            continue
        path = one.url.removeprefix(settings.BASE_URL)
        yield Deadline(
            key=path.rpartition("/")[2].lstrip("#"), on=one.day, topic="partnerships", path=path,
            title=str(_WORDS[one.kind]) % {"title": one.title},
            text=_("In the partnership “%(name)s”.") % {"name": one.partnership},
        )  # fmt: skip
