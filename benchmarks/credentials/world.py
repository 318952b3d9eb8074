"""A label of two clusters with as many awards as wanted, and what is published for it."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from proxeny.engine.credentials import (
    Achievement,
    Award,
    Holder,
    Key,
    Label,
    Level,
    LocalSigner,
    add_proof,
    build_award,
    build_cluster_document,
    build_label_document,
    build_status_credential,
    did_to_url,
    make_list,
)

__all__ = ["LIST_BITS", "NOW", "Published", "make_award", "publish"]

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
LIST_BITS = 131_072
LABEL = "did:web:labels.example:green"
STATUS_URL = "https://labels.example/green/status/1"
SIGNERS = {
    "did:web:alps.example": LocalSigner(bytes([1]) * 32),
    "did:web:coast.example": LocalSigner(bytes([2]) * 32),
}
ACHIEVEMENT = Achievement(
    id="https://labels.example/green/achievement",
    name="Green Cluster Label",
    description="Awarded to organisations that meet the criteria of both clusters.",
    criteria="At least 60 of 100 points, and every requirement that has to be met.",
    criteria_url="https://labels.example/green/criteria",
    language="en",
    levels=(Level(key="silver", name="Silver"), Level(key="gold", name="Gold")),
    level_name="Level",
    total_name="Total",
)


@dataclass(frozen=True, slots=True)
class Published:
    """Documents by address."""

    documents: dict[str, dict[str, Any]]
    list_size: int

    def resolve(self, url: str) -> dict[str, Any] | None:
        """Return what is at an address."""
        return self.documents.get(url)


def _sign(document: dict[str, Any]) -> dict[str, Any]:
    for number, signer in enumerate(SIGNERS.values()):
        document = add_proof(
            document, signer=signer, method=f"{LABEL}#key-{number}", created=NOW - timedelta(days=1)
        )
    return document


def publish(share: float, seed: int = 0) -> Published:
    """Return what is published when a share of all awards is revoked, at random."""
    keys = {
        did: [Key(name=f"key-{number}", public=signer.public)]
        for number, (did, signer) in enumerate(SIGNERS.items())
    }
    revoked = random.Random(seed).sample(range(LIST_BITS), round(share * LIST_BITS))
    listed = build_status_credential(
        STATUS_URL,
        issuer=LABEL,
        bits=make_list(revoked, size=LIST_BITS),
        valid_from=NOW - timedelta(days=1),
        valid_until=NOW + timedelta(days=7),
    )
    documents = {did_to_url(did): build_cluster_document(did, keys=keys[did]) for did in keys}
    documents[did_to_url(LABEL)] = build_label_document(LABEL, keys=keys)
    documents[STATUS_URL] = _sign(listed)
    return Published(documents, len(listed["credentialSubject"]["encodedList"]))


def make_award(number: int) -> dict[str, Any]:
    """Return the award of a number, signed by both."""
    award = Award(
        id=f"https://labels.example/green/awards/{number}",
        label=Label(did=LABEL, name=ACHIEVEMENT.name, url="https://labels.example/green"),
        achievement=ACHIEVEMENT,
        holder=Holder(name=f"Organisation {number}", url=f"https://o{number}.example"),
        valid_from=NOW - timedelta(days=1),
        valid_until=NOW + timedelta(days=365),
        status_url=STATUS_URL,
        status_index=number,
        level="gold" if number % 3 else "silver",
        percent=Decimal(60 + number % 40),
    )
    return _sign(build_award(award))
