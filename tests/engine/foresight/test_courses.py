"""Which topics emerge, and how sure that is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from proxeny.engine.foresight import (
    Document,
    count_topics,
    emergence,
    false_discovery,
    find_topics,
    judge_courses,
)
from proxeny.engine.foresight._growth import score_test

TEN = np.full(10, 1000.0)


def test_a_riser_and_a_faller_stand_out_among_steady_ones() -> None:
    chance = np.random.default_rng(5)
    counts = chance.poisson(40, (60, 10)).astype(float)
    counts[7] = chance.poisson(10 * 1.3 ** np.arange(10))
    counts[23] = chance.poisson(90 * 0.75 ** np.arange(10))
    counts[50] = [0, 1, 0, 0, 1, 0, 0, 0, 1, 1]

    found = emergence(counts, TEN)

    states = {at: one.state for at, one in enumerate(found.courses) if one.state != "steady"}
    assert states == {7: "emerging", 23: "declining", 50: "too_few"}
    riser = found.courses[7]
    assert riser.trend.s > 0
    assert riser.slope.low > 0
    assert riser.growth_low <= riser.growth <= riser.growth_high
    assert riser.growth_low < 1.3 < riser.growth_high
    assert riser.share == counts[7, -1] / 1000
    assert riser.share_low < riser.share < riser.share_high
    assert riser.share_before == pytest.approx(counts[7, :-1].sum() / 9000)
    assert riser.outlook == pytest.approx(riser.growth**3)
    assert found.ranking()[0] == 7
    assert 50 not in found.ranking()
    assert found.courses[50].q == 1


def test_chance_alone_is_seldom_flagged() -> None:
    flags = 0
    for seed in range(20):
        counts = np.random.default_rng(seed).poisson(12, (100, 5)).astype(float)
        courses = emergence(counts, np.full(5, 500.0)).courses
        flags += sum(one.state in ("emerging", "declining") for one in courses)

    # Each of twenty times with probability of a tenth at most.
    assert flags <= 8


def test_few_documents_are_held_back_more() -> None:
    chance = np.random.default_rng(1)
    counts = chance.poisson(30, (80, 5)).astype(float)
    counts[0], counts[1] = [0, 1, 1, 2, 2], [0, 10, 10, 20, 20]

    few, many = emergence(counts, np.full(5, 500.0)).courses[:2]

    assert 1 < few.growth < many.growth
    assert 0.5 < few.rising < many.rising


def test_copies_are_one_piece_of_evidence() -> None:
    chance = np.random.default_rng(2)
    counts = chance.poisson(30, (40, 5)).astype(float)
    counts[0] = [0, 0, 0, 0, 60]
    texts = counts.astype(np.int64)
    texts[0, 4] = 2
    repeats = np.ones(40)
    repeats[0] = 30.0

    blind = emergence(counts, np.full(5, 900.0)).courses[0]
    seeing = emergence(counts, np.full(5, 900.0), texts=texts, repeats=repeats).courses[0]

    assert blind.state == "emerging"
    assert seeing.state == "steady"
    assert seeing.p > blind.p
    assert seeing.growth < blind.growth
    assert seeing.share_high > blind.share_high
    # Sixty documents of two texts: a thirtieth of what each brings is usual.
    assert seeing.outlook == pytest.approx(seeing.growth**3 / 30)


def test_more_than_chance_is_held_against_every_topic() -> None:
    chance = np.random.default_rng(3)
    calm = chance.poisson(40, (60, 6)).astype(float)
    wild = chance.poisson(40 * chance.gamma(2, 0.5, (60, 6))).astype(float)

    assert emergence(calm, np.full(6, 1e4)).spread < 1.3
    assert emergence(wild, np.full(6, 1e4)).spread > 5


def test_two_periods_tell_no_spread() -> None:
    found = emergence(np.array([[5.0, 9.0], [8.0, 4.0]]), np.array([100.0, 100.0]))

    assert found.spread == 1
    assert [one.periods for one in found.courses] == [2, 2]


def test_no_topic_and_only_small_topics() -> None:
    assert emergence(np.zeros((0, 3)), np.ones(3)).courses == ()
    [one] = emergence(np.array([[0.0, 0.0, 1.0]]), np.ones(3)).courses
    assert one.state == "too_few"


counts_of_five = st.lists(
    st.lists(st.integers(0, 60), min_size=5, max_size=5), min_size=1, max_size=12
)


@given(counts_of_five, st.randoms(), st.integers(2, 50))
@settings(max_examples=40, deadline=None)
def test_order_of_topics_and_size_of_the_world_change_no_verdict(
    rows: list[list[int]], chance: np.random.Generator, factor: int
) -> None:
    counts = np.array(rows, dtype=float)
    order = list(range(len(rows)))
    chance.shuffle(order)

    found = emergence(counts, np.full(5, 100.0))
    moved = emergence(counts[order], np.full(5, 100.0))
    wider = emergence(counts, np.full(5, 100.0 * factor))

    for at, one in enumerate(order):
        assert moved.courses[at].state == found.courses[one].state
        assert moved.courses[at].growth == pytest.approx(found.courses[one].growth, rel=1e-4)
    for one, other in zip(found.courses, wider.courses, strict=True):
        assert (one.state, one.trend) == (other.state, other.trend)
        assert other.growth == pytest.approx(one.growth)
        assert other.share == pytest.approx(one.share / factor)


@given(counts_of_five)
@settings(max_examples=40, deadline=None)
def test_time_turned_round_turns_growth(rows: list[list[int]]) -> None:
    counts = np.array(rows, dtype=float)

    found = emergence(counts, np.full(5, 100.0))
    turned = emergence(counts[:, ::-1], np.full(5, 100.0))

    for one, other in zip(found.courses, turned.courses, strict=True):
        assert one.growth * other.growth == pytest.approx(1, rel=1e-4)
        assert one.rising + other.rising == pytest.approx(1, abs=1e-4)
        assert one.trend.s == -other.trend.s
        assert one.p == pytest.approx(other.p)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
@settings(deadline=None)
def test_false_discovery_is_that_of_scipy(p: list[float]) -> None:
    assert np.allclose(false_discovery(np.array(p)), stats.false_discovery_control(p))


def test_the_test_of_counts_is_the_trend_test_of_proportions() -> None:
    # Given the sum, Armitage's z is the standardised sum of times, as in a permutation of labels.
    counts, totals = np.array([[4.0, 9.0, 14.0]]), np.array([2000.0, 3000.0, 2500.0])
    times, part = np.arange(3), totals / totals.sum()
    middle = float(part @ times)
    expected = (counts[0] @ times - 27 * middle) / np.sqrt(27 * (part @ (times - middle) ** 2))

    assert score_test(counts, totals, 1.0)[0] == pytest.approx(expected)
    # Numbers large beside one topic: the same as the regression of presence on time.
    presence = np.concatenate(
        [np.repeat([1, 0], [int(c), int(t - c)]) for c, t in zip(counts[0], totals, strict=True)]
    )
    when = np.repeat(times, totals.astype(int))
    r = stats.pearsonr(presence, when).statistic
    assert score_test(counts, totals, 1.0)[0] == pytest.approx(r * np.sqrt(totals.sum()), rel=0.01)


def test_courses_of_counted_documents() -> None:
    documents = [
        Document(key, "project", 2018 + key % 6, f"{'Tidal turbines' if key < 36 else 'T'} n{key}")
        for key in range(180)
    ]
    counted = count_topics(find_topics(documents, least_documents=2), documents, range(2018, 2024))

    [course] = judge_courses(counted).courses

    assert (course.state, course.weight, course.share) == ("steady", 36, 0.2)


@pytest.mark.parametrize(
    ("counts", "totals", "options", "sentence"),
    [
        ([[1.0]], [2.0], {}, "totals: a course needs at least two periods"),
        ([[0.0, 1.0]], [0.0, 2.0], {}, "totals: period 0 has no document; leave it out or join"),
        ([[3.0, 1.0]], [2.0, 2.0], {}, "counts: 3.0 of topic 0 in period 0 is not from 0 to the"),
        ([[1.0, 1.0]], [2.0, 2.0, 2.0], {}, "totals: its shape"),
        ([[1.0, 1.0]], [2.0, 2.0], {"least": 0}, "least: 0 is not a whole number from 1"),
        ([[1.0, 1.0]], [2.0, 2.0], {"ahead": 0}, "ahead: 0 is not a whole number from 1"),
        ([[1.0, 1.0]], [2.0, 2.0], {"false_share": 1}, "false_share: 1 is not between 0 and 1"),
        ([[1.0, 1.0]], [2.0, 2.0], {"level": 0}, "level: 0 is not between 0 and 1"),
        ([[1.0, 1.0]], [2.0, 2.0], {"repeats": np.ones(2)}, "repeats: its shape"),
        ([[1.0, 1.0]], [2.0, 2.0], {"repeats": np.zeros(1)}, "repeats: one is not above 0"),
        ([[1.0, 1.0]], [2.0, 2.0], {"texts": np.ones((1, 3))}, "texts: its shape"),
        ([[1.0, 1.0]], [2.0, 2.0], {"documents": np.ones(3)}, "documents: its shape"),
    ],
)
def test_bad_input_is_told(
    counts: list[list[float]], totals: list[float], options: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        emergence(np.array(counts), np.array(totals), **options)  # type: ignore[arg-type]
