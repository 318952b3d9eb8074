"""Places within quotas, against every selection there is."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from tests.engine.label.plain import best_selection, choices, fits

from proxeny.engine.label import (
    Candidate,
    Change,
    Choice,
    Clash,
    Infeasible,
    NextUp,
    Quota,
    Selection,
    Shortfall,
    TooFewPassed,
    Waiting,
    check_selection,
    next_up,
    read_share,
    select,
)


def _choice(scores, places, *quotas, **more):
    """Return a choice of candidates such as `x90`: the origin and the score, first come first."""
    candidates = [
        Candidate(key, Fraction(key[1:]), key[0], at) for at, key in enumerate(scores.split())
    ]
    return Choice(candidates=candidates, places=places, quotas=quotas, **more)


@settings(max_examples=200, deadline=None)
@given(choices())
def test_no_selection_is_better(choice):
    found, best = select(choice), best_selection(choice)
    assert isinstance(found, Infeasible) == (best is None)
    if best is None:
        assert found.reasons
        return
    assert {*found.chosen} == best
    assert check_selection(choice, found) == []
    scores = {one.key: one.score for one in choice.candidates}
    for at, cost in enumerate(found.costs):
        others = [*choice.quotas[:at], *choice.quotas[at + 1 :]]
        _check_cost(cost, best, best_selection(replace(choice, quotas=others)), scores)
    _check_cost(found.cost_of_all, best, best_selection(replace(choice, quotas=())), scores)


def _check_cost(cost, now, then, scores):
    assert {*cost.in_by} == now - then
    assert {*cost.out_by} == then - now
    assert cost.points == sum(scores[key] for key in then) - sum(scores[key] for key in now)
    assert cost.places == len(then) - len(now)


@settings(max_examples=150, deadline=None)
@given(choices())
def test_who_waits_is_who_would_come_with_one_place_more(choice):
    found = select(choice)
    if isinstance(found, Infeasible):
        return
    by_key = {one.key: one for one in choice.candidates}
    taken = [by_key[key] for key in found.chosen]
    rest = [one for one in choice.candidates if one not in taken]
    for waiting in found.waiting:
        could = [one for one in rest if fits(choice, [*taken, one])]
        one = by_key[waiting.key]
        if waiting.quotas:
            assert could == []
        else:
            assert one == min(could, key=lambda one: (-one.score, one.order, one.key))
            taken.append(one)
        rest.remove(one)
    assert rest == []


@settings(max_examples=150, deadline=None)
@given(choices())
def test_who_moves_up_is_the_best_that_keeps_the_quotas(choice):
    found = select(choice)
    if isinstance(found, Infeasible) or not found.chosen:
        return
    gone = found.chosen[0]
    kept = [one for one in choice.candidates if one.key in found.chosen[1:]]
    others = [one for one in choice.candidates if one.key not in found.chosen]
    could = [one for one in others if fits(choice, [*kept, one])]
    answer = next_up(choice, found.chosen, [gone])
    if could:
        best = min(could, key=lambda one: (-one.score, one.order, one.key))
        assert answer.key == best.key
    elif answer.key is not None:
        assert answer.shortfalls


@settings(max_examples=150, deadline=None)
@given(choices(as_far=False))
def test_each_change_would_do_and_none_nearer(choice):
    found = select(choice)
    if isinstance(found, Selection):
        return
    passed = {one.quota: one.passed for one in found.reasons if isinstance(one, TooFewPassed)}
    lowered = replace(
        choice, quotas=[replace(one, least=passed.get(one.key, one.least)) for one in choice.quotas]
    )
    clash = [one for one in found.reasons if isinstance(one, Clash)]
    assert (best_selection(lowered) is None) == bool(clash)
    for change in [change for one in clash for change in one.changes]:
        assert best_selection(_change(lowered, change, change.to)) is not None
        towards = 1 if change.to < change.before else -1
        if change.to + towards != change.before:
            assert best_selection(_change(lowered, change, change.to + towards)) is None
    for one in clash:
        some = [quota for quota in lowered.quotas if quota.key in one.quotas]
        assert best_selection(replace(lowered, quotas=some)) is None
        for quota in some:
            others = [one for one in some if one != quota]
            assert best_selection(replace(lowered, quotas=others)) is not None


def _change(choice, change, to):
    if change.field == "places":
        return replace(choice, places=to)
    return replace(
        choice,
        quotas=[
            replace(one, **{change.field: to}) if one.key == change.quota else one
            for one in choice.quotas
        ],
    )


def test_the_call_that_planned_a_third_each_and_chose_12_12_6():
    # 60 projects over three origins; of the third origin only six passed.
    scores = " ".join(
        f"{origin}{score}"
        for origin, count in (("f", 24), ("m", 24), ("a", 6))
        for score in range(95, 95 - count, -1)
    )
    third = read_share("1/3")
    least, most = third.at_least(30), third.at_most(30)
    assert (least, most) == (10, 10)
    quotas = [Quota(key, frozenset(key), least) for key in "fma"]
    assert select(_choice(scores, 30, *quotas)) == Infeasible((TooFewPassed("a", 10, 6),))
    choice = _choice(scores, 30, *quotas, as_far=True)
    found = select(choice)
    assert found.counts == (("f", 12), ("m", 12), ("a", 6))
    assert found.shortfalls == (Shortfall("a", 10, 6),)
    assert found.cost_of_all.points == 0
    assert check_selection(choice, found) == []


def test_what_a_quota_costs():
    found = select(_choice("x90 x80 x70 y60 y50", 3, Quota("y", frozenset("y"), 2)))
    assert found.chosen == ("x90", "y60", "y50")
    (cost,) = found.costs
    assert (cost.points, cost.in_by, cost.out_by) == (40, ("y60", "y50"), ("x80", "x70"))
    assert found.cost_of_all == replace(cost, quota=None)


def test_places_stay_empty_rather_than_break_a_most():
    found = select(_choice("x90 x80 y70 x60", 4, Quota("x", frozenset("x"), 0, 1)))
    assert found.chosen == ("x90", "y70")
    assert found.costs[0].places == 2
    assert found.waiting == (Waiting("x80", ("x",)), Waiting("x60", ("x",)))


def test_ties_go_by_order():
    found = select(_choice("y5 x5 z5", 2))
    assert found.chosen == ("y5", "x5")


def test_who_moves_up():
    choice = _choice(
        "x90 x80 x75 y60 y50 z40",
        3,
        Quota("y", frozenset("y"), 1),
        Quota("x", frozenset("x"), 0, 2),
    )
    found = select(choice)
    assert found.chosen == ("x90", "x80", "y60")
    assert next_up(choice, found.chosen, ["y60"]) == NextUp("y50", (Waiting("x75", ("x",)),))
    assert next_up(choice, found.chosen, ["x90"]) == NextUp("x75")
    assert next_up(choice, found.chosen, ["y60", "y50"]) == NextUp(
        "z40", (Waiting("x75", ("x",)),), (Shortfall("y", 1, 0),)
    )
    assert next_up(choice, found.chosen, []) == NextUp(None)
    assert next_up(choice, ["x90", "y60"], ["x80"]) == NextUp("x75")
    loose = replace(choice, quotas=choice.quotas[:1])
    assert next_up(loose, found.chosen, ["y60"]) == NextUp("y50", (Waiting("x75", ("y",)),))
    with pytest.raises(ValueError, match="withdrew: there is no candidate 'q'"):
        next_up(choice, found.chosen, ["q"])


def test_leasts_that_are_more_than_the_places():
    choice = _choice("x9 x8 y7 y6", 3, *(Quota(key, frozenset(key), 2) for key in "xy"))
    assert select(choice) == Infeasible(
        (
            Clash(
                ("x", "y"),
                (
                    Change("x", "least", 2, 1),
                    Change("y", "least", 2, 1),
                    Change(None, "places", 3, 4),
                ),
            ),
        )
    )


def test_a_least_against_the_most_around_it():
    quotas = [Quota("x", frozenset("x"), 2), Quota("all", frozenset("xy"), 0, 1)]
    assert select(_choice("x9 x8 y7", 3, *quotas)) == Infeasible(
        (Clash(("x", "all"), (Change("x", "least", 2, 1), Change("all", "most", 1, 2))),)
    )


def test_fractions_as_fine_as_one_likes():
    tiny = Fraction(1, 3**200)
    candidates = [Candidate("a", 50 + tiny, "x"), Candidate("b", 50 + 2 * tiny, "x", 1)]
    assert select(Choice(candidates=candidates, places=1)).chosen == ("b",)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: _choice("x1 x1", 1), "candidates: two have the key 'x1'"),
        (lambda: _choice("x1", -1), "places: -1"),
        (lambda: _choice("x1", 1, Quota("q", frozenset()), Quota("q", frozenset())), "quotas: two"),
        (lambda: Quota("q", frozenset(), 3, 2), "quota 'q': most: 2"),
        (lambda: Quota("q", frozenset(), -3), "quota 'q': least: -3"),
        (lambda: Candidate("c", 1.5, "x"), "candidate 'c': score: 1.5 is no fraction"),
        (lambda: Candidate("c", Fraction(-1), "x"), "candidate 'c': score"),
    ],
)
def test_bad_input(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_the_checker_finds_what_is_wrong():
    choice = _choice("x90 x80 y70", 2, Quota("y", frozenset("y"), 0, 0))
    found = select(choice)
    assert check_selection(choice, replace(found, chosen=("x90",), total=Fraction(90))) == [
        "better: ['x80'] for []"
    ]
    assert check_selection(choice, replace(found, chosen=("x90", "y70"))) == [
        "total: not the sum of the scores",
        "'y': 1, not 0 to 0",
    ]
