"""Verification of a credential: signatures, alterations, revocation, and period of validity.

Nothing is fetched and no clock is read: `resolve` returns documents, `now` is the moment. Results
are words for a program and facts; sentences belong to pages.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from proxeny.engine.credentials._issuer import find_issuer
from proxeny.engine.credentials._revocation import check_revocation, issuer_of
from proxeny.engine.credentials._signatures import check_signatures, list_missing
from proxeny.engine.credentials.award import CONTEXTS
from proxeny.engine.credentials.did import host_of
from proxeny.engine.credentials.memory import Memory, Resolve
from proxeny.engine.credentials.moments import read_moment
from proxeny.engine.credentials.reading import Unreadable, check_json
from proxeny.engine.credentials.verdict import Check, Expected, Verdict, weigh

__all__ = ["verify"]

_TYPES = ("OpenBadgeCredential", "AchievementCredential")


def verify(
    document: Mapping[str, Any],
    *,
    now: datetime,
    resolve: Resolve,
    expected: Expected | None = None,
    memory: Memory | None = None,
) -> Verdict:
    """Return the verdict on a credential.

    Parameters
    ----------
    document : mapping
        As `read_credential` returns it; anything else is checked too, and never valid by mistake.
    now : datetime
        Aware.
    resolve : callable
        Returns the JSON object at an address: DID documents and status lists. None if it could not
        be fetched, which makes the credential `unchecked`, never valid. It must not raise.
    expected : Expected, optional
        The known facts. Without them a credential of any label can be valid: the caller decides on
        trust by `issuer` and `clusters` of the verdict.
    memory : Memory, optional
        One for a batch, so that issuer and list are checked once.

    Returns
    -------
    Verdict

    Raises
    ------
    ValueError
        If `now` has no zone. A bad credential is a verdict.

    Notes
    -----
    Every controller of the issuer's DID document must have signed exactly once, with a key that is
    listed under the issuer and in the controller's own DID document, may assert in both, and was
    neither retired when it signed nor lost by now. Any further proof makes it invalid.

    References
    ----------
    W3C Verifiable Credentials Data Model v2.0, section 7.1 (verification); Bitstring Status List
    v1.0, section 3.2 (validate).
    """
    if now.tzinfo is None:
        raise ValueError(f"now: {now} has no zone")
    expected, memory = expected or Expected(), memory or Memory()
    form = _check_form(document, expected)
    if form.state != "valid":
        return Verdict(state=form.state, checks=(form,))
    did = issuer_of(document)
    period = _check_period(document, now)
    told = Verdict(
        state="valid",
        checks=(form, period),
        issuer=did,
        valid_from=read_moment(document.get("validFrom")),
        valid_until=read_moment(document.get("validUntil")),
    )
    return _judge(document, told, now=now, resolve=resolve, expected=expected, memory=memory)


def _judge(
    document: Mapping[str, Any],
    told: Verdict,
    *,
    now: datetime,
    resolve: Resolve,
    expected: Expected,
    memory: Memory,
) -> Verdict:
    """Return the verdict with everything that needs the issuer's documents."""
    form, period = told.checks
    issuer, known = memory.recall(
        ("issuer", told.issuer), resolve, lambda look: find_issuer(told.issuer, look)
    )
    if issuer is None:
        few = (form, known, period)
        return replace(told, state=weigh(few), checks=few)
    if expected.clusters not in (None, frozenset(issuer.clusters)):
        known = Check("issuer", "unknown_issuer", "other_clusters")
    signatures, signed = check_signatures(document, issuer, now)
    checks: tuple[Check, ...] = (form, known, signed, period)
    if signed.state == "valid":
        # Only then: an address without a trusted source isn't fetched.
        status = check_revocation(document, issuer, now=now, resolve=resolve, memory=memory)
        checks = (form, known, signed, status, period)
    return replace(
        told,
        state=weigh(checks),
        checks=checks,
        signatures=signatures,
        clusters=tuple(issuer.clusters),
        missing=list_missing(signatures, issuer),
    )


def _check_form(document: Mapping[str, Any], expected: Expected) -> Check:
    """Return whether it is an award at all, and the one that is meant."""
    try:
        check_json(dict(document))
    except Unreadable as error:
        return Check("form", "unreadable", error.code)
    contexts, types = document.get("@context"), document.get("type")
    if contexts != list(CONTEXTS):
        return Check("form", "unsupported", "contexts")
    if not isinstance(types, list) or "VerifiableCredential" not in types:
        return Check("form", "unsupported", "types")
    if not any(one in types for one in _TYPES):
        return Check("form", "unsupported", "types")
    subject = document.get("credentialSubject")
    if not isinstance(subject, dict) or not isinstance(subject.get("achievement"), dict):
        return Check("form", "unsupported", "subject")
    return _check_place(document, expected)


def _check_place(document: Mapping[str, Any], expected: Expected) -> Check:
    """Return whether its address is one of its issuer, and the one where it was found."""
    address, did = document.get("id"), issuer_of(document)
    if expected.issuer not in (None, did):
        return Check("form", "unknown_issuer", "other_issuer")
    try:
        host = urlsplit(address).netloc if isinstance(address, str) else ""
        if host != host_of(did):
            return Check("form", "unknown_issuer", "id_elsewhere")
    except ValueError:
        return Check("form", "unknown_issuer", "no_did_web")
    if expected.id not in (None, address):
        return Check("form", "altered", "other_id")
    return Check("form", "valid")


def _check_period(document: Mapping[str, Any], now: datetime) -> Check:
    begins, ends = read_moment(document.get("validFrom")), read_moment(document.get("validUntil"))
    if begins is None or (ends is None and "validUntil" in document):
        return Check("period", "unsupported", "moments")
    if now < begins:
        return Check("period", "not_yet_valid")
    if ends is not None and now >= ends:
        return Check("period", "expired")
    return Check("period", "valid")
