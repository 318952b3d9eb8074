"""Rules for the actions offered on bids; the database enforces the rest."""

from proxeny.bids.models import Bid, Partner
from proxeny.calls.models import Call

State = Bid.State
#: In these states a bid is written.
OPEN = (State.EXPLORING, State.PREPARING)
#: The funder has answered.
DECIDED = (State.WON, State.LOST)
#: Closed bids come last in a list.
ORDER = (
    State.PREPARING,
    State.EXPLORING,
    State.SUBMITTED,
    State.RESERVE,
    State.WON,
    State.LOST,
    State.NOT_TAKEN,
)
#: Partners no longer planned with.
OUT = (Partner.State.DECLINED, Partner.State.LEFT)
TONES = {
    State.EXPLORING: "quiet",
    State.PREPARING: "info",
    State.SUBMITTED: "info",
    State.RESERVE: "warn",
    State.WON: "ok",
    State.LOST: "quiet",
    State.NOT_TAKEN: "quiet",
}

# Name prefixes of the Union's sets of conditions.
_EUROPEAN = ("horizon", "life", "cosme")


def is_open(bid: Bid) -> bool:
    """Whether a bid is in preparation: not submitted, not declined, not archived."""
    return bid.state in OPEN and bid.dropped_at is None


def is_european(call: Call) -> bool:
    """Whether a call's grants are the European Union's, by its conditions."""
    return call.rule_set.startswith(_EUROPEAN)


def can_copy(bid: Bid) -> bool:
    """Whether another bid may begin with this one's consortium: whatever became of it."""
    return bid.dropped_at is None
