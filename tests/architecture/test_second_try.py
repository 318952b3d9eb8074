"""What `.ci/tests` makes of tests that fail once, twice, or in crowds."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(__file__).resolve().parents[2] / ".ci/tests"
TESTS = """
import pathlib

HERE = pathlib.Path(__file__).parent


def test_steady():
    pass


def test_first_time():
    mark = HERE / "was-here"
    if not mark.exists():
        mark.touch()
        raise AssertionError("only the first time")


def test_always():
    assert not (HERE / "broken").exists()


def test_crowd():
    pass
"""


@pytest.fixture
def place(tmp_path):
    """Return a folder with tests of its own, and nothing of ours."""
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_some.py").write_text(TESTS)
    return tmp_path


def _run(place, *more):
    command = [sys.executable, str(COMMAND), "-q", *more]
    bare = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    done = subprocess.run(command, cwd=place, env=bare, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout.splitlines()


def test_who_passes_alone_is_named_and_does_not_decide(place):
    code, said = _run(place)
    assert (code, said[-2:]) == (
        0,
        ["== tried once more, alone", "UNSTEADY test_some.py::test_first_time"],
    )


def test_before_a_release_it_decides(place):
    code, said = _run(place, "--strict")
    assert (code, said[-1]) == (1, "UNSTEADY test_some.py::test_first_time")


def test_who_fails_again_decides(place):
    (place / "broken").touch()
    code, said = _run(place)
    assert code == 1
    assert said[-2:] == [
        "FAILED test_some.py::test_always",
        "UNSTEADY test_some.py::test_first_time",
    ]


def test_more_than_ten_are_not_tried_again(place):
    crowd = "\n".join(f"def test_{number}():\n    assert False\n" for number in range(11))
    (place / "test_many.py").write_text(crowd)
    code, said = _run(place, "test_many.py")
    assert (code, said[-1]) == (1, "11 tests failed; up to 10 are tried once more.")


def test_other_ends_are_final(place):
    (place / "test_some.py").write_text("import nothing_of_this_name\n")
    assert _run(place)[0] == 2
