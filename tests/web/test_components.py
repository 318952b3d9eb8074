"""The page of components shows all of them, with their states, in both directions and colours."""

import re
from pathlib import Path

import pytest
from django.test import Client

import proxeny.web
from proxeny.web.gallery import TOKENS

HERE = Path(proxeny.web.__file__).parent
PAGE = "/components/"


def _included(name: str, seen: set[str]) -> set[str]:
    """Every template that one draws, itself included."""
    file = HERE / "templates" / name
    if name not in seen and file.exists():
        seen.add(name)
        for other in re.findall(r'{% include "([^"]+)"', file.read_text()):
            _included(other, seen)
    return seen


def test_every_component_stands_on_the_page():
    drawn = _included("web/components_page.html", set())
    files = (HERE / "templates/web/components").glob("*.html")
    assert {f"web/components/{one.name}" for one in files} - drawn == set()


def test_every_token_is_shown(db):
    css = (HERE / "static/css/tokens.css").read_text()
    own = set(re.findall(r"^  --px-([\w-]+):", css, re.M))
    shown = {name for group in TOKENS.values() for name in group} | {
        f"text-{name}" for name in TOKENS["type"]
    }
    # What is no measure of its own to look at.
    told = {one for one in own if not one.startswith(("font", "leading", "tracking", "page"))}
    assert told - shown == {
        "measure",
        "gutter",
        "on-action",
        "action-hover",
        "target",
        "shadow",
        "ease",
        "stays",
    }
    page = Client().get(PAGE).text
    drawing = (HERE / "static/css/gallery.css").read_text()
    for name in shown & own:
        assert f"--px-{name}</code>" in page
        assert f"var(--px-{name})" in drawing


def test_it_is_drawn_in_either_direction_and_colours(db):
    client = Client()
    page = client.get(PAGE).text
    assert '<div class="px-gallery" data-still>' in page
    assert 'href="?dir=rtl"' in page
    page = client.get(f"{PAGE}?dir=rtl&colours=dark").text
    assert '<div class="px-gallery" data-still dir="rtl" data-bs-theme="dark">' in page
    assert (
        'href="?dir=rtl&amp;colours=light"' in page or 'href="?colours=light&amp;dir=rtl"' in page
    )
    assert '<div class="px-gallery" data-still>' in client.get(f'{PAGE}?dir="&colours=red').text


@pytest.mark.parametrize(
    ("query", "first"),
    [("?sort=member", "Nefeli"), ("?sort=-member", "شركة"), ("?q=orfeo", "شركة")],
)
def test_its_list_works_like_every_list(db, query, first):
    page = Client().get(f"{PAGE}{query}").text
    rows = page[page.index('id="example-rows"') :]
    assert first in rows[: rows.index("</tr>", rows.index("<tbody>"))]
    empty = Client().get(f"{PAGE}?q=zzz").text
    assert "Nothing matches" in empty[empty.index('id="example-rows"') :]


@pytest.mark.parametrize("state", ["queued", "running", "stopping", "done", "stopped", "failed"])
def test_every_state_of_long_work_is_shown(db, state):
    words = {
        "queued": "queued",
        "running": "running",
        "stopping": "stopping",
        "done": "finished",
        "stopped": "stopped by you",
        "failed": "failed",
    }
    page = Client().get(PAGE).text
    work = page[page.index('id="jobs-h"') : page.index('id="timetable-h"')]
    assert words[state] in work


def test_a_partnership_in_a_path_bears_its_two_sides():
    """Wherever the way to a page leads through a partnership, its mark stands before its name."""
    found = 0
    for file in HERE.parent.glob("*/templates/**/*.html"):
        for step in re.findall(r"<li>(.*?)</li>", file.read_text()):
            if re.search(
                r"partnerships:detail' partnership\.pk %}\"><bdi>{{ partnership\.title", step
            ):
                found += 1
                assert "_crumb_mark.html" in step or "px-crumbs" not in file.read_text(), file
    assert found > 10
