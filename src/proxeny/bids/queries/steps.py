"""The steps of a bid: actions of the room that were noted for it, beside the day its call closes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from proxeny.bids.models import Bid
from proxeny.calls.rules import BRUSSELS
from proxeny.partnerships.models import Action
from proxeny.partnerships.plan_queries import Task, tasks_for


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of a bid by their days; `closes_on` is the day its call closes, in Brussels."""

    tasks: Sequence[Task]
    closes_on: date | None
    counted_from: date | None

    @property
    def open(self) -> list[Task]:
        """The steps that are not done."""
        return [one for one in self.tasks if one.record.done_on is None]

    @property
    def done(self) -> list[Task]:
        """The steps that are done."""
        return [one for one in self.tasks if one.record.done_on is not None]

    @property
    def beyond(self) -> list[Task]:
        """The open steps due after the call has closed."""
        closes_on = self.closes_on
        return [one for one in self.open if closes_on and one.record.due_on > closes_on]

    @property
    def moved(self) -> int:
        """The number of days by which the deadline has moved since steps were scheduled from it."""
        if not (self.open and self.closes_on and self.counted_from):
            return 0
        return (self.closes_on - self.counted_from).days

    @property
    def days(self) -> int:
        """The same without its direction."""
        return abs(self.moved)


def closing_day(bid: Bid) -> date | None:
    """Return the day on which the call of a bid closes, by calendars in Brussels. No query."""
    closes_at = bid.call.closes_at
    return closes_at.astimezone(BRUSSELS).date() if closes_at else None


def read_steps(bid: Bid, *, today: date) -> Steps:
    """Return the steps of a bid. One query."""
    found = tasks_for(bid.partnership_id, Action.Origin.BID, today=today, origin_id=bid.pk)
    return Steps(found.get(bid.pk, []), closing_day(bid), bid.counted_from)


def live_steps(bid: Bid) -> QuerySet[Action]:
    """Return the active steps of a bid."""
    return Action.objects.filter(
        partnership_id=bid.partnership_id,
        origin=Action.Origin.BID,
        origin_id=bid.pk,
        dropped_at=None,
    )
