"""What is said of credentials, good ones and all kinds of bad ones."""

import copy
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
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
    leaves,
    sign,
    sign_as,
    sign_with,
    signed_award,
    status_credential,
)

from proxeny.engine.credentials import (
    Key,
    Memory,
    build_award,
    build_cluster_document,
    did_to_url,
    generate,
    read_credential,
    verify,
)

GOOD = signed_award()
PATHS = list(leaves(GOOD))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=5,
)


def _said(verdict, name="signatures"):
    check = next(one for one in verdict.checks if one.name == name)
    return verdict.state, check.state, check.reason


def _key(cluster, **more):
    return Key(name=NAMES[cluster], public=SIGNERS[cluster].public, **more)


def _with_key(**more):
    return World(keys={ALPS: [_key(ALPS, **more)], COAST: [_key(COAST)]})


def test_a_good_award_is_valid_and_tells_who_signed():
    verdict = World().verify(GOOD)
    assert verdict.state == "valid"
    assert [one.name for one in verdict.checks] == [
        "form",
        "issuer",
        "signatures",
        "status",
        "period",
    ]
    assert {one.state for one in verdict.checks} == {"valid"}
    assert (verdict.issuer, verdict.clusters, verdict.missing) == (LABEL, (ALPS, COAST), ())
    assert [(one.cluster, one.method, one.created_at) for one in verdict.signatures] == [
        (ALPS, f"{LABEL}#alps-1", NOW - DAY),
        (COAST, f"{LABEL}#coast-1", NOW - DAY + timedelta(hours=3)),
    ]
    assert (verdict.valid_from, verdict.valid_until) == (AWARD.valid_from, AWARD.valid_until)


def test_the_order_of_signatures_does_not_matter():
    assert World().verify({**GOOD, "proof": GOOD["proof"][::-1]}).state == "valid"


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(PATHS), VALUES)
def test_any_other_value_anywhere_is_not_valid(path, value):
    document = changed(GOOD, path, value)
    if json.dumps(document, sort_keys=True) != json.dumps(GOOD, sort_keys=True):
        assert World().verify(document).state != "valid"


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_every_value_counts(path):
    world = World()
    gone = copy.deepcopy(GOOD)
    place = gone
    for step in path[:-1]:
        place = place[step]
    value = place[path[-1]]
    del place[path[-1]]
    assert world.verify(gone).state != "valid"
    if isinstance(value, str):
        for other in (value + "x", value[1:], value.swapcase()):
            if other != value:
                assert world.verify(changed(GOOD, path, other)).state != "valid"
    if isinstance(value, dict):
        assert world.verify(changed(GOOD, (*path, "added"), 1)).state != "valid"
    if isinstance(value, list):
        assert world.verify(changed(GOOD, path, [*value, value[0]])).state != "valid"


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.sampled_from(list(GOOD)), VALUES))
def test_nothing_that_is_made_up_is_valid(document):
    assert World().verify(document).state not in ("valid", "revoked", "expired")


def test_what_was_changed_is_altered():
    document = changed(GOOD, ("credentialSubject", "result", 1, "value"), "99")
    assert _said(World().verify(document)) == ("altered", "altered", "other_bytes")


def test_what_another_key_signed_is_not_signed():
    forged = sign_as(sign_as(build_award(AWARD), ALPS), COAST, signer=generate())
    assert _said(World().verify(forged)) == ("altered", "altered", "other_bytes")
    unknown = sign_as(sign_as(build_award(AWARD), ALPS), COAST, signer=generate(), name="coast-9")
    verdict = World().verify(unknown)
    assert _said(verdict) == ("signature_missing", "signature_missing", "unknown_key")
    assert verdict.missing == (COAST,)


def test_signatures_of_another_award_do_not_count():
    other = {**build_award(replace(AWARD, level="silver")), "proof": GOOD["proof"]}
    assert World().verify(other).state == "altered"


@pytest.mark.parametrize(("signed", "missing"), [((ALPS,), (COAST,)), ((), (ALPS, COAST))])
def test_a_missing_signature_is_named(signed, missing):
    document = build_award(AWARD)
    for cluster in signed:
        document = sign_as(document, cluster)
    verdict = World().verify(document)
    assert _said(verdict) == ("signature_missing", "signature_missing", "missing")
    assert verdict.missing == missing


def test_one_cluster_signing_twice_is_not_two():
    second = generate()
    keys = {ALPS: [_key(ALPS), Key(name="alps-2", public=second.public)], COAST: [_key(COAST)]}
    twice = sign_as(sign_as(build_award(AWARD), ALPS), ALPS, signer=second, name="alps-2")
    verdict = World(keys=keys).verify(twice)
    assert _said(verdict) == ("signature_missing", "signature_missing", "twice")
    assert verdict.missing == (ALPS, COAST)
    assert World(keys=keys).verify(sign_as(twice, COAST)).missing == (ALPS,)
    same = {**GOOD, "proof": [GOOD["proof"][0]] * 2}
    assert World().verify(same).state == "signature_missing"


def test_before_and_after_its_time():
    world = World()
    world.published[STATUS_URL] = sign(
        status_credential(valid_from=NOW - 9 * DAY, valid_until=NOW + 999 * DAY)
    )
    early = world.verify(sign(build_award(AWARD), at=NOW - 3 * DAY), now=NOW - 2 * DAY)
    assert early.state == "not_yet_valid"
    assert world.verify(GOOD, now=AWARD.valid_from + timedelta(hours=3)).state == "valid"
    assert world.verify(GOOD, now=AWARD.valid_until - timedelta(seconds=1)).state == "valid"
    assert world.verify(GOOD, now=AWARD.valid_until).state == "expired"


def test_a_revoked_award():
    assert _said(World(revoked=(AWARD.status_index,)).verify(GOOD), "status") == (
        "revoked",
        "revoked",
        "",
    )
    others = (AWARD.status_index - 1, AWARD.status_index + 1)
    assert World(revoked=others).verify(GOOD).state == "valid"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"purpose": "authentication"}, "not_for_this"),
        ({"at": NOW + timedelta(minutes=6)}, "made_later"),
    ],
)
def test_signatures_for_something_else_or_from_the_future(change, reason):
    document = sign_as(sign_as(build_award(AWARD), ALPS, **change), COAST)
    assert _said(World().verify(document)) == ("signature_missing", "signature_missing", reason)


def test_another_kind_of_proof_is_unsupported():
    document = changed(GOOD, ("proof", 0, "cryptosuite"), "eddsa-rdfc-2022")
    assert _said(World().verify(document)) == ("unsupported", "unsupported", "suite")


def test_an_address_elsewhere_is_not_the_issuers():
    document = {**build_award(AWARD), "id": "https://elsewhere.example/green/awards/17"}
    assert _said(World().verify(sign(document)), "form")[::2] == ("unknown_issuer", "id_elsewhere")


def test_a_batch_remembers_and_notices_what_changes():
    world, memory = World(), Memory()
    for _ in range(3):
        assert world.verify(GOOD, memory=memory).state == "valid"
    listed = sign(status_credential((AWARD.status_index,)))
    world.published[STATUS_URL] = listed
    assert world.verify(GOOD, memory=memory).state == "revoked"
    world.published[STATUS_URL] = listed | {"validUntil": "2020-01-01T00:00:00Z"}
    assert world.verify(GOOD, memory=memory).state == "unchecked"
    keys = [_key(ALPS, lost_at=NOW - DAY)]
    world.published[did_to_url(ALPS)] = build_cluster_document(ALPS, keys=keys)
    assert world.verify(GOOD, memory=memory).state == "signature_missing"


def test_a_list_of_one_moment_says_nothing_of_another():
    world, memory = World(), Memory()
    assert world.verify(GOOD, memory=memory).state == "valid"
    assert world.verify(GOOD, memory=memory, now=NOW + 8 * DAY).state == "unchecked"


def test_what_is_read_from_a_file_is_what_is_verified():
    data = json.dumps(GOOD, ensure_ascii=False, indent=2).encode()
    assert World().verify(read_credential(data)).state == "valid"


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="now"):
        World().verify(GOOD, now=NOW.replace(tzinfo=None))


def test_addresses_that_nobody_vouches_for_are_not_asked_for():
    asked = []

    def resolve(url):
        asked.append(url)
        return World().resolve(url)

    entry = {**GOOD["credentialStatus"], "statusListCredential": "https://inside.example/"}
    document = {**GOOD, "credentialStatus": entry}
    assert verify(document, now=NOW, resolve=resolve).state == "altered"
    assert asked == [did_to_url(did) for did in (LABEL, ALPS, COAST)]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({}, ("valid", "")),
        ({"id": "urn:a"}, ("valid", "")),
        ({"expires": "2026-11-27T08:00:01Z"}, ("valid", "")),
        ({"expires": "2026-11-27T08:00:00Z"}, ("signature_missing", "expired")),
        ({"expires": "soon"}, ("signature_missing", "undated")),
        ({"created": None}, ("signature_missing", "undated")),
        ({"created": "2026-11-26T08:00:00"}, ("signature_missing", "undated")),
        ({"@context": None}, ("altered", "other_bytes")),
        ({"@context": GOOD["@context"][:1]}, ("altered", "other_bytes")),
        ({"previousProof": "urn:a"}, ("unsupported", "suite")),
    ],
)
def test_proofs_with_other_settings(config, said):
    document = sign_as(sign_with(build_award(AWARD), ALPS, **config), COAST)
    verdict = World().verify(document)
    assert (verdict.state, verdict.reason_of("signatures")) == said


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (("@context",), [*GOOD["@context"], "https://more.example"], "contexts"),
        (("@context",), GOOD["@context"][:1], "contexts"),
        (("type",), ["VerifiableCredential"], "types"),
        (("type",), ["OpenBadgeCredential"], "types"),
        (("credentialSubject",), [GOOD["credentialSubject"]], "subject"),
    ],
)
def test_other_forms_are_unsupported_even_if_signed(path, value, reason):
    verdict = World().verify(sign(changed(build_award(AWARD), path, value)))
    assert (verdict.state, verdict.reason_of("form")) == ("unsupported", reason)
