"""Lines of values as a figure keeps them: ``{"name": str, "points": [[period, value], …]}``."""

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Series = list[dict[str, Any]]

#: More lines than that nobody reads in one picture.
MAX_SERIES = 50
MAX_POINTS = 5000
NAME_LENGTH = 200

_PERIOD = re.compile(
    r"(?:1[5-9]|2[01])\d\d(?:-(?:Q[1-4]|S[12]|W(?:0[1-9]|[1-4]\d|5[0-3])"
    r"|(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?))?"
)


def is_period(text: str) -> bool:
    """Whether a text is a period as SDMX writes it: `2024`, `2024-Q1`, `2024-03`, `2024-03-31`."""
    return bool(_PERIOD.fullmatch(text))


def make_series(lines: Mapping[str, Mapping[str, float]]) -> Series:
    """Return lines by name in their stored form: original names, periods in their order."""
    return [
        {"name": name, "points": [[period, points[period]] for period in sorted(points)]}
        for name, points in lines.items()
        if points
    ]


def count_points(series: Series) -> int:
    """Return the number of values."""
    return sum(len(line["points"]) for line in series)


def periods_of(series: Series) -> list[str]:
    """Return all periods in their order."""
    return sorted({period for line in series for period, _value in line["points"]})


def digest(series: Series) -> str:
    """Return the SHA-256 of lines, in hexadecimal: equal for equal values, in whatever order."""
    ordered = sorted(series, key=lambda line: line["name"])
    text = json.dumps(ordered, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def plain_number(value: float) -> str:
    """Return a number as files hold it: a point for decimals, no signs between thousands."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def to_number(value: Any) -> float | None:
    """Return an observed value; None where nothing was observed.

    Raises
    ------
    ValueError
        It is neither a number nor nothing.
    """
    number = float(value) if value not in (None, "") else math.nan
    if math.isinf(number):
        raise ValueError("not finite")
    return None if math.isnan(number) else number


def rows_of(series: Series) -> list[tuple[str, Sequence[float | None]]]:
    """Return a table of lines: each period with the value of every line. O(points · log points)."""
    by_line: list[dict[str, float]] = [dict(line["points"]) for line in series]
    return [(period, [values.get(period) for values in by_line]) for period in periods_of(series)]


def names_of(series: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the names of lines."""
    return [line["name"] for line in series]
