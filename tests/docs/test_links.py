"""Links and pictures of the documentation lead somewhere, as a code host shows them."""

import re
from pathlib import Path

import pytest

from .blocks import PAGES, ROOT, name_page, read_prose

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
BOLD = re.compile(r"\*\*([^*]+)\*\*")


def _anchors(page: Path) -> set[str]:
    """Return the anchors that headings get, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", read_prose(page), re.M)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def _leads_nowhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists() or not target.is_relative_to(ROOT):
        return True
    return bool(anchor) and anchor not in _anchors(target)


@pytest.mark.parametrize("page", PAGES, ids=name_page)
def test_every_link_and_picture_leads_somewhere(page):
    links = [one for one in LINK.findall(read_prose(page)) if not re.match(r"[a-z]+:", one)]
    assert [link for link in links if _leads_nowhere(page, link)] == []


def test_every_page_is_reached_from_the_index():
    index = ROOT / "docs" / "README.md"
    reached = {
        (index.parent / link.partition("#")[0]).resolve()
        for link in LINK.findall(read_prose(index))
    }
    assert {name_page(page) for page in PAGES if page != index} - {
        name_page(page) for page in reached if page.is_file()
    } == {"README.md"}


def test_the_tour_names_only_what_the_pages_say():
    texts = ""
    for path in (ROOT / "src" / "proxeny").rglob("*"):
        if path.suffix in {".html", ".py"}:
            texts += path.read_text(encoding="utf-8")
    tour = read_prose(ROOT / "docs" / "tutorials" / "first-tour.md")
    named = {" ".join(one.split()) for one in BOLD.findall(tour)}
    assert len(named) > 20
    assert {one for one in named if f'"{one}"' not in texts} == set()
