"""`make docs` builds a site that is whole: every link leads somewhere, and nothing asks another host."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from tests.e2e.conftest import open_browser

from .blocks import PAGES, ROOT, name_page

BUILD = ROOT / ".ci" / "docs"
sys.path.append(str(ROOT / "docs" / "site"))
from contents import read_contents  # noqa: E402
from house import PICTURE, draw_house  # noqa: E402

# What a browser asks for by itself when it shows a page.
ASKED = ("img[src]", "script[src]", "iframe[src]", "source[src]", "source[srcset]", "link[href]")


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The whole documentation, built once."""
    out = tmp_path_factory.mktemp("docs") / "site"
    done = subprocess.run([BUILD, out], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def soups(site) -> dict[Path, BeautifulSoup]:
    """Each built page, read."""
    return {
        path: BeautifulSoup(path.read_text("utf-8"), "html.parser") for path in site.rglob("*.html")
    }


def test_each_page_is_built_and_the_front_page_too(site):
    built = {path.relative_to(site).with_suffix("").as_posix() for path in site.rglob("*.html")}
    pages = {name_page(page).removesuffix(".md") for page in PAGES}
    assert built == pages | {"CHANGELOG", "index", "search"}


def test_every_link_and_anchor_of_the_site_leads_somewhere(soups):
    anchors = {
        path: {one["id"] for one in soup.find_all(id=True)} | {""} for path, soup in soups.items()
    }
    wrong = []
    for path, soup in soups.items():
        for one in soup.select("a[href], img[src], script[src], link[href], object[data]"):
            link = urlsplit(one.get("href") or one.get("src") or one.get("data"))
            if link.scheme or link.netloc:
                continue
            target = (path.parent / unquote(link.path)).resolve() if link.path else path
            known = anchors.get(target)
            if not target.is_file() or (known is not None and unquote(link.fragment) not in known):
                wrong.append((path.name, link.geturl()))
    assert wrong == []


def test_no_page_asks_another_host(site, soups):
    asked = {
        (path.name, one.get("src") or one.get("srcset") or one.get("href"))
        for path, soup in soups.items()
        for one in soup.select(", ".join(ASKED))
    }
    assert len(asked) > len(soups)
    assert {one for one in asked if re.match(r"(?:[a-z]+:)?//", one[1])} == set()
    for style in site.rglob("*.css"):
        text = style.read_text("utf-8")
        assert re.findall(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)\"']*", text) == [], style


def test_the_ways_through_are_those_of_the_index(site, soups):
    contents = read_contents(ROOT)
    assert [section.title for section in contents][-2:] == ["Work on Proxeny", "Decisions"]
    soup = soups[site / "docs" / "how-to" / "award-a-label.html"]
    ways = soup.select_one("nav.ways")
    assert [one.text for one in ways.select(":scope > details > summary")] == [
        section.title for section in contents
    ]
    here = "A label of several clusters"
    assert [one.text for one in ways.select("details[open] > summary")] == [contents[1].title, here]
    assert [one.text for one in ways.select("[aria-current=page]")] == ["Award a label"]


def test_the_plan_of_the_house_is_that_of_the_import_contracts():
    """Draw it anew with `.venv/bin/python docs/site/house.py`."""
    assert PICTURE.read_text("utf-8") == draw_house()


# In a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with the last test of this file: a fixture of another package would stay open."""
    yield from open_browser()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site) -> Iterator[str]:
    """Where the site is served on this machine."""
    handler = partial(_Quiet, directory=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.mark.e2e
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_it_can_be_read_and_searched_by_everyone(address, browser, width, dark):
    scheme = "dark" if dark else "light"
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    asked, complaints = [], []
    page.on("request", lambda one: asked.append(one.url))
    page.on("pageerror", lambda one: complaints.append(str(one)))
    for path in ("", "docs/README.html", "docs/reference/configuration.html"):
        page.goto(address + path)
        page.wait_for_load_state("load")
        assert _faults(page) == [], path
    page.goto(address + "search.html?q=award")
    page.get_by_role("link", name="Check an award").first.wait_for(state="attached")
    found = page.locator("ul.search a").all_text_contents()
    assert {"Award a label", "Check an award"} <= set(found)
    assert _faults(page) == []
    assert {url for url in asked if not url.startswith(address)} == set()
    assert complaints == []
    context.close()


def _faults(page) -> list[str]:
    """Return what keeps somebody from reading a page: by axe, and by scrolling sideways."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": tags}).response["violations"]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [one["id"] for one in found] + ["sideways"] * wide


# What is wrong does not pass


@pytest.fixture
def small(tmp_path) -> Path:
    """A repository with four pages, built the same way."""
    for name in (".venv", "src", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    (tmp_path / ".ci").mkdir()
    shutil.copy(BUILD, tmp_path / ".ci" / "docs")
    shutil.copytree(ROOT / "docs" / "site", tmp_path / "docs" / "site")
    (tmp_path / "README.md").write_text("# Small\n\n[All](docs/README.md)\n")
    (tmp_path / "docs" / "README.md").write_text("# Docs\n\n## First\n\n- [One](one.md)\n")
    (tmp_path / "docs" / "one.md").write_text("# One\n\n## Part\n\n[Part](#part)\n")
    return tmp_path


def _build(folder: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [folder / ".ci" / "docs"], cwd=folder, capture_output=True, text=True, timeout=120
    )


def test_a_small_site_that_is_whole_builds(small):
    done = _build(small)
    assert done.returncode == 0, done.stderr
    assert (small / "build" / "docs" / "index.html").is_file()


def test_what_leads_nowhere_fails_the_build(small):
    docs = small / "docs"
    (docs / "one.md").write_text("# One\n\n[Two](two.md) [Part](#parts)\n\n![Three](three.png)\n")
    (docs / "four.md").write_text("# Four\n\nNobody leads here.\n")
    (docs / "README.md").write_text("# Docs\n\n## First\n\n- [One](one.md)\n- [Five](five.md)\n")
    done = _build(small)
    assert done.returncode != 0
    told = [line for line in done.stderr.splitlines() if "WARNING" in line]
    for page, what in (
        ("one.md:3", "two.md"),
        ("one.md:3", "parts"),
        ("one.md:5", "three.png"),
        ("four.md", "isn't included in any toctree"),
        ("README.md", "docs/five"),
    ):
        assert [line for line in told if page in line and what in line], (page, what, done.stderr)


#: What people ask, and the page that has to come first.
QUESTIONS = {
    "create event": "Create and run an event in the browser",
    "event API": "Create and run an event through the API",
    "single sign-on": "Set up single sign-on",
    "reset password": "Questions and troubleshooting",
    "HubSpot": "Questions and troubleshooting",
    "invite colleague": "Questions and troubleshooting",
    "second factor lost": "Questions and troubleshooting",
    "restore backup": "Back up and restore",
    "containers": "Run Proxeny in containers",
    "two hosts": "Run Proxeny on two hosts",
    "webhooks": "The API > Webhooks",
    "plug-in": "Write a plug-in",
    "translate": "Translate Proxeny",
    "apply label": "Apply for a label",
    "add a language": "Translate Proxeny > Add a language",
    "replies by email": "Process replies by email",
    "judge applications": "Judge applications",
    "verify award": "Check an award",
    "market assessment": "Offer a market assessment together",
    "publish study": "Publish a study, give data on request, export and import studies",
    "run study": "Run a study together",
    "bid": "Bid together",
    "notifications": "Choose what you receive, and when",
    "visits day": "Prepare a meeting, and a day of visits",
    "hand over desk": "Hand over a desk, and report what it did",
    "board figures": "Read the board",
    "virus scanner": "Check files for viruses, and passwords for breaches",
    "duplicates": "Keep the directory clean",
    "catch-up rhythm": "Hold regular catch-ups",
    "monitor health": "Monitor an installation",
}


@pytest.mark.e2e
def test_the_search_leads_where_people_want_to_go(address, browser):
    page, first = browser.new_page(), {}
    for question in QUESTIONS:
        page.goto(f"{address}search.html?{urlencode({'q': question})}")
        # It says how many it has found once it has.
        page.locator(".search-summary:not(:empty)").filter(has_text="found").wait_for()
        first[question] = page.locator("ul.search li a").first.text_content()
    page.close()
    assert first == QUESTIONS
