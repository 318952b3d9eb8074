"""Give and take as one figure per kind, with its parts beside it."""

from proxeny.engine.health import measure_imbalance
from proxeny.partnerships.exchange import Row

#: From here on one side gave twice as much as the other.
UNEVEN = 1 / 3


def imbalance_of(row: Row) -> float | None:
    """Return (a - b) / (a + b) of what the first two sides gave; None unless there are two."""
    return measure_imbalance(*row.given) if len(row.given) == 2 else None


def is_uneven(imbalance: float) -> bool:
    """Whether one side gave more than twice as much as the other."""
    return abs(imbalance) > UNEVEN
