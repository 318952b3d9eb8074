"""JSON that others send: nested no deeper than anything of ours is."""

import json
from typing import Any

from django.utils.translation import gettext as _

#: Programs send a handful of levels at most; code that walks the data may rely on this.
MOST_LEVELS = 64


class TooDeep(json.JSONDecodeError):
    """It is nested deeper than `MOST_LEVELS`."""

    def __init__(self) -> None:
        super().__init__(
            _("Lists and objects are nested more than %(most)d levels deep.")
            % {"most": MOST_LEVELS},
            "",
            0,
        )


class ShallowDecoder(json.JSONDecoder):
    """Reads JSON as Python does, and raises `TooDeep` for what is nested too deep."""

    def decode(self, s: str, *args: Any) -> Any:
        """Return the value that a text tells."""
        try:
            value = super().decode(s, *args)
        except RecursionError:
            raise TooDeep from None
        level: list[Any] = [value]
        for _depth in range(MOST_LEVELS + 1):
            level = [
                child
                for one in level
                if isinstance(one, dict | list)
                for child in (one.values() if isinstance(one, dict) else one)
            ]
            if not level:
                return value
        raise TooDeep
