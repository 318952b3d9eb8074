"""Give and take as one figure per kind, with its parts beside it."""

from proxeny.engine.health import measure_imbalance
from proxeny.partnerships.exchange import Row


def imbalance_of(row: Row) -> float | None:
    """Return (a - b) / (a + b) of what the first two sides gave; None unless there are two."""
    given = [counted + confirmed for _party, counted, confirmed in row.by_party]
    return measure_imbalance(*given) if len(given) == 2 else None
