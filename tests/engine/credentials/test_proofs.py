"""Proofs, against the vectors that are published for the cryptosuite."""

import json
from datetime import UTC, datetime
from pathlib import Path

import base58
import pytest

from proxeny.engine.credentials import (
    LocalSigner,
    UnsupportedSuite,
    add_proof,
    check_proof,
    decode_multikey,
    encode_multikey,
    generate,
)
from proxeny.engine.credentials.proofs import canonicalize, hash_document

VECTORS = json.loads((Path(__file__).parent / "data" / "eddsa-jcs-2022.json").read_text("utf-8"))
SIGNED = VECTORS["signed"]
PUBLIC = decode_multikey(VECTORS["keyPair"]["publicKeyMultibase"])
# The private key is a Multikey too: two bytes of multicodec, and the seed.
SIGNER = LocalSigner(base58.b58decode(VECTORS["keyPair"]["privateKeyMultibase"][1:])[2:])
CREATED = datetime(2023, 2, 24, 23, 36, 38, tzinfo=UTC)


def test_the_vectors_are_reproduced_step_by_step():
    unsigned = VECTORS["unsigned"]
    assert canonicalize(unsigned).decode() == VECTORS["canonicalDocument"]
    assert hash_document(unsigned).hex() == VECTORS["documentHash"]
    config = {name: value for name, value in SIGNED["proof"].items() if name != "proofValue"}
    assert canonicalize(config).decode() == VECTORS["canonicalProof"]
    assert hash_document(config).hex() == VECTORS["proofHash"]
    assert VECTORS["combinedHash"] == VECTORS["proofHash"] + VECTORS["documentHash"]
    signature = SIGNER.sign(bytes.fromhex(VECTORS["combinedHash"]))
    assert signature.hex() == VECTORS["signatureHex"]


def test_the_signed_vector_is_reproduced():
    method = SIGNED["proof"]["verificationMethod"]
    assert SIGNER.public == PUBLIC
    assert add_proof(VECTORS["unsigned"], signer=SIGNER, method=method, created=CREATED) == SIGNED


def test_the_signed_vector_is_checked():
    assert check_proof(SIGNED, SIGNED["proof"], public=PUBLIC)
    assert not check_proof({**SIGNED, "name": "x"}, SIGNED["proof"], public=PUBLIC)
    assert not check_proof(SIGNED, SIGNED["proof"], public=generate().public)


def test_contexts_begin_with_those_of_the_proof():
    more = {**SIGNED, "@context": [*SIGNED["@context"], "https://other.example"]}
    other = {**SIGNED, "@context": ["https://other.example", *SIGNED["@context"]]}
    assert check_proof(more, SIGNED["proof"], public=PUBLIC)
    assert not check_proof(other, SIGNED["proof"], public=PUBLIC)


def test_proofs_of_a_set_do_not_depend_on_each_other():
    bare, keys = {"@context": "https://a.example", "b": 1}, [generate(), generate(), generate()]
    signed = bare
    for number, key in enumerate(keys):
        signed = add_proof(
            signed, signer=key, method=f"did:web:a.example#{number}", created=CREATED
        )
    for order in ([0, 1, 2], [2, 0, 1]):
        proofs = [signed["proof"][number] for number in order]
        for number, proof in zip(order, proofs, strict=True):
            assert check_proof({**bare, "proof": proofs}, proof, public=keys[number].public)
    assert "proof" not in bare


@pytest.mark.parametrize(
    ("name", "value"),
    [("type", "Ed25519Signature2020"), ("cryptosuite", "eddsa-rdfc-2022"), ("previousProof", "a")],
)
def test_other_kinds_of_proofs_are_named(name, value):
    with pytest.raises(UnsupportedSuite) as caught:
        check_proof(SIGNED, {**SIGNED["proof"], name: value}, public=PUBLIC)
    assert caught.value.suite in (value, "previousProof")


@pytest.mark.parametrize(
    "value",
    [
        "",
        "z",
        "zz",
        "u" + SIGNED["proof"]["proofValue"][1:],
        "z1" + SIGNED["proof"]["proofValue"][1:],
        SIGNED["proof"]["proofValue"] + " ",
        7,
        None,
        ["z"],
        "z" + "1" * 10**6,
        "zé",
    ],
)
def test_signatures_that_are_none_are_not_good(value):
    assert not check_proof(SIGNED, {**SIGNED["proof"], "proofValue": value}, public=PUBLIC)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**60, "\ud800", b"x", {1: 2}])
def test_what_has_no_canonical_form_is_refused(value):
    with pytest.raises(ValueError, match="document"):
        add_proof({"a": value}, signer=SIGNER, method="a", created=CREATED)


def test_what_is_nested_too_deep_is_refused():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(ValueError, match="deep"):
        canonicalize(deep)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="created"):
        add_proof({}, signer=SIGNER, method="a", created=CREATED.replace(tzinfo=None))


def test_keys_are_written_and_read():
    key = generate()
    text = encode_multikey(key.public)
    assert text.startswith("z6Mk")
    assert decode_multikey(text) == key.public
    for wrong in (
        text[1:],
        "u" + text[1:],
        text[:-1],
        text + "1",
        "z" + "1" * 48,
        text + " ",
        text + "\n",
        None,
        5,
    ):
        with pytest.raises(ValueError, match=r"multibase|Multibase"):
            decode_multikey(wrong)


def test_nothing_shows_a_private_key():
    key = LocalSigner(bytes(range(32)))
    for shown in (repr(key), str(key), f"{key}", str([key])):
        assert shown.count("z6Mk") == 1
        assert bytes(range(32)).hex() not in shown
    assert LocalSigner(key.reveal_seed()).public == key.public
    with pytest.raises(ValueError, match="seed: 5 bytes, not 32"):
        LocalSigner(b"12345")
