"""Fingerprints of the values in a form: enough to tell who changed a field, without its text."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, time
from typing import Any


def canonical(value: Any) -> str:
    """Return a value as text that is equal where a person would call the values equal.

    Nothing, an empty text, an empty list and an unticked box are the same; line ends of the
    browser and space around a text do not count.
    """
    if value is None or value is False or value in ("", [], ()):
        return ""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if isinstance(value, list | tuple):
        return json.dumps([canonical(one) for one in value], ensure_ascii=False)
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def mark(name: str, value: str) -> str:
    """Return the fingerprint of a canonical value."""
    return hashlib.sha256(f"{name}\0{value}".encode()).hexdigest()[:12]


def write_marks(marks: Mapping[str, str]) -> str:
    """Return fingerprints as the text that a hidden input carries."""
    return " ".join(f"{name}={value}" for name, value in marks.items())


def read_marks(text: str) -> dict[str, str]:
    """Return the fingerprints of a posted text; invalid ones are left out."""
    pairs = (word.partition("=") for word in text.split())
    return {name: value for name, _equal, value in pairs if name and value}


def fingerprint(*values: Any) -> int:
    """Return a number that serves as the version of a record that has no column for one."""
    return int(mark("", canonical([*values]))[:7], 16)
