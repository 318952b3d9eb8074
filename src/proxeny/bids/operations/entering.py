"""What every deed in a bid begins with: who acts, the locked row, and what is signed no longer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.bids.models import Bid
from proxeny.bids.queries.bids import get_bid
from proxeny.bids.rules import OPEN
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.models import Agreement, Partnership, Party
from proxeny.partnerships.operations import signing
from proxeny.partnerships.operations.room import enter, own_side

#: What is told where somebody saved in between.
CHANGED = gettext_lazy("Somebody changed this in the meantime. Look at it again.")


@dataclass(frozen=True, slots=True)
class Entered:
    """A locked bid, its partnership, the parties, and the organisation for which somebody acts."""

    bid: Bid
    partnership: Partnership
    parties: list[Party]
    organisation_id: int | None


def enter_bid(
    actor: Reader, partnership_id: int, bid_id: int, *states: str, binding: bool = False,
    version: int | None = None,
) -> Entered:  # fmt: skip
    """Return a bid in whose room the actor may write, locked until the transaction ends.

    Parameters
    ----------
    states : str
        Where it must stand; anywhere if none is given.
    binding : bool
        Whether only managers may.
    version : int, optional
        The version that the actor has seen.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; the actor may not write there; the partnership is over, the bid is put away,
        stands elsewhere or was changed since.
    """
    partnership, parties = enter(actor, partnership_id, binding=binding)
    get_bid(partnership_id, bid_id)
    bid = Bid.objects.select_for_update(of=("self",)).select_related("call").get(pk=bid_id)
    refuse_away(bid)
    if states and bid.state not in states:
        raise Conflict(_("This cannot be done any more: the bid has moved on. Look at it again."))
    if version is not None and bid.version != version:
        raise Conflict(CHANGED)
    return Entered(bid, partnership, parties, own_side(actor, parties))


def refuse_away(bid: Bid) -> None:
    """Refuse to write in a bid that is put away."""
    if bid.dropped_at is not None:
        raise Conflict(_("This bid was put away. Bring it back first."))


def refuse_closed(bid: Bid) -> None:
    """Refuse to write in a bid that was submitted or left: what was sent stays as it was sent."""
    refuse_away(bid)
    if bid.state not in OPEN:
        raise Conflict(_("This bid is not written any more. Begin a new one with its consortium."))


def unsign(bid: Bid, *, now: datetime, why: str = "") -> bool:
    """Let the signatures under a bid hold no longer, because it changed; whether there were any."""
    return signing.void(bid.partnership_id, Agreement.Kind.BID, str(bid.pk), now=now, why=why)


def note(
    actor: Reader, verb: str, entered: Entered, target: Any = None, *,
    changes: dict[str, Any] | None = None, why: str = "",
) -> None:  # fmt: skip
    """Write an audit row of a deed in a bid, about the bid or something of it."""
    audit.record(
        actor, verb, target if target is not None else entered.bid,
        organisation_id=entered.organisation_id, partnership_id=entered.partnership.pk,
        changes=changes, why=why,
    )  # fmt: skip
