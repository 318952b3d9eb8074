"""Answers change the ranking slowly, within bounds, and in the right direction."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxeny.engine.matching import (
    Profile,
    Relations,
    Settings,
    Statement,
    Taste,
    Tie,
    Verdict,
    build_index,
    learn_taste,
    match_lists,
)
from proxeny.engine.matching._pairs import FEATURES, weigh_pairs

WORDS = ("steel", "laser", "olive", "cloud", "wind", "pump")
N = 8


def _profile(number):
    return Profile(
        offers=(
            Statement({"en": f"{WORDS[number % 6]} {WORDS[number % 4]}"}, frozenset({"26.51"})),
        ),
        needs=(Statement({"en": f"{WORDS[(number + 1) % 6]} {WORDS[number % 3]}"}),),
        sectors=frozenset({f"{20 + number % 3}"}),
        country=("FR", "GR")[number % 2],
        place=("FR101", "FR106", "EL303", "")[number % 4],
        countries_sought=frozenset({"GR", "FR"}) if number % 3 else frozenset(),
    )


INDEX = build_index([_profile(number) for number in range(N)])
VERDICTS = st.lists(
    st.builds(Verdict, st.integers(0, N - 1), st.integers(0, N - 1), st.floats(0, 1)), max_size=40
)


def _orders(taste):
    found = match_lists(
        INDEX, range(N), range(N), top=N, settings=Settings(one_sided=0.5, taste=taste)
    )
    return found.targets.tolist(), found.scores


def test_nobody_has_answered_and_nothing_changes():
    before = _orders(None)
    for taste in (Taste(), learn_taste(INDEX, [])):
        after = _orders(taste)
        assert after[0] == before[0]
        assert after[1] == pytest.approx(before[1])
    held = Taste({"sector": 0.7}, verdicts=3)
    assert learn_taste(INDEX, [], prior=held) == held


@settings(max_examples=60, deadline=None)
@given(VERDICTS, st.floats(0.1, 100))
def test_weights_and_changes_are_bounded(verdicts, strength):
    taste = learn_taste(INDEX, verdicts, strength=strength)
    assert taste.verdicts == len(verdicts)
    assert all(-2 <= weight <= 2 for weight in taste.weights.values())
    change = taste.change(np.random.default_rng(0).random((20, len(FEATURES))) * 3)
    assert (change >= math.exp(-1)).all()
    assert (change <= math.e).all()


@given(st.integers(1, 300))
@settings(max_examples=20, deadline=None)
def test_what_is_always_chosen_rises_the_more_often_it_is(times):
    """From member 0, one of the same region is always taken and one of another never."""
    yes, no = Verdict(0, 4, 1.0), Verdict(0, 2, 0.0)
    assert [row[5] for row in weigh_pairs(INDEX, [0, 0], [4, 2])] == [1.0, 0.0]
    few = learn_taste(INDEX, [yes, no] * times).weights["place"]
    more = learn_taste(INDEX, [yes, no] * (times + 1)).weights["place"]
    assert few > 0
    assert few < more or few == 2.0


def test_five_answers_swing_nothing_and_many_do():
    pairs = [Verdict(0, 4, 1.0), Verdict(0, 2, 0.0)]
    assert learn_taste(INDEX, [*pairs, *pairs, pairs[0]]).weights["place"] < 0.15
    assert learn_taste(INDEX, pairs * 100).weights["place"] > 0.7


def test_refusals_alone_lower_nothing_much():
    """Who says no to everybody has no taste, only a low rate."""
    every = [Verdict(a, b, 0.0) for a in range(N) for b in range(N) if a != b]
    assert max(abs(weight) for weight in learn_taste(INDEX, every).weights.values()) < 0.3


def test_a_member_starts_from_the_taste_of_its_cluster():
    cluster = Taste({"country": 1.0}, verdicts=50)
    own = learn_taste(INDEX, [Verdict(0, 4, 1.0), Verdict(0, 2, 0.0)], prior=cluster)
    assert own.weights["country"] == pytest.approx(1.0, abs=0.1)
    assert own.weights["place"] > 0
    assert own.verdicts == 52


def test_the_taste_puts_the_best_in_a_new_order():
    plain = Settings(one_sided=0.5)
    before = match_lists(INDEX, [0], range(N), top=N, settings=plain)
    taste = Taste({"place": 2.0})
    found = match_lists(INDEX, [0], range(N), top=N, settings=Settings(one_sided=0.5, taste=taste))
    scores = dict(zip(before.targets[0].tolist(), before.scores[0].tolist(), strict=True))
    places = dict(zip(range(N), weigh_pairs(INDEX, [0] * N, range(N))[:, 5], strict=True))
    wanted = {t: s * math.exp(min(1.0, 2 * places[t])) for t, s in scores.items() if t >= 0}
    there = found.targets[0] >= 0
    assert found.targets[0][there].tolist() == sorted(wanted, key=lambda t: -wanted[t])
    assert found.scores[0][there] == pytest.approx(sorted(wanted.values(), reverse=True))
    assert found.targets[0].tolist() != before.targets[0].tolist()


def test_features_are_worked_by_hand():
    profiles = [
        Profile(sectors=frozenset({"26"}), countries_sought=frozenset({"GR"}), place="FR101"),
        Profile(sectors=frozenset({"26.51"}), country="GR", place="FR106"),
        Profile(sectors=frozenset({"27"}), country="GR", place="FR"),
        Profile(),
    ]
    index = build_index(profiles)
    relations = Relations(4, [Tie((0, 2)), Tie((1, 2))])
    rows = weigh_pairs(index, [0, 0, 1], [1, 2, 3], relations=relations)
    named = [dict(zip(FEATURES, row, strict=True)) for row in rows.tolist()]
    assert [row["sector"] for row in named] == [1.0, 0.0, 0.0]
    assert [row["country"] for row in named] == [1.0, 1.0, 0.0]
    assert [row["place"] for row in named] == [1.0, 0.0, 0.0]
    common = 1 / math.log(2)
    assert [row["relations"] for row in named] == pytest.approx([common / (1 + common), 0, 0])
    assert named[0]["they_offer"] == pytest.approx(
        float(index.offers.score_rows(index.needs, 0, 1)[0, 1])
    )


def test_relations_alone_can_be_learned():
    relations = Relations(N, [Tie((0, 3)), Tie((1, 3)), Tie((0, 5)), Tie((1, 5))])
    verdicts = [Verdict(0, 1, 1.0), Verdict(0, 7, 0.0)] * 50
    taste = learn_taste(INDEX, verdicts, relations=relations)
    assert taste.weights["relations"] > 0.3
    assert learn_taste(INDEX, verdicts).weights["relations"] == 0
    liked = Settings(one_sided=0.5, taste=taste, relations=relations)
    assert match_lists(INDEX, [0], range(N), settings=liked).targets.shape == (1, 10)


def test_partners_beyond_the_index_count_too():
    """0 and 1 both worked with somebody who is not matched."""
    within = Relations(N, [])
    beyond = Relations(N + 1, [Tie((0, N)), Tie((1, N))])
    rows = [weigh_pairs(INDEX, [0, 0], [1, 3], relations=one)[:, -1] for one in (within, beyond)]
    assert rows[0].tolist() == [0, 0]
    assert rows[1][0] > 0 == rows[1][1]
    taste = Taste({"relations": 1.0})
    liked = Settings(one_sided=0.5, taste=taste, relations=beyond)
    plain = match_lists(INDEX, [0], [1, 3], settings=Settings(one_sided=0.5))
    found = match_lists(INDEX, [0], [1, 3], settings=liked)
    gain = dict(zip(found.targets[0].tolist(), found.scores[0].tolist(), strict=True))
    before = dict(zip(plain.targets[0].tolist(), plain.scores[0].tolist(), strict=True))
    assert gain[1] == pytest.approx(before[1] * math.exp(rows[1][0]))
    assert gain[3] == pytest.approx(before[3])


def test_bad_arguments_are_named():
    for name, call in {
        "weights": lambda: Taste({"beauty": 1.0}),
        "weights: place": lambda: Taste({"place": 3.0}),
        "verdicts": lambda: learn_taste(INDEX, [Verdict(0, 1, 1.5)]),
        "members": lambda: learn_taste(INDEX, [Verdict(N, 1, 1.0)]),
        "targets": lambda: learn_taste(INDEX, [Verdict(0, -1, 1.0)]),
        "strength": lambda: learn_taste(INDEX, [], strength=0),
        "relations": lambda: learn_taste(INDEX, [Verdict(0, 1, 1.0)], relations=Relations(2, [])),
    }.items():
        with pytest.raises(ValueError, match=f"^{name}"):
            call()
