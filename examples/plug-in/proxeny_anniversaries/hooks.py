"""Contributions of the plug-in: an entry of the menu, a date in every room, and a job."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import ngettext

from proxeny.kernel.jobs import enqueue
from proxeny.kernel.jobs.schedule import HOURLY
from proxeny.kernel.tenancy import STRANGER, Reader
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.overview import AHEAD, DATES, Date
from proxeny.web.context import MENU, MenuEntry
from proxeny_anniversaries.anniversaries import next_anniversary

MENU.add(
    MenuEntry(
        name="proxeny_anniversaries:list",
        beginnings=("/plug-ins/proxeny_anniversaries/",),
        label="Anniversaries",
        icon="calendar-event",
        is_offered=lambda reader: bool(reader.rooms),
    )
)


@DATES.add
def find_dates(reader: Reader, partnership: Partnership, today: date) -> Iterator[Date]:
    """Yield the next anniversary of a partnership, where it is near."""
    if partnership.starts_on is None:
        return
    day, years = next_anniversary(partnership.starts_on, today)
    if day - today <= AHEAD:
        text = ngettext("%(years)d year together", "%(years)d years together", years)
        yield Date(day, text % {"years": years}, reverse("proxeny_anniversaries:list"), "date")


@HOURLY.add
def count_once_a_day(now: datetime) -> None:
    """Queue a job; its key lets it run once a day."""
    enqueue(
        "anniversaries.count", actor=STRANGER, key=f"anniversaries:{now:%Y-%m-%d}", arguments={}
    )


#: So far ahead the job counts.
NEAR = timedelta(days=30)
