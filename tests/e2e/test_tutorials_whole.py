"""Pictures and tutorials belong together: nothing is shown that no test makes, nothing made in vain."""

import ast
from pathlib import Path

import pytest
from PIL import Image

from tests.e2e.conftest import ROOT
from tests.e2e.pictures import IMAGES, MOST_BYTES, PICTURE, Walk, difference

HERE = Path(__file__).parent
PAGES = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]


def taken() -> set[str]:
    """Return the names of all pictures that the browser tests take."""
    names = set()
    for path in (HERE / "test_pictures.py", HERE / "test_tutorial_pictures.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or len(node.args) < 2:
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if called == "take" and isinstance(node.args[1], ast.Constant):
                names.add(str(node.args[1].value))
    return names


def shown() -> set[str]:
    """Return the names of all pictures that the documentation shows."""
    return {name for page in PAGES for name in PICTURE.findall(page.read_text(encoding="utf-8"))}


def test_every_picture_is_taken_shown_and_kept():
    kept = {path.stem for path in IMAGES.glob("*.png")}
    assert len(kept) > 20
    assert taken() == shown() == kept


def test_pictures_are_light_and_of_two_sizes():
    for path in IMAGES.iterdir():
        assert path.stat().st_size < MOST_BYTES, path.name
        with Image.open(path) as picture:
            assert picture.size in {(1200, 800), (390, 844)}, path.name


def test_a_picture_that_shows_something_else_is_told(tmp_path):
    kept = next(IMAGES.glob("manager-day.png"))
    with Image.open(kept) as picture:
        page = picture.convert("RGB")
    other, dated, smaller = (tmp_path / name for name in ("other.png", "dated.png", "smaller.png"))
    page.save(dated)
    assert difference(dated, kept) == ""
    # Somebody's name and a date are longer by a little: still the same picture.
    page.paste((29, 38, 41), (640, 100, 760, 140))
    page.save(dated)
    assert difference(dated, kept) == ""
    page.paste((29, 38, 41), (0, 0, 600, 400))
    page.save(other)
    assert difference(other, kept).endswith("of it differs")
    page.crop((0, 0, 390, 800)).save(smaller)
    assert difference(smaller, kept) == "another size"
    assert difference(kept, tmp_path / "none.png") == "not kept"


@pytest.fixture
def walk() -> Walk:
    return Walk("made-up", ["Read", "Send"], ["day"])


def test_a_walk_holds_to_the_order_of_its_tutorial(walk):
    with pytest.raises(AssertionError, match="says 'Read', the test 'Send'"):
        walk.press(None, "Send")
    with pytest.raises(AssertionError, match="goes on"):
        walk.end()
    with pytest.raises(AssertionError, match="says 'day', the test 'night'"):
        walk.take(None, "night")
    with pytest.raises(AssertionError, match="says 'Send', the test 'Read'"):
        walk.press(None, "Read")
    with pytest.raises(AssertionError, match="says 'nothing more'"):
        walk.press(None, "Read")
    walk.end()
