"""First steps of every action in a bid: rights, the locked row, and signatures made void."""

from datetime import datetime

from django.utils.translation import gettext as _

from proxeny.bids.models import Bid
from proxeny.bids.queries.bids import get_bid
from proxeny.bids.rules import OPEN
from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.operations import signing
from proxeny.partnerships.operations.room import Entered, enter_record


def enter_bid(
    actor: Reader,
    partnership_id: int,
    bid_id: int,
    *states: str,
    binding: bool = False,
    version: int | None = None,
) -> Entered[Bid]:
    """Return a bid in whose room the actor may write, locked until the transaction ends.

    Parameters
    ----------
    states : str
        Allowed states; any if none is given.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_record`; the bid is archived or in another state.
    """

    def expect(bid: Bid) -> None:
        refuse_away(bid)
        if states and bid.state not in states:
            raise Conflict(
                _("This is no longer possible: the bid has moved on. Check where it is now.")
            )

    return enter_record(
        actor,
        Bid.objects.select_related("call"),
        partnership_id,
        bid_id,
        see=get_bid,
        expect=expect,
        binding=binding,
        version=version,
    )


def refuse_away(bid: Bid) -> None:
    """Refuse to write in an archived bid."""
    if bid.dropped_at is not None:
        raise Conflict(_("This bid is archived. Restore it first."))


def refuse_closed(bid: Bid) -> None:
    """Refuse to write in a bid that was submitted or not taken up: it stays as submitted."""
    refuse_away(bid)
    if bid.state not in OPEN:
        raise Conflict(_("This bid can no longer be edited. Start a new one with its consortium."))


def unsign(bid: Bid, *, now: datetime, why: str = "") -> bool:
    """Let the signatures under a bid hold no longer, because it changed; whether there were any."""
    return signing.void(bid.partnership_id, Agreement.Kind.BID, str(bid.pk), now=now, why=why)
