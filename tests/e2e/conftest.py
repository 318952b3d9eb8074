"""The product as a newcomer starts it, and real browsers in front of it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import template

ROOT = Path(__file__).resolve().parents[2]
ARTEFACTS = ROOT / "test-artefacts"
PASSWORD = "proxeny-demo-2026"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
# On two cores shared with other tests a page may take longer than the usual five seconds.
expect.set_options(timeout=20_000)


#: Looked at as the demo is: what others do with it (an agenda that is published) shuts some pages.
_UNTOUCHED = ("test_pages.py", "test_weights.py", "test_tour.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Look first at a demo that nobody has touched yet; before it come only those that need a
    database of the tests, which is made before a browser's loop runs, or that need no browser."""
    here = Path(__file__).parent
    places = [at for at, one in enumerate(items) if one.path.parent == here]
    ours = sorted((items[at] for at in places), key=_turn)
    for at, one in zip(places, ours, strict=True):
        items[at] = one


def _turn(item: pytest.Item) -> int:
    asked = getattr(item, "fixturenames", ())
    if item.get_closest_marker("django_db") or "live_server" in asked or "db" in asked:
        return 1 if "browser" in asked else 0
    return 2 if item.path.name in _UNTOUCHED else 3


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Product:
    """A running Proxeny: its address, its state folder, its process."""

    url: str
    home: Path
    process: "subprocess.Popen[str]"
    log: Path

    def output(self) -> str:
        """What it printed so far."""
        return self.log.read_text()


def environment_of(home: Path, **more: str) -> dict[str, str]:
    """What a product of its own finds in its environment."""
    mine = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "PROXENY_"))}
    mine.pop("DATABASE_URL", None)
    return {**mine, "PROXENY_HOME": str(home), "PYTHONUNBUFFERED": "1", **more}


def start_product(
    home: Path, *, demo: bool = True, port: int | None = None, empty: bool = False, **variables: str
) -> Product:
    """Start `proxeny run` and wait until it says that it is ready.

    A new one finds the tables made already, where an earlier test has made them; not an `empty` one.
    """
    port = port or free_port()
    if not empty and not any(home.iterdir()):
        template.lay_under(home)
    log = home / "output.log"
    environment = environment_of(
        home, PORT=str(port), PROXENY_DEMO="1" if demo else "0", **variables
    )
    command = [str(Path(sys.executable).with_name("proxeny")), "run"]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=output, env=environment, text=True
        )
    product = Product(f"http://127.0.0.1:{port}", home, process, log)
    deadline = time.monotonic() + 600
    while "Ctrl-C stops everything" not in product.output():
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"It did not start:\n{product.output()}")
        time.sleep(0.2)
    return product


def stop_product(product: Product) -> None:
    """Press Ctrl-C and wait until everything has ended."""
    if product.process.poll() is None:
        product.process.send_signal(signal.SIGINT)
        product.process.wait(60)


@pytest.fixture(scope="package")
def product() -> Iterator[Product]:
    """One running product with its demo world for all journeys.

    PROXENY_E2E_URL names one that runs already, to try a journey quickly; PROXENY_E2E_HOME its
    state folder.
    """
    if running_url := os.environ.get("PROXENY_E2E_URL"):
        home = Path(os.environ.get("PROXENY_E2E_HOME", ROOT))
        yield Product(running_url, home, None, ROOT)  # type: ignore[arg-type]
        return
    home = Path(tempfile.mkdtemp(prefix="proxeny-e2e-"))
    running = start_product(home)
    yield running
    stop_product(running)
    ARTEFACTS.mkdir(exist_ok=True)
    shutil.copy(running.log, ARTEFACTS / "product.log")
    shutil.rmtree(home, ignore_errors=True)


def _browser_path() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A headless Chromium: the distribution's, else Playwright's own."""
    yield from open_browser()


def open_browser() -> Iterator[Browser]:
    """Give a browser, and close it; while it is open, Django asks no database in this thread."""
    with sync_playwright() as playwright:
        path = _browser_path()
        if path is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("left out: no Chromium on this machine and none could be brought")
        started = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield started
        started.close()


@dataclass
class Visitor:
    """One person at one browser; complaints of the console are kept."""

    page: Page
    base: str
    complaints: list[str]

    def go(self, path: str) -> None:
        """Open a page of the product; anything but a page or a redirect fails."""
        answer = self.page.goto(self.base + path)
        assert answer is not None
        assert answer.status < 400, f"{path}: {answer.status}"

    def sign_in(self, email: str) -> None:
        """Sign in through the form."""
        self.go("/accounts/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.locator("input[name=password]").press("Enter")
        self.page.wait_for_url(self.base + "/")


@pytest.fixture
def visit(product: Product, browser: Browser) -> Iterator[Callable[..., Visitor]]:
    """`visit(email, width=390, language="ar")` opens a browser of its own for one person."""
    contexts = []

    def open_visitor(
        email: str = "", *, width: int = 1440, language: str = "en", dark: bool = False
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": 900 if width > 800 else 844},
            color_scheme="dark" if dark else "light",
            locale="en-GB",
            accept_downloads=True,
        )
        contexts.append(context)
        if language:
            context.add_cookies(
                [{"name": "django_language", "value": language, "url": product.url}]
            )
        page = context.new_page()
        visitor = Visitor(page, product.url, [])
        page.on(
            "console", lambda m: visitor.complaints.append(m.text) if m.type == "error" else None
        )
        page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        if email:
            visitor.sign_in(email)
        return visitor

    yield open_visitor
    for context in contexts:
        context.close()


def look(visitor: Visitor, name: str) -> None:
    """Keep a screenshot; refuse sideways scrolling, console errors and accessibility faults."""
    from axe_playwright_python.sync_playwright import Axe

    ARTEFACTS.mkdir(exist_ok=True)
    page = visitor.page
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=ARTEFACTS / f"{name}-{width}.png", full_page=True)
    sideways = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert sideways <= 0, f"{name} scrolls sideways by {sideways} px at {width} px"
    assert visitor.complaints == []
    # From the top: the header that stays would else stand over, or close to, whatever was scrolled.
    page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    found = Axe().run(page, options=options)
    assert found.violations_count == 0, found.generate_report()
