"""The page that says where a change goes names files that are there."""

import re

import pytest

from tests.docs.blocks import ROOT

PAGE = ROOT / "docs" / "architecture" / "where-it-goes.md"
ROWS = re.findall(r"^\| \*\*(.+?)\*\*(.+)\|$", PAGE.read_text(encoding="utf-8"), re.M)


def test_it_shows_eleven_changes():
    assert len(ROWS) == 11


@pytest.mark.parametrize(("change", "row"), ROWS)
def test_each_file_is_there(change, row):
    named = re.findall(r"`((?:src|docs|tests|\.ci)[/\w.-]+)`", row)
    assert len(named) >= 3 or change == "A contribution to another capability"
    assert [one for one in named if not (ROOT / one).exists()] == []
