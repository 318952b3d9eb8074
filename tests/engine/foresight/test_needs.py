"""The table of trend, need and call."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxeny.engine.foresight import Call, Statement, Trended, Weights, needs_table

TRENDS = (
    Trended("ai", "emerging"),
    Trended("ports", "steady"),
    Trended("tea", "declining"),
    Trended("tides", "emerging"),
    Trended("wool", "too_few"),
)


def test_gaps_come_first_by_their_size() -> None:
    needs = [
        Statement(1, 11, "a", ("ai",)),
        Statement(2, 12, "b", ("ai", "ports")),
        Statement(3, 11, "a", ("ai", "tea")),
        Statement(4, 13, "b", ("tea", "unknown")),
    ]
    offers = [Statement(1, 12, "b", ("tea",)), Statement(2, 11, "a", ("tides",))]
    calls = [Call(5, ("ports", "wool")), Call(6, ("wool", "wool"))]

    cells = needs_table(TRENDS, needs, calls, offers=offers)

    assert [(one.topic, one.gap, one.size) for one in cells] == [
        ("ai", "unmet_need", 3 * 2 * 2),
        ("wool", "call_without_need", 1.5 * 1 * 2),
        ("tea", "need_without_call", 2 * 0.5 * 2),
        ("tides", "trend_alone", 1 * 2 * 1),
        ("ports", None, 0),
    ]
    ai = cells[0]
    assert (ai.needs_a, ai.needs_b, ai.members_a, ai.members_b, ai.members) == (
        (1, 3),
        (2,),
        1,
        1,
        2,
    )
    assert cells[1].calls == (5, 6)
    assert cells[3].offers_a == (2,)


def test_an_offer_of_ones_own_side_meets_no_need() -> None:
    trend, need = [Trended("ai", "steady")], [Statement(1, 1, "a", ("ai",))]

    own = needs_table(trend, need, [], offers=[Statement(1, 2, "a", ("ai",))])
    other = needs_table(trend, need, [], offers=[Statement(1, 2, "b", ("ai",))])

    assert (own[0].gap, other[0].gap) == ("unmet_need", "need_without_call")


def test_a_member_of_both_is_counted_once() -> None:
    needs = [Statement(1, 7, "a", ("ai",)), Statement(2, 7, "b", ("ai",))]

    [cell] = needs_table([Trended("ai", "steady")], needs, [])

    assert (cell.members_a, cell.members_b, cell.members, cell.size) == (1, 1, 1, 3)


def test_weights_are_ones_own() -> None:
    weights = Weights(kind={**Weights().kind, "trend_alone": 50})

    [first, *_] = needs_table(TRENDS, [], [Call(1, ("wool",))], weights=weights)

    assert (first.topic, first.size) == ("ai", 100)


topics = st.lists(st.sampled_from(["ai", "ports", "tea", "x"]), max_size=3).map(tuple)
statements = st.lists(
    st.builds(Statement, st.integers(0, 30), st.integers(0, 5), st.sampled_from("ab"), topics),
    max_size=8,
    unique_by=lambda one: one.key,
)
calls_of = st.lists(
    st.builds(Call, st.integers(0, 30), topics), max_size=5, unique_by=lambda one: one.key
)


@given(statements, statements, calls_of)
@settings(deadline=None)
def test_every_need_offer_and_call_stands_in_its_rows(
    needs: list[Statement], offers: list[Statement], calls: list[Call]
) -> None:
    cells = needs_table(TRENDS, needs, calls, offers=offers)

    assert cells == needs_table(TRENDS[::-1], needs[::-1], calls[::-1], offers=offers[::-1])
    assert sorted(one.topic for one in cells) == sorted(one.topic for one in TRENDS)
    for cell in cells:
        named = [one for one in needs if cell.topic in one.topics]
        assert {*cell.needs_a, *cell.needs_b} == {one.key for one in named}
        assert cell.members == len({one.owner for one in named})
        assert set(cell.calls) == {one.key for one in calls if cell.topic in one.topics}
        assert (cell.size > 0) == (cell.gap is not None)
        assert not (named and cell.calls and cell.gap)
    sizes = [one.size for one in cells]
    assert sizes == sorted(sizes, reverse=True)


def test_bad_input_is_told() -> None:
    with pytest.raises(ValueError, match="trends: two have the key 'ai'"):
        needs_table([TRENDS[0], TRENDS[0]], [], [])
    with pytest.raises(ValueError, match="needs: two have the key 1"):
        needs_table([], [Statement(1, 1, "a", ()), Statement(1, 2, "a", ())], [])
    with pytest.raises(ValueError, match="offers: 1: side: 'c' is neither 'a' nor 'b'"):
        needs_table([], [], [], offers=[Statement(1, 1, "c", ())])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="calls: two have the key 3"):
        needs_table([], [], [Call(3, ()), Call(3, ())])
    with pytest.raises(ValueError, match="weights: 'unmet_need' has none"):
        Weights(kind={"need_without_call": 1, "call_without_need": 1, "trend_alone": 1})
    with pytest.raises(ValueError, match="weights: 'steady': 0 is not above 0"):
        Weights(state={"emerging": 1, "declining": 1, "steady": 0, "too_few": 1})
