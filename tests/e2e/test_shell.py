"""The row of pages at the top: nothing in it is cut, and nothing is lost, in whatever window."""

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

#: Whether the row is cut, and the addresses that can be seen in it or behind "More".
_ROW = """() => {
  const row = document.querySelector(".px-nav"), more = row.querySelector("details");
  if (more) { more.open = true; }
  const seen = [...row.querySelectorAll("a")].filter((one) => one.checkVisibility()).map((one) => one.getAttribute("href"));
  if (more) { more.open = false; }
  return { isCut: row.scrollWidth > row.clientWidth + 1, seen };
}"""


@pytest.mark.parametrize("who", ["manager@athens.example", "member@paris.example"])
def test_every_page_of_the_row_is_there_once_at_each_width(visit, who):
    visitor = visit(who)
    for language in ("en", "fr", "el", "ar"):
        visitor.page.context.add_cookies(
            [{"name": "django_language", "value": language, "url": visitor.base}]
        )
        visitor.go("/directory/")
        found = set()
        for width in (1440, 1280, 1279, 1200, 1100, 992):
            visitor.page.set_viewport_size({"width": width, "height": 800})
            row = visitor.page.evaluate(_ROW)
            assert not row["isCut"], (language, width)
            assert len(set(row["seen"])) == len(row["seen"]), (language, width, row["seen"])
            found.add(tuple(sorted(row["seen"])))
        assert len(found) == 1, (language, found)
        assert len(next(iter(found))) >= 6
