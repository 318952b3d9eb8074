"""Hashes of secret addresses and tokens, and links found by them."""

import hashlib

from django.db import models

from proxeny.kernel.tenancy import as_service


def hash_token(token: str) -> str:
    """Return the stored form of a secret address: its SHA-256, in hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_by_secret[L: models.Model](links: models.QuerySet[L], token: str) -> L | None:
    """Return the link with this secret among some, whose `token_hash` holds its stored form.

    One query; the caller says which links are still open.
    """
    with as_service("No reader may see links: each is found by its secret alone."):
        return links.filter(token_hash=hash_token(token)).first()
