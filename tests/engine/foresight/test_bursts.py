"""Kleinberg's bursts against a sum by hand and all courses of states."""

from itertools import product
from math import comb, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxeny.engine.foresight import Burst, bursts


def test_a_burst_by_hand() -> None:
    # Usual share 15 / 60 = 1/4, high 1/2. Saving in a period with r of 20:
    # r ln 2 + (20 - r) ln(2/3).
    [found] = bursts(np.array([[2.0, 11.0, 2.0]]), np.array([20.0, 20.0, 20.0]))

    assert (found.topic, found.start, found.end) == (0, 1, 1)
    assert found.weight == pytest.approx(11 * log(2) + 9 * log(2 / 3))
    assert found.weight > log(3)


def test_a_rise_that_costs_more_than_it_saves_is_none() -> None:
    # Saving 7.62 - 3.65 = 3.98: a rise at 4 ln 3 = 4.39 is too dear.
    counts, totals = np.array([[2.0, 11.0, 2.0]]), np.array([20.0, 20.0, 20.0])

    assert bursts(counts, totals, gamma=4) == ()
    assert len(bursts(counts, totals, gamma=3.6)) == 1


series = st.lists(
    st.integers(1, 12).flatmap(lambda d: st.tuples(st.integers(0, d), st.just(d))),
    min_size=1,
    max_size=9,
)


@given(series, st.sampled_from([1.5, 2.0, 3.0]), st.sampled_from([0.0, 0.5, 1.0]))
@settings(deadline=None)
def test_the_course_is_the_cheapest_of_all(
    rows: list[tuple[int, int]], s: float, gamma: float
) -> None:
    counts, totals = np.array([[r for r, _ in rows]], float), np.array([d for _, d in rows], float)
    found = bursts(counts, totals, s=s, gamma=gamma)
    states = [int(any(one.start <= at <= one.end for one in found)) for at in range(len(rows))]

    best = min(_cost(rows, course, s, gamma) for course in product((0, 1), repeat=len(rows)))

    assert _cost(rows, states, s, gamma) == pytest.approx(best, abs=1e-9)
    usual = [_cost([row], [0], s, gamma, rows) for row in rows]
    high = [_cost([row], [1], s, 0, rows) for row in rows]
    for one in found:
        saved = sum(usual[one.start : one.end + 1]) - sum(high[one.start : one.end + 1])
        assert one.weight == pytest.approx(saved)


def _cost(
    rows: list[tuple[int, int]],
    states: tuple[int, ...] | list[int],
    s: float,
    gamma: float,
    of: list[tuple[int, int]] | None = None,
) -> float:
    """The paper's cost as it is written, with the binomial coefficient."""
    of = of or rows
    usual = sum(r for r, _ in of) / sum(d for _, d in of)
    cost, before = 0.0, 0
    for (r, d), state in zip(rows, states, strict=True):
        share = min(1.0, s * usual) if state else usual
        chance = comb(d, r) * share**r * (1 - share) ** (d - r)
        cost += -log(chance) if chance > 0 else float("inf")
        cost += gamma * log(len(of)) if state > before else 0.0
        before = state
    return cost


def test_topics_are_told_apart() -> None:
    counts = np.array([[1.0, 1, 1, 1], [1, 9, 9, 1], [9, 1, 1, 9]])

    found = bursts(counts, np.full(4, 30.0))

    assert [(one.topic, one.start, one.end) for one in found] == [(1, 1, 2), (2, 0, 0), (2, 3, 3)]
    assert all(isinstance(one, Burst) and one.weight > 0 for one in found)


def test_nothing_counted_has_no_burst() -> None:
    assert bursts(np.zeros((2, 3)), np.zeros(3)) == ()
    assert bursts(np.zeros((2, 0)), np.zeros(0)) == ()


@pytest.mark.parametrize(
    ("counts", "totals", "options", "sentence"),
    [
        ([[1.0, 2.0]], [3.0], {}, "totals: its shape"),
        ([[4.0]], [3.0], {}, r"counts: 4\.0 of topic 0 in period 0 is not from 0 to the total, 3"),
        ([[-1.0]], [3.0], {}, r"counts: -1\.0 of topic 0"),
        ([[float("nan")]], [3.0], {}, "one is not a finite number"),
        ([[1.0]], [3.0], {"s": 1.0}, r"s: 1\.0 is not above 1"),
        ([[1.0]], [3.0], {"gamma": -1.0}, r"gamma: -1\.0 is below 0"),
    ],
)
def test_bad_input_is_told(
    counts: list[list[float]], totals: list[float], options: dict[str, float], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        bursts(np.array(counts), np.array(totals), **options)
