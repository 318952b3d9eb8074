"""Verdict on a credential: words for a program, and the facts behind them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

__all__ = ["Check", "Expected", "Signature", "State", "Verdict", "weigh"]

type State = Literal[
    "valid",
    "not_yet_valid",
    "expired",
    "revoked",
    "altered",
    "signature_missing",
    "unknown_issuer",
    "unsupported",
    "unreadable",
    "unchecked",
]
type Name = Literal["form", "issuer", "signatures", "status", "period"]

#: Weightier states come first. A signature that could not be checked outweighs what the credential
#: says of its own dates, which are then unauthenticated.
_WEIGHT: tuple[State, ...] = (
    "unreadable",
    "unsupported",
    "unknown_issuer",
    "altered",
    "signature_missing",
)
_LATER: tuple[State, ...] = ("revoked", "expired", "not_yet_valid", "unchecked")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Parameters
    ----------
    name : str
        `form`, `issuer`, `signatures`, `status` or `period`.
    state : str
        `valid`, or what it makes of the credential.
    reason : str
        Why, in one word; empty if there is nothing to say.
    """

    name: Name
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One proof.

    Parameters
    ----------
    state : str
        `valid`: it is of this document, by a key that its cluster had then. `altered`: not of this
        document, or not by the key that it names. `signature_missing`: it does not count;
        `reason` says why. `unsupported`: of another kind. `unchecked`: a document could not be had.
    reason : str
        `unknown_key` (not under the label, or not with a cluster), `shared_key` (with two),
        `not_for_this` (it may not sign that), `retired`, `lost`, `made_later` (than now),
        `undated`, `expired` (the proof), `twice` (the same cluster again).
    cluster : str, optional
        The DID of the cluster whose key it is, if known.
    method : str
        The verification method that it names.
    key : str
        The public key as Multikey, if known.
    created_at : datetime, optional
        When it says it was made.
    """

    state: State
    reason: str = ""
    cluster: str | None = None
    method: str = ""
    key: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Facts that the caller knows already; None is anything.

    Parameters
    ----------
    id : str, optional
        The address it was fetched from.
    issuer : str, optional
        The DID of the label.
    clusters : frozenset of str, optional
        The DIDs of the clusters behind it.
    """

    id: str | None = None
    issuer: str | None = None
    clusters: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Verdict on a credential.

    Parameters
    ----------
    state : str
        The weightiest of all checks. Only `valid` is valid; `unchecked` says that a document could
        not be fetched, and never means valid.
    checks : tuple of Check
        Those that were made: after a failed one, unauthenticated content is not examined.
    signatures : tuple of Signature
        As in the credential.
    issuer : str
        The DID it names.
    clusters : tuple of str
        The controllers of the issuer, all of which have to sign.
    missing : tuple of str
        Those of them without a valid signature.
    valid_from, valid_until : datetime, optional
        As stated in it.
    """

    state: State
    checks: tuple[Check, ...]
    signatures: tuple[Signature, ...] = ()
    issuer: str = ""
    clusters: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    def reason_of(self, name: Name) -> str:
        """Return the reason of a check, empty if it was not made."""
        return next((check.reason for check in self.checks if check.name == name), "")


def weigh(checks: Iterable[Check]) -> State:
    """Return the weightiest state."""
    states = {(check.name, check.state) for check in checks}
    for state in _WEIGHT:
        if any(one == state for _name, one in states):
            return state
    if any(name != "status" and state == "unchecked" for name, state in states):
        return "unchecked"
    return next((one for one in _LATER if any(state == one for _n, state in states)), "valid")
