"""Keys in Proxeny's own database, sealed with a key that is not in it (AES-256-GCM).

The sealing key is derived from PROXENY_SECRET_KEY, so that a stolen table or backup signs nothing.
With another secret the keys become unusable: that is reported, and new ones are made.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from proxeny.engine.credentials import LocalSigner, Signer, generate
from proxeny.labels.operations.key_stores import KeyUnusable, NewKey

#: How it is sealed, so that another way can follow.
_FORM = b"\x01"
_NONCE = 12


class DatabaseStore:
    """Seals with what is derived from a secret. The public half is bound to what is sealed."""

    def __init__(self, secret: str) -> None:
        derived = HKDF(SHA256(), length=32, salt=None, info=b"proxeny issuer keys")
        self._cipher = AESGCM(derived.derive(secret.encode()))

    def make(self) -> NewKey:
        """Return a new key, sealed."""
        signer = generate()
        nonce = os.urandom(_NONCE)
        sealed = self._cipher.encrypt(nonce, signer.reveal_seed(), signer.public)
        return NewKey(signer.public, _FORM + nonce + sealed)

    def open(self, sealed: bytes, public: bytes) -> Signer:
        """Return a signer; raise `KeyUnusable` with another secret or exchanged data."""
        form, nonce, rest = sealed[:1], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        if form != _FORM:
            raise KeyUnusable("sealed in a form that is not known here")
        try:
            return LocalSigner(self._cipher.decrypt(nonce, rest, public))
        except (InvalidTag, ValueError):
            raise KeyUnusable("sealed with another PROXENY_SECRET_KEY") from None
