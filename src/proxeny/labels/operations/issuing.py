"""Issuers of awards: identifiers of labels and clusters, and the documents that name valid keys.

The identifier of a label belongs to one set of clusters: each of them has to sign awards issued
under it. If other clusters publish a version, later awards are issued under a new identifier, so
that earlier awards remain valid with their signatures.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from proxeny.engine.credentials import (
    Key,
    build_cluster_document,
    build_label_document,
    decode_multikey,
    url_to_did,
)
from proxeny.kernel.errors import InvalidInput, NotFound
from proxeny.labels.models import IssuerKey, SchemeVersion
from proxeny.labels.queries.issuing import versions_published
from proxeny.labels.queries.keys import find_keys, keys_of

_KEY = re.compile(r"#key-(\d{1,18})-(\d{1,5})$")


@dataclass(frozen=True, slots=True)
class Issuing:
    """A label with the clusters that issue its awards, by their organisations' numbers.

    `since` is the version with which these clusters began; None with the label's first ones.
    """

    scheme_id: int
    slug: str
    since: int | None
    clusters: tuple[int, ...]

    @property
    def did(self) -> str:
        """The label's identifier; `InvalidInput` where this site's address can have none."""
        if self.since is None:
            return _did("labels:did", self.slug)
        return _did("labels:did-since", self.slug, self.since)


def issuing_of(version: SchemeVersion) -> Issuing:
    """Return the issuers under a published version. One query."""
    return _issuing(version.scheme_id, version.number, versions_published(version.scheme_id))


def issuing_since(slug: str, since: int | None) -> Issuing:
    """Return the issuers under an identifier; raise `NotFound` if there is none. One query."""
    versions = versions_published(slug=slug)
    for one in versions:
        found = _issuing(one.scheme_id, one.number, versions)
        if found.since == since:
            return found
    raise NotFound(_("We couldn’t find this label."))


def _issuing(scheme_id: int, number: int, versions: Iterable[Any]) -> Issuing:
    versions = list(versions)
    own = next((one for one in versions if one.number == number), None)
    if own is None:
        raise NotFound(_("We couldn’t find this label."))
    same = [one for one in versions if set(one.clusters) == set(own.clusters)]
    first = min(same, key=lambda one: one.number)
    since = None if first.number == min(one.number for one in versions) else first.number
    return Issuing(scheme_id, own.slug, since, first.clusters)


def address(name: str, *arguments: object) -> str:
    """Return the whole address of a route on this site."""
    return f"{settings.BASE_URL}{reverse(name, args=arguments)}"


# Identifiers for ever: what others have kept of an award leads here, whatever a route is called.
def award_url(code: str) -> str:
    """Return the address of an award, which is its id too."""
    return f"{settings.BASE_URL}/awards/{code}/"


def label_url(slug: str) -> str:
    """Return the public address of a label."""
    return f"{settings.BASE_URL}/labels/{slug}/"


def version_url(slug: str, number: int) -> str:
    """Return the public address of a version of a label."""
    return f"{settings.BASE_URL}/labels/{slug}/versions/{number}/"


def cluster_did(organisation_id: int) -> str:
    """Return a cluster's identifier; raises as `Issuing.did`."""
    return _did("labels:issuer", organisation_id)


def _did(name: str, *arguments: object) -> str:
    try:
        return url_to_did(address(name, *arguments))
    except ValueError:
        raise InvalidInput(
            _(
                "Awards can only be issued if this site’s address starts with https:// and has a "
                "domain name."
            )
        ) from None


def key_name(key: IssuerKey) -> str:
    """Return the name of a key in the documents of its cluster and of its labels."""
    return f"key-{key.organisation_id}-{key.number}"


def method_of(issuing: Issuing, key: IssuerKey) -> str:
    """Return the address of a key in a label's document."""
    return f"{issuing.did}#{key_name(key)}"


def label_document(issuing: Issuing) -> dict[str, Any]:
    """Return the DID document of a label. One query."""
    keys = keys_of(issuing.clusters)
    return build_label_document(
        issuing.did, keys={cluster_did(one): _keys(keys[one]) for one in issuing.clusters}
    )


def cluster_document(organisation_id: int) -> dict[str, Any]:
    """Return the DID document of a cluster that has or had a key. One query.

    Raises
    ------
    NotFound
        It never had one.
    """
    keys = keys_of([organisation_id])[organisation_id]
    if not keys:
        raise NotFound(_("We couldn’t find this cluster."))
    return build_cluster_document(cluster_did(organisation_id), keys=_keys(keys))


def _keys(keys: Iterable[IssuerKey]) -> list[Key]:
    return [
        Key(
            name=key_name(one),
            public=decode_multikey(one.public),
            retired_at=one.retired_at,
            lost_at=one.lost_at,
        )
        for one in keys
    ]


def proofs_of(credential: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the proofs that a credential of ours bears, always as a list."""
    found = credential.get("proof", [])
    return found if isinstance(found, list) else [found]


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature in a credential of ours: of which cluster, with which of its keys, and when."""

    organisation_id: int
    number: int
    at: datetime | None
    key: IssuerKey | None


def read_signatures(credential: Mapping[str, Any]) -> list[Signed]:
    """Return the signatures of a credential issued here, in their order. One query.

    Nothing is verified: that is for `engine.credentials.verify`.
    """
    found = []
    for one in proofs_of(credential):
        match = _KEY.search(str(one.get("verificationMethod", "")))
        if match:
            at = parse_datetime(str(one.get("created", "")))
            found.append((int(match[1]), int(match[2]), at))
    keys = {(one.organisation_id, one.number): one for one in find_keys([one[0] for one in found])}
    return [Signed(*one, keys.get(one[:2])) for one in found]
