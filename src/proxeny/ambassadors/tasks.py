"""What the desk does by itself, once an hour."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone

from proxeny.ambassadors.operations import minding
from proxeny.kernel.each import for_each
from proxeny.kernel.hourly import hourly
from proxeny.kernel.jobs import JobContext, enqueue, job
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as


@hourly
def start_minding_desks(now: datetime) -> None:
    """Queue the look at what waits and what is over, once an hour."""
    enqueue("ambassadors.mind", actor=STRANGER, key=f"ambassadors.mind:{now:%Y-%m-%dT%H}",
            arguments={})  # fmt: skip


_WORK: Sequence[tuple[str, Callable[[datetime], list[int]], Callable[..., int | None]]] = (
    ("closing a day", minding.over_meetings, minding.close_day),
    ("reminding somebody", minding.waiting_sides, minding.remind_side),
    ("asking for a rating again", minding.unrated_links, minding.remind_to_rate),
    ("asking what came of a meeting", minding.ripe_cases, minding.ask_later),
)


@job("ambassadors.mind")
def mind_desks(context: JobContext) -> dict[str, Any]:
    """Remind who has not answered, ask how meetings went, and what came of them."""
    now, failed, done = timezone.now(), 0, 0
    for what, find, work in _WORK:
        with acting_as(SERVICE):
            numbers = find(now)
        told = for_each(numbers, partial(work, now=now), what=what, should_stop=context.should_stop)
        done, failed = done + told.count, failed + len(told.failed)
    return {"done": done, "failed": failed}
