"""From points to a result, exactly."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxeny.engine.label import Criterion, Indicator, Level, Scheme, combine


def _scheme(rule="median", **more):
    return Scheme(
        **{
            "criteria": [
                Criterion(
                    key="team",
                    weight=2,
                    indicators=[
                        Indicator(key="skills", scale=10, weight=3, least=5),
                        Indicator(key="time", scale=4),
                    ],
                ),
                Criterion(key="plan", least=40, indicators=[Indicator(key="goals", scale=5)]),
            ],
            "least": 60,
            "levels": [Level("bronze", 60), Level("silver", 70), Level("gold", 80)],
            "rule": rule,
            **more,
        }
    )


def _one(**points):
    return {"ana": points}


def test_percents_are_weighted_means():
    found = combine(_scheme(), _one(skills=7, time=3, goals=Fraction(5, 2)))
    assert [one.percent for one in found.indicators] == [70, 75, 50]
    assert [one.percent for one in found.criteria] == [Fraction(285, 4), 50]
    assert found.percent == (2 * Fraction(285, 4) + 50) / 3
    assert (found.passes, found.level, found.gap) == (True, "bronze", Fraction(25, 6))
    assert found.criteria[1].gap == 10
    assert found.indicators[0].gap == 2
    assert found.missing == ()


def test_one_threshold_below_is_no_level():
    found = combine(_scheme(), _one(skills=Fraction(49, 10), time=4, goals=5))
    assert found.percent > 70
    assert (found.passes, found.total_passes, found.level) == (False, True, None)
    assert found.indicators[0].passes is False
    assert found.indicators[0].gap == Fraction(-1, 10)


def test_a_level_begins_exactly_at_its_least():
    scheme = Scheme(
        criteria=[Criterion(key="c", indicators=[Indicator(key="i", scale=3)])],
        levels=[Level("third", Fraction(100, 3)), Level("rest", Fraction(200, 3))],
    )
    assert [combine(scheme, _one(i=points)).level for points in range(4)] == [
        None,
        "third",
        "rest",
        "rest",
    ]


@pytest.mark.parametrize(
    ("rule", "points", "expected"),
    [
        ("median", [1, 9, 2], 2),
        ("median", [1, 2, 5, 9], Fraction(7, 2)),
        ("mean", [1, 2, 2], Fraction(5, 3)),
        ("lowest", [4, 1, 9], 1),
        ("trimmed", [0, 4, 5, 10], Fraction(9, 2)),
        ("trimmed", [0, 4, 5, 6, 10], 5),
        ("trimmed", [0, 1, 10], 1),
    ],
)
def test_rules(rule, points, expected):
    scores = {str(n): {"skills": one, "time": 1, "goals": 1} for n, one in enumerate(points)}
    found = combine(_scheme(rule), scores).indicators[0]
    assert found.points == expected
    assert (found.count, found.lowest, found.highest) == (len(points), min(points), max(points))


def test_spread():
    found = combine(
        _scheme(), {n: {"skills": one} for n, one in zip("abc", (2, 4, 6), strict=True)}
    )
    assert found.indicators[0].deviation == 2.0
    assert combine(_scheme(), _one(skills=2)).indicators[0].deviation is None


def test_missing_scores_are_not_guessed():
    scores = {"ana": {"skills": 8, "time": 4, "goals": 5}, "luc": {"skills": 6, "goals": None}}
    found = combine(_scheme(), scores, least_scores=2)
    assert found.missing == ("time", "goals")
    assert (found.percent, found.passes, found.level, found.gap) == (None, None, None, None)
    skills, time, _ = found.indicators
    assert (skills.points, skills.passes) == (7, True)
    assert (time.points, time.count, time.passes) == (4, 1, None)
    assert [one.percent for one in found.criteria] == [None, None]
    empty = combine(_scheme(), {})
    assert empty.missing == ("skills", "time", "goals")
    assert empty.indicators[0].points is None


def _gold():
    """31 indicators of up to five points, each with a threshold, and 80% of all points."""
    sizes = (4, 6, 9, 7, 5)
    criteria, number = [], 0
    for at, size in enumerate(sizes):
        own = [Indicator(key=f"i{number + n}", scale=5, weight=5, least=3) for n in range(size)]
        criteria.append(Criterion(key=f"c{at}", weight=5 * size, indicators=own))
        number += size
    return Scheme(criteria=criteria, least=80, levels=[Level("gold", 80)])


def test_the_gold_label_asks_31_thresholds_and_80_percent_of_all_points():
    scheme = _gold()
    assert len(scheme.indicators) == 31
    # 124 of 155 points are 80%.
    points = {f"i{n}": 4 for n in range(31)}
    found = combine(scheme, {"jury": points})
    assert (found.percent, found.gap, found.level) == (80, 0, "gold")
    less = combine(scheme, {"jury": points | {"i7": 3}})
    assert less.percent == Fraction(12300, 155)
    assert (less.passes, less.total_passes, less.level) == (False, False, None)
    assert all(one.passes for one in less.indicators)
    high = {f"i{n}": 5 for n in range(31)} | {"i30": 2}
    one_below = combine(scheme, {"jury": high})
    assert one_below.percent > 98
    assert (one_below.total_passes, one_below.passes, one_below.level) == (True, False, None)
    assert [one.key for one in one_below.indicators if not one.passes] == ["i30"]


@given(
    st.dictionaries(
        st.text(),
        st.fixed_dictionaries(
            {
                "skills": st.fractions(0, 10),
                "time": st.fractions(0, 4),
                "goals": st.fractions(0, 5),
            }
        ),
        min_size=1,
    )
)
def test_bounds_and_order(scores):
    lowest, median, mean, trimmed = (
        combine(_scheme(rule), scores) for rule in ("lowest", "median", "mean", "trimmed")
    )
    for found in (median, mean, trimmed):
        assert 0 <= lowest.percent <= found.percent <= 100
    back = dict(reversed(scores.items()))
    assert combine(_scheme("trimmed"), back) == trimmed


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: combine(_scheme(), _one(q=1)), "juror 'ana': indicator 'q': the scheme has none"),
        (lambda: combine(_scheme(), _one(time=5)), "juror 'ana': indicator 'time': 5 is no"),
        (lambda: combine(_scheme(), _one(time=-1)), "'time': -1 is no"),
        (lambda: combine(_scheme(), _one(time=1.5)), "'time': 1.5 is no fraction"),
        (lambda: combine(_scheme(), {}, least_scores=0), "least_scores: 0"),
        (lambda: Indicator(key="i", scale=0), "indicator 'i': scale: 0"),
        (lambda: Indicator(key="i", scale=5, weight=-1), "indicator 'i': weight: -1"),
        (lambda: Indicator(key="i", scale=5, least=6), "indicator 'i': least: 6"),
        (lambda: Criterion(key="c", indicators=[]), "criterion 'c': indicators: none"),
        (lambda: Criterion(key="c", least=101, indicators=[Indicator(key="i", scale=1)]), "101"),
        (lambda: Level("gold", -1), "level 'gold': least: -1"),
        (lambda: _scheme("best"), "rule: 'best'"),
        (lambda: _scheme(least=120), "least: 120"),
        (lambda: _scheme(criteria=[]), "criteria: none has a weight"),
        (lambda: _scheme(levels=[Level("a", 5), Level("b", 5)]), "level 'b': least: is not above"),
        (lambda: _scheme(levels=[Level("a", 5), Level("a", 6)]), "levels: two"),
        (
            lambda: _scheme(
                criteria=[
                    Criterion(key=key, indicators=[Indicator(key="i", scale=1)]) for key in "cd"
                ]
            ),
            "indicators: two have the key 'i'",
        ),
    ],
)
def test_bad_input(make, message):
    with pytest.raises(ValueError, match=message):
        make()
