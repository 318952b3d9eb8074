"""The configuration reference says what the code reads."""

from pathlib import Path

import pytest

from proxeny.config.environment import VARIABLES, BadEnvironment, read_environment

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "configuration.md"


def test_the_reference_holds_every_variable_with_its_default_and_meaning():
    rows = [
        f"| `{v.name}` | {'`' + v.default + '`' if v.default else ''} | {v.meaning} |"
        for v in VARIABLES
    ]
    page = PAGE.read_text(encoding="utf-8").splitlines()
    assert [line for line in page if line.startswith("| `")] == rows


def test_an_unreadable_variable_is_named():
    with pytest.raises(BadEnvironment, match="PORT='eighty' cannot be read"):
        read_environment({"PORT": "eighty"})
    with pytest.raises(BadEnvironment, match=r"PROXENY_SECURE='maybe'.*write 1 or 0"):
        read_environment({"PROXENY_SECURE": "maybe"})
