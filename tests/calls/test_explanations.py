"""Verdicts in words: what is missing, how many, of whom, and what is in doubt."""

import string
from datetime import date

import pytest
from django.utils import translation

from proxeny.calls.explanations import Names, tell_verdict
from proxeny.calls.rule_texts import translate_rule
from proxeny.calls.who import role_choices, tell_who
from proxeny.engine.consortium import Call, Participant, check_consortium, find_rules, rule_sets
from proxeny.engine.consortium.model import Gap, Verdict, Who
from tests.engine.consortium.test_cases import CASES, OWN, participant

NAMES = Names({"a": "Aktis Robotics", "b": "Lumen Lab", "c": "Tisse Textiles"})


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def ria(*bid, part="pillar-2", on=date(2026, 9, 15), rules="horizon-europe-ria"):
    call = Call(on=on, programme="horizon-europe", part=part, rules=find_rules(rules).rules)
    return check_consortium(
        [participant(key, line) for key, line in zip("abc", bid, strict=False)], call
    )


def test_what_is_missing_is_told_with_number_countries_and_names():
    told = tell_verdict(ria("GR coordinator", "FR")["he-three"], NAMES)
    assert (told.state, told.label, told.tone) == ("broken", "Not met", "bad")
    (gap,) = told.gaps
    assert gap.startswith(
        "1 more participant is needed. It must be: Beneficiary, in a Member State or"
    )
    assert "Another one in France or Greece wouldn’t help." in gap
    assert gap.endswith("It must be independent of: Aktis Robotics, Lumen Lab.")
    assert told.source.startswith("Regulation (EU) 2021/695")
    assert told.seen == date(2026, 11, 26)


def test_two_that_are_missing_are_told_in_the_plural():
    told = tell_verdict(ria("GR")["he-three"], NAMES)
    assert told.gaps[0].startswith("2 more participants are needed. Each must be:")


def test_what_is_met_has_nothing_missing_and_says_who_counts():
    told = tell_verdict(ria("GR", "FR", "DE")["he-three"], NAMES)
    assert (told.label, told.tone, told.gaps, told.doubts) == ("Met", "ok", (), ())
    assert set(told.counted) == {"Aktis Robotics", "Lumen Lab", "Tisse Textiles"}


def test_a_country_in_doubt_says_whether_the_part_of_the_programme_would_help():
    verdict = ria("GR", "FR", "CA", part="")["he-three"]
    told = tell_verdict(verdict, Names(NAMES.of, has_part=False))
    assert (told.label, told.tone) == ("Uncertain", "warn")
    assert told.doubts[0].startswith(
        "The status of Canada in this programme is uncertain (Tisse Textiles): it may"
    )
    known = tell_verdict(verdict, NAMES)
    assert known.doubts[0].startswith(
        "The status of Canada in this programme on that day is uncertain"
    )


def test_no_such_country_and_no_country_are_two_sentences():
    call = Call(
        on=date(2026, 9, 15),
        programme="horizon-europe",
        rules=find_rules("horizon-europe-csa").rules,
    )
    for code, sentence in (
        ("QQ", "There is no country “QQ” (Aktis Robotics). Correct it in the entry."),
        ("", "No country is recorded for: Aktis Robotics. Add it to the entry."),
    ):
        report = check_consortium([Participant(key="a", country=code)], call)
        assert tell_verdict(report["he-one"], NAMES).doubts == (sentence,)


def test_sums_that_are_not_known_are_told_together():
    told = tell_verdict(ria("GR cost=5", "FR cost=4")["he-full-rate"], NAMES)
    assert told.doubts == ("Request not known yet: Aktis Robotics, Lumen Lab.",)


def test_who_asks_for_too_much_is_named_with_the_sum():
    report = ria("GR cost=1000000 request=800000", rules="horizon-europe-ia")
    told = tell_verdict(report["he-innovation-rate"], NAMES)
    assert told.gaps == ("Aktis Robotics requests €1,000 more than its costs allow.",)


def test_a_source_that_is_not_the_original_is_said():
    rules = find_rules("cosme-cluster-excellence-2019").rules
    report = check_consortium([], Call(on=date(2019, 9, 1), programme="cosme", rules=rules))
    told = tell_verdict(report["cosme-region"], NAMES)
    assert told.doubts == (
        (
            "The source we had wasn’t the original text. Check the original before you rely on"
            " this condition."
        ),
    )
    assert "in a less developed region" in told.gaps[0]
    assert "in-transition" not in told.gaps[0]


def test_who_is_meant_in_words():
    assert tell_who(None) == tell_who(Who()) == ""
    assert tell_who(Who(countries=frozenset({"GR", "FR"}))) == "in France or Greece"
    assert tell_who(Who(sme=True, coordinator=True)) == (
        "a small or medium-sized enterprise, the coordinator"
    )


@pytest.mark.parametrize(
    ("gap", "sentence"),
    [
        (
            Gap(code="too_many", count=1, participants=("a", "b")),
            "1 of these is too many: Aktis Robotics, Lumen Lab.",
        ),
        (
            Gap(code="too_many_countries", count=2, participants=("a",)),
            "2 countries too many. Counted: Aktis Robotics.",
        ),
        (
            Gap(code="countries", count=1, outside=("GR",)),
            "1 more country is needed. Another one in Greece wouldn’t help.",
        ),
        (
            Gap(
                code="not_allowed",
                count=1,
                participants=("a",),
                who=Who(tags=frozenset({"cluster"})),
            ),
            "Aktis Robotics doesn’t qualify here. It would have to be: a cluster organisation.",
        ),
        (Gap(code="too_much", amount=150, place="FR"), "France: €1.50 too much."),
        (Gap(code="too_little", amount=100_000), "€1,000 more is needed."),
        (Gap(code="too_much", amount=100, place="a"), "Aktis Robotics: €1 too much."),
    ],
)
def test_each_kind_of_gap(gap, sentence):
    verdict = Verdict(rule=find_rules("horizon-europe-ria").rules[0], status="broken", gaps=(gap,))
    assert tell_verdict(verdict, NAMES).gaps == (sentence,)


def test_every_checked_case_is_told_without_a_code():
    for case in CASES:
        rules = find_rules(case["rules"])
        call = Call(
            on=case["on"],
            programme=rules.programme,
            rules=rules.rules + OWN.get(case.get("own", ""), ()),
            budget_year=case.get("budget_year"),
            part=case.get("part", ""),
        )
        people = [
            participant(key, line)
            for key, line in zip(string.ascii_lowercase, case["who"], strict=False)
        ]
        for verdict in check_consortium(people, call).verdicts:
            told = tell_verdict(verdict, Names({one.key: f"Body {one.key}" for one in people}))
            assert len(told.gaps) == len(verdict.gaps)
            assert bool(told.doubts) == bool(verdict.doubts)
            for sentence in (*told.gaps, *told.doubts, *told.notes):
                assert sentence.endswith(".")
                assert "%(" not in sentence
                assert "_" not in sentence


def test_roles_have_names():
    assert dict(role_choices())["associated_partner"] == "Associated partner"


def test_every_condition_that_proxeny_brings_is_read_in_the_readers_language():
    texts = {rule.text for one in rule_sets() for rule in one.rules if rule.text}
    assert len(texts) > 20
    for language in ("fr", "el", "ar"):
        with translation.override(language):
            assert [one for one in texts if translate_rule(one) == one] == []
    with translation.override("fr"):
        assert translate_rule("Typed by hand") == "Typed by hand"
