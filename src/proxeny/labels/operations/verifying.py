"""Verification of awards: a file, an address, or one of this site by its code. Writes nothing.

Documents are those of this site alone, as it publishes them, read from the database. Documents of
other sites are not fetched from here: the sender of a file would choose which sites are called.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from proxeny.engine.credentials import (
    Check,
    Expected,
    Unreadable,
    Verdict,
    read_credential,
    verify,
)
from proxeny.engine.credentials.did import host_of
from proxeny.engine.credentials.reading import MOST_BYTES
from proxeny.kernel.errors import InvalidInput, NotFound
from proxeny.kernel.sandbox import ReadingFailed, read_apart
from proxeny.labels.finding import Finding, read_said
from proxeny.labels.models import Award
from proxeny.labels.operations import issuing
from proxeny.labels.operations.refusing import log_refusal
from proxeny.labels.queries.awards import follower_of
from proxeny.labels.queries.public_awards import find_award, get_award, names_of_label
from proxeny.labels.queries.status_lists import get_status_list

__all__ = ["MOST_BYTES", "check_award", "check_document", "check_file", "check_text"]

_AWARD = re.compile(r"/awards/([-\w]{1,64})/", flags=re.ASCII)
_CODE = re.compile(r"[-\w]{8,32}", flags=re.ASCII)
#: What the database knows of an award counts beside what its file says in these.
_STANDING = ("valid", "not_yet_valid", "expired", "revoked", "unchecked")
#: Somebody was at it, or tries what cannot be: told in the log too.
_SUSPECT = ("altered", "signature_missing", "unknown_issuer", "never_given")


def check_award(*, code: str, now: datetime) -> Finding:
    """Return the result for an award of this site. Seven queries.

    Raises
    ------
    NotFound
        There is none, or not all have signed it.
    """
    award = get_award(code)
    return _check(award.credential, award, now=now, asked=award.code)


def check_file(*, data: bytes, now: datetime, asked: str = "") -> Finding:
    """Return the result for a file: JSON, or a PNG or SVG with a credential in it.

    At most eight queries, however many awards there are.

    Parameters
    ----------
    asked : str
        The code of the award that it should be; empty: of any.
    """
    try:
        document = read_apart(read_credential, data, raises=(Unreadable,))
    except Unreadable as error:
        return _unreadable(error.code)
    except ReadingFailed:
        return _unreadable("damaged")
    return check_document(document=document, now=now, asked=asked)


def _unreadable(code: str) -> Finding:
    return Finding(
        state="unreadable",
        verdict=Verdict(state="unreadable", checks=(Check("form", "unreadable", code),)),
    )


def check_document(*, document: Mapping[str, Any], now: datetime, asked: str = "") -> Finding:
    """Return the result for a credential, as `check_file`."""
    return _check(document, _find_own(document), now=now, asked=asked)


def check_text(*, text: str, now: datetime, asked: str = "") -> Finding:
    """Return the result for a pasted text: an address, a code, or a credential.

    Raises
    ------
    NotFound
        It leads to this site, and there is no award.
    """
    text = text.strip()
    if text.startswith(("https://", "http://")):
        return _check_address(text, now=now, asked=asked)
    if _CODE.fullmatch(text):
        return check_award(code=text, now=now)
    return check_file(data=text.encode("utf-8", errors="replace"), now=now, asked=asked)


def _check_address(url: str, *, now: datetime, asked: str) -> Finding:
    try:
        parts = urlsplit(url)
    except ValueError:
        return check_file(data=b"", now=now)
    if parts.netloc.lower() != _own_host():
        unasked = Verdict(state="unchecked", checks=())
        return Finding(state="elsewhere", verdict=unasked, place=parts.netloc[:200])
    match = _AWARD.match(parts.path)
    award = get_award(match[1] if match else "")
    return _check(award.credential, award, now=now, asked=asked)


def _own_host() -> str:
    return urlsplit(settings.BASE_URL).netloc.lower()


def _find_own(document: Mapping[str, Any]) -> Award | None:
    """Return the award of this site that a credential says it is."""
    address = document.get("id")
    if not isinstance(address, str) or not address.startswith(f"{settings.BASE_URL}/"):
        return None
    match = _AWARD.fullmatch(address.removeprefix(settings.BASE_URL))
    return find_award(match[1]) if match else None


def _check(
    document: Mapping[str, Any], award: Award | None, *, now: datetime, asked: str
) -> Finding:
    own = _Own()
    verdict = verify(document, now=now, resolve=own.resolve, expected=_expect(award, asked))
    found = Finding(
        state=verdict.state,
        verdict=verdict,
        names=own.names(award),
        is_known=own.by is not None,
        **read_said(document),
    )
    if verdict.state == "unchecked" and not _is_ours(verdict.issuer):
        return replace(found, state="elsewhere", place=host_of(verdict.issuer))
    found = _with_records(found, award)
    if found.state in _SUSPECT:
        log_refusal(f"credential_{found.state}", award=award.pk if award else 0)
    return found


def _expect(award: Award | None, asked: str) -> Expected:
    """Return what a credential has to contain: the issuers of an award of this site are known."""
    address = issuing.award_url(asked) if asked else None
    if award is None:
        return Expected(id=address)
    own = issuing.issuing_of(award.scheme_version)
    clusters = frozenset(issuing.cluster_did(one) for one in own.clusters)
    return Expected(id=address, issuer=own.did, clusters=clusters)


def _is_ours(did: str) -> bool:
    try:
        return host_of(did) == _own_host()
    except ValueError:
        return True


def _with_records(found: Finding, award: Award | None) -> Finding:
    """Return it with what the records say, which may be newer than a list that others signed."""
    if award is None:
        never = found.is_known and found.state in ("valid", "not_yet_valid", "expired")
        return replace(found, state="never_given") if never else found
    found = replace(found, project=award.title, page=issuing.award_url(award.code))
    if award.revoked_at is None or found.state not in _STANDING:
        return found
    follower = follower_of(award)
    is_renamed = follower is not None and follower.why == Award.Why.NAME
    return replace(
        found,
        state="replaced" if is_renamed else "revoked",
        since=award.revoked_at,
        why=award.revoked_why,
        follower=issuing.award_url(follower.code) if follower and is_renamed else "",
    )


@dataclass(slots=True)
class _Own:
    """Gives the documents of this site by their addresses, and remembers which label it was."""

    by: issuing.Issuing | None = None

    def resolve(self, url: str) -> Mapping[str, Any] | None:
        """Return the document at an address of this site; None for any other address."""
        base = f"{settings.BASE_URL}/"
        if not url.startswith(base):
            return None
        try:
            match = resolve(f"/{url.removeprefix(base)}")
            return self._find(match.view_name, match.kwargs)
        except (Resolver404, NotFound, InvalidInput):
            return None

    def _find(self, name: str, arguments: dict[str, Any]) -> Mapping[str, Any] | None:
        if name in ("labels:did", "labels:did-since"):
            self.by = issuing.issuing_since(arguments["slug"], arguments.get("since"))
            return issuing.label_document(self.by)
        if name == "labels:issuer":
            return issuing.cluster_document(arguments["pk"])
        if name == "labels:status":
            return get_status_list(arguments["slug"], arguments["number"])
        return None

    def names(self, award: Award | None) -> dict[str, str]:
        """Return the names of the label and its clusters by their identifiers.

        An award tells them as its version does: nothing is asked.
        """
        if self.by is None:
            return {}
        if award is None:
            title, names = names_of_label(self.by.slug)
        else:
            version = award.scheme_version
            title = version.title
            names = {one["organisation"]: one["name"] for one in version.content["issuers"]}
        return {self.by.did: title} | {
            issuing.cluster_did(one): names.get(one, "") for one in self.by.clusters
        }
