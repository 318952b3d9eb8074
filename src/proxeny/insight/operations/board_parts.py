"""What a board takes from the other figures of its side.

Each kind says itself, under `board` of its content, what leads: codes of `board_figures`, each with
fields of `operations.boards.Value`; and under `board_more` what else a board shows, by name.
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
    """Return what all kinds tell a board; a figure of a kind that is not worked out yet waits."""
    values: dict[str, dict[str, Any]] = {
        one.code: {"why": "wait"} for one in FIGURES if one.section in _TOLD
    }
    more: dict[str, Any] = {}
    for snapshot in snapshots.values():
        told = snapshot.content.get("board", {})
        values |= {code: value for code, value in told.items() if code in BY_CODE}
        more |= snapshot.content.get("board_more", {})
    return values, more
