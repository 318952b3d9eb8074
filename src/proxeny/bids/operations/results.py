"""The funder's decision, and the lessons learned."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid
from proxeny.bids.operations.guards import enter_bid
from proxeny.bids.operations.money import carry_grant
from proxeny.bids.operations.moving import changes_of
from proxeny.bids.operations.notices import letter, tell_managers
from proxeny.calls.rules import BRUSSELS
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.operations.mails import Letter
from proxeny.partnerships.operations.room import note, save_version

State = Bid.State
#: Possible decisions; "no decision yet" too, to correct a wrong entry.
ANSWERS = (State.WON, State.RESERVE, State.LOST, State.SUBMITTED)
#: As large and as long as the columns.
MOST_POINTS, MOST_GRANT, MOST_LEARNED = Decimal(10) ** 5, Decimal(10) ** 13, 8000
_VERBS = {
    State.WON: "win_bid",
    State.RESERVE: "reserve_bid",
    State.LOST: "lose_bid",
    State.SUBMITTED: "unanswer_bid",
}


@transaction.atomic
def note_result(
    *,
    actor: Reader,
    partnership_id: int,
    bid_id: int,
    version: int,
    answer: str,
    now: datetime,
    decided_on: date | None = None,
    points: Decimal | None = None,
    granted: Decimal | None = None,
    learned: str = "",
) -> Bid:
    """Record the funder's decision, or correct it. Repeating it changes nothing.

    Parameters
    ----------
    answer : str
        One of `ANSWERS`.
    granted : Decimal, optional
        In the currency of the call; of what is not funded there is none.
    learned : str
        Needed where it is not funded: the next bid begins with it.

    Side effects: an audit row; the grant becomes a source of money of the partnership, or stops
    being one (`carry_grant`); mails to the managers of the other sides.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_bid`; only managers may; changed since `version`, or not submitted.
    InvalidInput
        A value does not hold; its field is with the error.
    """
    entered = enter_bid(actor, partnership_id, bid_id, binding=True, version=version)
    bid = entered.record
    if bid.state not in ANSWERS:
        raise Conflict(_("First record that the bid was submitted, and when."))
    if answer not in ANSWERS:
        raise InvalidInput(_("Choose what the funder decided."), field="answer")
    values: dict[str, Any] = {
        "state": answer,
        "decided_on": decided_on,
        "points": points,
        "granted": granted,
        "learned": learned.replace("\r\n", "\n").strip(),
    }
    if answer == State.SUBMITTED:
        values |= {"decided_on": None, "points": None, "granted": None}
    else:
        _refuse(bid, values, today=now.astimezone(BRUSSELS).date())
    changes = changes_of(bid, values)
    if not changes:
        return bid
    was = bid.state
    save_version(bid, **values)
    if {"state", "granted"} & changes.keys():
        carry_grant(actor, bid, now=now)
    note(actor, _VERBS[State(answer)], entered, changes={"title": bid.title, **changes})
    if was != answer:
        tell_managers(
            bid,
            entered.parties,
            lambda: _write(bid),
            actor=actor,
            today=now.date(),
            key=f"result:{bid.version}",
        )
    return bid


def _refuse(bid: Bid, values: dict[str, Any], *, today: date) -> None:
    """Refuse an answer that does not hold."""
    decided_on, granted = values["decided_on"], values["granted"]
    if decided_on is None:
        raise InvalidInput(_("Enter the date of the decision."), field="decided_on")
    if decided_on > today:
        raise InvalidInput(
            _("This date is in the future. Choose an earlier one."), field="decided_on"
        )
    if bid.submitted_at and decided_on < bid.submitted_at.astimezone(BRUSSELS).date():
        raise InvalidInput(
            _("The bid was submitted after this date. Enter a later one."), field="decided_on"
        )
    for name, most in (("points", MOST_POINTS), ("granted", MOST_GRANT)):
        if (value := values[name]) is not None and not (value.is_finite() and 0 <= value < most):
            raise InvalidInput(_("Enter a number of 0 or more, or leave it empty."), field=name)
    if granted and values["state"] == State.LOST:
        raise InvalidInput(
            _("A bid that isn’t funded has no grant. Leave this empty."), field="granted"
        )
    if values["state"] == State.LOST and not values["learned"]:
        raise InvalidInput(
            _("Write what you learned in a few sentences: the next bid starts from there."),
            field="learned",
        )
    if len(values["learned"]) > MOST_LEARNED:
        raise InvalidInput(
            _("Shorten this to %(most)d characters.") % {"most": MOST_LEARNED}, field="learned"
        )


def _write(bid: Bid) -> Letter:
    names = {"bid": str(bid)}
    subject = {
        State.WON: _("Won: the bid “%(bid)s”"),
        State.RESERVE: _("On the reserve list: the bid “%(bid)s”"),
        State.LOST: _("Not funded: the bid “%(bid)s”"),
        State.SUBMITTED: _("No decision yet after all: the bid “%(bid)s”"),
    }[State(bid.state)]
    line = {
        State.WON: _(
            "The grant is now one of the partnership’s sources of money, year by year. Check it "
            "there, and plan the next steps."
        ),
        State.LOST: _("Its consortium is kept: another bid can start from it."),
    }.get(State(bid.state), "")
    return letter(bid, subject % names, line, quote=bid.learned, page="bids:submission")
