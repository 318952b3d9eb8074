"""A bid that was sent: when, under which number, and what was missing if something was."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid
from proxeny.bids.operations.checklist import LABELS, Item, check, last_deadline, missing
from proxeny.bids.operations.entering import enter_bid, note
from proxeny.bids.operations.moving import changes_of, move
from proxeny.bids.operations.notices import letter, tell_managers
from proxeny.bids.operations.standing import read_standing
from proxeny.bids.rules import OPEN
from proxeny.calls.moments import tell_moment
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.operations.letters import Letter

State = Bid.State
#: What has to be there to submit; whether there is time, the moment of sending says.
NEEDED = tuple(code for code in LABELS if code != "deadline")
#: As long as its column; a reason that is read.
MOST_NUMBER, MOST_REASON = 120, 2000


@transaction.atomic
def submit_bid(
    *, actor: Reader, partnership_id: int, bid_id: int, version: int, submitted_at: datetime,
    number: str, now: datetime, although: str = "",
) -> Bid:  # fmt: skip
    """Note that a bid was sent. Nothing of it is written any more.

    Parameters
    ----------
    submitted_at : datetime
        When it was sent: neither in the future, nor after the call closed.
    number : str
        Under which the funder keeps it.
    although : str
        Why it was sent although something was missing; without it, it is refused then.

    Side effects: an audit row that keeps what was missing; mails to the managers of the other sides.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_bid`; only managers may; changed since `version`, or submitted already.
    InvalidInput
        A value does not hold; something is missing, which is listed at `although`.
    """
    entered = enter_bid(
        actor, partnership_id, bid_id, *OPEN, binding=True, version=version
    )  # fmt: skip
    bid = entered.bid
    number, although = " ".join(number.split()), although.strip()
    _refuse_moment(bid, submitted_at, zone=actor.time_zone, now=now)
    if not number:
        raise InvalidInput(_("Write the number that the funder gave it."), field="number")
    for name, value, most in (
        ("number", number, MOST_NUMBER), ("although", although, MOST_REASON),
    ):  # fmt: skip
        if len(value) > most:
            raise InvalidInput(_("Shorten this to %(most)d letters.") % {"most": most}, field=name)
    standing = read_standing(bid, entered.parties, today=now.date())
    absent = missing(check(standing, zone=actor.time_zone, now=now), NEEDED)
    if absent and not although:
        raise InvalidInput(_list(absent), field="although")
    values = {"state": State.SUBMITTED, "submitted_at": submitted_at, "submitted_as": number}
    changes: dict[str, Any] = {"title": bid.title, **changes_of(bid, values)}
    if absent:
        changes["missing"] = [[], [one.code for one in absent]]
    move(bid, **values)
    note(actor, "submit_bid", entered, changes=changes, why=although if absent else "")

    def write() -> Letter:
        names = {"bid": str(bid), "number": number}
        return letter(
            bid, _("Submitted: the bid “%(bid)s”") % names,
            _("It was sent under the number %(number)s. Nothing of it is written any more.") % names,
            _("It was sent although something was missing, for this reason:") if absent else "",
            quote=although if absent else "", page="bids:submission",
        )  # fmt: skip

    tell_managers(bid, entered.parties, write, actor=actor, today=now.date(),
                  key=f"submitted:{bid.version}")  # fmt: skip
    return bid


def _list(absent: list[Item]) -> str:
    told = " ".join(one.text for one in absent)
    return _("This is still missing. %(items)s If it was sent nevertheless, say so, and why.") % {
        "items": told
    }


def _refuse_moment(bid: Bid, moment: datetime, *, zone: str, now: datetime) -> None:
    if moment > now:
        raise InvalidInput(
            _("This is in the future. Note it once it is sent."), field="submitted_at"
        )
    last = last_deadline(bid)
    if last is not None and moment > last:
        raise InvalidInput(
            _("The call closed on %(last)s, before this: %(moment)s. If it was prolonged, change the"
              " call first.") % {
                "last": tell_moment(last, zone), "moment": tell_moment(moment, zone)
            }, field="submitted_at",
        )  # fmt: skip


@transaction.atomic
def take_back(
    *, actor: Reader, partnership_id: int, bid_id: int, version: int, now: datetime
) -> Bid:
    """Take back that a bid was submitted, while the call is open: it is in preparation again.

    Side effects: an audit row that keeps when and as what it was noted; mails to the managers of the
    other sides.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_bid`; only managers may; changed since `version`, an answer is noted, or the
        call has closed.
    """
    entered = enter_bid(
        actor, partnership_id, bid_id, State.SUBMITTED, binding=True, version=version
    )
    bid = entered.bid
    if not can_take_back(bid, now=now):
        raise Conflict(_("The call has closed: what was noted as sent stays."))
    values = {"state": State.PREPARING, "submitted_at": None, "submitted_as": ""}
    changes = {"title": bid.title, **changes_of(bid, values)}
    move(bid, **values)
    note(actor, "take_back_bid", entered, changes=changes)

    def write() -> Letter:
        return letter(
            bid, _("Not submitted after all: the bid “%(bid)s”") % {"bid": str(bid)},
            _("%(actor)s has taken it back. It is in preparation again.") % {"actor": actor.name},
            page="bids:submission",
        )  # fmt: skip

    tell_managers(bid, entered.parties, write, actor=actor, today=now.date(),
                  key=f"taken-back:{bid.version}")  # fmt: skip
    return bid


def can_take_back(bid: Bid, *, now: datetime) -> bool:
    """Whether it can still be taken back that a bid was submitted."""
    last = last_deadline(bid)
    return bid.state == State.SUBMITTED and (last is None or now < last)
