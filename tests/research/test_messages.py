"""Every code of the engine has its sentence, with its place."""

import re
from pathlib import Path

import pytest

from proxeny.engine.package import Problem
from proxeny.research import messages
from proxeny.research.message_texts import (
    CELLS,
    CODE_LABELS,
    CONSTRAINTS,
    PROBLEMS,
    TYPE_WORDS,
)

ENGINE = Path(messages.__file__).parents[1] / "engine" / "package"
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in ENGINE.glob("*.py"))


def test_every_code_of_the_engine_has_a_sentence():
    said = set(re.findall(r'Problem\(\s*"(\w+)"', SOURCE))
    said |= set(re.findall(r'_note\(\s*"(\w+)"', SOURCE))
    # Those that are told by a variable, where they come about.
    said |= {
        "absolute",
        "climbs_out",
        "device_name",
        "name",
        "path_too_long",
        "symlink",
        "special",
        "locked",
        "method",
        "no_root",
        "no_descriptor",
        "day_or_month",
        "decimal_or_group",
        "outliers",
    }
    assert said - PROBLEMS.keys() == set()


def test_every_code_of_rows_and_cells_has_a_sentence_and_a_label():
    codes = set(re.findall(r'"([a-z]+-(?:error|cell|row|label|key))"', SOURCE))
    assert codes | {"primary-key"} == CELLS.keys() == CODE_LABELS.keys()
    rules = set(re.findall(r'_fails\("(\w+)"|"constraint": "(\w+)"', SOURCE))
    assert {one or other for one, other in rules} - CONSTRAINTS.keys() == set()
    from proxeny.engine.package import TYPES

    assert set(TYPES) == TYPE_WORDS.keys()


@pytest.mark.parametrize("code", PROBLEMS)
def test_each_sentence_is_whole_with_or_without_its_figures(code):
    for needed, _sentence in PROBLEMS[code]:
        problem = Problem(code, "data/a.csv", params=dict.fromkeys(needed, 7))
        told = messages.tell_problem(problem)
        assert told.startswith("“data/a.csv”: "), told
        assert "%(" not in told, told
        assert told.endswith((".", "ZIP are.")), told


def test_places_and_figures_are_said_for_people():
    tell = messages.tell_problem
    assert tell(Problem("pattern", "fields[2].constraints.pattern")) == (
        "Column 3, pattern: This pattern isn’t valid."
    )
    assert "10.0\xa0MB" in tell(Problem("size", params={"found": 10 << 20, "most": 1}))
    kept = {"code": "bomb", "where": "a.csv", "severity": "error", "params": {"ratio": 200}}
    assert tell(kept).startswith("“a.csv”: Unpacked, it would be more than 200 times")
    assert tell(kept, place=False).startswith("Unpacked")
    assert tell({"code": "of tomorrow", "where": "", "params": {}}).endswith("(of tomorrow).")
    many = [Problem("damaged", f"{n}.csv") for n in range(8)]
    assert messages.tell_all(many).endswith("And 3 more.")


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (
            {"code": "type-error", "value": "many", "params": {"type": "integer"}},
            "“many” is not a whole number.",
        ),
        (
            {
                "code": "constraint-error",
                "value": "x",
                "params": {"constraint": "enum", "limit": ["a", "b"]},
            },
            "“x” isn’t one of: a, b.",
        ),
        (
            {"code": "missing-cell", "params": {"found": 2, "expected": 3}},
            "The row has 2 cells; the header has 3.",
        ),
        (
            {"code": "missing-cell", "params": {"found": 1, "expected": 3}},
            "The row has 1 cell; the header has 3.",
        ),
        (
            {
                "code": "constraint-error",
                "value": "",
                "params": {"constraint": "minLength", "limit": 1},
            },
            "“” is shorter than 1 character.",
        ),
        (
            {
                "code": "constraint-error",
                "value": "ab",
                "params": {"constraint": "odd", "limit": 1},
            },
            "“ab” breaks a rule of this column.",
        ),
        (
            {"code": "unique-error", "value": "7", "params": {"first": 4}},
            "“7” is already in row 4, and duplicates aren’t allowed here.",
        ),
        ({"code": "new-error", "params": {}}, "Something is wrong here (new-error)."),
    ],
)
def test_what_is_wrong_with_a_cell(problem, told):
    assert messages.tell_cell(problem) == told
