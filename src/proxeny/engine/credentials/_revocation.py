"""Revocation check of a credential, by the list of its issuer."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from proxeny.engine.credentials._issuer import Issuer
from proxeny.engine.credentials._signatures import check_signatures
from proxeny.engine.credentials.memory import Memory, Resolve
from proxeny.engine.credentials.moments import read_moment
from proxeny.engine.credentials.status import StatusList, decode_list
from proxeny.engine.credentials.verdict import Check, State

__all__ = ["check_revocation", "issuer_of"]

_INDEX = re.compile(r"0|[1-9]\d{0,8}", flags=re.ASCII)
_MOST_ENTRIES = 8
_ORDER: tuple[State, ...] = ("unsupported", "revoked", "unchecked", "valid")


def check_revocation(
    document: Mapping[str, Any],
    issuer: Issuer,
    *,
    now: datetime,
    resolve: Resolve,
    memory: Memory,
) -> Check:
    """Return whether a credential is revoked; the first entry that says no good counts."""
    if "credentialStatus" not in document:
        return Check("status", "valid", "no_status")
    entries = document["credentialStatus"]
    entries = entries if isinstance(entries, list) else [entries]
    if not 0 < len(entries) <= _MOST_ENTRIES:
        return Check("status", "unsupported", "entry")
    checks = [
        _check_entry(entry, issuer, now=now, resolve=resolve, memory=memory) for entry in entries
    ]
    return min(checks, key=lambda check: _ORDER.index(check.state))


def _check_entry(
    entry: object, issuer: Issuer, *, now: datetime, resolve: Resolve, memory: Memory
) -> Check:
    read = _read_entry(entry)
    if isinstance(read, Check):
        return read
    url, index = read
    # The issuer is kept with it, so that no other one is ever taken for it.
    key = ("list", url, now, id(issuer))
    _kept, said = memory.recall(key, resolve, lambda look: (issuer, _look(url, look, issuer, now)))
    if isinstance(said, str):
        return Check("status", "unchecked", said)
    if index >= len(said):
        return Check("status", "unchecked", "index_outside")
    return Check("status", "revoked" if said.is_set(index) else "valid")


def _read_entry(entry: object) -> tuple[str, int] | Check:
    """Return list and index of an entry for revocation; other kinds are not judged here."""
    if not isinstance(entry, dict) or entry.get("type") != "BitstringStatusListEntry":
        return Check("status", "unsupported", "entry")
    if entry.get("statusPurpose") != "revocation" or entry.get("statusSize", 1) != 1:
        return Check("status", "unsupported", "purpose")
    url, index = entry.get("statusListCredential"), entry.get("statusListIndex")
    if not isinstance(url, str) or not isinstance(index, str) or not _INDEX.fullmatch(index):
        return Check("status", "unsupported", "entry")
    return url, int(index)


def _look(url: str, resolve: Resolve, issuer: Issuer, now: datetime) -> StatusList | str:
    document = resolve(url)
    if not isinstance(document, Mapping):
        return "list_not_reached"
    return _read_list(url, document, issuer, now)


def _read_list(
    url: str, document: Mapping[str, Any], issuer: Issuer, now: datetime
) -> StatusList | str:
    """Return the list of a list credential, or why it says nothing."""
    subject = document.get("credentialSubject")
    types = document.get("type")
    if not isinstance(subject, dict) or not isinstance(types, list):
        return "no_list"
    if "BitstringStatusListCredential" not in types or subject.get("type") != "BitstringStatusList":
        return "no_list"
    if document.get("id") != url or issuer_of(document) != issuer.did:
        return "list_of_others"
    if subject.get("statusPurpose") != "revocation":
        return "list_purpose"
    begins, ends = read_moment(document.get("validFrom")), read_moment(document.get("validUntil"))
    if begins is None or ends is None or not begins <= now < ends:
        return "list_not_current"
    _signatures, check = check_signatures(document, issuer, now)
    if check.state != "valid":
        return "list_not_signed"
    try:
        return decode_list(subject.get("encodedList"))
    except ValueError:
        return "no_list"


def issuer_of(document: Mapping[str, Any]) -> str:
    """Return the DID of a credential's issuer, empty if it names none."""
    issuer = document.get("issuer")
    issuer = issuer.get("id") if isinstance(issuer, dict) else issuer
    return issuer if isinstance(issuer, str) else ""
