"""Stores of clusters' private keys: a store makes keys and signs; nobody else sees one.

`PROXENY_KEY_STORE` names the store of new keys. Each key remembers its own: those in the database
go on signing once new ones are kept by a program; those of a program need it as long as they sign.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

from proxeny.engine.credentials import Signer


class KeyUnusable(Exception):
    """A store does not get at a key, or is not to be reached; the message is for the log."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as a store made it: the public half, 32 bytes, and what the store finds it by."""

    public: bytes
    sealed: bytes


class KeyStore(Protocol):
    """Makes Ed25519 keys, and signs with them; what it hands out is no private key."""

    def make(self) -> NewKey:
        """Return a new key; `KeyUnusable` if none can be made."""
        ...

    def open(self, sealed: bytes, public: bytes) -> Signer:
        """Return the signer of a key; raise `KeyUnusable` if the store cannot open it."""
        ...


def _database(_setting: str) -> KeyStore:
    from proxeny.labels.operations.key_stores.database import DatabaseStore

    return DatabaseStore(settings.SECRET_KEY)


def _command(setting: str) -> KeyStore:
    from proxeny.labels.operations.key_stores.command import CommandStore

    return CommandStore(setting)


#: By the first word of the setting.
STORES: dict[str, Callable[[str], KeyStore]] = {"database": _database, "command": _command}


def store_of(name: str) -> KeyStore:
    """Return the store in which a key was made; `KeyUnusable` if this installation has none."""
    make = STORES.get(name)
    if make is None:
        raise KeyUnusable(f"there is no key store {name!r}")
    return make(_rest() if name == _name() else "")


def store_for_new() -> tuple[str, KeyStore]:
    """Return the name of the store in which new keys are made, and the store."""
    return _name(), store_of(_name())


def _name() -> str:
    return str(settings.KEY_STORE.partition(":")[0])


def _rest() -> str:
    return str(settings.KEY_STORE.partition(":")[2])
