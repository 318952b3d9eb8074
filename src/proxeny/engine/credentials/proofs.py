"""Data Integrity proofs with the cryptosuite `eddsa-jcs-2022`, and sets of them.

A proof signs the SHA-256 of its own settings and the SHA-256 of the document without proofs, both
canonical (JCS, RFC 8785). So several proofs of one document know nothing of each other, and can be
made in any order.

References
----------
W3C Data Integrity EdDSA Cryptosuites v1.0, section 3.3 (eddsa-jcs-2022); W3C Verifiable Credential
Data Integrity 1.0, sections 2.1 (proofs, proof sets) and 4.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import rfc8785

from proxeny.engine.credentials.keys import (
    Signer,
    check_signature,
    decode_multibase58,
    encode_multibase58,
)
from proxeny.engine.credentials.moments import write_moment

__all__ = [
    "SUITE",
    "UnsupportedSuite",
    "add_proof",
    "canonicalize",
    "check_proof",
    "check_signed",
    "hash_document",
    "list_proofs",
]

SUITE = "eddsa-jcs-2022"


class UnsupportedSuite(ValueError):
    """A proof of another type, cryptosuite or chained to another one: it cannot be judged here.

    Parameters
    ----------
    suite : str
        What it says it is.
    """

    def __init__(self, suite: str) -> None:
        super().__init__(f"cryptosuite: {suite!r} is not {SUITE}")
        self.suite = suite


def canonicalize(value: Any) -> bytes:
    """Return the canonical bytes of a JSON value (RFC 8785).

    Raises
    ------
    ValueError
        If it has none: a number that is not finite or a whole one beyond 2**53, a lone surrogate,
        another type, nested beyond what can be followed.
    """
    try:
        return rfc8785.dumps(value)
    except RecursionError:
        raise ValueError("document: nested too deep") from None
    except (rfc8785.CanonicalizationError, TypeError, AttributeError) as error:
        raise ValueError(f"document: {error}") from None


def hash_document(document: Mapping[str, Any]) -> bytes:
    """Return the SHA-256 of a document without its proofs, 32 bytes.

    Raises
    ------
    ValueError
        If it has no canonical form.
    """
    bare = {name: value for name, value in document.items() if name != "proof"}
    return hashlib.sha256(canonicalize(bare)).digest()


def list_proofs(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the proofs of a document, none if it has none.

    Raises
    ------
    ValueError
        If `proof` is neither an object nor a list of objects.
    """
    proof = document.get("proof", [])
    proofs = proof if isinstance(proof, list) else [proof]
    if not all(isinstance(one, dict) for one in proofs):
        raise ValueError("proof: neither an object nor a list of objects")
    return proofs


def add_proof(
    document: Mapping[str, Any],
    *,
    signer: Signer,
    method: str,
    created: datetime,
    purpose: str = "assertionMethod",
) -> dict[str, Any]:
    """Return a copy of a document with one proof more; those that it has stay as they are.

    Parameters
    ----------
    signer : Signer
        Signs 64 bytes: two hashes.
    method : str
        The address of the verification method in the issuer's DID document.
    created : datetime
        Aware; written in whole seconds.

    Raises
    ------
    ValueError
        If the document has no canonical form or its proofs are none, or `created` has no zone.
    """
    proofs = list_proofs(document)
    config = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": write_moment("created", created),
        "verificationMethod": method,
        "proofPurpose": purpose,
    }
    if "@context" in document:
        config["@context"] = document["@context"]
    signature = signer.sign(_hash_config(config) + hash_document(document))
    proofs = [*proofs, {**config, "proofValue": encode_multibase58(signature)}]
    return {**document, "proof": proofs if len(proofs) > 1 else proofs[0]}


def check_proof(document: Mapping[str, Any], proof: Mapping[str, Any], *, public: bytes) -> bool:
    """Return whether a proof is of this document and by this key, as specified.

    The owner of the key, and whether it may sign, are not checked here.

    Raises
    ------
    UnsupportedSuite
        If the proof is of another type or suite.
    ValueError
        If the document has no canonical form.

    Notes
    -----
    The specification accepts a document with more contexts behind those of the proof, which are
    then not signed. `verify` does not accept them.
    """
    contexts, signed = _as_list(document.get("@context")), _as_list(proof.get("@context"))
    if "@context" in proof:
        if contexts[: len(signed)] != signed:
            return False
        document = {**document, "@context": proof["@context"]}
    return check_signed(hash_document(document), proof, public=public)


def check_signed(digest: bytes, proof: Mapping[str, Any], *, public: bytes) -> bool:
    """Return whether a proof is of a document with this hash and by this key.

    For many proofs of one document: the hash is computed once.

    Raises
    ------
    UnsupportedSuite
        If the proof is of another type or suite.
    ValueError
        If the proof has no canonical form.
    """
    _check_suite(proof)
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    try:
        signature = decode_multibase58(proof.get("proofValue"))
    except ValueError:
        return False
    return check_signature(public, signature, _hash_config(config) + digest)


def _check_suite(proof: Mapping[str, Any]) -> None:
    if proof.get("type") != "DataIntegrityProof":
        raise UnsupportedSuite(str(proof.get("type")))
    if proof.get("cryptosuite") != SUITE:
        raise UnsupportedSuite(str(proof.get("cryptosuite")))
    if "previousProof" in proof:
        raise UnsupportedSuite("previousProof")


def _hash_config(config: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(canonicalize(dict(config))).digest()


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
