"""Pending items of a reader about calls: those that they watch and that close soon."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.calls.queries.watching import list_closing
from proxeny.calls.rules import BRUSSELS
from proxeny.kernel.kinds import MOST
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.waiting import Waiting

#: A call that closes within so many days is a matter of haste.
HASTE_DAYS = 3


def find_waiting(reader: Reader, now: datetime, room: int | None) -> Iterator[Waiting]:
    """Yield watched calls that close soon; nothing of them in a room. One query."""
    if room is not None:
        return
    for one in list_closing(reader, now=now, most=MOST):
        text = ngettext(
            "A call you’re watching closes in %(count)d day, on %(day)s.",
            "A call you’re watching closes in %(count)d days, on %(day)s.",
            one.days,
        )
        if not one.days:
            text = _("A call you’re watching closes today.")
        day = one.closes_at.astimezone(BRUSSELS)
        yield Waiting(
            key=f"call:{one.call.pk}:look-at",
            title=one.call.title,
            text=text % {"count": one.days, "day": date_format(day, "DATE_FORMAT")},
            url=reverse("calls:detail", args=[one.call.pk]),
            label=_("Open the call"),
            tone="warn" if one.days <= HASTE_DAYS else "info",
            due=day.date(),
        )
