"""Each side's decision on a bid, and its plans without the grant."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.bids.models import Bid, Stance
from proxeny.bids.operations.guards import enter_bid, unsign
from proxeny.bids.operations.notices import letter, tell_managers
from proxeny.bids.queries.stances import Sides, mark_of, sides_of
from proxeny.calls.queries.watching import next_deadline
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import STRANGER, Reader, as_service
from proxeny.meetings.operations.mails import Letter
from proxeny.partnerships import rules
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.operations.room import CHANGED, Entered, note, save_version

State, Says = Bid.State, Stance.Says
#: Where a side may still say whether it goes for a bid.
UNDECIDED = (State.EXPLORING, State.PREPARING, State.NOT_TAKEN)
#: Fewer letters are no sentence; more than these are no answer. As long as the columns.
LEAST_SENTENCE, MOST_WITHOUT, MOST_WHY = 20, 4000, 2000
#: The history entry of each move of a bid.
_VERBS = {
    State.PREPARING: "prepare_bid",
    State.NOT_TAKEN: "set_bid_aside",
    State.EXPLORING: "take_bid_up",
}


@transaction.atomic
def say_stance(
    *,
    actor: Reader,
    partnership_id: int,
    bid_id: int,
    says: str,
    goes_on: str,
    without_grant: str,
    now: datetime,
    why: str = "",
    seen: int | None = None,
) -> Stance:
    """Record whether the actor's side supports a bid, and its plans without the grant.

    Once all participating sides support it, the bid is in preparation; if one does not, it is not
    taken up until that side changes its answer, as long as the call is open. Repeating an answer
    changes nothing.

    Parameters
    ----------
    goes_on, without_grant : str
        The share of the work that goes on without the grant (`Stance.GoesOn`), and its description.
    why : str
        Required from a side that does not support it.
    seen : int, optional
        The mark of the side's own answer that the actor has read (`mark_of`).

    Side effects: audit rows; mails to the managers of the other sides; if the bid is not taken up,
    its signatures become void.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_bid`; only managers may; the bid was submitted, the call has closed, or
        somebody else of the same side answered since.
    InvalidInput
        An answer is missing or invalid.
    """
    entered = enter_bid(actor, partnership_id, bid_id, *UNDECIDED, binding=True)
    bid, party = entered.record, rules.party_managed(actor, entered.parties)
    if party is None:
        raise NotAllowed(_("Only a manager of one of the clusters can change this."))
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
        note(
            actor,
            "say_stance",
            entered,
            one,
            changes={"title": bid.title, **changes},
            why=values["why"],
        )
    settle(actor, entered, now=now)
    if changes:
        _tell(actor, entered, one, party.organisation.name, now)
    return one


def settle(actor: Reader, entered: Entered[Bid], *, now: datetime) -> None:
    """Move a locked bid to the state that follows from the participants' answers."""
    bid = entered.record
    sides = sides_of(bid, entered.parties)
    state = due_state(bid, sides)
    if state == bid.state:
        return
    before = bid.state
    save_version(bid, state=state)
    note(actor, _VERBS[state], entered, changes={"title": bid.title, "state": [before, state]})
    if state == State.NOT_TAKEN:
        why = _("%(name)s has decided not to bid.") % {"name": sides.against[0].name}
        unsign(bid, now=now, why=why)


def settle_bids(partnership: Partnership, now: datetime) -> None:
    """Move the bids of a room on once a party has joined or left; its partnership is locked.

    One that is not taken up and whose call has closed stays so.
    """
    with as_service("A party that joins or leaves moves bids on that it may not write itself."):
        parties = list(partnership.parties.select_related("organisation").order_by("side"))
        found = (
            Bid.objects.select_for_update(of=("self",))
            .select_related("call")
            .filter(partnership=partnership, dropped_at=None, state__in=UNDECIDED)
        )
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
        raise Conflict(_("The call has closed. This bid won’t be pursued."))


def _clean(says: str, goes_on: str, without_grant: str, why: str) -> dict[str, Any]:
    """Return a valid answer; what is missing is reported at its field."""
    if goes_on not in Stance.GoesOn.values:
        raise InvalidInput(_("Choose how much would continue without the grant."), field="goes_on")
    without_grant, why = (one.replace("\r\n", "\n").strip() for one in (without_grant, why))
    if len(without_grant) < LEAST_SENTENCE:
        raise InvalidInput(
            _(
                "Write at least one sentence: what you’d still do without the grant, and with "
                "whose money."
            ),
            field="without_grant",
        )
    if says not in Says.values:
        raise InvalidInput(_("Choose whether your side wants to bid."), field="says")
    if says == Says.NO and not why:
        raise InvalidInput(
            _("Give a reason in a sentence. The other side will read it."), field="why"
        )
    for name, value, most in (
        ("without_grant", without_grant, MOST_WITHOUT),
        ("why", why, MOST_WHY),
    ):
        if len(value) > most:
            raise InvalidInput(
                _("Shorten this to %(most)d characters.") % {"most": most}, field=name
            )
    return {"says": says, "goes_on": goes_on, "without_grant": without_grant, "why": why}


def _tell(actor: Reader, entered: Entered[Bid], one: Stance, cluster: str, now: datetime) -> None:
    bid = entered.record

    def write() -> Letter:
        names = {"cluster": cluster, "bid": str(bid)}
        without = _("What it would do without the grant – %(how_much)s:") % {
            "how_much": one.get_goes_on_display().lower()
        }
        if one.says == Says.NO:
            return letter(
                bid,
                _("%(cluster)s has decided against the bid “%(bid)s”") % names,
                _(
                    "The bid won’t be pursued unless %(cluster)s changes its answer while the "
                    "call is open. The reason given:"
                )
                % names,
                quote=one.why,
            )
        return letter(
            bid,
            _("%(cluster)s wants to go ahead with the bid “%(bid)s”") % names,
            _next(bid),
            without,
            quote=one.without_grant,
        )

    tell_managers(
        bid,
        entered.parties,
        write,
        actor=actor,
        today=now.date(),
        key=f"stance:{one.pk}:{now:%Y%m%d%H%M%S%f}",
        but=entered.organisation_id,
    )


def _next(bid: Bid) -> str:
    if bid.state == State.PREPARING:
        return _("All sides want to bid: the bid is now in preparation.")
    return _(
        "Answer for your side: do you want to bid, and what would you still do without the grant?"
    )
