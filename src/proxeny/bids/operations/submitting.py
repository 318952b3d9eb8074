"""Submission of a bid: its time, its number, and what was missing, if anything."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid
from proxeny.bids.operations.checklist import LABELS, Item, check, last_deadline, missing
from proxeny.bids.operations.guards import enter_bid
from proxeny.bids.operations.moving import changes_of
from proxeny.bids.operations.notices import letter, tell_managers
from proxeny.bids.operations.standing import read_standing
from proxeny.bids.rules import OPEN
from proxeny.calls.rules import format_deadline
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.operations.mails import Letter
from proxeny.partnerships.operations.room import note, save_version

State = Bid.State
#: Required to submit; the deadline is checked at the time of submission.
NEEDED = tuple(code for code in LABELS if code != "deadline")
#: As long as its column; a reason that is read.
MOST_NUMBER, MOST_REASON = 120, 2000


@transaction.atomic
def submit_bid(
    *,
    actor: Reader,
    partnership_id: int,
    bid_id: int,
    version: int,
    submitted_at: datetime,
    number: str,
    now: datetime,
    although: str = "",
) -> Bid:
    """Record that a bid was submitted. It cannot be edited any more.

    Parameters
    ----------
    submitted_at : datetime
        When it was sent: neither in the future, nor after the call closed.
    number : str
        Under which the funder keeps it.
    although : str
        Why it was sent although something was missing; without it, it is refused then.

    Side effects: an audit row that keeps what was missing; mails to the managers of the other
    sides.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_bid`; only managers may; changed since `version`, or submitted already.
    InvalidInput
        A value does not hold; something is missing, which is listed at `although`.
    """
    entered = enter_bid(actor, partnership_id, bid_id, *OPEN, binding=True, version=version)
    bid = entered.record
    number, although = " ".join(number.split()), although.strip()
    _refuse_moment(bid, submitted_at, zone=actor.time_zone, now=now)
    if not number:
        raise InvalidInput(_("Enter the number the funder gave it."), field="number")
    for name, value, most in (
        ("number", number, MOST_NUMBER),
        ("although", although, MOST_REASON),
    ):
        if len(value) > most:
            raise InvalidInput(
                _("Shorten this to %(most)d characters.") % {"most": most}, field=name
            )
    standing = read_standing(bid, entered.parties, today=now.date())
    absent = missing(check(standing, zone=actor.time_zone, now=now), NEEDED)
    if absent and not although:
        raise InvalidInput(_list(absent), field="although")
    values = {"state": State.SUBMITTED, "submitted_at": submitted_at, "submitted_as": number}
    changes: dict[str, Any] = {"title": bid.title, **changes_of(bid, values)}
    if absent:
        changes["missing"] = [[], [one.code for one in absent]]
    save_version(bid, **values)
    note(actor, "submit_bid", entered, changes=changes, why=although if absent else "")

    def write() -> Letter:
        names = {"bid": str(bid), "number": number}
        return letter(
            bid,
            _("Submitted: the bid “%(bid)s”") % names,
            _("It was submitted under number %(number)s. It can no longer be edited.") % names,
            _("It was submitted although something was missing, for this reason:")
            if absent
            else "",
            quote=although if absent else "",
            page="bids:submission",
        )

    tell_managers(
        bid, entered.parties, write, actor=actor, today=now.date(), key=f"submitted:{bid.version}"
    )
    return bid


def _list(absent: list[Item]) -> str:
    told = " ".join(one.text for one in absent)
    return _(
        "Some things are still missing. %(items)s If it was submitted anyway, confirm this and "
        "explain why."
    ) % {"items": told}


def _refuse_moment(bid: Bid, moment: datetime, *, zone: str, now: datetime) -> None:
    if moment > now:
        raise InvalidInput(
            _("This is in the future. Record the submission once it’s done."), field="submitted_at"
        )
    last = last_deadline(bid)
    if last is not None and moment > last:
        raise InvalidInput(
            _(
                "The call closed on %(last)s, before this: %(moment)s. If the deadline was "
                "extended, update the call first."
            )
            % {"last": format_deadline(last, zone), "moment": format_deadline(moment, zone)},
            field="submitted_at",
        )


@transaction.atomic
def take_back(
    *, actor: Reader, partnership_id: int, bid_id: int, version: int, now: datetime
) -> Bid:
    """Undo a submission while the call is open: the bid is in preparation again.

    Side effects: an audit row that keeps when and as what it was noted; mails to the managers of
    the other sides.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_bid`; only managers may; changed since `version`, an answer is noted, or the
        call has closed.
    """
    entered = enter_bid(
        actor, partnership_id, bid_id, State.SUBMITTED, binding=True, version=version
    )
    bid = entered.record
    if not can_take_back(bid, now=now):
        raise Conflict(_("The call has closed: a recorded submission can no longer be undone."))
    values = {"state": State.PREPARING, "submitted_at": None, "submitted_as": ""}
    changes = {"title": bid.title, **changes_of(bid, values)}
    save_version(bid, **values)
    note(actor, "take_back_bid", entered, changes=changes)

    def write() -> Letter:
        return letter(
            bid,
            _("Not submitted after all: the bid “%(bid)s”") % {"bid": str(bid)},
            _("%(actor)s has undone the submission. The bid is in preparation again.")
            % {"actor": actor.name},
            page="bids:submission",
        )

    tell_managers(
        bid, entered.parties, write, actor=actor, today=now.date(), key=f"taken-back:{bid.version}"
    )
    return bid


def can_take_back(bid: Bid, *, now: datetime) -> bool:
    """Whether it can still be taken back that a bid was submitted."""
    last = last_deadline(bid)
    return bid.state == State.SUBMITTED and (last is None or now < last)
