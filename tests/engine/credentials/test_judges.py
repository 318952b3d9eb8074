"""Outside judges: what other people's verifiers say of our credentials."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from openvc import VerificationPolicy, verify_credential
from openvc.did.base import DidResolverRegistry, parse_did_document
from openvc.errors import OpenvcError
from openvc.status import CredentialRevoked
from tests.engine.credentials.world import (
    ALPS,
    AWARD,
    COAST,
    DAY,
    LABEL,
    NAMES,
    NOW,
    SIGNERS,
    STATUS_URL,
    World,
    changed,
    sign,
    sign_as,
    signed_award,
    status_credential,
)

from proxeny.engine.credentials import Holder, Key, build_award, did_to_url, generate

DATA = Path(__file__).parent / "data"
BOTH = [f"{LABEL}#{NAMES[did]}" for did in (ALPS, COAST)]


class _Published:
    def __init__(self, world):
        self._world = world

    def supports(self, did):
        return did.startswith("did:web:")

    def resolve(self, did):
        return parse_did_document(self._world.resolve(did_to_url(did)))


def _ask_openvc(world, document):
    """Ask for each proof alone: openvc takes one at a time."""
    for proof in document["proof"]:
        verify_credential(
            {**document, "proof": proof},
            policy=VerificationPolicy(now=NOW),
            resolver=DidResolverRegistry([_Published(world)]),
            resolve_status_list=world.resolve,
        )


def test_openvc_accepts_each_signature_and_refuses_what_was_changed():
    world, document = World(), signed_award()
    _ask_openvc(world, document)
    for path, value in (
        (("credentialSubject", "result", 1, "value"), "99"),
        (("validUntil",), "2036-01-01T00:00:00Z"),
        (("credentialStatus", "statusListIndex"), "1"),
    ):
        with pytest.raises(OpenvcError):
            _ask_openvc(world, changed(document, path, value))


def test_openvc_reads_our_status_list():
    with pytest.raises(CredentialRevoked):
        _ask_openvc(World(revoked=(AWARD.status_index,)), signed_award())


def test_openvc_refuses_a_key_that_is_lost():
    keys = [Key(name=NAMES[ALPS], public=SIGNERS[ALPS].public, lost_at=NOW)]
    world = World()
    world = World(keys={ALPS: keys, COAST: world.keys[COAST]})
    with pytest.raises(OpenvcError):
        _ask_openvc(world, signed_award())


def test_digital_bazaar_accepts_both_signatures_as_the_issuers(judge):
    world = World(revoked=(5,))
    plain = replace(AWARD, level=None, percent=None, evidence=(), holder=Holder(name="Plain"))
    known = replace(AWARD, holder=replace(AWARD.holder, did="did:web:mueller.example"))
    revoked = signed_award(status_index=5)
    credentials = [signed_award(), sign(build_award(plain)), sign(build_award(known)), revoked]
    verdicts = judge(world, *credentials, status=True)
    assert [one["errors"] for one in verdicts] == [[], [], [], []]
    assert all(one["verified"] and one["status"] and one["words"] for one in verdicts)
    assert all(one["methods"] == BOTH for one in verdicts)
    assert [one["revoked"] for one in verdicts] == [False, False, False, True]


def test_digital_bazaar_accepts_the_status_list(judge):
    (verdict,) = judge(World(), sign(status_credential((3,))))
    assert (verdict["verified"], verdict["methods"], verdict["errors"]) == (True, BOTH, [])


def test_digital_bazaar_refuses_what_is_not_so(judge):
    world, document = World(), signed_award()
    other = generate()
    forged = sign_as(sign_as(build_award(AWARD), ALPS), COAST, signer=other)
    elsewhere = changed(document, ("issuer", "id"), "did:web:alps.example")
    replayed = {**build_award(replace(AWARD, level="silver")), "proof": document["proof"]}
    altered = changed(document, ("credentialSubject", "result", 1, "value"), "99")
    proof = changed(document, ("proof", 0, "created"), "2026-11-01T00:00:00Z")
    verdicts = judge(world, forged, elsewhere, replayed, altered, proof)
    # This verifier calls a set verified if one of it is good, and tells which: we ask for all.
    assert [one["methods"] for one in verdicts] == [BOTH[:1], [], [], [], BOTH[1:]]
    assert [one["verified"] for one in verdicts] == [True, False, False, False, True]
    assert [world.verify(one).state == "valid" for one in (forged, proof)] == [False, False]


def test_digital_bazaar_refuses_before_and_after_its_time(judge):
    world, document = World(), signed_award()
    for now in (NOW - 3 * DAY, NOW + 400 * DAY):
        assert [one["verified"] for one in judge(world, document, now=now)] == [False]


def test_digital_bazaar_refuses_a_lost_key_and_holds_a_retired_one(judge):
    lost = [Key(name=NAMES[ALPS], public=SIGNERS[ALPS].public, lost_at=NOW)]
    retired = [Key(name=NAMES[ALPS], public=SIGNERS[ALPS].public, retired_at=NOW)]
    found = []
    for keys in (lost, retired):
        world = World(keys={ALPS: keys, COAST: World().keys[COAST]})
        found += judge(world, signed_award())
    assert [one["methods"] for one in found] == [BOTH[1:], BOTH]


def test_awards_are_valid_against_the_published_schema():
    schema = json.loads((DATA / "ob_v3p0_achievementcredential.json").read_text("utf-8"))
    check = jsonschema.Draft201909Validator(
        schema, format_checker=jsonschema.Draft201909Validator.FORMAT_CHECKER
    )
    plain = replace(AWARD, level=None, percent=None, evidence=(), holder=Holder(name="Plain"))
    for award in (AWARD, plain, replace(AWARD, holder=Holder(name="A", did="did:web:a.example"))):
        assert [one.message for one in check.iter_errors(sign(build_award(award)))] == []
    broken = changed(signed_award(), ("credentialSubject", "achievement", "name"), 7)
    assert len(list(check.iter_errors(broken))) == 1


def test_the_lock_file_names_no_registry():
    text = (Path(__file__).parents[2] / "judges" / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in text
    assert "registry" not in text
    assert text.count('"integrity"') == text.count("node_modules/") - text.count("../")


def test_the_status_list_is_where_the_award_says():
    assert World().resolve(signed_award()["credentialStatus"]["statusListCredential"])["id"] == (
        STATUS_URL
    )
