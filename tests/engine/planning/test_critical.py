"""Slack, against moving each task day by day."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proxeny.engine.planning import Task, find_critical


@st.composite
def _plans(draw):
    """Plans without clashes: everything begins after what it needs."""
    tasks = {}
    for key in range(draw(st.integers(1, 7))):
        needs = tuple(draw(st.sets(st.integers(0, key - 1), max_size=3))) if key else ()
        earliest = max((tasks[need].last + 1 for need in needs), default=0)
        first = earliest + draw(st.integers(0, 3))
        tasks[key] = Task(first, first + draw(st.integers(0, 4)), needs)
    return tasks


def _end_after(tasks, late, days):
    """When the plan ends if one task ends later and what follows moves as far as it must."""
    last = {}
    for key, task in tasks.items():  # needs come first
        first = max([task.first, *(last[need] + 1 for need in task.needs)])
        last[key] = first + task.last - task.first + (days if key == late else 0)
    return max(last.values())


@given(_plans())
def test_slack_is_the_longest_delay_that_moves_nothing(tasks):
    end = max(task.last for task in tasks.values())
    for key, planned in find_critical(tasks).items():
        assert _end_after(tasks, key, planned.slack) == end
        assert _end_after(tasks, key, planned.slack + 1) == end + 1
        assert planned.clashes == ()


@given(_plans())
def test_some_task_is_always_critical(tasks):
    assert any(one.is_critical for one in find_critical(tasks).values())


def test_a_task_that_does_not_wait_is_told():
    found = find_critical({"a": Task(0, 5), "b": Task(3, 9, ("a", "gone"))})
    assert found["b"].clashes == ("a",)
    assert found["a"].slack == 0


def test_an_empty_plan():
    assert find_critical({}) == {}


@pytest.mark.parametrize(
    ("tasks", "message"),
    [
        ({"a": Task(2, 1)}, "'a': ends before"),
        ({"a": Task(0, 1, ("b",)), "b": Task(2, 3, ("a",))}, "in a circle"),
    ],
)
def test_bad_plans_are_refused(tasks, message):
    with pytest.raises(ValueError, match=message):
        find_critical(tasks)
