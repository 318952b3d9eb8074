"""A label of two clusters, with everything that is published for it, as the tests need it."""

import copy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from proxeny.engine.credentials import (
    Achievement,
    Award,
    Evidence,
    Holder,
    Identifier,
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
    verify,
)
from proxeny.engine.credentials.keys import encode_multibase58
from proxeny.engine.credentials.proofs import hash_document, list_proofs

NOW = datetime(2026, 11, 27, 8, tzinfo=UTC)
DAY = timedelta(days=1)
ALPS, COAST = "did:web:alps.example", "did:web:coast.example:cluster"
LABEL = "did:web:labels.example:green"
STATUS_URL = "https://labels.example/green/status/1"
SIGNERS = {ALPS: LocalSigner(bytes([1]) * 32), COAST: LocalSigner(bytes([2]) * 32)}
NAMES = {ALPS: "alps-1", COAST: "coast-1"}

AWARD = Award(
    id="https://labels.example/green/awards/17",
    label=Label(did=LABEL, name="Green Cluster Label", url="https://labels.example/green"),
    achievement=Achievement(
        id="https://labels.example/green/achievement",
        name="Green Cluster Label",
        description="Awarded to organisations that meet the criteria – in the Alps & at the coast.",
        criteria="At least 60 of 100 points.",
        criteria_url="https://labels.example/green/criteria",
        language="en",
        version="2026-1",
        levels=(Level(key="silver", name="Silver"), Level(key="gold", name="Gold")),
        level_name="Level",
        total_name="Total",
        image="https://labels.example/green/label.svg",
    ),
    holder=Holder(
        name="Müller & Söhne GmbH",
        url="https://mueller.example",
        identifiers=(Identifier(value="DE123456789", kind="ext:vatin"),),
    ),
    valid_from=NOW - DAY,
    valid_until=NOW + 365 * DAY,
    status_url=STATUS_URL,
    status_index=94_567,
    level="gold",
    percent=Decimal("82.5"),
    evidence=(Evidence(name="Audit report", url="https://labels.example/green/reports/17"),),
)


@dataclass
class World:
    """All that is published, by address; `resolve` gives it."""

    keys: dict[str, list[Key]] = field(
        default_factory=lambda: {
            did: [Key(name=NAMES[did], public=signer.public)] for did, signer in SIGNERS.items()
        }
    )
    revoked: tuple[int, ...] = ()
    published: dict[str, dict] = field(default_factory=dict)

    def __post_init__(self):
        for did, keys in self.keys.items():
            self.published[did_to_url(did)] = build_cluster_document(did, keys=keys)
        self.published[did_to_url(LABEL)] = build_label_document(LABEL, keys=self.keys)
        self.published[STATUS_URL] = sign(status_credential(self.revoked))

    def resolve(self, url):
        return self.published.get(url)

    def verify(self, document, now=NOW, **more):
        return verify(document, now=now, resolve=self.resolve, **more)


def status_credential(revoked=(), **more):
    return build_status_credential(
        **{
            "url": STATUS_URL,
            "issuer": LABEL,
            "bits": make_list(revoked),
            "valid_from": NOW - DAY,
            "valid_until": NOW + 7 * DAY,
            **more,
        }
    )


def sign_as(document, cluster, *, at=NOW - DAY, signer=None, name=None, **more):
    return add_proof(
        document,
        signer=signer or SIGNERS[cluster],
        method=f"{LABEL}#{name or NAMES[cluster]}",
        created=at,
        **more,
    )


def sign_with(document, cluster, **config):
    """Return a document with a proof that is right but has other settings; None takes one out."""
    proof = list_proofs(sign_as({**document, "proof": []}, cluster))[0] | config
    proof = {
        name: value for name, value in proof.items() if value not in (None, proof["proofValue"])
    }
    data = hash_document(proof) + hash_document(document)
    proof["proofValue"] = encode_multibase58(SIGNERS[cluster].sign(data))
    return {**document, "proof": [*list_proofs(document), proof]}


def sign(document, *, at=NOW - DAY):
    """Return a document signed by both, one after the other."""
    return sign_as(sign_as(document, ALPS, at=at), COAST, at=at + timedelta(hours=3))


def signed_award(**more):
    return sign(build_award(replace(AWARD, **more)))


def changed(document, path, value):
    """Return a copy with another value at a path of names and numbers."""
    copied = copy.deepcopy(document)
    place = copied
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return copied


def leaves(value, path=()):
    """Return the paths to everything in a document, containers too."""
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    for step, child in steps:
        yield (*path, step)
        if isinstance(child, dict | list):
            yield from leaves(child, (*path, step))
