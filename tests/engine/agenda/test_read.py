import json
from pathlib import Path

import jsonschema
import pytest

from proxeny.engine.agenda import (
    Interpreter,
    Meeting,
    Participant,
    Placed,
    Precedence,
    Problem,
    Slot,
    Table,
    problem_from_json,
    problem_to_json,
    read_dzn,
    read_problem,
    read_schedule,
)
from proxeny.engine.agenda.read import schema

DZN = """
nBusiness = 3; nMeetings = 2; nTables = 2; nTotalSlots = 4; nMorningSlots = 2;
requested = [|1, 2, 1,
|2, 3, 3, |];
forbidden = [{0}, {0, 4}, {}];
fixed = [0, 3];
precedences = [{}, {1}];
"""


def test_dzn_is_read_with_its_quirks():
    problem = read_dzn(DZN)
    assert [one.unavailable for one in problem.participants] == [
        frozenset(),
        frozenset({3}),
        frozenset(),
    ]
    assert [one.session for one in problem.slots] == [1, 1, 2, 2]
    assert len(problem.tables) == 2
    assert problem.meetings == (
        Meeting((0, 1), slots=frozenset({0, 1})),
        Meeting((1, 2), slots=frozenset({2})),
    )
    assert problem.precedences == (Precedence(0, 1),)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("nTables = 2;", "", "nTables: missing"),
        ("nTables = 2;", "nTables = 0;", "tables: at least one"),
        ("nMeetings = 2", "nMeetings = 3", "requested: 2 rows, but nMeetings says 3"),
        ("|2, 3, 3,", "|2, 3, 7,", "requested, row 2: session"),
        ("|2, 3, 3,", "|2, 2, 3,", "meetings, row 2: parties must differ"),
        ("|2, 3, 3,", "|2, 9, 3,", "meetings, row 2: participant 9"),
        ("|2, 3, 3,", "|2, x, 3,", "requested, row 2: three whole numbers"),
        ("fixed = [0, 3]", "fixed = [0, 9]", "fixed, row 2: slot 9"),
        ("fixed = [0, 3]", "fixed = [0]", "fixed: 1 numbers"),
        ("fixed = [0, 3]", "fixed = [3, 0]", "requested, row 1: its session leaves no slot"),
        ("{0, 4}, ", "", "forbidden: 2 sets"),
        ("{0, 4}", "{0, 5}", "participants, row 2: unavailable slot 5"),
        ("[{}, {1}]", "[{2}, {1}]", "precedences: .* circle"),
        ("nMorningSlots = 2", "nMorningSlots = 9", "nMorningSlots"),
    ],
)
def test_bad_dzn_names_field_and_row(old, new, words):
    assert old in DZN
    with pytest.raises(ValueError, match=words):
        read_dzn(DZN.replace(old, new))


FULL = Problem(
    participants=(
        Participant("Ada", "A", frozenset({1}), 3, frozenset({"fr"}), frozenset({"video"})),
        Participant("Bo"),
    ),
    slots=(Slot(1, 0, 20), Slot(2, 30, 50)),
    tables=(Table("1", "video", "hall", 2, 4, frozenset({1})), Table()),
    meetings=(Meeting((0, 1), frozenset({0}), 1, 7, False, "key"), Meeting((1, 0))),
    precedences=(Precedence(1, 0),),
    interpreters=(Interpreter(("el", "fr"), frozenset({0}), "Io"),),
    travel_min={("hall", "annex"): 5},
    name="event",
)


def test_json_is_read_back_equal_and_follows_the_schema(tmp_path):
    data = problem_to_json(FULL)
    jsonschema.validate(data, schema())
    file = tmp_path / "event.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    assert read_problem(file) == FULL


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"slots": []}, "slots"),
        ({"meetings": [{"parties": [1]}]}, "meetings, row 1, parties"),
        ({"meetings": [{"parties": [1, 0]}]}, "meetings, row 1, parties, row 2"),
        ({"meetings": [{"parties": [1, 7]}]}, "meetings, row 1: participant 7"),
        ({"tables": [{"kind": "tent"}]}, "tables, row 1, kind"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_bad_json_names_field_and_row(change, words):
    with pytest.raises(ValueError, match=words):
        problem_from_json(problem_to_json(FULL) | change)


def test_files_that_are_no_json_or_no_text(tmp_path):
    broken = tmp_path / "a.json"
    broken.write_text('{"slots": [', encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.json: not JSON \(line 1"):
        read_problem(broken)
    broken.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="not text in UTF-8"):
        read_problem(broken)


def test_schedules(tmp_path):
    problem = read_dzn(DZN)
    file = Path(tmp_path / "s.json")
    rows = [{"meeting": 1, "slot": 2, "table": 1}, {"meeting": 2, "slot": 3, "table": 2}]
    for data in (rows, {"assignment": rows}):
        file.write_text(json.dumps(data), encoding="utf-8")
        assert read_schedule(file, problem) == (Placed(0, 1, 0), Placed(1, 2, 1))
    for data, words in [
        ({}, "assignment: a list"),
        ([3], "row 1: an object"),
        ([{"meeting": 1, "slot": "2", "table": 1}], "row 1: slot must be a whole number"),
        ([{"meeting": 1, "slot": 9, "table": 1}], "row 1: slot 9 does not exist"),
    ]:
        file.write_text(json.dumps(data), encoding="utf-8")
        with pytest.raises(ValueError, match=words):
            read_schedule(file, problem)


def test_the_documented_example_is_valid():
    page = Path(__file__).resolve().parents[3] / "docs" / "reference" / "agenda-format.md"
    example = page.read_text(encoding="utf-8").split("```json\n")[1].split("```")[0]
    problem = problem_from_json(json.loads(example))
    assert problem.meetings[0].reference == "r-17"
    assert problem.participants[1].kinds == frozenset({"onsite"})
