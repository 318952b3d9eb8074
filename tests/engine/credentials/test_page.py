"""The page's example does what it says."""

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "credentials.md"


def test_the_example_runs():
    (example,) = re.findall(r"^```python run\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)
    exec(compile(example, str(PAGE), "exec"), {})  # noqa: S102
