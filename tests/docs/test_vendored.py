"""The files that others wrote are those that the reference names, byte for byte."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (
    ROOT / "src/proxeny/web/static/vendor",
    ROOT / "src/proxeny/directory/vocabularies/data",
)
ROW = re.compile(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", re.MULTILINE)


def _named() -> dict[str, str]:
    return dict(ROW.findall((ROOT / "docs/reference/vendored.md").read_text(encoding="utf-8")))


def test_each_file_is_named_once_and_none_is_missing():
    found = {
        path.relative_to(folder).as_posix()
        for folder in FOLDERS
        for path in folder.rglob("*")
        if path.is_file() and path.name != "LICENSE"
    }
    assert found == set(_named())


@pytest.mark.parametrize("name", sorted(_named()))
def test_a_file_is_the_one_that_was_vetted(name):
    path = next(folder / name for folder in FOLDERS if (folder / name).exists())
    assert hashlib.sha256(path.read_bytes()).hexdigest() == _named()[name]
