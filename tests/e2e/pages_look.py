"""Looks at one page in all its variants, and keeps its pictures."""

import base64
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from tests.e2e.conftest import ARTEFACTS, PASSWORD

PICTURES = ARTEFACTS / "pages"
_CHECKS = Path(__file__).with_name("pages_checks.js")
_AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
PHONE, DESK = (390, 844), (1440, 900)
#: A window of 1280 by 1024 at 400%.
ZOOMED = (320, 256)
_WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What colours and widths may change; all else was looked at in the first variant.
_AGAIN = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]
#: A page on a phone is not higher.
MOST_HIGH_ON_A_PHONE = 4000
#: A picture is not taller: a list of a hundred rows shows its kind by the first thirty.
_MOST_HIGH = 4000


@dataclass
class Looker:
    """One person at one browser, who looks at one page after another.

    Attributes
    ----------
    complaints : list of str
        What the browser's console said, and what did not come, since the last page.
    pictures : bool
        Whether pictures are kept.
    """

    page: Page
    base: str
    pictures: bool = True
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._devtools: CDPSession = self.page.context.new_cdp_session(self.page)
        self.page.on("console", lambda m: self._complain(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self._complain(str(error)))
        self.page.on(
            "response",
            lambda a: (
                self._complain(f"{a.status} {a.url}")
                if a.status >= 400 and "/static/" in a.url
                else None
            ),
        )

    def _complain(self, text: str) -> None:
        self.complaints.append(text)

    @property
    def context(self) -> BrowserContext:
        """The browser's cookies."""
        return self.page.context

    def speak(self, language: str) -> None:
        """Read all further pages in a language."""
        self.context.add_cookies([{"name": "django_language", "value": language, "url": self.base}])

    def open(self, path: str, *, status: int = 200) -> list[str]:
        """Open a page as on a desk, in light; return what is wrong with how it came."""
        self.complaints.clear()
        self.wear(DESK, "light")
        answer = self.page.goto(self.base + path)
        assert answer is not None
        wrong = [] if answer.status == status else [f"answers {answer.status}"]
        if "/reauthenticate/" in self.page.url and "/reauthenticate/" not in path:
            self._prove()
        self.page.evaluate("pagesCheck.settled()")
        return wrong

    def _prove(self) -> None:
        """Give the password once more, as before what is kept behind it."""
        self.page.fill("input[name=password]", PASSWORD)
        self.page.locator("input[name=password]").press("Enter")
        self.page.wait_for_url(lambda url: "/reauthenticate/" not in url)

    def wear(self, size: tuple[int, int], colours: Any) -> None:
        """Look from a window of a size, in light or dark; nothing is on its way any more then."""
        self.page.emulate_media(color_scheme=colours, reduced_motion="reduce", media="screen")
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        if self.page.url.startswith(self.base):
            self.page.evaluate("colours => pagesCheck.worn(colours)", colours)

    def check(self, *names: str, **values: object) -> list[str]:
        """Run checks of `pages_checks.js`, each with the same values."""
        calls = ", ".join(f"...pagesCheck.{name}(values)" for name in names)
        return self.page.evaluate(f"values => [{calls}]", values)

    def axe(self, *, again: bool = False) -> list[str]:
        """Return what axe finds; `again` looks only at what other colours or widths may change."""
        only = {"type": "rule", "values": _AGAIN} if again else {"type": "tag", "values": _WCAG}
        options = {"runOnly": only, "resultTypes": ["violations"]}
        return self.page.evaluate("options => pagesCheck.axe(options)", options)

    def keep(self, name: str) -> None:
        """Keep a picture of the whole page; of a desk half as large."""
        if not self.pictures:
            return
        size = self._devtools.send("Page.getLayoutMetrics")["cssContentSize"]
        taken = self._devtools.send(
            "Page.captureScreenshot",
            {
                "format": "jpeg",
                "quality": 60,
                "captureBeyondViewport": True,
                "clip": {
                    "x": 0,
                    "y": 0,
                    "width": size["width"],
                    "height": min(size["height"], _MOST_HIGH),
                    "scale": 0.5 if size["width"] > PHONE[0] * 2 else 1,
                },
            },
        )
        PICTURES.mkdir(parents=True, exist_ok=True)
        (PICTURES / f"{name}.jpg").write_bytes(base64.b64decode(taken["data"]))


def begin(browser: Browser, base: str, email: str, *, pictures: bool = True) -> Looker:
    """Open a browser for somebody, signed in where an address is given."""
    context = browser.new_context(viewport={"width": DESK[0], "height": DESK[1]}, locale="en-GB")
    context.add_init_script(path=_AXE)
    context.add_init_script(path=_CHECKS)
    looker = Looker(context.new_page(), base, pictures)
    looker.speak("en")
    if email:
        page = looker.page
        page.goto(base + "/accounts/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", PASSWORD)
        page.locator("input[name=password]").press("Enter")
        page.wait_for_url(base + "/")
        looker.speak("en")
    return looker


def look_once(looker: Looker, *, may_be_long: bool = False) -> Iterator[str]:
    """Look at the page that is open from a desk in light, on a phone, and at 400% in the dark."""
    yield from looker.check("tabs", "written", "shifts", "sideways", "cut", lang="en", dir="ltr")
    yield from looker.axe()
    if not may_be_long:
        looker.wear(PHONE, "light")
        yield from looker.check("high", most=MOST_HIGH_ON_A_PHONE)
    looker.wear(ZOOMED, "dark")
    yield from looker.check("sideways", "cut", "pictures", "staying", "spaced", "still")
    yield from looker.axe(again=True)
    yield from looker.complaints


def look_all_over(looker: Looker, name: str, *, printed: bool) -> Iterator[str]:
    """Look at the page that is open in all its variants in English, and keep their pictures."""
    looker.keep(f"{name}-desk-light")
    yield from looker.check("written", "shifts", "sideways", "cut", lang="en", dir="ltr")
    yield from looker.axe()
    looker.wear(DESK, "dark")
    yield from looker.axe(again=True)
    looker.keep(f"{name}-desk-dark")
    looker.wear(PHONE, "dark")
    yield from looker.check("sideways", "cut", "pictures")
    yield from looker.axe()
    looker.keep(f"{name}-phone-dark")
    looker.wear(PHONE, "light")
    looker.keep(f"{name}-phone-light")
    looker.wear(ZOOMED, "light")
    yield from looker.check("sideways", "cut", "staying", "spaced", "still")
    if printed:
        yield from look_on_paper(looker, name)
    yield from looker.complaints


def look_on_paper(looker: Looker, name: str) -> Iterator[str]:
    """Look at the page that is open as it is printed on A4."""
    looker.page.set_viewport_size({"width": 794, "height": 1123})
    looker.page.emulate_media(media="print")
    yield from looker.check("printed")
    looker.keep(f"{name}-print")


def look_in_arabic(looker: Looker, name: str) -> Iterator[str]:
    """Look at the page that is open, from right to left, and keep its pictures."""
    looker.wear(DESK, "dark")
    yield from looker.check("written", "sideways", "cut", lang="ar", dir="rtl")
    yield from looker.axe()
    looker.keep(f"{name}-ar-desk-dark")
    looker.wear(PHONE, "light")
    yield from looker.check("sideways", "cut")
    yield from looker.axe(again=True)
    looker.keep(f"{name}-ar-phone-light")
    looker.wear(ZOOMED, "light")
    yield from looker.check("sideways", "cut")
    yield from looker.complaints


def told(name: str, path: str, language: str, wrong: Iterable[str]) -> list[str]:
    """Return sentences with the page that they are about, each once."""
    return [f"{name} {path} ({language}): {one}" for one in dict.fromkeys(wrong)]
