"""The map of the directory in the browser: drawn, followed to the list, in Arabic, on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import look

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

MANAGER = "manager@athens.example"
#: How many colours are on the canvas: sea, land, borders, shades and points at least.
COLOURS = """() => {
  const sheet = document.querySelector("[data-map-sheet] canvas");
  const { data } = sheet.getContext("2d").getImageData(0, 0, sheet.width, sheet.height);
  const seen = new Map();
  for (let i = 0; i < data.length; i += 4) {
    const colour = [data[i], data[i + 1], data[i + 2], data[i + 3]].join();
    seen.set(colour, (seen.get(colour) || 0) + 1);
  }
  return [...seen.values()].filter((count) => count > 50).length;
}"""


def open_map(visitor, query=""):
    visitor.go(f"/directory/map/{query}")
    expect(visitor.page.locator("[data-map][data-drawn]")).to_be_visible()
    return visitor.page


def spots(box):
    """Points all over the map, as positions on it."""
    for y in range(30, int(box["height"]) - 20, 24):
        for x in range(60, int(box["width"]) - 80, 36):
            yield {"x": x, "y": y}


def tip_at(page, sheet, spot):
    """What the map says of a point on it."""
    sheet.hover(position=spot)
    return page.evaluate("""() => {
      const tip = document.querySelector(".px-map-tip");
      return tip && getComputedStyle(tip).visibility !== "hidden" ? tip.innerText : "";
    }""")


def test_the_map_is_drawn_and_a_click_on_a_country_opens_its_list(visit):
    visitor = visit(MANAGER)
    page = open_map(visitor)
    assert page.evaluate(COLOURS) >= 4
    look(visitor, "map")
    greece = page.locator("tr.is-country", has_text="Greece")
    count = greece.locator("td").inner_text()
    sheet = page.locator("[data-map-sheet]")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    found = next(
        (spot for spot in spots(box) if tip_at(page, sheet, spot).startswith(f"Greece: {count} ")),
        None,
    )
    assert found, "no part of the map tells of Greece"
    sheet.click(position=found)
    page.wait_for_url(re.compile(r"/directory/\?country=GR$"))
    expect(page.get_by_role("status").first).to_contain_text(count)


def test_the_table_leads_to_the_list_of_a_place_and_filters_draw_anew(visit):
    visitor = visit(MANAGER)
    page = open_map(visitor)
    page.select_option("select[name=country]", "FR")
    expect(page.locator("tr.is-country")).to_have_count(1)
    expect(page.locator("[data-map][data-drawn]")).to_be_visible()
    assert page.evaluate(COLOURS) >= 4
    row = page.locator(".px-map-table tr:not(.is-country)", has_text="Paris").first
    count = row.locator("td").last.inner_text()
    row.get_by_role("link").click()
    page.wait_for_url(re.compile(r"country=FR&.*area=\d"))
    expect(page.get_by_role("status").first).to_contain_text(count)
    page.get_by_role("link", name="Show on the map").click()
    expect(page.locator("[data-map][data-drawn]")).to_be_visible()
    page.get_by_role("button", name="Zoom in").click()
    page.get_by_role("button", name="Reset map view").click()
    assert visitor.complaints == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_on_a_phone_in_arabic(visit, dark):
    visitor = visit(MANAGER, width=390, language="ar", dark=dark)
    page = open_map(visitor)
    assert page.locator("html").get_attribute("dir") == "rtl"
    assert page.evaluate(COLOURS) >= 4
    look(visitor, f"map-ar-{'dark' if dark else 'light'}")


def test_a_stranger_sees_what_is_public(visit):
    visitor = visit()
    page = open_map(visitor)
    expect(page.get_by_role("status").first).to_have_text("8 organisations")
    assert page.evaluate(COLOURS) >= 3
    look(visitor, "map-stranger")


def test_sectors_are_found_while_one_types(visit):
    visitor = visit(MANAGER)
    page = visitor.page
    visitor.go("/directory/?q=Ανεμόσκαλα")
    page.locator("main table tbody a").first.click()
    page.get_by_role("link", name="Edit the entry").click()
    page.get_by_text("Sectors, fields of science, languages").click()
    for box in page.locator("#id_nace-boxes input").all():
        box.uncheck()
    field = page.get_by_label("Sectors (NACE)")
    field.press_sequentially("furnit")
    page.get_by_role("checkbox", name="31 Furniture").check()
    expect(field).to_have_value("")
    field.press_sequentially("publ")
    expect(page.get_by_role("checkbox", name="58 Publishing")).to_be_visible()
    expect(page.get_by_role("checkbox", name="31 Furniture")).to_be_checked()
    page.get_by_role("checkbox", name="58 Publishing").check()
    look(visitor, "sectors")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("31 Furniture")).to_be_visible()
    expect(page.get_by_text("58 Publishing")).to_be_visible()
