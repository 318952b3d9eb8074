"""Maximal marginal relevance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxeny.engine.matching import Profile, build_index, match_member, pick_diverse


@given(st.lists(st.floats(0, 1), max_size=8), st.integers(0, 10), st.floats(0, 1), st.randoms())
def test_picks_are_different_and_begin_with_the_best(relevance, top, diversity, random):
    n = len(relevance)
    likeness = np.array([[random.random() for _ in range(n)] for _ in range(n)]).reshape(n, n)
    picked = pick_diverse(np.array(relevance), likeness, top=top, diversity=diversity)
    assert len(picked) == len(set(picked)) == min(top, n)
    if picked and diversity < 0.99:
        assert relevance[picked[0]] == max(relevance)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_without_diversity_it_is_the_order_of_relevance(relevance):
    n = len(relevance)
    picked = pick_diverse(np.array(relevance), np.ones((n, n)), top=n, diversity=0)
    assert [relevance[i] for i in picked] == sorted(relevance, reverse=True)


def test_a_copy_of_the_best_makes_room():
    profiles = [
        Profile(about={"en": text})
        for text in ("olive wind steel", "olive wind", "olive wind", "steel cloud", "port")
    ]
    index = build_index(profiles)
    best = [one.target for one in match_member(index, 0, range(1, 5), top=2)]
    mixed = [one.target for one in match_member(index, 0, range(1, 5), top=2, diversity=0.5)]
    assert (best, mixed) == ([1, 2], [1, 3])


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match=r"^likeness:"):
        pick_diverse(np.ones(2), np.ones((2, 3)), top=1)
    with pytest.raises(ValueError, match=r"^diversity:"):
        pick_diverse(np.ones(2), np.ones((2, 2)), top=1, diversity=1.1)
