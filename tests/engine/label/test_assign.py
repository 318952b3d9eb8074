"""Juries, against every assignment there is."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.label.plain import all_assignments, juries, rate_assignment

from proxeny.engine.label import (
    Application,
    Assignment,
    Impossible,
    Juror,
    Jury,
    Need,
    NoRoom,
    Room,
    TooFew,
    TooMuch,
    assign_jury,
    check_jury,
)


def _jury(applications="a", jurors=(("x1", "x"), ("y1", "y")), **more):
    """Return a jury of two; a juror is a key, a side, and maybe a limit."""
    return Jury(
        **{
            "applications": [Application(key) for key in applications],
            "jurors": [Juror(key, side, frozenset(), *most) for key, side, *most in jurors],
            "per": 2,
            "sides": ("x", "y"),
            **more,
        }
    )


@settings(max_examples=500, deadline=None)
@given(juries())
def test_no_assignment_is_better(jury):
    found = assign_jury(jury)
    rated = [rate_assignment(jury, pairs) for pairs in all_assignments(jury)]
    assert isinstance(found, Impossible) == (not rated)
    if rated:
        assert (found.squares, -found.fit) == min(rated)
        assert check_jury(jury, found) == []
    else:
        assert found.reasons


@settings(max_examples=300, deadline=None)
@given(juries())
def test_reasons_are_true_and_dealing_with_each_makes_it_possible(jury):
    found = assign_jury(jury)
    if isinstance(found, Assignment):
        return
    most = {one.key: one.most for one in jury.jurors}
    more = list(jury.jurors)
    for number, reason in enumerate(found.reasons):
        if isinstance(reason, NoRoom):
            assert len(reason.kept) + len(reason.sides) > jury.per
            return
        if isinstance(reason, TooFew):
            assert len(reason.open) < reason.needed
            missing = [(reason.side or "none", 1)] * (reason.needed - len(reason.open))
        else:
            needed = sum(one.count for one in reason.needs)
            left = sum(one.left for one in reason.limits)
            assert reason.missing == needed - left - reason.beside > 0
            assert all(one.most == most[one.juror] for one in reason.limits)
            # More of every side: as many as are missing.
            missing = [(side, reason.missing) for side in (*jury.sides, "none")]
        more += [Juror(f"new{number}-{n}-{s}", s, most=m) for n, (s, m) in enumerate(missing)]
        more += [Juror(f"new{number}-{n}", "none") for n in range(jury.per)]
    assert isinstance(assign_jury(replace(jury, jurors=more)), Assignment)


@settings(max_examples=100, deadline=None)
@given(juries(), st.randoms(use_true_random=False))
def test_the_order_of_the_question_does_not_matter(jury, dice):
    shuffled = replace(
        jury,
        applications=dice.sample(jury.applications, len(jury.applications)),
        jurors=dice.sample(jury.jurors, len(jury.jurors)),
    )
    assert assign_jury(shuffled) == assign_jury(jury)


@settings(max_examples=200, deadline=None)
@given(juries(), st.data())
def test_the_checker_finds_what_is_worse(jury, data):
    found = assign_jury(jury)
    if isinstance(found, Impossible):
        return
    ways = list(all_assignments(jury))
    pairs = data.draw(st.sampled_from(ways))
    squares, fit = rate_assignment(jury, pairs)
    loads = {one.key: sum(j == one.key for _, j in pairs) for one in jury.jurors}
    other = Assignment(tuple(sorted(pairs)), loads, squares, -fit, found.prices)
    is_best = (squares, fit) == (found.squares, -found.fit)
    assert (check_jury(jury, other) == []) == is_best


def test_load_comes_before_fit_and_fit_before_nothing():
    wind = frozenset({"wind", "sun", "sea", "law"})
    jury = Jury(
        applications=[Application("a", wind), Application("b", wind)],
        jurors=[Juror("good", "x", wind), Juror("other", "x"), Juror("third", "x")],
        per=1,
    )
    found = assign_jury(jury)
    assert sorted(found.loads.values()) == [0, 1, 1]
    assert found.loads["good"] == 1
    assert found.fit == 3


def test_kept_stay_and_count():
    jury = _jury(
        "ab",
        (("x1", "x", 1), ("x2", "x"), ("y1", "y"), ("y2", "y")),
        kept={("a", "x1"), ("b", "x1")},
        closed={"x1"},
    )
    found = assign_jury(jury)
    assert found.pairs == (("a", "x1"), ("a", "y1"), ("b", "x1"), ("b", "y2")) or found.pairs == (
        ("a", "x1"),
        ("a", "y2"),
        ("b", "x1"),
        ("b", "y1"),
    )
    assert check_jury(jury, found) == []


def test_more_kept_than_needed_gets_nobody_else():
    jury = _jury(
        jurors=(("x1", "x"), ("x2", "x"), ("y1", "y")), kept={("a", "x1"), ("a", "x2"), ("a", "y1")}
    )
    assert assign_jury(jury).pairs == (("a", "x1"), ("a", "x2"), ("a", "y1"))


def test_too_few_of_a_side_tells_why():
    jury = _jury(
        "ab",
        (("x1", "x"), ("y1", "y"), ("y2", "y"), ("y3", "y", 1), ("y4", "y")),
        per=2,
        barred={("a", "y1"), ("a", "y4")},
        closed={"y2"},
        kept={("b", "y3")},
    )
    assert assign_jury(jury) == Impossible(
        (TooFew("a", "y", 1, (), barred=("y1", "y4"), closed=("y2",), full=("y3",)),)
    )


def test_too_few_altogether():
    found = assign_jury(_jury(per=3))
    assert found == Impossible((TooFew("a", None, 3, ("x1", "y1"), (), (), ()),))


def test_too_much_points_at_the_limit_that_binds():
    jury = _jury(
        "abc",
        (("x1", "x", 2), ("x2", "x"), ("y1", "y"), ("y2", "y")),
        barred={("a", "x2"), ("b", "x2"), ("c", "x2")},
    )
    assert assign_jury(jury) == Impossible(
        (
            TooMuch(
                needs=(Need("a", "x", 1), Need("b", "x", 1), Need("c", "x", 1)),
                limits=(Room("x1", 2, 2),),
                beside=0,
                missing=1,
            ),
        )
    )


def test_two_parts_are_two_reasons():
    jury = _jury(
        "ab",
        (("x1", "x"), ("x2", "x"), ("y1", "y"), ("y2", "y")),
        barred={("a", "x1"), ("a", "x2"), ("b", "y1"), ("b", "y2")},
    )
    assert [(one.application, one.side) for one in assign_jury(jury).reasons] == [
        ("a", "x"),
        ("b", "y"),
    ]


def test_no_room_for_a_side():
    jury = _jury(jurors=(("x1", "x"), ("x2", "x"), ("y1", "y")), kept={("a", "x1"), ("a", "x2")})
    assert assign_jury(jury) == Impossible((NoRoom("a", ("x1", "x2"), ("y",)),))


def test_a_juror_of_another_side_counts_like_one_shared_topic():
    wind = frozenset({"wind"})
    applications = [Application("a", wind, "x"), Application("b", wind, "y")]
    for topics, expected in (
        (frozenset(), (("a", "y1"), ("b", "x1"))),
        (frozenset({"wind", "sun"}), (("a", "y1"), ("b", "x1"))),
    ):
        jurors = [Juror("x1", "x", topics), Juror("y1", "y", topics)]
        jury = Jury(applications=applications, jurors=jurors, per=1)
        found = assign_jury(jury)
        assert (found.pairs, check_jury(jury, found)) == (expected, [])
    jurors = [Juror("x1", "x", frozenset({"wind", "sun"})), Juror("y1", "y")]
    applications = [Application("a", frozenset({"wind", "sun"}), "x"), Application("b", side="y")]
    found = assign_jury(Jury(applications=applications, jurors=jurors, per=1))
    # Two shared topics weigh as much as two jurors of the other side.
    assert found.fit == 2


def test_nothing_to_judge():
    found = assign_jury(_jury(""))
    assert (found.pairs, found.loads, found.squares) == ((), {"x1": 0, "y1": 0}, 0)
    assert check_jury(_jury(""), found) == []


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"applications": "aa"}, "applications: two have the key 'a'"),
        ({"jurors": [("x1", "x")] * 2}, "jurors: two have the key 'x1'"),
        ({"sides": ("x", "x")}, "sides: two have the key 'x'"),
        ({"per": 1}, "per: 1 jurors cannot be of 2 sides"),
        ({"per": 0}, "per: 0 is not"),
        ({"barred": {("a", "q")}}, "barred: juror: there is no 'q'"),
        ({"kept": {("q", "x1")}}, "kept: application: there is no 'q'"),
        ({"closed": {"q"}}, "closed: juror: there is no 'q'"),
        ({"kept": {("a", "x1")}, "barred": {("a", "x1")}}, "is barred as well"),
    ],
)
def test_bad_input(more, message):
    with pytest.raises(ValueError, match=message):
        _jury(**more)


def test_bad_limit():
    with pytest.raises(ValueError, match="juror 'q': most: -1"):
        Juror("q", "x", most=-1)


def test_five_hundred_applications():
    dice = random.Random(3)
    topics = [f"t{n}" for n in range(12)]
    jury = Jury(
        applications=[
            Application(f"a{n}", frozenset(dice.sample(topics, dice.randint(1, 4))))
            for n in range(500)
        ],
        jurors=[
            Juror(f"j{n}", "wxyz"[n % 4], frozenset(dice.sample(topics, dice.randint(0, 5))), 50)
            for n in range(60)
        ],
        per=4,
        sides="wxyz",
        barred={(f"a{dice.randrange(500)}", f"j{dice.randrange(60)}") for _ in range(1500)},
    )
    found = assign_jury(jury)
    assert check_jury(jury, found) == []
    assert set(found.loads.values()) <= {33, 34}
