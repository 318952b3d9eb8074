"""What was found of a credential that somebody brought: the verdict, and what is known beside.

Neither the database nor the net is asked here: the site and the command line find it each their way.
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
    """What is known of a credential that was looked at.

    Parameters
    ----------
    state : str
        The verdict's, or one of `OWN_STATES`.
    verdict : Verdict
        What the engine says.
    label, holder, level : str
        As it says itself; believed only where `state` is that of a signed one.
    project, page : str
        What was awarded, and its public page, where we have it.
    names : mapping of str to str
        Of clusters and of the label, by DID, where we know them.
    is_known : bool
        Whether the clusters are told by their names; else by where their identifiers lead.
    why, since : str, datetime, optional
        The public reason of a revocation, and since when.
    follower : str
        The page of the award that stands in its place.
    place : str
        Where it was issued, if that is elsewhere.
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
        """Return what a cluster or a label is called."""
        return self.names.get(did) or place_of(did)

    @property
    def clusters(self) -> list[str]:
        """The names of those who have to sign."""
        return [self.name(one) for one in self.verdict.clusters]

    @property
    def missing(self) -> list[str]:
        """The names of those who have not."""
        return [self.name(one) for one in self.verdict.missing]


class SaysItself(TypedDict):
    """What a credential says of itself; empty what it does not."""

    label: str
    holder: str
    level: str


def read_said(document: Mapping[str, Any]) -> SaysItself:
    """Return what a credential says of itself.

    Anybody may have written it; nothing is believed here.
    """
    subject = _object(document.get("credentialSubject"))
    achievement = _object(subject.get("achievement"))
    label = _text(achievement.get("name")) or _text(document.get("name"))
    return {
        "label": label, "holder": _holder(subject), "level": _level(subject, achievement),
    }  # fmt: skip


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
    """Return where an identifier leads, shortly: the host, and the path of a DID."""
    try:
        host = host_of(did)
    except ValueError:
        return did[:80]
    path = did.removeprefix("did:web:").split(":")[1:]
    return "/".join([host, *path])
