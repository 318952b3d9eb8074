"""Bad problems are refused with the field and the row."""

import pytest

from proxeny.engine.agenda import (
    Interpreter,
    Meeting,
    Participant,
    Precedence,
    Problem,
    Slot,
    Table,
)


def problem(**changes):
    fields = {
        "participants": (Participant(), Participant()),
        "slots": (Slot(), Slot()),
        "tables": (Table(),),
        "meetings": (Meeting((0, 1)), Meeting((0, 1))),
    }
    return Problem(**(fields | changes))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"slots": ()}, "slots: at least one"),
        ({"tables": ()}, "tables: at least one"),
        ({"slots": (Slot(0),)}, "slots, row 1: session"),
        ({"slots": (Slot(1, 10, 5),)}, "slots, row 1: it ends before"),
        ({"slots": (Slot(1, 0, 20), Slot(1, 10, 30))}, "slots, row 2: it starts before"),
        ({"tables": (Table(kind="tent"),)}, "tables, row 1: kind"),
        ({"tables": (Table(capacity=0),)}, "tables, row 1: capacity"),
        ({"tables": (Table(seats=1),)}, "tables, row 1: seats"),
        ({"tables": (Table(unavailable=frozenset({7})),)}, "tables, row 1: unavailable slot 8"),
        ({"meetings": (Meeting((0, 0)),)}, "meetings, row 1: parties must differ"),
        ({"meetings": (Meeting((0,)),)}, "meetings, row 1: parties must be at least two"),
        ({"meetings": (Meeting((0, 5)),)}, "meetings, row 1: participant 6 does not exist"),
        ({"meetings": (Meeting((0, 1), slots=frozenset({2})),)}, "row 1: slot 3 does not exist"),
        ({"meetings": (Meeting((0, 1), slots=frozenset()),)}, "row 1: slots must name"),
        ({"meetings": (Meeting((0, 1), table=1),)}, "row 1: table 2 does not exist"),
        ({"meetings": (Meeting((0, 1), value=-1),)}, "row 1: value"),
        ({"precedences": (Precedence(0, 4),)}, "precedences, row 1: meeting 5"),
        ({"precedences": (Precedence(0, 1), Precedence(1, 0))}, "precedences: .* circle"),
        ({"precedences": (Precedence(0, 0),)}, "precedences: .* circle"),
        ({"participants": (Participant(cap=-1), Participant())}, "participants, row 1: cap"),
        ({"participants": (Participant(kinds=frozenset()), Participant())}, "row 1: kinds"),
        ({"interpreters": (Interpreter(("fr", "fr")),)}, "interpreters, row 1: pair"),
        ({"travel_min": {("a", "b"): 5}}, "slots, row 1: walking time"),
        ({"travel_min": {("a", "b"): -5}}, "travel_min"),
    ],
)
def test_bad_problems_name_field_and_row(changes, words):
    with pytest.raises(ValueError, match=words):
        problem(**changes)


def test_a_pair_that_meets_twice_is_legal():
    assert len(problem().meetings) == 2
