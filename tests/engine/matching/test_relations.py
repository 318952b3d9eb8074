"""Evidence of the network, and the weights that choices give it."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proxeny.engine.matching import Choice, Relations, Tie, learn_weights

TIES = st.lists(
    st.builds(
        Tie,
        st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True).map(tuple),
        st.floats(0, 5),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=100, deadline=None)
@given(TIES)
def test_common_partners_are_those_of_the_formula(ties):
    partners = [
        {b for tie in ties if a in tie.members for b in tie.members if b != a} for a in range(6)
    ]
    found = Relations(6, ties).count_common(np.arange(6))
    for a in range(6):
        for b in range(6):
            wanted = sum(1 / math.log(max(2, len(partners[z]))) for z in partners[a] & partners[b])
            assert found[a, b] == pytest.approx(wanted, rel=1e-5)


@settings(max_examples=100, deadline=None)
@given(TIES)
def test_evidence_is_finite_and_has_a_name_per_column(ties):
    relations = Relations(6, ties, labels=[["FR"] * 3 + ["MA"] * 3])
    evidence = relations.weigh(np.arange(6))
    assert evidence.shape == (6, 6, len(relations.names))
    assert np.isfinite(evidence).all()


def test_a_walk_is_worked_by_hand():
    """From 0 by its only tie to 0 or 1, from 1 by two ties of equal age, one with 2."""
    relations = Relations(3, [Tie((0, 1)), Tie((1, 2))])
    walk = np.exp(relations.weigh(np.array([0]))[0, :, 1]) - 1e-6
    assert walk[2] == pytest.approx(0.7**2 / 8 + 0.7**3 * 3 / 16, rel=1e-4)
    assert walk[0] + walk[1] + walk[2] == pytest.approx(0.7 + 0.7**2 + 0.7**3, rel=1e-4)


def test_recent_ties_weigh_more():
    relations = Relations(3, [Tie((0, 1), 3.0), Tie((0, 2), 0.0)])
    columns = dict(zip(relations.names, relations.weigh(np.array([0]))[0].T, strict=True))
    assert columns["walk"][2] > columns["walk"][1]
    assert columns["activity"][2] > columns["activity"][1]
    assert columns["partners"][2] == columns["partners"][1]
    assert columns["partners of late"] == pytest.approx(np.log([2, 1, 2]))


def test_curves_follow_from_the_evidence():
    relations = Relations(5, [Tie((0, 1, 2)), Tie((2, 3)), Tie((3, 4), 4.0)])
    columns = dict(zip(relations.names, relations.weigh(np.array([2]))[0].T, strict=True))
    for name in ("common partners", "walk", "partners"):
        assert columns[f"{name} squared"] == pytest.approx(columns[name] ** 2, rel=1e-5)
        assert columns[f"{name} by own"] == pytest.approx(columns[name] * math.log(4), rel=1e-5)


def test_labels_that_work_together():
    ties = [Tie((a, b)) for a in range(10) for b in range(10, 20)]
    labels = ["firm"] * 10 + ["lab"] * 10
    relations = Relations(20, ties, labels=[labels])
    columns = dict(zip(relations.names, relations.weigh(np.array([0]))[0].T, strict=True))
    assert columns["label 0 goes together"][15] > 0 > columns["label 0 goes together"][5]
    assert columns["label 0 equal"].tolist() == [1.0] * 10 + [0.0] * 10


def test_weights_are_found_again():
    """Choices thrown by known weights bring them back."""
    random = np.random.default_rng(3)
    true = np.array([1.5, -0.8, 0.0])
    choices = []
    for _ in range(3000):
        evidence = random.normal(size=(12, 3))
        chance = np.exp(evidence @ true)
        chosen = np.zeros(12, dtype=bool)
        chosen[random.choice(12, p=chance / chance.sum())] = True
        choices.append(Choice(evidence, chosen))
    assert learn_weights(choices, penalty=1e-6) == pytest.approx(true, abs=0.08)


def test_a_sample_of_those_not_chosen_finds_them_too():
    random = np.random.default_rng(5)
    true = np.array([1.0, -0.5])
    choices = []
    for _ in range(3000):
        evidence = random.normal(size=(60, 2))
        chance = np.exp(evidence @ true)
        taken = random.choice(60, p=chance / chance.sum())
        others = random.choice(np.delete(np.arange(60), taken), 15, replace=False)
        rows = np.concatenate(([taken], others))
        choices.append(Choice(evidence[rows], np.arange(16) == 0))
    assert learn_weights(choices, penalty=1e-6) == pytest.approx(true, abs=0.1)


def test_one_of_several_is_enough_where_any_will_do():
    """Each time a good and a random member are chosen: `any` does not chase the random one."""
    random = np.random.default_rng(8)
    choices = []
    for _ in range(400):
        evidence = np.column_stack((random.normal(size=20), random.normal(size=20)))
        good = int(np.argmax(evidence[:, 0] + 0.3 * random.normal(size=20)))
        chosen = np.isin(np.arange(20), [good, random.integers(20)])
        choices.append(Choice(evidence, chosen))
    each, one = (learn_weights(choices, goal=goal) for goal in ("all", "any"))
    assert one[0] > 2 * each[0] > 0
    assert abs(one[1]) < 0.2


def test_choices_that_are_certain_do_not_run_away():
    choice = Choice(np.array([[1.0, 5.0], [0.0, 5.0]]), np.array([True, False]))
    weights = learn_weights([choice])
    assert np.isfinite(weights).all()
    assert weights[0] > 0
    assert weights[1] == 0


def test_bad_arguments_are_named():
    good = np.ones((2, 1)), np.array([True, False])
    for name, call in {
        "ties": lambda: Relations(2, [Tie((0, 2))]),
        "ties: an age": lambda: Relations(2, [Tie((0, 1), -1.0)]),
        "ties: a member stands twice": lambda: Relations(2, [Tie((0, 0))]),
        "labels": lambda: Relations(2, [], labels=[["a"]]),
        "memory_years": lambda: Relations(2, [], memory_years=0),
        "choices": lambda: learn_weights([]),
        "choices: shapes": lambda: learn_weights([Choice(np.ones((2, 1)), np.array([True]))]),
        "choices: nobody": lambda: learn_weights([Choice(good[0], np.zeros(2, dtype=bool))]),
        "penalty": lambda: learn_weights([Choice(*good)], penalty=0),
        "goal": lambda: learn_weights([Choice(*good)], goal="some"),
    }.items():
        with pytest.raises(ValueError, match=f"^{name}"):
            call()
