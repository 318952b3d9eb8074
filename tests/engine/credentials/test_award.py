"""What stands in an award."""

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.engine.credentials.world import AWARD, LABEL, NOW

from proxeny.engine.credentials import CONTEXTS, Holder, Identifier, Level, build_award


def test_what_stands_in_an_award():
    document = build_award(AWARD)
    assert document["@context"] == list(CONTEXTS)
    assert document["id"] == AWARD.id
    assert document["issuer"]["id"] == LABEL
    assert (document["validFrom"], document["validUntil"]) == (
        "2026-11-26T08:00:00Z",
        "2027-11-27T08:00:00Z",
    )
    subject = document["credentialSubject"]
    assert subject["id"] == "https://mueller.example"
    assert [one["identityHash"] for one in subject["identifier"]] == [
        "Müller & Söhne GmbH",
        "DE123456789",
    ]
    assert [one["value"] for one in subject["result"]] == ["Gold", "82.5"]
    levels = subject["achievement"]["resultDescription"][0]["rubricCriterionLevel"]
    assert subject["result"][0]["achievedLevel"] == levels[1]["id"]
    assert document["credentialStatus"]["statusListIndex"] == "94567"
    assert "proof" not in document


def test_a_holder_with_a_did_keeps_the_website():
    holder = Holder(name="A", url="https://a.example", did="did:web:a.example")
    subject = build_award(replace(AWARD, holder=holder))["credentialSubject"]
    assert subject["id"] == "did:web:a.example"
    assert subject["identifier"][1]["identityHash"] == "https://a.example"


def test_what_is_not_known_is_left_out():
    award = replace(AWARD, holder=Holder(name="A"), level=None, percent=None, evidence=())
    document = build_award(award)
    assert "id" not in document["credentialSubject"]
    assert "result" not in document["credentialSubject"]
    assert "resultDescription" not in document["credentialSubject"]["achievement"]
    assert "evidence" not in document


@pytest.mark.parametrize(
    ("percent", "text"), [("0", "0"), ("100", "100"), ("82.50", "82.50"), ("1E+1", "10")]
)
def test_a_total_is_written_as_a_plain_number(percent, text):
    document = build_award(replace(AWARD, percent=Decimal(percent)))
    assert document["credentialSubject"]["result"][1]["value"] == text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "https://elsewhere.example/1"),
        ("id", "17"),
        ("valid_until", NOW.replace(year=2020)),
        ("level", "platinum"),
        ("percent", Decimal(101)),
        ("percent", Decimal(-1)),
        ("percent", Decimal("NaN")),
        ("status_url", "x"),
    ],
)
def test_what_no_award_can_be_is_refused(name, value):
    with pytest.raises(ValueError, match=name):
        replace(AWARD, **{name: value})


def test_parts_that_cannot_be_are_refused():
    for build, match in (
        (lambda: Level(key="a b", name="A"), "key"),
        (lambda: Level(key="a", name=" "), "name"),
        (lambda: Holder(name=""), "name"),
        (lambda: Holder(name="A", did="A"), "did"),
        (lambda: Identifier(value=""), "value"),
        (lambda: replace(AWARD.label, did="did:key:z"), "did"),
        (lambda: replace(AWARD.achievement, levels=(Level(key="a", name="A"),) * 2), "levels"),
        (lambda: replace(AWARD.achievement, level_name=""), "level_name"),
        (
            lambda: replace(AWARD, achievement=replace(AWARD.achievement, total_name="")),
            "total_name",
        ),
        (lambda: replace(AWARD.label, url="javascript:alert(1)"), "url"),
    ):
        with pytest.raises(ValueError, match=match):
            build()
