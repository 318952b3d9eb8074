"""Rules and countries as data: every line has a source, and what is wrong is named."""

from datetime import date

import pytest

from proxeny.engine.consortium import (
    Call,
    Participant,
    Setting,
    check_consortium,
    find_rules,
    find_statuses,
    make_rules,
    read_rules,
    rule_sets,
)
from proxeny.engine.consortium.countries import _table

SETS = (
    "anr-prci-2015 cosme-cluster-excellence-2019 eureka-network eureka-xecs eurostars-3 "
    "greece-turkey-2025 horizon-2020-csa horizon-2020-ia horizon-2020-ria horizon-europe-csa "
    "horizon-europe-ia horizon-europe-ria life-clean-energy"
)


@pytest.mark.parametrize("key", SETS.split())
def test_each_rule_has_a_text_and_a_source(key):
    for rule in find_rules(key).rules:
        assert rule.text
        assert rule.source.title
        assert not rule.sure or (rule.source.url and rule.source.seen)


def test_each_line_of_the_table_has_a_source():
    table = _table()
    for line in table.standings:
        assert line.source.seen
        assert line.sure is False or line.source.url
        assert line.countries <= table.codes | {"INT"}
        assert line.since <= line.sure_from <= line.sure_until <= line.until


@pytest.mark.parametrize(
    ("country", "programme", "on", "statuses"),
    [
        ("GB", "horizon-2020", date(2020, 1, 31), {"member"}),
        ("GB", "horizon-2020", date(2020, 2, 1), {"as_member"}),
        ("UK", "horizon-europe", date(2023, 12, 31), {"third"}),
        ("UK", "horizon-europe", date(2024, 1, 1), {"associated"}),
        ("HR", "horizon-2020", date(2014, 1, 1), {"member"}),
        ("MA", "horizon-europe", date(2024, 1, 1), {"transitional", "fundable", "third"}),
        ("US", "horizon-europe", date(2024, 1, 1), {"third"}),
        ("NO", "a programme nobody knows", date(2024, 1, 1), {"third"}),
        ("", "horizon-europe", date(2024, 1, 1), set()),
    ],
)
def test_what_a_country_is(country, programme, on, statuses):
    assert find_statuses(country, Setting(programme=programme, on=on))[0] == statuses


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[rule]]\nkey = "a"\nkind = "some"', "rule 'a': kind: 'some' is none of"),
        ('[[rule]]\nkey = "a"\nkind = "count"\nlest = 1', "rule 'a': .*lest"),
        ('[[rule]]\nkey = "a"\nkind = "count"\nwho = { roles = ["boss"] }', "rule 'a': who: roles"),
        (
            '[[rule]]\nkey = "a"\nkind = "independent"\nleast = 1\nof_which = { sme = true }',
            "rule 'a': of_which",
        ),
        (
            '[[set]]\nkey = "s"\nprogramme = "p"\nrules = ["b"]',
            "set 's': rules: there is no rule 'b'",
        ),
        ('[[set]]\nkey = "s"\nrules = []', "set 's': .*programme"),
        ('[[rule]]\nkey = "a"\nkind = "count"\n' * 2, "rules: two have the key 'a'"),
        ('[[rule]]\nkey = "a"\nkind = "count"\nwho = "boss"', "rule 'a': who: 'boss' is no table"),
        ('[[rule]]\nkey = "a"\nkind = "total"\nof = "coast"', "rule 'a': of: 'coast' is none of"),
        ('[[rule]]\nkey = "a"\nkind = "share"\neach = "town"', "rule 'a': each: 'town' is none"),
        ('[[rule]]\nkey = "a"\nkind = "count"\nleast = -1', "rule 'a': least: -1 is not"),
        ("[[rule", "Expected"),
    ],
)
def test_bad_rules_are_named(text, says):
    with pytest.raises(ValueError, match=says):
        read_rules(text)


def test_bad_bids_are_named():
    call = Call(on=date(2026, 1, 1), programme="horizon-europe")
    twice = [Participant(key="a", country="GR")] * 2
    with pytest.raises(ValueError, match="participants: two have the key 'a'"):
        check_consortium(twice, call)
    with pytest.raises(ValueError, match="participant 'a': role: 'boss'"):
        Participant(key="a", country="GR", role="boss")
    with pytest.raises(ValueError, match="participant 'a': cost: -1"):
        Participant(key="a", country="GR", cost=-1)
    with pytest.raises(ValueError, match="coordinator"):
        Participant(key="a", country="GR", role="subcontractor", coordinator=True)
    with pytest.raises(KeyError, match="no verdict on a rule 'he-three'"):
        check_consortium([], call)["he-three"]
    with pytest.raises(ValueError, match="'horizon-1984' is none of"):
        find_rules("horizon-1984")
    rule = find_rules("horizon-europe-ria").rules[0]
    with pytest.raises(ValueError, match="rules: two have the key 'he-three'"):
        Call(on=date(2026, 1, 1), programme="horizon-europe", rules=(rule, rule))


_OWN = {
    "key": "own",
    "kind": "countries",
    "text": "Three countries",
    "least": 3,
    "source": "Call text",
    "url": "https://calls.example.org",
    "seen": "2026-11-26",
    "who": {"roles": ["beneficiary"]},
}


def test_rules_are_made_of_plain_data():
    [made] = make_rules([_OWN])
    assert (made.key, made.least, made.who.roles) == ("own", 3, frozenset({"beneficiary"}))
    assert (made.source.title, made.source.seen) == ("Call text", date(2026, 11, 26))
    assert make_rules([]) == ()


@pytest.mark.parametrize(
    "told",
    [
        None,
        {},
        "own",
        ["own"],
        [_OWN, _OWN],
        [_OWN | {"kind": "wish"}],
        [_OWN | {"least": "3"}],
        [_OWN | {"least": None}],
        [_OWN | {"more": 1}],
        [_OWN | {"seen": "soon"}],
        [_OWN | {"who": {"roles": [[]]}}],
        [_OWN | {"who": {"countries": [1]}}],
        [_OWN | {"who": {"roles": ["boss"]}}],
        [_OWN | {"key": []}],
    ],
)
def test_plain_data_that_is_no_rule_is_refused(told):
    with pytest.raises(ValueError, match="rule"):
        make_rules(told)


def test_all_sets_are_told():
    assert {"horizon-europe-ria", "eurostars-3"} <= {one.key for one in rule_sets()}
