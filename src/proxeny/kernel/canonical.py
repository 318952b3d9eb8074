"""Plain data as one text, and the fingerprint of it."""

import hashlib
import json
from typing import Any


def write_canonical(data: Any) -> str:
    """Return plain data as the one text that its fingerprint is made of, whatever the order of keys."""
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest_of(data: Any) -> str:
    """Return the SHA-256 of plain data, in hexadecimal."""
    return hashlib.sha256(write_canonical(data).encode()).hexdigest()
