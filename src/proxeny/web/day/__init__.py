"""My day: what waits for a reader, what comes next, and what changed, gathered from all parts.

`rooms`, `members`, `agenda` and `own` find what waits; `changes` what others did; `model` is what the
page shows.
"""

from datetime import datetime

from proxeny.directory.queries.advisers import advised_by
from proxeny.kernel.tenancy import Reader
from proxeny.labels.day_facts import find_tasks as find_label_tasks
from proxeny.partnerships.queries import visible_partnerships
from proxeny.web.day import agenda, changes, members, own, rooms
from proxeny.web.day.model import Day, Task

__all__ = ["Day", "get_day"]

PARTNERSHIPS = 6
_HASTE = ("bad", "warn")


def get_day(reader: Reader, *, now: datetime) -> Day:
    """Return a reader's day. The number of queries does not grow with what there is."""
    advised = advised_by(reader, today=now.date())
    partnerships = tuple(visible_partnerships()[:PARTNERSHIPS])
    tasks = [
        *own.find_failed_work(reader),
        *rooms.find_signatures(reader, partnerships),
        *rooms.find_asked(reader, partnerships),
        *rooms.find_running_out(reader, now),
        *agenda.find_ratings(reader, now),
        *rooms.find_invitations(reader, now),
        *rooms.find_desks(reader, now),
        *members.find_first_step(reader),
        *members.find_introductions(reader, now),
        *members.find_assessments(reader, now),
        *agenda.find_calls(reader, now),
        *rooms.find_bids(reader, now),
        *(Task(*one) for one in find_label_tasks(reader, now)),
        *members.find_interests(reader, advised),
        *members.find_texts(reader, advised, now),
        *members.find_searches(reader),
        *agenda.find_events(reader, now),
        *members.find_wanted(reader, now),
        *own.find_programs(reader, now),
    ]
    # What is late or in haste comes first; beyond that the order is the one above.
    tasks.sort(key=lambda one: _HASTE.index(one.tone) if one.tone in _HASTE else len(_HASTE))
    return Day(
        tasks=tuple(tasks),
        meetings=agenda.find_next_meetings(reader, now),
        partnerships=partnerships,
        changes=changes.find_changes(reader, partnerships, now),
        news=changes.find_news(reader, now),
        partners=members.find_partners(reader),
    )
