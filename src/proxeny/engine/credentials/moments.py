"""Moments as they are written in credentials: `dateTimeStamp` of XML Schema."""

import re
from datetime import UTC, datetime

__all__ = ["read_moment", "write_moment"]

# With a zone, always: without one a moment is another one in every country.
_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", flags=re.ASCII)


def write_moment(name: str, at: datetime) -> str:
    """Return a moment in UTC with whole seconds, `2026-11-27T08:00:00Z`.

    Raises
    ------
    ValueError
        If it has no zone; the message names the field.
    """
    if at.tzinfo is None:
        raise ValueError(f"{name}: {at} has no zone")
    return f"{at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def read_moment(text: object) -> datetime | None:
    """Return the moment that is written, or None if it is none or has no zone."""
    if not isinstance(text, str) or not _FORM.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
