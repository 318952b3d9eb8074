"""The usual steps of a bid, counted back from the day its call closes, and moved along with it."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.bids.models import Bid
from proxeny.bids.operations.guards import enter_bid, refuse_closed
from proxeny.bids.queries.steps import closing_day, live_steps
from proxeny.calls.rules import BRUSSELS
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Action
from proxeny.partnerships.operations.room import Entered, note

#: The usual steps: so many days before the call closes, and what is done by then.
USUAL = (
    (60, gettext_lazy("Agree on the idea and on who does what")),
    (50, gettext_lazy("Invite the partners and collect their replies")),
    (21, gettext_lazy("Finalise the budget")),
    (10, gettext_lazy("Complete the proposal text")),
    (5, gettext_lazy("Collect all signatures")),
    (2, gettext_lazy("Submit, with two days to spare")),
)


@transaction.atomic
def plan_back(*, actor: Reader, partnership_id: int, bid_id: int, now: datetime) -> list[Action]:
    """Schedule the usual steps backwards from the closing date, without those in the past.

    They are worded in the language that is active, which is the actor's.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `enter_bid`; the bid is not written any more or has steps, its call says no deadline,
        or there is no time left for any of them.
    """
    entered = enter_bid(actor, partnership_id, bid_id)
    bid = entered.record
    refuse_closed(bid)
    closes_on = _expect_deadline(bid)
    if live_steps(bid).exists():
        raise Conflict(_("Steps are already planned. Add what’s missing, or archive them first."))
    today = now.astimezone(BRUSSELS).date()
    days = [(closes_on - timedelta(days=before), title) for before, title in USUAL]
    made = [
        Action(
            partnership=entered.partnership,
            title=str(title),
            due_on=day,
            created_at=now,
            origin=Action.Origin.BID,
            origin_id=bid.pk,
        )
        for day, title in days
        if day >= today
    ]
    if not made:
        raise Conflict(
            _("The call closes too soon for the usual steps. Add what’s left to do yourself.")
        )
    Action.objects.bulk_create(made)
    _count_from(entered, closes_on)
    note(actor, "plan_bid_steps", entered, changes={"count": len(made)})
    return made


@transaction.atomic
def take_back_steps(
    *, actor: Reader, partnership_id: int, bid_id: int, steps: Collection[int], now: datetime
) -> int:
    """Put steps away that were just planned; those that are done stay. Returns how many went.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `enter_bid`; the bid is not written any more.
    """
    entered = enter_bid(actor, partnership_id, bid_id)
    refuse_closed(entered.record)
    found = live_steps(entered.record).filter(pk__in=steps, done_on=None)
    count = found.update(dropped_at=now, version=F("version") + 1)
    if count:
        if not live_steps(entered.record).exists():
            _count_from(entered, None)
        note(actor, "take_back_bid_steps", entered, changes={"count": count})
    return count


@transaction.atomic
def move_steps(
    *, actor: Reader, partnership_id: int, bid_id: int, now: datetime, to: date | None = None
) -> int:
    """Move all open steps by as many days as the deadline moved since they were planned back from it.

    Returns by how many days; 0 where nothing was to be moved, also the second time.

    Parameters
    ----------
    to : date, optional
        From which day they are to be counted; by default the one on which the call closes.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `enter_bid`; the bid is not written any more, or its call says no deadline.
    InvalidInput
        No calendar has the days that they would move to.
    """
    entered = enter_bid(actor, partnership_id, bid_id)
    bid = entered.record
    refuse_closed(bid)
    to = to or _expect_deadline(bid)
    before = bid.counted_from
    days = (to - before).days if before else 0
    if days:
        moved = list(live_steps(bid).filter(done_on=None).select_for_update())
        for one in moved:
            one.due_on = _days_later(one.due_on, days)
            one.version += 1
        Action.objects.bulk_update(moved, ["due_on", "version"])
        _count_from(entered, to)
        note(actor, "move_bid_steps", entered, changes={"counted_from": [str(before), str(to)]})
    return days


def _expect_deadline(bid: Bid) -> date:
    closes_on = closing_day(bid)
    if closes_on is None:
        raise Conflict(_("The call has no deadline yet. Add it to the call first."))
    return closes_on


def _days_later(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise InvalidInput(_("Choose a date that is closer."), field="to") from None


def _count_from(entered: Entered[Bid], day: date | None) -> None:
    bid = entered.record
    bid.counted_from = day
    bid.save(update_fields=["counted_from"])
