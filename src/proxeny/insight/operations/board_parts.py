"""The figures that a board takes over from the other kinds of its side.

Each kind lists its headline figures under `board` of its content, by code of `board_figures`, each
with the fields of `operations.boards.Value`; anything else for the board goes under `board_more`,
by name.
"""

from collections.abc import Mapping
from typing import Any

from proxeny.insight.board_figures import BY_CODE, FIGURES, FORESIGHT, NETWORK, OUTCOMES
from proxeny.insight.models import Snapshot

#: The sections that other kinds tell.
_TOLD = {NETWORK, FORESIGHT, OUTCOMES}


def read_parts(
    snapshots: Mapping[str, Snapshot],
) -> tuple[dict[str, dict[str, Any]], dict[str, Any]]:
    """Return all kinds' contributions to a board; a figure not calculated yet waits."""
    values: dict[str, dict[str, Any]] = {
        one.code: {"why": "wait"} for one in FIGURES if one.section in _TOLD
    }
    more: dict[str, Any] = {}
    for snapshot in snapshots.values():
        told = snapshot.content.get("board", {})
        values |= {code: value for code, value in told.items() if code in BY_CODE}
        more |= snapshot.content.get("board_more", {})
    return values, more
