"""The best introductions under caps, against every set there is."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxeny.engine.matching import (
    Candidate,
    Profile,
    build_index,
    choose_introductions,
    match_lists,
    pair_candidates,
)

LEFT, RIGHT = (0, 1, 2), (7, 8, 9)


@st.composite
def _problems(draw):
    pairs = draw(
        st.lists(st.tuples(st.sampled_from(LEFT), st.sampled_from(RIGHT)), unique=True, max_size=9)
    )
    score = st.integers(0, 20).map(lambda number: number / 20)
    few = st.sampled_from([0, 0, 0, 1, 2])
    return {
        "candidates": [Candidate(*pair, draw(score)) for pair in pairs],
        "left": {member: draw(st.integers(0, 3)) for member in LEFT},
        "right": {member: draw(st.integers(0, 3)) for member in RIGHT},
        "least_left": {member: draw(few) for member in LEFT},
        "least_right": {member: draw(few) for member in RIGHT},
        "most": draw(st.none() | st.integers(0, 5)),
    }


def _keeps_caps(chosen, problem):
    if problem["most"] is not None and len(chosen) > problem["most"]:
        return False
    return all(
        sum(getattr(one, side) == member for one in chosen) <= cap
        for side in ("left", "right")
        for member, cap in problem[side].items()
    )


def _keeps_promises(chosen, problem):
    return all(
        sum(getattr(one, side) == member for one in chosen) >= least
        for side in ("left", "right")
        for member, least in problem[f"least_{side}"].items()
    )


def _best_of_all(problem):
    """Value of the best of all sets; none if no set keeps caps and promises."""
    candidates = problem["candidates"]
    return max(
        (
            sum(one.score for one in chosen)
            for size in range(len(candidates) + 1)
            for chosen in combinations(candidates, size)
            if _keeps_caps(chosen, problem) and _keeps_promises(chosen, problem)
        ),
        default=None,
    )


@settings(max_examples=250, deadline=None)
@given(_problems())
def test_no_set_is_worth_more(problem):
    found = choose_introductions(**problem)
    best = _best_of_all(problem)
    if best is None:
        assert found.status == "infeasible"
        assert found.short
        assert found.pairs == ()
        return
    assert found.status in {"optimal", "empty"}
    assert found.value == pytest.approx(best, abs=1e-5)
    assert set(found.pairs) <= set(problem["candidates"])
    assert _keeps_caps(found.pairs, problem)
    assert _keeps_promises(found.pairs, problem)
    assert (found.status == "empty") == (found.pairs == ()) == bool(found.reason)
    introduced = {("left", one.left) for one in found.pairs}
    introduced |= {("right", one.right) for one in found.pairs}
    everybody = {("left", member) for member in LEFT} | {("right", member) for member in RIGHT}
    assert {(one.side, one.member) for one in found.left_out} == everybody - introduced


def test_why_nothing_can_be_introduced():
    pair = Candidate(0, 7, 0.5)
    assert choose_introductions([], left={0: 1}, right={7: 1}).reason == "no_candidates"
    found = choose_introductions([pair], left={0: 0}, right={7: 1})
    assert (found.status, found.reason) == ("empty", "no_room")
    assert [one.code for one in found.left_out] == ["no_room", "others_first"]


def test_why_promises_cannot_be_kept():
    pairs = [Candidate(0, 7, 0.5), Candidate(1, 7, 0.5), Candidate(2, 8, 0.1)]
    found = choose_introductions(
        pairs,
        left={0: 1, 1: 1, 2: 1},
        right={7: 1, 8: 2},
        least_left={0: 1, 1: 1},
        least_right={7: 2, 8: 2},
    )
    assert found.status == "infeasible"
    codes = {(one.side, one.member): (one.code, one.promised, one.possible) for one in found.short}
    assert codes["right", 7] == ("cap_below", 2, 1)
    assert codes["right", 8] == ("too_few_candidates", 2, 1)
    [other] = codes.keys() - {("right", 7), ("right", 8)}
    assert codes[other] == ("others_full", 1, 0)


def test_who_is_left_out_and_why():
    pairs = [Candidate(0, 7, 0.9), Candidate(1, 7, 0.4)]
    found = choose_introductions(pairs, left={0: 1, 1: 1, 2: 1}, right={7: 1})
    assert [(one.member, one.code) for one in found.left_out] == [
        (1, "others_first"),
        (2, "no_candidate"),
    ]


def test_candidates_of_two_lists():
    profiles = [Profile(about={"en": text}) for text in ("olive oil", "steel", "olive", "steel")]
    index = build_index(profiles)
    one, other = match_lists(index, [0, 1], [2, 3]), match_lists(index, [2, 3], [0, 1])
    pairs = pair_candidates(one, other)
    assert [(pair.left, pair.right) for pair in pairs] == [(0, 2), (1, 3)]
    assert pairs[1].score == pytest.approx(1.0)
    found = choose_introductions(pairs, left={0: 1, 1: 1}, right={2: 1, 3: 1})
    assert found.status == "optimal"
    assert found.left_out == ()


def test_many_members_keep_their_caps():
    random = np.random.default_rng(1)
    keys = random.choice(300 * 300, 3000, replace=False)
    pairs = [Candidate(int(k // 300), int(k % 300), float(random.random())) for k in keys]
    caps = dict.fromkeys(range(300), 3)
    found = choose_introductions(pairs, left=caps, right=caps, most=500)
    assert len(found.pairs) == 500
    for side in ("left", "right"):
        assert np.bincount([getattr(one, side) for one in found.pairs]).max() <= 3
    assert found.value > sum(sorted((one.score for one in pairs), reverse=True)[:500]) * 0.9


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"candidates": [Candidate(5, 7, 0.5)]}, "candidates"),
        ({"candidates": [Candidate(0, 7, 1.5)]}, "candidates"),
        ({"candidates": [Candidate(0, 7, float("nan"))]}, "candidates"),
        ({"candidates": [Candidate(0, 7, 0.5)] * 2}, "candidates"),
        ({"left": {0: -1}}, "left"),
        ({"least_right": {9: 1}}, "least_right"),
        ({"least_left": {0: -1}}, "least_left"),
        ({"most": -1}, "most"),
    ],
)
def test_bad_arguments_are_named(wrong, name):
    problem = {"candidates": [Candidate(0, 7, 0.5)], "left": {0: 1}, "right": {7: 1}}
    with pytest.raises(ValueError, match=f"^{name}:"):
        choose_introductions(**(problem | wrong))
