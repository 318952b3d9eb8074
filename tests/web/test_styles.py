"""The picked rules of Tabler are all that our pages use."""

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
