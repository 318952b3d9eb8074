"""Values between this process and one that reads: JSON, with names for what JSON does not have.

Not pickle, which runs code when it is read: a process that a file has taken over could then take
over the one that asked. Names come from a list of the caller's; the key that marks them is random
and fresh for each reading, so that nothing in a file can pass for one.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise

_PLAIN: dict[str, tuple[type, Callable[[Any], Any], Callable[[Any], Any]]] = {
    # Before `date`, which it is one of.
    "datetime": (datetime, datetime.isoformat, datetime.fromisoformat),
    "date": (date, date.isoformat, date.fromisoformat),
    "time": (time, time.isoformat, time.fromisoformat),
    "timedelta": (timedelta, timedelta.total_seconds, lambda told: timedelta(seconds=told)),
    "decimal": (Decimal, str, Decimal),
    "bytes": (bytes, lambda value: b64encode(value).decode("ascii"), b64decode),
    "frozenset": (frozenset, list, frozenset),
    "set": (set, list, set),
}


class BadValue(Exception):
    """A response of an unexpected form."""


class Codec:
    """Writes values as bytes and reads them again.

    Parameters
    ----------
    mark : str
        The key that marks what has a name.
    classes : collection of type
        Dataclasses that may come.
    """

    def __init__(self, mark: str, classes: tuple[type, ...] = ()) -> None:
        self._mark = mark
        self._classes = {one.__qualname__: one for one in classes}

    def dump(self, value: Any) -> bytes:
        """Return a value as bytes."""
        told = json.dumps(self._keep_tuples(value), default=self._name, ensure_ascii=False)
        return told.encode("utf-8", "surrogatepass")

    def load(self, data: bytes | bytearray) -> Any:
        """Return the value that some bytes tell; `BadValue` where they tell none."""
        try:
            return json.loads(data.decode("utf-8", "surrogatepass"), object_hook=self._find)
        except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
            raise BadValue from error

    def _name(self, value: Any) -> Any:
        if isinstance(value, Promise):
            return str(value)
        if is_dataclass(value) and not isinstance(value, type):
            told = {one.name: self._keep_tuples(getattr(value, one.name)) for one in fields(value)}
            return {self._mark: type(value).__qualname__, "fields": told}
        for name, (kind, tell, _read) in _PLAIN.items():
            if isinstance(value, kind):
                return {self._mark: name, "value": tell(value)}
        if isinstance(value, Mapping):
            return dict(value)
        raise TypeError(f"{type(value).__name__} cannot be sent")

    def _keep_tuples(self, value: Any) -> Any:
        # For fields of a dataclass and for single values; inside plain lists a tuple is a list.
        if isinstance(value, tuple):
            return {self._mark: "tuple", "value": [self._keep_tuples(one) for one in value]}
        return value

    def _find(self, told: dict[str, Any]) -> Any:
        name = told.get(self._mark)
        if name is None:
            return told
        if name == "tuple":
            return tuple(told["value"])
        if name in _PLAIN:
            return _PLAIN[name][2](told["value"])
        return self._classes[name](**told["fields"])
