"""DIDs of the method `web`: their addresses, and the documents of a cluster and of a label.

A label is an identity of its own, controlled by every cluster behind it. Its document has one
verification method for each key with which a cluster signs for it. The cluster's own document has
the same key, so that no key can be added that the cluster does not hold.

References
----------
W3C Controlled Identifiers v1.0, sections 2.1 (controller), 2.2 (verification methods, `expires`,
`revoked`); the did:web method specification of the W3C Credentials Community Group.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from proxeny.engine.credentials.keys import encode_multikey
from proxeny.engine.credentials.moments import write_moment

__all__ = [
    "Key",
    "build_cluster_document",
    "build_label_document",
    "did_to_url",
    "host_of",
    "url_to_did",
]

_CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1")
_LOOPBACK = frozenset({"localhost", "127.0.0.1"})
_WELL_KNOWN = "/.well-known/did.json"
_HOST = re.compile(
    r"(?=.{1,253}(?::|$))(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*"
    r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?::[1-9]\d{0,4})?",
    flags=re.ASCII,
)
_PART = re.compile(r"[A-Za-z0-9._~-]|%[0-9A-F]{2}", flags=re.ASCII)
_FRAGMENT = re.compile(r"[A-Za-z0-9._~-]{1,100}", flags=re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Key of a cluster, as it appears in documents.

    Parameters
    ----------
    name : str
        Its fragment, the same in both documents; of letters, digits and `._~-`.
    public : bytes
        The Ed25519 public key, 32 bytes.
    retired_at : datetime, optional
        It signs nothing from then on. Earlier signatures stay valid.
    lost_at : datetime, optional
        The key may be compromised. No signature by it is valid from then on, whatever its date: the
        holder of a key can write any date.

    Raises
    ------
    ValueError
        On an invalid value; the message names the field.
    """

    name: str
    public: bytes
    retired_at: datetime | None = None
    lost_at: datetime | None = None

    def __post_init__(self) -> None:
        if not _FRAGMENT.fullmatch(self.name):
            raise ValueError(f"name: {self.name!r} is no fragment")
        encode_multikey(self.public)
        for name in ("retired_at", "lost_at"):
            at = getattr(self, name)
            if at is not None and at.tzinfo is None:
                raise ValueError(f"{name}: {at} has no zone")


def did_to_url(did: str) -> str:
    """Return the address of a DID's document.

    Raises
    ------
    ValueError
        If it is no did:web, or its host is none: an IP address other than 127.0.0.1, capital
        letters, an empty part of the path, or one that climbs.

    Examples
    --------
    >>> did_to_url("did:web:cluster.example:labels:green")
    'https://cluster.example/labels/green/did.json'
    >>> did_to_url("did:web:localhost%3A8000")
    'http://localhost:8000/.well-known/did.json'
    """
    if not did.startswith("did:web:") or len(did) > 2000:
        raise ValueError("did: not of the method web")
    first, *parts = did.removeprefix("did:web:").split(":")
    host = first.replace("%3A", ":")
    _check_host(host)
    if not all(_is_part(part) for part in parts):
        raise ValueError("did: a part of its path is none")
    path = f"/{'/'.join(parts)}/did.json" if parts else _WELL_KNOWN
    return f"{_scheme(host)}://{host}{path}"


def url_to_did(url: str) -> str:
    """Return the did:web whose document is at an address.

    Raises
    ------
    ValueError
        If no did:web has its document there.

    Examples
    --------
    >>> url_to_did("https://cluster.example:8443/labels/green/did.json")
    'did:web:cluster.example%3A8443:labels:green'
    """
    parts = urlsplit(url)
    # `/.well-known/did.json` is the place of a DID without a path.
    path = parts.path.removesuffix("/did.json").split("/")[1:]
    path = [] if path == [".well-known"] else path
    did = ":".join(["did:web", quote(parts.netloc, safe=""), *path])
    if did_to_url(did) != url:
        raise ValueError(f"url: no did:web has its document at {url!r}")
    return did


def host_of(did: str) -> str:
    """Return host and port of a did:web.

    Raises
    ------
    ValueError
        If it is none.
    """
    return urlsplit(did_to_url(did)).netloc


def _check_host(host: str) -> None:
    name = host.partition(":")[0]
    number = name.rpartition(".")[2].isdigit() and name not in _LOOPBACK
    if not _HOST.fullmatch(host) or number:
        raise ValueError(f"did: {host[:100]!r} is no host")


def _is_part(part: str) -> bool:
    return bool(part) and unquote(part) not in (".", "..") and not _PART.sub("", part)


def _scheme(host: str) -> str:
    """Return http for one's own machine only, where nobody has certificates."""
    return "http" if host.partition(":")[0] in _LOOPBACK else "https"


def build_cluster_document(did: str, *, keys: Sequence[Key]) -> dict[str, Any]:
    """Return the DID document of a cluster.

    Parameters
    ----------
    keys : sequence of Key
        All it ever had: a retired one stays, so that what it signed holds; a lost one stays with
        the moment, but is no longer among those that sign.

    Raises
    ------
    ValueError
        If the DID is no did:web, or two keys have one name.
    """
    return _build(did, controllers=(), keys=keys)


def build_label_document(did: str, *, keys: Mapping[str, Sequence[Key]]) -> dict[str, Any]:
    """Return the DID document of a label.

    Parameters
    ----------
    keys : mapping of str to sequence of Key
        For each cluster's DID its keys, as in its own document. Every cluster listed controls the
        label, and each has to sign what it issues.

    Raises
    ------
    ValueError
        If there are fewer than two clusters, a DID is no did:web, two keys have one name, or two
        clusters have the same key.

    Notes
    -----
    The methods' controller is the label, not the cluster: verifiers ask for a method whose
    controller is the issuer (Controlled Identifiers, section 3.3).
    """
    if len(keys) < 2:
        raise ValueError(f"keys: {len(keys)} clusters; a label has two at least")
    for cluster in keys:
        did_to_url(cluster)
    every = [key for cluster in keys.values() for key in cluster]
    if len({key.public for key in every}) < len(every):
        raise ValueError("keys: one key stands there twice")
    return _build(did, controllers=tuple(keys), keys=every)


def _build(did: str, *, controllers: Sequence[str], keys: Sequence[Key]) -> dict[str, Any]:
    did_to_url(did)
    names = [key.name for key in keys]
    if len(set(names)) < len(names):
        raise ValueError("keys: two have one name")
    document: dict[str, Any] = {"@context": list(_CONTEXTS), "id": did}
    if controllers:
        document["controller"] = list(controllers)
    document["verificationMethod"] = [_method(did, key) for key in keys]
    document["assertionMethod"] = [f"{did}#{key.name}" for key in keys if key.lost_at is None]
    return document


def _method(did: str, key: Key) -> dict[str, str]:
    method = {
        "id": f"{did}#{key.name}",
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": encode_multikey(key.public),
    }
    if key.retired_at is not None:
        method["expires"] = write_moment("retired_at", key.retired_at)
    if key.lost_at is not None:
        method["revoked"] = write_moment("lost_at", key.lost_at)
    return method
