"""Addresses of did:web, and the documents of clusters and labels."""

import pytest
from tests.engine.credentials.world import ALPS, COAST, LABEL, NOW, SIGNERS

from proxeny.engine.credentials import (
    Key,
    build_cluster_document,
    build_label_document,
    decode_multikey,
    did_to_url,
    url_to_did,
)

KEY = Key(name="k1", public=SIGNERS[ALPS].public)
OTHER = Key(name="k2", public=SIGNERS[COAST].public)


@pytest.mark.parametrize(
    ("did", "url"),
    [
        ("did:web:a.example", "https://a.example/.well-known/did.json"),
        ("did:web:a.example:b:c", "https://a.example/b/c/did.json"),
        ("did:web:a.example%3A8443", "https://a.example:8443/.well-known/did.json"),
        ("did:web:a.example%3A8443:b", "https://a.example:8443/b/did.json"),
        ("did:web:localhost%3A8000:b", "http://localhost:8000/b/did.json"),
        ("did:web:127.0.0.1%3A8000", "http://127.0.0.1:8000/.well-known/did.json"),
        ("did:web:a.example:b%20c", "https://a.example/b%20c/did.json"),
        ("did:web:xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example/.well-known/did.json"),
    ],
)
def test_addresses_go_both_ways(did, url):
    assert did_to_url(did) == url
    assert url_to_did(url) == did


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did:web:",
        "did:key:z6Mk",
        "did:web:a.example:",
        "did:web:a.example::b",
        "did:web:a.example:..",
        "did:web:a.example:%2E%2E",
        "did:web:a.example/b",
        "did:web:a.example%2Fb",
        "did:web:user@a.example",
        "did:web:10.0.0.1",
        "did:web:2130706433",
        "did:web:A.example",
        "did:web:a.example%3A0",
        "did:web:a.example%3A123456",
        "did:web:a.example?b",
        "did:web:a.example#b",
        "did:web:a..example",
        "did:web:-a.example",
        "did:web:münchen.example",
        "did:web:a.example\n",
        "did:web:" + "a" * 3000,
        "did:web:[::1]",
        "did:web:a.example:b\n",
    ],
)
def test_what_is_no_did_web_is_refused(did):
    with pytest.raises(ValueError, match="did"):
        did_to_url(did)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/b",
        "http://a.example/.well-known/did.json",
        "https://a.example/did.json?x",
        "https://a.example//did.json",
        "ftp://a.example/b/did.json",
        "",
        "https:///b/did.json",
        "https://localhost/b/did.json",
    ],
)
def test_addresses_of_no_document_are_refused(url):
    with pytest.raises(ValueError, match=r"url|did"):
        url_to_did(url)


def test_the_document_of_a_cluster():
    document = build_cluster_document(ALPS, keys=[KEY])
    assert document["id"] == ALPS
    assert "controller" not in document
    (method,) = document["verificationMethod"]
    assert method["controller"] == ALPS
    assert decode_multikey(method["publicKeyMultibase"]) == KEY.public
    assert document["assertionMethod"] == [method["id"]] == [f"{ALPS}#k1"]


def test_the_document_of_a_label():
    document = build_label_document(LABEL, keys={ALPS: [KEY], COAST: [OTHER]})
    assert document["controller"] == [ALPS, COAST]
    assert {method["controller"] for method in document["verificationMethod"]} == {LABEL}
    assert document["assertionMethod"] == [f"{LABEL}#k1", f"{LABEL}#k2"]


def test_retired_keys_stay_and_lost_ones_may_not_sign():
    retired = Key(name="old", public=SIGNERS[COAST].public, retired_at=NOW)
    lost = Key(name="lost", public=bytes(32), lost_at=NOW)
    document = build_cluster_document(ALPS, keys=[KEY, retired, lost])
    current, old, gone = document["verificationMethod"]
    assert not {"expires", "revoked"} & set(current)
    assert old["expires"] == gone["revoked"] == "2026-11-27T08:00:00Z"
    assert document["assertionMethod"] == [f"{ALPS}#k1", f"{ALPS}#old"]


def test_what_no_document_can_be_is_refused():
    same = Key(name="k3", public=KEY.public)
    for keys in ({}, {ALPS: [KEY]}, {ALPS: [KEY], COAST: [same]}, {ALPS: [KEY], "x": [OTHER]}):
        with pytest.raises(ValueError, match=r"keys|did"):
            build_label_document(LABEL, keys=keys)
    with pytest.raises(ValueError, match="name"):
        build_cluster_document(ALPS, keys=[KEY, Key(name="k1", public=OTHER.public)])
    for more in (
        {"name": "a b"},
        {"name": ""},
        {"public": b"1"},
        {"retired_at": NOW.replace(tzinfo=None)},
    ):
        with pytest.raises(ValueError, match=next(iter(more))):
            Key(**{"name": "a", "public": KEY.public, **more})
