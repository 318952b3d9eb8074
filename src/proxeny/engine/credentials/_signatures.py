"""Signature check: each cluster of a label has signed a document, once, with a key of its own."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from proxeny.engine.credentials._issuer import Issuer, Method
from proxeny.engine.credentials.moments import read_moment
from proxeny.engine.credentials.proofs import (
    UnsupportedSuite,
    check_signed,
    hash_document,
    list_proofs,
)
from proxeny.engine.credentials.verdict import Check, Signature, State

__all__ = ["check_signatures", "list_missing"]

#: Clocks of those who sign and of those who verify differ by no more.
_CLOCKS = timedelta(minutes=5)
_MOST_PROOFS = 24


def check_signatures(
    document: Mapping[str, Any], issuer: Issuer, now: datetime
) -> tuple[tuple[Signature, ...], Check]:
    """Return what is to be said of each proof, and of all of them together."""
    try:
        proofs = list_proofs(document)
        digest = hash_document(document)
    except ValueError:
        return (), Check("signatures", "unreadable", "no_canonical_form")
    if len(proofs) > _MOST_PROOFS:
        return (), Check("signatures", "unsupported", "too_many")
    found = [_check_one(document, proof, digest, issuer, now) for proof in proofs]
    signatures = _mark_twice(found)
    return signatures, _sum_up(signatures, issuer)


def list_missing(signatures: Sequence[Signature], issuer: Issuer) -> tuple[str, ...]:
    """Return the clusters without a signature that counts."""
    signed = {one.cluster for one in signatures if one.state == "valid"}
    return tuple(cluster for cluster in issuer.clusters if cluster not in signed)


def _sum_up(signatures: Sequence[Signature], issuer: Issuer) -> Check:
    # Every proof has to be good: one that is not says that somebody was at it.
    states: tuple[State, ...] = ("unsupported", "altered", "unchecked", "signature_missing")
    for state in states:
        reasons = [one.reason for one in signatures if one.state == state]
        if reasons:
            return Check("signatures", state, reasons[0])
    if list_missing(signatures, issuer):
        return Check("signatures", "signature_missing", "missing")
    return Check("signatures", "valid")


def _mark_twice(signatures: Sequence[Signature]) -> tuple[Signature, ...]:
    """Return them with what one cluster signed twice: neither of the two is the other's."""
    counts = Counter(one.cluster for one in signatures if one.state == "valid")
    return tuple(
        replace(one, state="signature_missing", reason="twice")
        if one.state == "valid" and counts[one.cluster] > 1
        else one
        for one in signatures
    )


def _check_one(
    document: Mapping[str, Any],
    proof: Mapping[str, Any],
    digest: bytes,
    issuer: Issuer,
    now: datetime,
) -> Signature:
    address = proof.get("verificationMethod")
    method = issuer.methods.get(address) if isinstance(address, str) else None
    said = Signature(
        state="valid",
        method=address if isinstance(address, str) else "",
        key=method.text if method else "",
        created_at=read_moment(proof.get("created")),
    )
    state, reason = _check_mathematics(document, proof, digest, method)
    if state != "valid" or method is None:
        return replace(said, state=state, reason=reason)
    cluster, state, reason = _find_cluster(method, issuer)
    if state == "valid" and cluster is not None:
        own = issuer.clusters[cluster] or {}
        reason = _find_objection(proof, said.created_at, (method, own[method.public]), now)
        state = "signature_missing" if reason else "valid"
    return replace(said, cluster=cluster, state=state, reason=reason)


def _check_mathematics(
    document: Mapping[str, Any], proof: Mapping[str, Any], digest: bytes, method: Method | None
) -> tuple[State, str]:
    try:
        # Contexts say what words mean; all that are read have to be signed.
        same = proof.get("@context") == document.get("@context")
        good = check_signed(digest, proof, public=method.public if method else b"") and same
    except UnsupportedSuite:
        return "unsupported", "suite"
    except ValueError:
        return "unreadable", "no_canonical_form"
    if method is None:
        return "signature_missing", "unknown_key"
    return ("valid", "") if good else ("altered", "other_bytes")


def _find_cluster(method: Method, issuer: Issuer) -> tuple[str | None, State, str]:
    """Return the one cluster that has the key in its own document."""
    owners = [did for did, keys in issuer.clusters.items() if keys and method.public in keys]
    if len(owners) > 1:
        return None, "signature_missing", "shared_key"
    if owners:
        return owners[0], "valid", ""
    if None in issuer.clusters.values():
        return None, "unchecked", "cluster_not_reached"
    return None, "signature_missing", "unknown_key"


def _find_objection(
    proof: Mapping[str, Any],
    created: datetime | None,
    methods: tuple[Method, Method],
    now: datetime,
) -> str:
    """Return why a proof that is right does not count, empty if it does.

    Both documents have to agree to it, the label's and the cluster's own.
    """
    expires = read_moment(proof.get("expires"))
    # The holder of a lost key can write any date, so the date of the proof does not matter.
    lost = any(one.lost_at is not None and one.lost_at <= now for one in methods)
    objections = {
        "lost": lost,
        "not_for_this": proof.get("proofPurpose") != "assertionMethod"
        or not all(one.may_assert for one in methods),
        "undated": created is None or ("expires" in proof and expires is None),
        "made_later": created is not None and created > now + _CLOCKS,
        "expired": expires is not None and expires <= now,
        "retired": any(
            created is not None and one.retired_at is not None and created >= one.retired_at
            for one in methods
        ),
    }
    return next((name for name, holds in objections.items() if holds), "")
