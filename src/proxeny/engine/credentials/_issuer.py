"""Issuer of a credential: the label's DID document, and those of its clusters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from proxeny.engine.credentials.did import did_to_url
from proxeny.engine.credentials.keys import decode_multikey
from proxeny.engine.credentials.memory import Resolve
from proxeny.engine.credentials.moments import read_moment
from proxeny.engine.credentials.verdict import Check

__all__ = ["Issuer", "Method", "find_issuer"]

#: More clusters than that behind one label are not looked up.
MOST_CLUSTERS = 12
_MOST_METHODS = 500


@dataclass(frozen=True, slots=True)
class Method:
    """A verification method: a key, and until when it counts."""

    public: bytes
    text: str
    may_assert: bool
    retired_at: datetime | None
    lost_at: datetime | None


@dataclass(frozen=True, slots=True)
class Issuer:
    """The label: methods by address, and for each cluster its keys, None where not to be had."""

    did: str
    methods: Mapping[str, Method]
    clusters: Mapping[str, Mapping[bytes, Method] | None]


def find_issuer(did: str, resolve: Resolve) -> tuple[Issuer | None, Check]:
    """Return the issuer behind a DID, or None and the reason."""
    try:
        url = did_to_url(did)
    except ValueError:
        return None, Check("issuer", "unknown_issuer", "no_did_web")
    document = resolve(url)
    if not isinstance(document, Mapping):
        return None, Check("issuer", "unchecked", "not_reached")
    methods = _read_methods(document, did)
    controllers = _controllers(document, did)
    if methods is None or controllers is None:
        return None, Check("issuer", "unknown_issuer", "no_did_document")
    clusters: dict[str, Mapping[bytes, Method] | None] = {}
    for cluster in controllers:
        keys, check = _read_cluster(cluster, resolve)
        if check is not None:
            return None, check
        clusters[cluster] = keys
    return Issuer(did, methods, clusters), Check("issuer", "valid")


def _controllers(document: Mapping[str, Any], did: str) -> list[str] | None:
    """Return the controllers of a DID: itself, unless it names others."""
    listed = document.get("controller", did)
    listed = [listed] if isinstance(listed, str) else listed
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST_CLUSTERS:
        return None
    if not all(isinstance(one, str) for one in listed) or len(set(listed)) < len(listed):
        return None
    return listed


def _read_cluster(did: str, resolve: Resolve) -> tuple[Mapping[bytes, Method] | None, Check | None]:
    try:
        document = resolve(did_to_url(did))
    except ValueError:
        return None, Check("issuer", "unknown_issuer", "cluster_no_did_web")
    if not isinstance(document, Mapping):
        return None, None
    methods = _read_methods(document, did)
    if methods is None:
        return None, Check("issuer", "unknown_issuer", "cluster_no_did_document")
    return _by_key(methods), None


def _by_key(methods: Mapping[str, Method]) -> dict[bytes, Method]:
    """Return methods by key; for a duplicate the stricter one counts."""
    keys: dict[bytes, Method] = {}
    for one in methods.values():
        other = keys.get(one.public, one)
        keys[one.public] = Method(
            one.public,
            one.text,
            one.may_assert and other.may_assert,
            _earlier(one.retired_at, other.retired_at),
            _earlier(one.lost_at, other.lost_at),
        )
    return keys


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(filter(None, (one, other)), default=None)


def _read_methods(document: Mapping[str, Any], did: str) -> dict[str, Method] | None:
    """Return the methods of a DID document by address, None if it is not the one of this DID."""
    listed = document.get("verificationMethod", [])
    asserts = document.get("assertionMethod", [])
    if document.get("id") != did or not isinstance(listed, list) or not isinstance(asserts, list):
        return None
    if len(listed) + len(asserts) > _MOST_METHODS:
        return None
    # A relation may name a method or hold one that is for it alone.
    embedded = [one for one in asserts if isinstance(one, dict)]
    may_assert = {one if isinstance(one, str) else one.get("id") for one in asserts if _named(one)}
    methods: dict[str, Method] = {}
    for raw in [*listed, *embedded]:
        read = _read_method(raw, did, may_assert)
        if read is None:
            continue
        address, method = read
        if address in methods:
            return None
        methods[address] = method
    return methods


def _named(one: object) -> bool:
    return isinstance(one, str) or (isinstance(one, dict) and isinstance(one.get("id"), str))


def _read_method(raw: object, did: str, may_assert: set[str | None]) -> tuple[str, Method] | None:
    """Return a method that is a Multikey of this DID; others are passed over."""
    if not isinstance(raw, dict) or raw.get("type") != "Multikey" or raw.get("controller") != did:
        return None
    address = raw.get("id")
    if not isinstance(address, str) or not address.startswith(f"{did}#"):
        return None
    moments = [read_moment(raw[name]) for name in ("expires", "revoked") if name in raw]
    try:
        public = decode_multikey(raw.get("publicKeyMultibase"))
    except ValueError:
        return None
    # A moment that cannot be read may be any: the key counts for nothing.
    if None in moments:
        return None
    method = Method(
        public,
        raw["publicKeyMultibase"],
        address in may_assert,
        read_moment(raw.get("expires")),
        read_moment(raw.get("revoked")),
    )
    return address, method
