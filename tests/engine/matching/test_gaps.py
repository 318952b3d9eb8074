"""What a profile lacks is told, what helps most first."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxeny.engine.matching import Profile, Statement, build_index, explain_gaps
from proxeny.engine.matching.gaps import GAINS, LANGUAGE, LANGUAGE_WITH_MEANING, WORDS

TEXT = "word " * 60
FULL = Profile(
    about={"fr": TEXT},
    offers=(Statement({"fr": TEXT}, frozenset({"26"})),),
    needs=(Statement({"fr": TEXT}),),
    sectors=frozenset({"26"}),
    country="FR",
    place="FR101",
    countries_sought=frozenset({"GR"}),
)


def _fields(gaps):
    return [gap.field for gap in gaps]


def test_who_lacks_nothing_is_told_nothing():
    assert explain_gaps(FULL) == ()


def test_an_empty_profile_first_needs_a_text():
    gaps = explain_gaps(Profile())
    assert _fields(gaps) == [
        "about",
        "needs",
        "countries_sought",
        "offers",
        "sectors",
        "country",
        "place",
    ]
    assert all(gap.state == "missing" for gap in gaps)
    assert [gap.gain for gap in gaps][-2:] == [0, 0]


def test_three_lines_are_short_and_a_need_helps_most():
    three_lines = Profile(about={"en": "We make sensors. " * 10}, country="FR")
    gaps = explain_gaps(three_lines)
    assert _fields(gaps)[:2] == ["needs", "countries_sought"]
    [short] = [gap for gap in gaps if gap.field == "about"]
    assert (short.state, short.words) == ("short", 30)
    assert 0.05 < short.gain < 0.15


def test_the_same_lack_weighs_less_beside_the_rest():
    bare = Profile(about={"en": TEXT})
    rich = Profile(
        about=FULL.about,
        offers=FULL.offers,
        sectors=FULL.sectors,
        countries_sought=FULL.countries_sought,
        country="FR",
        place="FR1",
    )
    assert _fields(explain_gaps(rich)) == ["needs"]
    alone = {gap.field: gap.gain for gap in explain_gaps(bare)}["needs"]
    assert alone == pytest.approx(0.24)
    assert explain_gaps(rich)[0].gain == pytest.approx(0.08)


def test_a_language_of_the_others():
    greek, arabic = Profile(about={"el": "ελιά"}), Profile(about={"ar": "زيتون", "en": "olive"})
    mine = Profile(about={"fr": TEXT * 2})
    index = build_index([mine, greek, greek, arabic, FULL, Profile()])
    [gap] = [gap for gap in explain_gaps(mine, index) if gap.field == "language"]
    assert (gap.languages, gap.others) == (("el", "ar", "en"), 3)
    assert gap.gain == pytest.approx(0.67 * 3 / 4)
    assert "language" not in _fields(explain_gaps(mine, build_index([mine, FULL])))
    assert "language" not in _fields(explain_gaps(Profile(), index))


def test_blank_text_is_none():
    blank = Profile(about={"fr": " "}, offers=(Statement({"en": ""}),), needs=(Statement({}),))
    assert _fields(explain_gaps(blank)) == _fields(explain_gaps(Profile()))


@given(
    st.dictionaries(st.sampled_from(["fr", "en"]), st.text(max_size=40)),
    st.sets(st.sampled_from(["FR", "GR"])),
    st.booleans(),
)
def test_gains_fall_and_no_field_is_told_twice(about, sought, needs):
    profile = Profile(
        about=about,
        needs=FULL.needs if needs else (),
        countries_sought=frozenset(sought),
    )
    gaps = explain_gaps(profile, build_index([profile, FULL]))
    gains = [gap.gain for gap in gaps]
    assert gains == sorted(gains, reverse=True)
    assert all(0 <= gain <= 1 for gain in gains)
    assert len(set(_fields(gaps))) == len(gaps)


def test_gains_are_those_that_the_page_tells():
    """The figures of the engine are the measured ones, to two places."""
    page = (Path(__file__).parents[3] / "docs" / "reference" / "matching.md").read_text()
    rows = re.findall(r"^\| (\w+) \| [\d.]+ \| (-[\d.]+) \| (?:[\d.]+ \| \+([\d.]+))?", page, re.M)
    told = {field: (float(alone or 0), -float(beside)) for field, beside, alone in rows}
    assert set(told) == {"about", "offers", "needs", "sectors", "countries_sought"}
    for field, (alone, beside) in told.items():
        assert GAINS[field][1] == pytest.approx(beside, abs=0.011)
        if field != "about":
            assert GAINS[field][0] == pytest.approx(alone, abs=0.011)
    [motto] = re.findall(r"only `about`, a motto \| ([\d.]+)", page)
    assert GAINS["about"][0] == pytest.approx(float(motto), abs=0.011)
    lines = dict(re.findall(r"only a text of (\d+) lines? \| ([\d.]+)", page))
    chances = {words: chance for words, chance in WORDS if words}
    for count, found in lines.items():
        nearest = min(chances, key=lambda words: abs(words - 10.8 * int(count)))
        assert chances[nearest] == pytest.approx(float(found), abs=0.011)
    same, another, with_meaning, another_with_meaning = (
        float(re.findall(rf"in {name} \| ([\d.]+)", page)[0])
        for name in (
            "the same language",
            "another",
            "the same language, with meaning",
            "another, with meaning",
        )
    )
    assert pytest.approx(same - another, abs=0.011) == LANGUAGE
    assert pytest.approx(with_meaning - another_with_meaning, abs=0.011) == LANGUAGE_WITH_MEANING
