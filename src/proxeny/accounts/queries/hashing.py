"""What is kept of secret addresses and tokens."""

import hashlib


def hash_token(token: str) -> str:
    """Return what is kept of a secret address: its SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()
