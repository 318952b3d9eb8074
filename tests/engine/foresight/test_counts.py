"""Counts by period, and the interval of a share."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from tests.engine.foresight.corpus import PROJECTS

from proxeny.engine.foresight import Document, count_topics, find_topics, share_interval

TOPICS = find_topics(PROJECTS, least_documents=2)


def test_documents_are_counted_by_period() -> None:
    counted = count_topics(TOPICS, PROJECTS, [2022, 2019, 2020, 2021])

    assert counted.periods == (2019, 2020, 2021, 2022)
    assert counted.totals.tolist() == [2, 2, 2, 2]
    by_topic = dict(zip(counted.topics, counted.counts.tolist(), strict=True))
    assert by_topic["artifici intellig"] == [1, 1, 1, 1]
    assert by_topic["internet thing"] == [0, 1, 1, 1]
    assert by_topic["oliv oil"] == [1, 1, 0, 0]
    assert counted.documents.tolist() == counted.counts.sum(axis=1).tolist()
    assert counted.texts.tolist() == counted.counts.tolist()
    assert counted.repeats.tolist() == [1] * 7


def test_other_periods_are_left_out() -> None:
    counted = count_topics(TOPICS, PROJECTS, [2019, 2030])

    assert counted.totals.tolist() == [2, 0]


def test_copies_count_their_weight_and_one_text() -> None:
    copies = [
        Document(1, "call", 2020, "Tidal turbines"),
        Document(2, "call", 2020, "Tidal turbines", weight=2),
        Document(3, "call", 2020, "More tidal turbines"),
        Document(4, "call", 2021, "Tidal turbines"),
    ]
    topics = find_topics(copies, least_documents=2)

    counted = count_topics(topics, copies, [2020, 2021])

    assert counted.counts.tolist() == [[4, 1]]
    assert counted.documents.tolist() == [4]
    assert counted.texts.tolist() == [[2, 1]]
    # Texts of weight 3, 1 and 1.
    assert counted.repeats.tolist() == [pytest.approx(11 / 5)]


@given(st.randoms(), st.lists(st.floats(0.1, 9), min_size=8, max_size=8), st.floats(0.5, 20))
@settings(deadline=None)
def test_order_changes_nothing_and_weights_scale(
    chance: random.Random, weights: list[float], factor: float
) -> None:
    weighed = [_weigh(one, weight) for one, weight in zip(PROJECTS, weights, strict=True)]
    shuffled = list(weighed)
    chance.shuffle(shuffled)
    periods = [2019, 2020, 2021, 2022]

    counted = count_topics(TOPICS, weighed, periods)
    again = count_topics(TOPICS, shuffled, periods[::-1])
    scaled = count_topics(TOPICS, [_weigh(one, factor * one.weight) for one in weighed], periods)

    assert np.array_equal(counted.counts, again.counts)
    assert np.array_equal(counted.totals, again.totals)
    assert np.array_equal(counted.repeats, again.repeats)
    assert np.allclose(scaled.counts, factor * counted.counts)
    assert np.allclose(scaled.repeats, factor * counted.repeats)


def _weigh(one: Document, weight: float) -> Document:
    return Document(one.key, one.source, one.year, one.text, weight, one.language, one.owners)


def test_bad_input_is_told() -> None:
    with pytest.raises(ValueError, match="periods: there is none; give at least one"):
        count_topics(TOPICS, PROJECTS, [])
    with pytest.raises(ValueError, match="periods: two have the key 2020"):
        count_topics(TOPICS, PROJECTS, [2020, 2020])
    with pytest.raises(ValueError, match="document 'need' 1: it is not among those"):
        count_topics(TOPICS, [Document(1, "need", 2020, "Ports")], [2020])
    with pytest.raises(ValueError, match="documents: two have the key"):
        count_topics(TOPICS, [PROJECTS[0], PROJECTS[0]], [2019])


@given(
    st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.sampled_from([0.8, 0.95]),
)
@settings(deadline=None)
def test_interval_is_that_of_scipy(counted: tuple[int, int], level: float) -> None:
    count, total = counted
    theirs = binomtest(count, total).proportion_ci(confidence_level=level, method="wilson")

    low, high = share_interval(count, total, level=level)

    assert (low, high) == (pytest.approx(theirs.low, abs=1e-9), pytest.approx(theirs.high))


def test_spread_is_as_fewer_documents() -> None:
    assert share_interval(10, 100, spread=5) == pytest.approx(share_interval(2, 20))
    assert share_interval(0, 0) == (0, 1)


@pytest.mark.parametrize(
    ("count", "total", "options", "sentence"),
    [
        (3, 2, {}, "count: 3 is not from 0 to the total, 2"),
        (1, 2, {"level": 1}, "level: 1 is not between 0 and 1"),
        (1, 2, {"spread": 0}, "spread: 0 is not above 0"),
    ],
)
def test_shares_that_are_none_are_told(
    count: float, total: float, options: dict[str, float], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        share_interval(count, total, **options)
