"""Unguessable addresses."""

import secrets


def make_code() -> str:
    """Return the unguessable part of an award's address: 96 bits."""
    return secrets.token_hex(12)
