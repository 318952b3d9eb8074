"""The list of what is revoked, and lists that are none."""

import base64
import gzip
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.credentials.world import (
    ALPS,
    AWARD,
    COAST,
    DAY,
    NOW,
    STATUS_URL,
    World,
    changed,
    sign,
    sign_as,
    signed_award,
    status_credential,
)

from proxeny.engine.credentials import build_award, build_entry, decode_list, encode_list, make_list
from proxeny.engine.credentials.status import LEAST_BITS, MOST_BITS

GOOD = signed_award()
INDEX = AWARD.status_index


def _said(listed, document=GOOD, now=NOW):
    world = World()
    world.published[STATUS_URL] = listed
    verdict = world.verify(document, now=now)
    return verdict.state, verdict.reason_of("status")


def _pack(data):
    return "u" + base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@settings(max_examples=50, deadline=None)
@given(st.sets(st.integers(0, LEAST_BITS - 1)))
def test_bits_come_back(indices):
    bits = decode_list(encode_list(make_list(indices)))
    assert len(bits) == LEAST_BITS
    assert {index for index in range(LEAST_BITS) if bits.is_set(index)} == indices


def test_the_first_bit_is_the_leftmost():
    assert make_list([0]).packed[0] == 0b1000_0000
    assert make_list([9]).packed[1] == 0b0100_0000


def test_the_text_is_the_same_each_time():
    bits = make_list([1, 2, 3])
    assert encode_list(bits) == encode_list(bits)
    assert encode_list(bits).startswith("uH4sIAAAAAAA")


def test_what_no_list_can_be_is_refused():
    bits = make_list([])
    for index in (-1, LEAST_BITS):
        with pytest.raises(ValueError, match="indices"):
            make_list([index])
        with pytest.raises(IndexError):
            bits.is_set(index)
    for size in (8, LEAST_BITS + 1, MOST_BITS + 8):
        with pytest.raises(ValueError, match="size"):
            make_list([], size=size)
    with pytest.raises(ValueError, match="negative"):
        build_entry(STATUS_URL, -1)
    with pytest.raises(ValueError, match="valid_until"):
        status_credential(valid_until=NOW - DAY)


BROKEN = {
    "bomb": _pack(gzip.compress(bytes(200_000_000 // 8))),
    "short": _pack(gzip.compress(bytes(100))),
    "cut": encode_list(make_list(range(0, LEAST_BITS, 3)))[:40],
    "behind": _pack(gzip.compress(bytes(LEAST_BITS // 8)) + b"more"),
    "twice": _pack(gzip.compress(bytes(LEAST_BITS // 8)) * 2),
    "plain": _pack(bytes(LEAST_BITS // 8)),
    "padded": encode_list(make_list([])) + "=",
    "base": "z" + encode_list(make_list([]))[1:],
    "none": None,
    "empty": "",
    "long": "u" + "A" * 2_000_001,
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_lists_are_refused(name):
    with pytest.raises(ValueError, match="encodedList"):
        decode_list(BROKEN[name])
    listed = status_credential()
    listed["credentialSubject"]["encodedList"] = BROKEN[name]
    assert _said(sign(listed)) == ("unchecked", "no_list")


def test_a_list_that_could_not_be_had():
    assert _said(None) == ("unchecked", "list_not_reached")


def test_a_list_by_somebody_else_says_nothing():
    other = status_credential(issuer="did:web:labels.example:other")
    assert _said(sign(other)) == ("unchecked", "list_of_others")
    elsewhere = status_credential(url="https://labels.example/green/status/2")
    assert _said(sign(elsewhere)) == ("unchecked", "list_of_others")


def test_a_list_that_not_all_signed_says_nothing():
    bare = status_credential()
    for listed in (bare, sign_as(bare, ALPS), sign_as(sign_as(bare, ALPS), ALPS)):
        assert _said(listed) == ("unchecked", "list_not_signed")
    mended = sign(status_credential([INDEX]))
    mended["credentialSubject"] = bare["credentialSubject"]
    assert _said(mended) == ("unchecked", "list_not_signed")


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({"valid_until": NOW}, "unchecked"),
        ({"valid_until": NOW + timedelta(seconds=1)}, "valid"),
        ({"valid_from": NOW + timedelta(seconds=1)}, "unchecked"),
        ({"valid_from": NOW}, "valid"),
    ],
)
def test_a_list_has_to_be_current(more, state):
    assert _said(sign(status_credential(**more)))[0] == state


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (("type",), ["VerifiableCredential"], "no_list"),
        (("credentialSubject", "type"), "Other", "no_list"),
        (("credentialSubject", "statusPurpose"), "suspension", "list_purpose"),
        (("credentialSubject",), [], "no_list"),
        (("validUntil",), "tomorrow", "list_not_current"),
    ],
)
def test_a_signed_list_that_is_something_else(path, value, reason):
    assert _said(sign(changed(status_credential(), path, value))) == ("unchecked", reason)


def _award_with(entry):
    document = build_award(AWARD)
    document["credentialStatus"] = entry
    return sign_as(sign_as(document, COAST), ALPS)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, ("valid", "")),
        ({"statusListIndex": str(LEAST_BITS)}, ("unchecked", "index_outside")),
        ({"statusListIndex": "-1"}, ("unsupported", "entry")),
        ({"statusListIndex": "007"}, ("unsupported", "entry")),
        ({"statusListIndex": "٣"}, ("unsupported", "entry")),
        ({"statusListIndex": 5}, ("unsupported", "entry")),
        ({"statusPurpose": "suspension"}, ("unsupported", "purpose")),
        ({"statusSize": 2}, ("unsupported", "purpose")),
        ({"type": "Other"}, ("unsupported", "entry")),
        ({"statusListCredential": None}, ("unsupported", "entry")),
        ({"statusListCredential": "https://labels.example/x"}, ("unchecked", "list_not_reached")),
    ],
)
def test_entries(more, said):
    entry = {**build_entry(STATUS_URL, 7), **more}
    assert _said(sign(status_credential()), _award_with(entry)) == said


def test_of_several_entries_the_weightiest_counts():
    good, bad = build_entry(STATUS_URL, 7), build_entry(STATUS_URL, 8)
    listed = sign(status_credential([8]))
    assert _said(listed, _award_with([good, good]))[0] == "valid"
    assert _said(listed, _award_with([good, bad]))[0] == "revoked"
    far = build_entry("https://labels.example/x", 1)
    assert _said(listed, _award_with([far, bad]))[0] == "revoked"
    assert _said(listed, _award_with([]))[0] == "unsupported"
    assert _said(listed, _award_with(["x"]))[0] == "unsupported"
