"""Each dependency earns its place in one line."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def _name(requirement: str) -> str:
    return re.match(r"[a-z0-9-]+", requirement.lower()).group()


def test_every_dependency_is_explained():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {_name(line) for line in project["project"]["dependencies"]}
    groups = project["dependency-groups"].values()
    wanted |= {_name(line) for group in groups for line in group if isinstance(line, str)}
    page = (ROOT / "docs" / "reference" / "dependencies.md").read_text(encoding="utf-8").lower()
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| ")]
    told = {name for row in rows for name in re.findall(r"[a-z0-9][a-z0-9-]+", row)}
    assert wanted - told == set()
