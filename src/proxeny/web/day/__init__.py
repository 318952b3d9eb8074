"""Today: what waits for a reader, their next meetings and recent changes, from all parts.

`agenda` finds the next meetings, `changes` what others did, `partners` who may fit a member; `model`
is what the page shows.
"""

from datetime import datetime

from proxeny.kernel.tenancy import Reader
from proxeny.kernel.waiting import list_waiting
from proxeny.partnerships.queries import living_first, visible_partnerships
from proxeny.web.day import agenda, changes
from proxeny.web.day.model import Day
from proxeny.web.day.partners import find_partners

__all__ = ["Day", "get_day"]

PARTNERSHIPS = 6


def get_day(reader: Reader, *, now: datetime) -> Day:
    """Return a reader's day. The number of queries does not grow with its content."""
    partnerships = tuple(living_first(visible_partnerships())[:PARTNERSHIPS])
    return Day(
        waiting=tuple(list_waiting(reader, now)),
        meetings=agenda.find_next_meetings(reader, now),
        partnerships=partnerships,
        changes=changes.find_changes(reader, partnerships, now),
        news=changes.find_news(reader, now),
        partners=find_partners(reader),
    )
