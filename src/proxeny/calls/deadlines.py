"""The closing days of watched calls, for calendars."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.calls.models import Call
from proxeny.calls.queries.calls import LONG
from proxeny.calls.rules import BRUSSELS
from proxeny.kernel.tenancy import Reader
from proxeny.notices.deadlines import Deadline


def find_deadlines(reader: Reader, first: date, last: date) -> Iterator[Deadline]:
    """Yield when the calls that the reader watches close, by the day in Brussels. One query."""
    begin = datetime.combine(first, time(), BRUSSELS)
    end = datetime.combine(last + timedelta(days=1), time(), BRUSSELS)
    span = (begin, end)
    found = Call.objects.filter(
        Q(closes_at__range=span) | Q(second_closes_at__range=span),
        watches__person=reader.person,
        put_away_at=None,
    ).defer(*LONG)
    for call in found.order_by("pk"):
        for number, moment in enumerate((call.closes_at, call.second_closes_at), 1):
            if moment is not None and begin <= moment < end:
                local = moment.astimezone(BRUSSELS)
                yield Deadline(
                    key=f"call:{call.pk}:{number}",
                    on=local.date(),
                    topic="bids",
                    title=_("Closes: %(title)s") % {"title": call.title},
                    text=_("The call closes at %(time)s, Brussels time.")
                    % {"time": f"{local:%H:%M}"},
                    path=reverse("calls:detail", args=[call.pk]),
                )
