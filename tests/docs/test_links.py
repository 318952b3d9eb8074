"""Links and pictures of the documentation lead somewhere, and what it shows runs."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```(.*?)\n(.*?)^```", re.M | re.S)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
BOLD = re.compile(r"\*\*([^*]+)\*\*")


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _prose(page: Path) -> str:
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def _anchors(page: Path) -> set[str]:
    """Return the anchors that headings get, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", _prose(page), re.M)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def _leads_nowhere(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists() or not target.is_relative_to(ROOT):
        return True
    return bool(anchor) and anchor not in _anchors(target)


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_and_picture_leads_somewhere(page):
    links = [one for one in LINK.findall(_prose(page)) if not re.match(r"[a-z]+:", one)]
    assert [link for link in links if _leads_nowhere(page, link)] == []


def test_every_page_is_reached_from_the_index():
    index = ROOT / "docs" / "README.md"
    reached = {
        (index.parent / link.partition("#")[0]).resolve() for link in LINK.findall(_prose(index))
    }
    assert {_name(page) for page in PAGES if page != index} - {
        _name(page) for page in reached if page.is_file()
    } == {"README.md"}


def _runnable() -> list:
    found = []
    for page in PAGES:
        for number, (mark, code) in enumerate(FENCE.findall(page.read_text(encoding="utf-8")), 1):
            if mark.split() == ["python", "run"]:
                found.append(pytest.param(code, id=f"{_name(page)}-{number}"))
    return found


@pytest.mark.parametrize("code", _runnable())
def test_code_marked_to_run_runs(code, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


def test_the_tour_names_only_what_the_pages_say():
    texts = ""
    for path in (ROOT / "src" / "proxeny").rglob("*"):
        if path.suffix in {".html", ".py"}:
            texts += path.read_text(encoding="utf-8")
    tour = _prose(ROOT / "docs" / "tutorials" / "first-tour.md")
    named = {" ".join(one.split()) for one in BOLD.findall(tour)}
    assert len(named) > 20
    assert {one for one in named if f'"{one}"' not in texts} == set()
