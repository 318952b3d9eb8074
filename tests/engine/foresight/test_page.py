"""What the reference shows runs, and its names are there."""

import re
from pathlib import Path

import pytest

from proxeny.engine import foresight

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "foresight.md"


def test_the_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    [example] = re.findall(r"```python run\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}

    exec(example, names)  # noqa: S102

    told = capsys.readouterr().out
    assert "olive presses steady 0.5" in told
    assert "gap='unmet_need'" in told
    assert isinstance(names["topics"], foresight.Topics)
    assert names["topics"].topics_of("need", 1) == ("tidal turbin",)


def test_the_public_names_are_those_listed() -> None:
    assert sorted(foresight.__all__) == list(foresight.__all__)
    assert all(hasattr(foresight, name) for name in foresight.__all__)
