"""What is offered with bids; the database decides what is possible."""

from proxeny.bids.models import Bid, Partner

State = Bid.State
#: In these states a bid is written.
OPEN = (State.EXPLORING, State.PREPARING)
#: The funder has answered.
DECIDED = (State.WON, State.LOST)
#: What a closed bid looks like in a list: last.
ORDER = (
    State.PREPARING, State.EXPLORING, State.SUBMITTED, State.RESERVE, State.WON, State.LOST,
    State.NOT_TAKEN,
)  # fmt: skip
#: Those with whom nothing is planned any more.
OUT = (Partner.State.DECLINED, Partner.State.LEFT)
TONES = {
    State.EXPLORING: "quiet", State.PREPARING: "info", State.SUBMITTED: "info",
    State.RESERVE: "warn", State.WON: "ok", State.LOST: "quiet", State.NOT_TAKEN: "quiet",
}  # fmt: skip


def is_open(bid: Bid) -> bool:
    """Whether a bid is still written: neither submitted, nor left, nor put away."""
    return bid.state in OPEN and bid.dropped_at is None


def can_copy(bid: Bid) -> bool:
    """Whether another bid may begin with this one's consortium: whatever became of it."""
    return bid.dropped_at is None
