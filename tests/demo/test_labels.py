"""What is told of the demo's label holds together, whatever day it is loaded on."""

from itertools import chain
from typing import Any

import pytest

from proxeny.demo.members import invent_members
from proxeny.demo.texts import read_content
from proxeny.labels.models import LANGUAGES

CONTENT = read_content("labels")
ROUNDS = {one["key"]: one for one in CONTENT["rounds"]}
JUDGED = [one for one in CONTENT["rounds"] if "judged" in one]
INDICATORS = [one for each in CONTENT["criteria"] for one in each["indicators"]]


def _texts(content: Any) -> list[dict[str, str]]:
    """Return all texts by language in some content."""
    if isinstance(content, list):
        return list(chain.from_iterable(_texts(one) for one in content))
    if not isinstance(content, dict):
        return []
    if "en" in content:
        return [content]
    return list(chain.from_iterable(_texts(one) for one in content.values()))


def test_the_label_is_told_in_all_languages():
    parts = [
        {key: one for key, one in CONTENT["scheme"].items() if key != "title"},
        *(CONTENT[key] for key in ("conditions", "guide", "criteria", "levels", "quotas")),
    ]
    texts = _texts(parts)
    assert len(texts) == 26
    for one in texts:
        assert set(one) == set(dict(LANGUAGES))


@pytest.mark.parametrize("told", CONTENT["rounds"], ids=ROUNDS)
def test_who_applies_exists_and_may(told):
    known = {
        slug: {one.slug: one for one in invent_members(slug, seed=2026, year=2026)}
        for slug in {one["by"][0] for one in told["applications"]}
    }
    for one in told["applications"]:
        slug, key = one["by"]
        assert known[slug][key].kind in CONTENT["scheme"]["kinds"].split()


@pytest.mark.parametrize("told", CONTENT["rounds"], ids=ROUNDS)
def test_who_hands_in_answers_everything(told):
    for one in told["applications"]:
        assert len(one["points"]) == len(one["answers"])
        assert (len(one["answers"]) == len(INDICATORS)) is not one.get("draft", False)
        assert all(0 <= points <= 5 and points % 0.5 == 0 for points in one["points"])


@pytest.mark.parametrize("told", CONTENT["rounds"], ids=ROUNDS)
def test_days_are_in_order(told):
    names = (
        "planned",
        "published",
        "opens",
        "asked",
        "closes",
        "judged",
        "scored",
        "discussed",
        "decided",
        "told",
    )
    days = [told[name] for name in names if name in told]
    assert days == sorted(set(days))
    # All fit between the opening and the end of the round.
    assert told["opens"] + len(told["applications"]) < min(told["closes"], 0)


@pytest.mark.parametrize("told", JUDGED, ids=[one["key"] for one in JUDGED])
def test_six_judge_and_conflicts_are_with_who_applies(told):
    jurors = {one["email"] for one in CONTENT["jurors"]}
    assert [one["side"] for one in CONTENT["jurors"]] == ["a", "a", "b", "b"]
    assert len(CONTENT["judging"]["leans"]) == len(CONTENT["judging"]["fields"]) == 6
    assert told["conflicts"]
    applicants = {one["by"][1] for one in told["applications"]}
    for email, (key, reason) in told["conflicts"].items():
        assert email in jurors
        assert key in applicants
        assert reason
