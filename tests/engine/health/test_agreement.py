"""Agreement on an ordered scale, with the published worked examples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxeny.engine.health import measure_agreement


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # The worked example of the R package agrmt, after van der Eijk (2001).
        ([30, 40, 210, 130, 530, 50, 10], 0.6113333),
        # The three corners that define the measure.
        ([0, 0, 12, 0, 0], 1.0),
        ([7, 7, 7, 7, 7], 0.0),
        ([5, 0, 0, 0, 5], -1.0),
    ],
)
def test_published_examples(counts, expected):
    assert measure_agreement(counts) == pytest.approx(expected, abs=1e-7)


def test_nobody_answered():
    assert measure_agreement([0, 0, 0]) is None


@pytest.mark.parametrize("counts", [[1, 2], [1, -1, 3]])
def test_bad_counts(counts):
    with pytest.raises(ValueError, match="counts"):
        measure_agreement(counts)


@given(st.lists(st.integers(0, 20), min_size=5, max_size=5).filter(any), st.integers(2, 5))
def test_same_for_the_mirror_and_for_more_of_the_same(counts, times):
    found = measure_agreement(counts)
    assert -1 - 1e-9 <= found <= 1 + 1e-9
    assert measure_agreement(counts[::-1]) == pytest.approx(found)
    assert measure_agreement([times * one for one in counts]) == pytest.approx(found)
