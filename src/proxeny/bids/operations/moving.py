"""How a bid moves on: its own columns, written under the lock that `enter_bid` took."""

from typing import Any

from proxeny.bids.models import Bid


def move(bid: Bid, **values: Any) -> None:
    """Write columns of a locked bid and raise its version."""
    values |= {"version": bid.version + 1}
    for name, value in values.items():
        setattr(bid, name, value)
    bid.save(update_fields=list(values))


def plain(value: Any) -> Any:
    """Return a value as an audit row keeps it."""
    if value is None or isinstance(value, str | int):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def changes_of(bid: Bid, values: dict[str, Any]) -> dict[str, list[Any]]:
    """Return what would change of a bid, as `{column: [before, after]}`."""
    before = {name: getattr(bid, name) for name in values}
    return {
        name: [plain(before[name]), plain(value)]
        for name, value in values.items()
        if before[name] != value
    }
