"""Vectors in a narrow cone are spread out, and few of them are left nearly as they are."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from proxeny.engine.matching._vectors import scale_rows, spread_out


def _cone(n, d=16, seed=0, common=3.0):
    random = np.random.default_rng(seed)
    topics = random.normal(size=(n, d))
    noise = [random.normal(size=(n, d)) * 0.7 for _ in range(2)]
    centre = np.full(d, common)
    return [scale_rows((centre + topics + one).astype(np.float32)) for one in noise]


def _found(asked, offered):
    return float(((asked @ offered.T).argmax(axis=1) == np.arange(len(asked))).mean())


def test_what_all_have_in_common_is_taken_away():
    asked, offered = _cone(2000)
    one, other = spread_out(asked, offered)
    assert (asked @ offered.T).mean() > 0.8
    assert abs((one @ other.T).mean()) < 0.01


def test_a_direction_that_says_nothing_no_longer_drowns_the_others():
    random = np.random.default_rng(9)
    topics = random.normal(size=(1000, 16))
    lists = []
    for _ in range(2):
        one = topics + random.normal(size=topics.shape) * 0.5
        one[:, 0] = random.normal(size=1000) * 8
        lists.append(scale_rows(one.astype(np.float32)))
    assert _found(*spread_out(*lists)) > _found(*lists) + 0.05


def test_few_texts_are_left_nearly_as_they_are():
    asked, offered = _cone(2, common=0.5)
    one, other = spread_out(asked, offered)
    # Lengths and angles, not places: the axes are turned.
    assert np.abs(one @ other.T - asked @ offered.T).max() < 0.2


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 30), st.integers(1, 9), st.integers(0, 99))
def test_lengths_are_one_and_nothing_stays_nothing(n, d, seed):
    random = np.random.default_rng(seed)
    asked, offered = (scale_rows(random.normal(size=(n, d)).astype(np.float32)) for _ in range(2))
    asked[::3] = 0.0
    one, other = spread_out(asked, offered)
    assert one.shape == other.shape == (n, d)
    assert np.isfinite(one).all()
    assert not one[::3].any()
    lengths = np.linalg.norm(one[[i for i in range(n) if i % 3]], axis=1)
    assert ((np.abs(lengths - 1) < 1e-4) | (lengths == 0)).all()
