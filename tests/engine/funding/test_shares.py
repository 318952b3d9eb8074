"""Shares and concentration, with the authorities' worked example."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxeny.engine.funding import measure_shares


def test_published_example():
    """Merger Guidelines (U.S. DOJ and FTC): 30, 30, 20 and 20 per cent give 2,600."""
    found = measure_shares([("a", 30), ("b", 30), ("c", 20), ("d", 20)])
    assert found.index * 10_000 == pytest.approx(2600)


def test_one_payer_in_many_lines():
    found = measure_shares([("grant", 50), ("own", 25), ("grant", 25)])
    assert (found.total, found.shares) == (100, {"grant": 0.75, "own": 0.25})
    assert found.index == pytest.approx(0.625)
    assert found.as_many_as == pytest.approx(1.6)


def test_no_money_has_no_concentration():
    found = measure_shares([("a", 0)])
    assert (found.total, found.shares, found.index, found.as_many_as) == (0, {}, None, None)


def test_bad_sum_is_named():
    with pytest.raises(ValueError, match="'a' must not be negative"):
        measure_shares([("a", -1)])


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 1000)), min_size=1))
def test_between_even_and_all(amounts):
    found = measure_shares(amounts)
    if found.total:
        payers = sum(1 for share in found.shares.values() if share)
        assert sum(found.shares.values()) == pytest.approx(1)
        assert 1 / payers <= found.index + 1e-12 <= 1 + 2e-12
        assert list(found.shares.values()) == sorted(found.shares.values(), reverse=True)
