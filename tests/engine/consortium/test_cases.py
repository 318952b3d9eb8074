"""The table of cases checked by hand: verdicts, what is missing, what is in doubt."""

import string
import tomllib
from pathlib import Path

import pytest

from proxeny.engine.consortium import (
    Call,
    Participant,
    check_consortium,
    find_rules,
    read_rules,
)

TEXT = Path(__file__).with_name("cases.toml").read_text(encoding="utf-8")
CASES = tomllib.loads(TEXT)["case"]
OWN = {one.key: one.rules for one in read_rules(TEXT)}
FLAGS = {"coordinator", "sme", "nonprofit"}
ROLES = {"affiliated_entity", "associated_partner", "subcontractor"}


def participant(key, line):
    country, *words = line.split()
    fields = {"tags": frozenset(word[4:] for word in words if word.startswith("tag="))}
    for word in words:
        name, _, value = word.partition("=")
        if word in FLAGS:
            fields[word] = True
        elif word in ROLES:
            fields["role"] = word
        elif name in ("cost", "request"):
            fields[name] = int(value)
        elif name in ("group", "side", "kind"):
            fields[name] = value
    return Participant(key=key, country=country, **fields)


def told(gap):
    """A gap as the table writes it."""
    said = gap.code
    if gap.count:
        said += f" {gap.count}"
    if gap.outside or gap.independent_of or (gap.code == "participants" and gap.who.statuses):
        said += f" outside={','.join(gap.outside)}"
    if gap.participants and gap.code not in ("too_much", "too_little"):
        said += f" of={','.join(gap.participants)}"
    if gap.amount:
        said += f" amount={gap.amount}"
    return said + (f" place={gap.place}" if gap.place else "")


@pytest.mark.parametrize("case", CASES, ids=[f"{at}-{one['why']}" for at, one in enumerate(CASES)])
def test_a_case(case):
    rules = find_rules(case["rules"])
    call = Call(
        on=case["on"],
        programme=rules.programme,
        rules=rules.rules + OWN.get(case.get("own", ""), ()),
        budget_year=case.get("budget_year"),
        part=case.get("part", ""),
    )
    assert rules.valid_from <= call.on <= rules.valid_until
    people = [
        participant(key, line)
        for key, line in zip(string.ascii_lowercase, case["who"], strict=False)
    ]
    report = check_consortium(people, call)
    assert {key: report[key].status for key in case["says"]} == case["says"]
    found = {key: [told(gap) for gap in report[key].gaps] for key in case["says"]}
    found = {key: gaps for key, gaps in found.items() if gaps}
    wanted = case.get("missing", {})
    plain = {key: [_plain(gap, wanted.get(key, ())) for gap in gaps] for key, gaps in found.items()}
    assert {
        key: gaps
        for key, gaps in plain.items()
        if key in wanted or key not in case.get("doubts", {})
    } == wanted
    for key, doubts in case.get("doubts", {}).items():
        assert [f"{one.code} {one.participant}" for one in report[key].doubts] == doubts
    for key, keys in case.get("conditional_on", {}).items():
        assert list(report[key].conditional_on) == keys


def _plain(said, wanted):
    """Countries that do not help are compared where the table writes them."""
    return said if any("outside=" in one for one in wanted) else said.partition(" outside=")[0]


def test_there_are_enough_of_them():
    assert len(CASES) >= 60
    assert {
        rule.key
        for key in ("horizon-europe-ria", "horizon-2020-ria")
        for rule in find_rules(key).rules
    } <= {key for case in CASES for key in case["says"]} | {"h2020-full-rate"}
