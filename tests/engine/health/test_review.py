"""Answers of two and three parties side by side."""

import pytest

from proxeny.engine.health import Answer, read_answers


def _read(**values):
    answers = [Answer(party, "trust", one) for party, ones in values.items() for one in ones]
    return read_answers(answers, parties=list(values), factors=["trust"])["trust"]


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({"A": [5, 4], "B": [4]}, "strength"),
        ({"A": [4, 3], "B": [3, 3]}, "fair"),
        ({"A": [3], "B": [2, 3]}, "concern"),
        ({"A": [5], "B": [4]}, "apart"),
        ({"A": [2], "B": [2], "C": [4]}, "apart"),
        ({"A": [5], "B": []}, "open"),
        ({"A": [], "B": []}, "open"),
    ],
)
def test_verdicts(values, verdict):
    assert _read(**values).verdict == verdict


def test_figures_are_told_with_their_parts():
    found = _read(A=[5, 4, 4], B=[2])
    assert found.parties["A"].mean == pytest.approx(13 / 3)
    assert (found.parties["A"].answers, found.parties["A"].counts) == (3, (0, 0, 0, 2, 1))
    assert found.gap == pytest.approx(13 / 3 - 2)
    assert found.agreement < 1


def test_a_factor_nobody_answered_has_no_figures():
    found = read_answers([], parties=["A", "B"], factors=["trust"])["trust"]
    assert (found.gap, found.agreement, found.parties["A"].mean) == (None, None, None)


@pytest.mark.parametrize(
    "answer",
    [
        Answer("A", "trust", 0),
        Answer("A", "trust", 6),
        Answer("C", "trust", 3),
        Answer("A", "luck", 3),
    ],
)
def test_bad_answers_are_refused(answer):
    with pytest.raises(ValueError, match=r"value|no such"):
        read_answers([answer], parties=["A", "B"], factors=["trust"])
