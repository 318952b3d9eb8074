"""Results of a verification: the verdict on a credential, and related facts.

Neither the database nor the network is used here: the site and the command line verify it each
their way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict

from proxeny.engine.credentials import Verdict
from proxeny.engine.credentials.did import host_of

#: What is found of a credential beside the engine's states.
#: `replaced`: another award stands in its place. `elsewhere`: of another site, which is not asked
#: from here. `never_given`: well signed, yet nobody here knows of it.
OWN_STATES = ("replaced", "elsewhere", "never_given")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result of a verification.

    Parameters
    ----------
    state : str
        The verdict's, or one of `OWN_STATES`.
    verdict : Verdict
        The engine's verdict.
    label, holder, level : str
        As in the credential; trusted only if `state` is that of a signed one.
    project, page : str
        The awarded project and its public page, if known here.
    names : mapping of str to str
        Of clusters and of the label, by DID, as far as known here.
    is_known : bool
        Whether the clusters are shown by name; else by the addresses of their identifiers.
    why, since : str, datetime, optional
        The public reason of a revocation, and its time.
    follower : str
        The page of the award that replaces it.
    place : str
        The place of issue, if elsewhere.
    """

    state: str
    verdict: Verdict
    label: str = ""
    holder: str = ""
    level: str = ""
    project: str = ""
    page: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    is_known: bool = False
    why: str = ""
    since: datetime | None = None
    follower: str = ""
    place: str = ""

    def name(self, did: str) -> str:
        """Return the name of a cluster or a label."""
        return self.names.get(did) or place_of(did)

    @property
    def clusters(self) -> list[str]:
        """The names of the clusters that have to sign."""
        return [self.name(one) for one in self.verdict.clusters]

    @property
    def missing(self) -> list[str]:
        """The names of the clusters that have not signed."""
        return [self.name(one) for one in self.verdict.missing]


class SaysItself(TypedDict):
    """The claims of a credential; empty if missing."""

    label: str
    holder: str
    level: str


def read_said(document: Mapping[str, Any]) -> SaysItself:
    """Return the claims of a credential.

    Anybody may have written it; nothing is believed here.
    """
    subject = _object(document.get("credentialSubject"))
    achievement = _object(subject.get("achievement"))
    label = _text(achievement.get("name")) or _text(document.get("name"))
    return {
        "label": label,
        "holder": _holder(subject),
        "level": _level(subject, achievement),
    }


def _holder(subject: Mapping[str, Any]) -> str:
    for one in _list(subject.get("identifier")):
        if _object(one).get("identityType") == "name":
            return _text(_object(one).get("identityHash"))
    return ""


def _level(subject: Mapping[str, Any], achievement: Mapping[str, Any]) -> str:
    reached = {_text(_object(one).get("achievedLevel")) for one in _list(subject.get("result"))}
    for described in _list(achievement.get("resultDescription")):
        for one in _list(_object(described).get("rubricCriterionLevel")):
            level = _object(one)
            if _text(level.get("id")) and _text(level.get("id")) in reached:
                return _text(level.get("name"))
    return ""


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _text(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:200]


def place_of(did: str) -> str:
    """Return the short address of an identifier: the host, and the path of a DID."""
    try:
        host = host_of(did)
    except ValueError:
        return did[:80]
    path = did.removeprefix("did:web:").split(":")[1:]
    return "/".join([host, *path])
