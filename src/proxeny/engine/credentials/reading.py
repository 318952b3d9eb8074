"""A credential out of a file that anybody may have made: JSON, PNG or SVG, by content.

What is refused says why in one word, for a program; sentences belong to pages.
"""

import json
import math
from collections.abc import Iterator
from typing import Any, Literal, NoReturn

__all__ = ["MOST_BYTES", "MOST_JSON_BYTES", "Unreadable", "check_json", "read_json"]

#: Larger files are refused: a picture with a credential in it has some 100 kB.
MOST_BYTES = 8 * 1024 * 1024
#: The credential in it: text of that size and no more.
MOST_JSON_BYTES = 1024 * 1024
_MOST_DEPTH = 32
_MOST_VALUES = 20_000

type Code = Literal[
    "too_large",
    "too_deep",
    "too_many",
    "not_utf8",
    "not_json",
    "not_an_object",
    "duplicate_key",
    "not_a_number",
    "unknown_form",
    "token",
    "no_credential",
    "two_credentials",
    "damaged",
    "dtd",
    "encoding",
]


class Unreadable(ValueError):
    """A file that no credential can be read from.

    Parameters
    ----------
    code : str
        Why: `too_large`, `too_deep` (nested), `too_many` (values), `not_utf8`, `not_json`,
        `not_an_object`, `duplicate_key`, `not_a_number` (NaN, infinite), `unknown_form` (neither
        JSON nor PNG nor SVG), `token` (a JWT), `no_credential` (a picture without one),
        `two_credentials`, `damaged` (a picture), `dtd`, `encoding` (SVG that is not UTF-8).
    """

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code: Code = code


def read_json(data: bytes) -> dict[str, Any]:
    """Return the object that some bytes hold.

    Raises
    ------
    Unreadable
        Also on what parsers do not agree on: duplicate keys, NaN, lone surrogates.
    """
    if len(data) > MOST_JSON_BYTES:
        raise Unreadable("too_large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("not_utf8") from None
    try:
        value = json.loads(text, object_pairs_hook=_pairs, parse_constant=_refuse_constant)
    except Unreadable:
        raise
    except RecursionError:
        raise Unreadable("too_deep") from None
    except ValueError:
        raise Unreadable("not_json") from None
    if not isinstance(value, dict):
        raise Unreadable("not_an_object")
    check_json(value)
    return value


def check_json(value: object) -> None:
    """Look for what has no canonical form or would take too long, without recursion.

    Raises
    ------
    Unreadable
    """
    level: list[object] = [value]
    count = 0
    for _depth in range(_MOST_DEPTH):
        level = [child for one in level for child in _children(one)]
        count += len(level)
        if count > _MOST_VALUES:
            raise Unreadable("too_many")
        if not level:
            return
    raise Unreadable("too_deep")


def _children(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for name, child in value.items():
            yield name
            yield child
    elif isinstance(value, list):
        yield from value
    else:
        _check_leaf(value)


def _check_leaf(value: object) -> None:
    if isinstance(value, str):
        # A lone surrogate is no character and has no bytes.
        if not value.isascii() and any("\ud800" <= one <= "\udfff" for one in value):
            raise Unreadable("not_utf8")
    elif isinstance(value, float) and not math.isfinite(value):
        raise Unreadable("not_a_number")
    elif value is not None and not isinstance(value, bool | int | float):
        raise Unreadable("not_json")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise Unreadable("duplicate_key")
    return read


def _refuse_constant(_text: str) -> NoReturn:
    raise Unreadable("not_a_number")
