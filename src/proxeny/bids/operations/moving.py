"""Changes to the columns of a bid, as its history tells them."""

from typing import Any

from proxeny.bids.models import Bid


def plain(value: Any) -> Any:
    """Return a value as an audit row keeps it."""
    if value is None or isinstance(value, str | int):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def changes_of(bid: Bid, values: dict[str, Any]) -> dict[str, list[Any]]:
    """Return the changes to a bid, as `{column: [before, after]}`."""
    before = {name: getattr(bid, name) for name in values}
    return {
        name: [plain(before[name]), plain(value)]
        for name, value in values.items()
        if before[name] != value
    }
