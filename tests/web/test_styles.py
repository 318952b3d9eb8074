"""The picked rules of Tabler are all that our pages use; pictures keep their place."""

import re
from pathlib import Path

import allauth
import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "proxeny"
VENDOR = SOURCE / "web" / "static" / "vendor"
WORD = re.compile(r"[A-Za-z0-9_-]+")


def _used_words() -> set[str]:
    places = [
        *(path for kind in ("html", "js", "py", "svg") for path in SOURCE.rglob(f"*.{kind}")),
        *(Path(allauth.__file__).parent / "templates").rglob("*.html"),
    ]
    words: set[str] = set()
    for path in places:
        if VENDOR not in path.parents and "locale" not in path.parts:
            words.update(WORD.findall(path.read_text(encoding="utf-8")))
    return words


@pytest.mark.parametrize("name", ["tabler.min.css", "tabler.rtl.min.css"])
def test_each_class_that_is_used_has_its_rule(name):
    named = set((ROOT / ".ci" / "tabler-classes.txt").read_text(encoding="utf-8").split())
    rules = (VENDOR / "tabler" / name).read_text(encoding="utf-8")
    kept = set(re.findall(r"\.(-?[A-Za-z_][A-Za-z0-9_-]*)", rules))
    missing = (named & _used_words()) - kept
    assert not missing, "Tabler's styles are to be made anew: .ci/tabler"


def test_rules_of_classes_that_nobody_uses_are_left_out():
    rules = (VENDOR / "tabler" / "tabler.min.css").read_text(encoding="utf-8")
    assert ".carousel" not in rules
    assert ".btn-primary" in rules


def test_each_picture_says_its_size_so_that_nothing_moves_when_it_comes():
    # An element of allauth's that no page of ours uses: its caller names no size.
    others = SOURCE / "web" / "templates" / "allauth" / "elements" / "img.html"
    for path in SOURCE.rglob("*.html"):
        for tag in re.findall(r"<img\b[^>]*>", path.read_text(encoding="utf-8")):
            if path != others and "mail" not in path.parts:
                assert "width=" in tag, (path, tag)
                assert "height=" in tag, (path, tag)
