"""Whose keys count: the label's document, and those of its clusters."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.engine.credentials.world import (
    ALPS,
    AWARD,
    COAST,
    DAY,
    LABEL,
    NAMES,
    NOW,
    SIGNERS,
    World,
    changed,
    sign_as,
    signed_award,
)

from proxeny.engine.credentials import (
    Expected,
    Key,
    Label,
    build_award,
    build_cluster_document,
    build_label_document,
    did_to_url,
    generate,
)

GOOD = signed_award()


def _said(verdict, name="signatures"):
    check = next(one for one in verdict.checks if one.name == name)
    return verdict.state, check.state, check.reason


def _key(cluster, **more):
    return Key(name=NAMES[cluster], public=SIGNERS[cluster].public, **more)


def _with_key(**more):
    return World(keys={ALPS: [_key(ALPS, **more)], COAST: [_key(COAST)]})


def test_a_key_under_the_label_that_the_cluster_does_not_have_counts_nothing():
    world, own = World(), generate()
    keys = {ALPS: [_key(ALPS)], COAST: [Key(name="coast-9", public=own.public)]}
    world.published[did_to_url(LABEL)] = build_label_document(LABEL, keys=keys)
    forged = sign_as(sign_as(build_award(AWARD), ALPS), COAST, signer=own, name="coast-9")
    verdict = world.verify(forged)
    assert _said(verdict) == ("signature_missing", "signature_missing", "unknown_key")
    assert verdict.missing == (COAST,)


def test_a_key_of_two_clusters_counts_for_neither():
    world = World()
    stolen = [_key(COAST), replace(_key(ALPS), name="copied")]
    world.published[did_to_url(COAST)] = build_cluster_document(COAST, keys=stolen)
    verdict = world.verify(GOOD)
    assert _said(verdict) == ("signature_missing", "signature_missing", "shared_key")
    assert verdict.missing == (ALPS,)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"retired_at": NOW}, ""),
        ({"retired_at": NOW - DAY + timedelta(seconds=1)}, ""),
        ({"retired_at": NOW - DAY}, "retired"),
        ({"retired_at": NOW - 9 * DAY}, "retired"),
        ({"lost_at": NOW}, "lost"),
        ({"lost_at": NOW - 9 * DAY}, "lost"),
        ({"lost_at": NOW - 9 * DAY, "retired_at": NOW}, "lost"),
    ],
)
def test_retired_keys_hold_what_they_signed_and_lost_ones_nothing(more, reason):
    verdict = _with_key(**more).verify(GOOD)
    reasons = [one.reason for one in verdict.signatures]
    assert reasons == [reason, ""]
    assert verdict.state == ("signature_missing" if reason else "valid")


@pytest.mark.parametrize("told_in", [LABEL, ALPS])
def test_one_of_both_documents_is_enough_to_take_a_key_back(told_in):
    world, stale = _with_key(lost_at=NOW - DAY), World()
    other = LABEL if told_in == ALPS else ALPS
    world.published[did_to_url(other)] = stale.published[did_to_url(other)]
    assert _said(world.verify(GOOD)) == ("signature_missing", "signature_missing", "lost")


@pytest.mark.parametrize("gone", [LABEL, ALPS, COAST])
def test_what_could_not_be_had_is_never_valid(gone):
    world = World()
    del world.published[did_to_url(gone)]
    assert world.verify(GOOD).state == "unchecked"
    bad = changed(GOOD, ("credentialSubject", "result", 1, "value"), "99")
    assert world.verify(bad).state == ("unchecked" if gone == LABEL else "altered")
    assert world.verify(GOOD, now=NOW + 999 * DAY).state == "unchecked"


def test_documents_of_others_are_not_taken():
    for did in (LABEL, ALPS):
        world = World()
        world.published[did_to_url(did)] = world.published[did_to_url(COAST)]
        assert world.verify(GOOD).state == "unknown_issuer"
    world = World()
    world.published[did_to_url(LABEL)]["controller"] = [ALPS, "did:key:z6Mk"]
    assert _said(world.verify(GOOD), "issuer")[2] == "cluster_no_did_web"


@pytest.mark.parametrize("value", [7, "x", [], {}, [1], ["a"] * 99, None, [[]], [{"id": []}]])
@pytest.mark.parametrize("name", ["controller", "verificationMethod", "assertionMethod", "id"])
@pytest.mark.parametrize("did", [LABEL, ALPS])
def test_broken_did_documents_make_nothing_valid(did, name, value):
    world = World()
    world.published[did_to_url(did)][name] = value
    # Who controls a cluster is nothing to us.
    fine = did == ALPS and name == "controller"
    assert (world.verify(GOOD).state == "valid") == fine


def test_what_is_expected_has_to_be_so():
    world = World()
    right = Expected(id=AWARD.id, issuer=LABEL, clusters=frozenset({ALPS, COAST}))
    assert world.verify(GOOD, expected=right).state == "valid"
    for wrong, state, reason in (
        (replace(right, id=AWARD.id + "0"), "altered", "other_id"),
        (replace(right, issuer=ALPS), "unknown_issuer", "other_issuer"),
        (replace(right, clusters=frozenset({ALPS})), "unknown_issuer", "other_clusters"),
    ):
        verdict = world.verify(GOOD, expected=wrong)
        assert (verdict.state, verdict.checks[0].reason or verdict.checks[1].reason) == (
            state,
            reason,
        )


def test_a_label_of_its_own_says_so():
    """Whoever makes a label of their own has a valid one: of their name, not of this one."""
    mine, keys = "did:web:mine.example", {ALPS: [_key(ALPS)], COAST: [_key(COAST)]}
    world = World()
    world.published[did_to_url(mine)] = build_label_document(mine, keys=keys)
    label = Label(did=mine, name="Green Cluster Label", url="https://mine.example")
    award = replace(AWARD, id="https://mine.example/1", label=label)
    document = build_award(award)
    for cluster in (ALPS, COAST):
        document = sign_as(document, cluster, signer=generate())
    assert world.verify(document).state == "signature_missing"
    assert world.verify(document, expected=Expected(issuer=LABEL)).state == "unknown_issuer"


@pytest.mark.parametrize("did", [LABEL, ALPS])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("controller", COAST),
        ("type", "JsonWebKey"),
        ("id", f"{COAST}#alps-1"),
        ("id", None),
        ("expires", "soon"),
        ("revoked", None),
        ("publicKeyMultibase", "z6Mk"),
    ],
)
def test_methods_that_are_not_the_documents_own_count_nothing(did, name, value):
    world = World()
    document = world.published[did_to_url(did)]
    document["verificationMethod"][0][name] = value
    document["assertionMethod"].append(value)
    # Even if whoever signs names it as it stands there.
    verdict = world.verify(GOOD)
    assert (verdict.state, verdict.missing) == ("signature_missing", (ALPS,))


def test_a_key_that_stands_twice_needs_both_words():
    keys = [_key(ALPS), replace(_key(ALPS), name="again", lost_at=NOW + DAY)]
    for order in (keys, keys[::-1]):
        world = World()
        world.published[did_to_url(ALPS)] = build_cluster_document(ALPS, keys=order)
        assert _said(world.verify(GOOD))[2] == "not_for_this"


def test_a_method_may_stand_in_the_relation_itself():
    world = World()
    document = world.published[did_to_url(ALPS)]
    document["assertionMethod"] = document.pop("verificationMethod")
    assert world.verify(GOOD).state == "valid"
