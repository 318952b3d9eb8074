"""The page's parts that are measured, each between its own marks."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

__all__ = ["PAGE", "replace_part", "tell_machine"]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "consortium.md"


def replace_part(page: str, name: str, told: str) -> str:
    """Return the page with another text in one part; all else stays.

    Raises
    ------
    ValueError
        If the page has no such part.
    """
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
    before, found, rest = page.partition(begin)
    _old, ended, after = rest.partition(end)
    if not found or not ended:
        raise ValueError(f"the page has no part {name!r}")
    return f"{before}{begin}\n{told.strip()}\n\n{end}{after}"


def tell_machine() -> str:
    """Return the day, and on what is measured; the load is that before the start."""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores, load average "
        f"{os.getloadavg()[0]:.1f} before the start, Python {platform.python_version()}, OR-Tools "
        f"{version('ortools')}."
    )
