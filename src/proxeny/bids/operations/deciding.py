"""Whether the sides go for a bid, and what each would do of it without the grant."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, Stance
from proxeny.bids.operations.entering import CHANGED, Entered, enter_bid, note, unsign
from proxeny.bids.operations.moving import move
from proxeny.bids.operations.notices import letter, tell_managers
from proxeny.bids.queries.stances import Sides, mark_of, sides_of
from proxeny.calls.queries.watching import next_deadline
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import STRANGER, Reader, as_service
from proxeny.meetings.operations.letters import Letter
from proxeny.partnerships import rules
from proxeny.partnerships.models import Partnership

State, Says = Bid.State, Stance.Says
#: Where a side may still say whether it goes for a bid.
UNDECIDED = (State.EXPLORING, State.PREPARING, State.NOT_TAKEN)
#: Fewer letters are no sentence; more than these are no answer. As long as the columns.
LEAST_SENTENCE, MOST_WITHOUT, MOST_WHY = 20, 4000, 2000
#: What each move of a bid is called in its history.
_VERBS = {
    State.PREPARING: "prepare_bid", State.NOT_TAKEN: "set_bid_aside",
    State.EXPLORING: "take_bid_up",
}  # fmt: skip


@transaction.atomic
def say_stance(
    *, actor: Reader, partnership_id: int, bid_id: int, says: str, goes_on: str,
    without_grant: str, now: datetime, why: str = "", seen: int | None = None,
) -> Stance:  # fmt: skip
    """Say for one's own side whether it goes for a bid, and what it would do without the grant.

    Once all sides that take part go for it, it is in preparation; one that does not lets it be, until
    that side says otherwise, as long as the call is open. The same said twice changes nothing.

    Parameters
    ----------
    goes_on, without_grant : str
        How much goes on without the grant (`Stance.GoesOn`), and what, in words.
    why : str
        Needed of a side that does not go for it.
    seen : int, optional
        The mark of the own answer that the actor has read (`mark_of`).

    Side effects: audit rows; mails to the managers of the other sides; signatures under the bid hold
    no longer if it is let be.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_bid`; only managers may; the bid was submitted, the call has closed, or somebody
        else of the same side answered since.
    InvalidInput
        An answer is missing, or is none.
    """
    entered = enter_bid(actor, partnership_id, bid_id, *UNDECIDED, binding=True)
    bid, party = entered.bid, rules.party_managed(actor, entered.parties)
    if party is None:
        raise NotAllowed(_("Only a manager of one of the clusters may change this."))
    values = _clean(says, goes_on, without_grant, why)
    _refuse_late(bid, now)
    one = Stance.objects.filter(bid=bid, party=party).first()
    if seen is not None and seen != mark_of(one):
        raise Conflict(CHANGED)
    one = one or Stance(partnership_id=bid.partnership_id, bid=bid, party=party)
    changes = {
        name: [getattr(one, name), value]
        for name, value in values.items()
        if getattr(one, name) != value
    }
    if changes:
        for name, value in (values | {"person_id": actor.person, "said_at": now}).items():
            setattr(one, name, value)
        one.save()
        note(actor, "say_stance", entered, one, changes={"title": bid.title, **changes},
             why=values["why"])  # fmt: skip
    settle(actor, entered, now=now)
    if changes:
        _tell(actor, entered, one, party.organisation.name, now)
    return one


def settle(actor: Reader, entered: Entered, *, now: datetime) -> None:
    """Move a locked bid on to where the answers of those who take part put it."""
    bid = entered.bid
    sides = sides_of(bid, entered.parties)
    state = due_state(bid, sides)
    if state == bid.state:
        return
    before = bid.state
    move(bid, state=state)
    note(actor, _VERBS[state], entered, changes={"title": bid.title, "state": [before, state]})
    if state == State.NOT_TAKEN:
        why = _("%(name)s does not go for it.") % {"name": sides.against[0].name}
        unsign(bid, now=now, why=why)


def settle_bids(partnership: Partnership, now: datetime) -> None:
    """Move the bids of a room on once a party has joined or left; its partnership is locked.

    One that is not taken up and whose call has closed stays so.
    """
    with as_service():
        parties = list(partnership.parties.select_related("organisation").order_by("side"))
        found = Bid.objects.select_for_update(of=("self",)).select_related("call").filter(
            partnership=partnership, dropped_at=None, state__in=UNDECIDED
        )  # fmt: skip
        for bid in found.order_by("pk"):
            if bid.state != State.NOT_TAKEN or not is_over(bid, now):
                settle(STRANGER, Entered(bid, partnership, parties, None), now=now)


def due_state(bid: Bid, sides: Sides) -> Bid.State:
    """Return where the answers put a bid that is not submitted.

    One in preparation stays there while a party that joined later has not answered.
    """
    if sides.against:
        return State.NOT_TAKEN
    if sides.is_go or bid.state == State.PREPARING:
        return State.PREPARING
    return State.EXPLORING


def is_over(bid: Bid, now: datetime) -> bool:
    """Whether the call of a bid has closed, in all its stages."""
    has_deadline = bid.call.closes_at is not None or bid.call.second_closes_at is not None
    return has_deadline and next_deadline(bid.call, now=now) is None


def _refuse_late(bid: Bid, now: datetime) -> None:
    if bid.state == State.NOT_TAKEN and is_over(bid, now):
        raise Conflict(_("The call has closed. This bid stays not taken up."))


def _clean(says: str, goes_on: str, without_grant: str, why: str) -> dict[str, Any]:
    """Return an answer that is one; what is missing is told at its field."""
    if goes_on not in Stance.GoesOn.values:
        raise InvalidInput(_("Say how much goes on without the grant."), field="goes_on")
    without_grant, why = (one.replace("\r\n", "\n").strip() for one in (without_grant, why))
    if len(without_grant) < LEAST_SENTENCE:
        raise InvalidInput(
            _("Write at least a sentence: what you would do of this without the grant, and with"
              " whose money."), field="without_grant",
        )  # fmt: skip
    if says not in Says.values:
        raise InvalidInput(_("Say whether your side goes for it."), field="says")
    if says == Says.NO and not why:
        raise InvalidInput(
            _("Say why not, in a sentence that the other side reads."), field="why"
        )  # fmt: skip
    for name, value, most in (
        ("without_grant", without_grant, MOST_WITHOUT), ("why", why, MOST_WHY),
    ):  # fmt: skip
        if len(value) > most:
            raise InvalidInput(_("Shorten this to %(most)d letters.") % {"most": most}, field=name)
    return {"says": says, "goes_on": goes_on, "without_grant": without_grant, "why": why}


def _tell(actor: Reader, entered: Entered, one: Stance, cluster: str, now: datetime) -> None:
    bid = entered.bid

    def write() -> Letter:
        names = {"cluster": cluster, "bid": str(bid)}
        without = _("What it would do without the grant – %(how_much)s:") % {
            "how_much": one.get_goes_on_display().lower()
        }
        if one.says == Says.NO:
            return letter(
                bid, _("%(cluster)s does not go for the bid “%(bid)s”") % names,
                _("The bid is not taken up, unless %(cluster)s says otherwise while the call is open."
                  " This is why:") % names, quote=one.why,
            )  # fmt: skip
        return letter(
            bid, _("%(cluster)s goes for the bid “%(bid)s”") % names, _next(bid), without,
            quote=one.without_grant,
        )  # fmt: skip

    tell_managers(
        bid, entered.parties, write, actor=actor, today=now.date(),
        key=f"stance:{one.pk}:{now:%Y%m%d%H%M%S%f}", but=entered.organisation_id,
    )  # fmt: skip


def _next(bid: Bid) -> str:
    if bid.state == State.PREPARING:
        return _("All sides go for it: the bid is in preparation.")
    return _(
        "Say for your side whether you go for it, and what of it you would do without the grant."
    )
