"""Pictures of the documentation: taken while a tutorial is walked, and compared with those kept.

A tutorial's steps stand once, in its Markdown: what it sets in bold is a name on a page, and each
`![…](../images/x.png)` a picture. A `Walk` holds a test to their order, so that a renamed button, a
step that was left out, or a picture that nobody takes is found.
"""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import ARTEFACTS, ROOT, Visitor

IMAGES = ROOT / "docs" / "images"
TUTORIALS = ROOT / "docs" / "tutorials"
#: README and tutorials are read over slow lines too.
MOST_BYTES = 100_000
#: A picture is looked at in squares of so many pixels, each as its mean colour: names, dates and
#: figures may differ from day to day, what stands where may not.
SQUARE = 16
#: Colours are told apart from here, of 255; and so large a share of the squares may differ.
APART, MOST_APART = 24, 0.12
#: Names of pictures that are no longer what the pages show.
STALE = ARTEFACTS / "stale-pictures.txt"
BOLD = re.compile(r"\*\*([^*]+)\*\*")
PICTURE = re.compile(r"!\[[^\]]*\]\([\w./]*images/([\w-]+)\.png\)")
FENCE = re.compile(r"^```(.*?)\n(.*?)^```", re.M | re.S)
#: What one can press that bears a name; tried in this order.
_ROLES = ("button", "link", "tab", "menuitem", "radio", "checkbox")
#: A little below the page's head, which stays where it is.
_SCROLL = """it => {
  const head = document.querySelector("body > header");
  const free = (head ? head.getBoundingClientRect().height : 0) + 12;
  scrollTo({top: scrollY + it.getBoundingClientRect().top - free, behavior: "instant"});
}"""


def is_kept() -> bool:
    """Whether what is taken replaces what is in docs/images."""
    return os.environ.get("PROXENY_UPDATE_PICTURES") == "1"


def take(visitor: Visitor, name: str, *, from_top_of: Locator | None = None) -> None:
    """Take the picture of what is in the window, scrolled to something if it is given.

    It goes to test-artefacts, and to docs/images if `is_kept`; else it is compared with the one
    there, and noted in `STALE` if they differ.
    """
    ARTEFACTS.mkdir(exist_ok=True)
    path = ARTEFACTS / f"{name}.png"
    visitor.page.wait_for_load_state("networkidle")
    # Nothing looks as if it were pointed at.
    visitor.page.mouse.move(0, 0)
    if from_top_of is not None:
        from_top_of.evaluate(_SCROLL)
    visitor.page.screenshot(path=path, animations="disabled", caret="hide")
    _make_light(path)
    assert path.stat().st_size < MOST_BYTES, f"{name}: {path.stat().st_size} bytes"
    if is_kept():
        IMAGES.mkdir(exist_ok=True)
        shutil.copy(path, IMAGES / path.name)
    else:
        _note(path.name, difference(path, IMAGES / path.name))


def _note(name: str, why: str) -> None:
    """Write into `STALE` that a picture is no longer what the page shows, or take that back."""
    told = STALE.read_text(encoding="utf-8").splitlines() if STALE.exists() else []
    others = [one for one in told if not one.startswith(f"{name}: ")]
    STALE.write_text(
        "\n".join([*others, *([f"{name}: {why}"] if why else []), ""]), encoding="utf-8"
    )


def _make_light(path: Path) -> None:
    """Keep a picture in 256 colours of its own: pages have few, and it takes a third of the bytes."""
    with Image.open(path) as picture:
        light = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    light.save(path, optimize=True)


def difference(taken: Path, kept: Path) -> str:
    """Return in a few words how a picture differs from the one that is kept; empty if it does not."""
    if not kept.exists():
        return "not kept"
    one, other = (_squares(path) for path in (taken, kept))
    if one.shape != other.shape:
        return "another size"
    share = float((np.abs(one - other).max(axis=2) > APART).mean())
    return f"{share:.0%} of it differs" if share > MOST_APART else ""


def _squares(path: Path) -> "np.ndarray[tuple[int, int, int], np.dtype[np.int16]]":
    with Image.open(path) as picture:
        width, height = (-(-edge // SQUARE) for edge in picture.size)
        small = picture.convert("RGB").resize((width, height), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.int16)


@dataclass
class Walk:
    """A tutorial that is walked: its names and its pictures, each in the order in which they stand."""

    title: str
    names: list[str]
    pictures: list[str]

    @classmethod
    def of(cls, title: str) -> "Walk":
        """Open `docs/tutorials/<title>.md`."""
        text = FENCE.sub("", (TUTORIALS / f"{title}.md").read_text(encoding="utf-8"))
        names = [" ".join(name.split()) for name in BOLD.findall(text)]
        return cls(title, names, PICTURE.findall(text))

    def press(self, on: Visitor | Page | Locator, name: str) -> None:
        """Press what bears this name: the next one that the tutorial sets in bold."""
        self._come_to(name, self.names)
        find(on, name).click()

    def sees(self, on: Visitor | Page | Locator, name: str) -> None:
        """See this name, without pressing it."""
        self._come_to(name, self.names)
        place = on.page if isinstance(on, Visitor) else on
        expect(place.get_by_text(name).filter(visible=True).first).to_be_visible()

    def take(self, visitor: Visitor, name: str, *, from_top_of: Locator | None = None) -> None:
        """Take the next picture of the tutorial."""
        self._come_to(name, self.pictures)
        take(visitor, name, from_top_of=from_top_of)

    def end(self) -> None:
        """All names were pressed or seen, all pictures taken."""
        assert (self.names, self.pictures) == ([], []), f"{self.title}.md goes on"

    def _come_to(self, name: str, left: list[str]) -> None:
        following = left.pop(0) if left else "nothing more"
        assert following == name, f"{self.title}.md says {following!r}, the test {name!r}"


def find(on: Visitor | Page | Locator, name: str) -> Locator:
    """Return the one visible thing to press that bears a name, or the first of several."""
    place = on.page if isinstance(on, Visitor) else on
    exactly = re.compile(rf"^\s*{re.escape(name)}(\s*\d+)?\s*$")
    found = place.locator("summary, label, button, a").filter(has_text=exactly)
    for role in _ROLES:
        found = found.or_(place.get_by_role(role, name=exactly))  # type: ignore[arg-type]
    visible = found.filter(visible=True)
    expect(visible.first).to_be_visible()
    return visible.first
