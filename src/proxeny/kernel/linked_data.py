"""Machine-readable data of a public page, in the terms of schema.org (JSON-LD)."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString, mark_safe

#: Signs that could end a script, as JSON can write them too.
_SIGNS = {
    ord(">"): "\\u003E",
    ord("<"): "\\u003C",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def without_empty(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data without its empty values."""
    return {name: value for name, value in said.items() if value not in ("", None, [], ())}


def write_data(said: Mapping[str, Any]) -> SafeString:
    """Return the data as JSON that is safe inside a script element."""
    text = json.dumps(said, ensure_ascii=False).translate(_SIGNS)
    return mark_safe(text)  # noqa: S308  # every sign that HTML knows is written otherwise
