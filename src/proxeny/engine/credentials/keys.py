"""Ed25519 keys: how they are written (Multikey), and what can sign.

A key that signs is whatever has a public key and signs bytes: one in memory here, one behind a KMS
or an HSM elsewhere. Nothing here writes a private key anywhere, not into a repr either.
"""

from functools import lru_cache
from typing import Protocol

import base58
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

__all__ = [
    "LocalSigner",
    "Signer",
    "check_signature",
    "decode_multibase58",
    "decode_multikey",
    "encode_multibase58",
    "encode_multikey",
    "generate",
]

#: The multicodec of an Ed25519 public key, as an unsigned varint.
_CODEC = b"\xed\x01"
_KEY_BYTES = 32
#: Longer text is no key or signature; base58 takes time by the square of the length.
_MOST_TEXT = 128


class Signer(Protocol):
    """Signer: a key in memory, or one that never leaves a KMS or an HSM."""

    @property
    def public(self) -> bytes:
        """Return the public key, 32 bytes."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the Ed25519 signature of some bytes, 64 bytes."""
        ...


class LocalSigner:
    """A key in memory.

    Parameters
    ----------
    seed : bytes
        32 bytes, the private key (RFC 8032, section 5.1.5).

    Raises
    ------
    ValueError
        If the seed is of another length; the message does not contain it.
    """

    __slots__ = ("_key", "_public")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != _KEY_BYTES:
            raise ValueError(f"seed: {len(seed)} bytes, not {_KEY_BYTES}")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self._public = self._key.public_key().public_bytes_raw()

    @property
    def public(self) -> bytes:
        """Return the public key, 32 bytes."""
        return self._public

    def sign(self, data: bytes) -> bytes:
        """Return the signature, 64 bytes."""
        return self._key.sign(data)

    def reveal_seed(self) -> bytes:
        """Return the private key, for (encrypted) storage."""
        return self._key.private_bytes_raw()

    def __repr__(self) -> str:
        return f"LocalSigner({encode_multikey(self._public)})"


def generate() -> LocalSigner:
    """Return a new key, from the operating system's randomness."""
    return LocalSigner(Ed25519PrivateKey.generate().private_bytes_raw())


def check_signature(public: bytes, signature: bytes, data: bytes) -> bool:
    """Return whether a signature is of these bytes and by this key.

    Parameters
    ----------
    public : bytes
        32 bytes; anything else, or no point of the curve, is False.
    """
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def encode_multibase58(data: bytes) -> str:
    """Return bytes as multibase in base58btc: `z` and the text."""
    return "z" + base58.b58encode(data).decode("ascii")


def decode_multibase58(text: object) -> bytes:
    """Return the bytes of a multibase text in base58btc.

    Raises
    ------
    ValueError
        If it is no text, has another base, is longer than a signature, or is not base58.
    """
    if not isinstance(text, str) or not text.startswith("z") or len(text) > _MOST_TEXT:
        raise ValueError("multibase: not base58btc")
    # b58decode passes over surrounding white space, which would let a signed text be changed.
    if not text.isascii() or not text.isalnum():
        raise ValueError("multibase: characters that base58btc does not have")
    return base58.b58decode(text[1:])


def encode_multikey(public: bytes) -> str:
    """Return an Ed25519 public key as Multikey, `z6Mk…`.

    Raises
    ------
    ValueError
        If the key has not 32 bytes.

    References
    ----------
    W3C Controlled Identifiers v1.0, section 2.2.2 (Multikey) and 2.4 (multibase).
    """
    if len(public) != _KEY_BYTES:
        raise ValueError(f"public: {len(public)} bytes, not {_KEY_BYTES}")
    return encode_multibase58(_CODEC + public)


@lru_cache(maxsize=4096)
def _decode(text: str) -> bytes:
    data = decode_multibase58(text)
    if len(data) != len(_CODEC) + _KEY_BYTES or not data.startswith(_CODEC):
        raise ValueError("publicKeyMultibase: no Ed25519 public key")
    return data[len(_CODEC) :]


def decode_multikey(text: object) -> bytes:
    """Return the 32 bytes of an Ed25519 public key that is written as Multikey.

    Raises
    ------
    ValueError
        If it is none: another type of key, another base, another length.
    """
    if not isinstance(text, str):
        raise ValueError("publicKeyMultibase: not a text")
    return _decode(text)
