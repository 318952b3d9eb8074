"""Addresses that nobody guesses."""

import secrets


def make_code() -> str:
    """Return the part of an award's address that nobody guesses: 96 bits."""
    return secrets.token_hex(12)
