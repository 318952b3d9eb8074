"""The directory in the browser: its sections, on a desk and on a phone, and what a script adds."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import look

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

MANAGER = "manager@athens.example"
SECTIONS = [
    "",
    "map/",
    "listings/",
    "interests/",
    "following/",
    "searches/",
    "review/",
    "duplicates/",
    "import/",
]


@pytest.mark.parametrize(
    ("width", "language", "dark"),
    [(1440, "en", False), (390, "ar", True)],
    ids=["desk", "phone-arabic-dark"],
)
def test_every_section_is_led_to_and_looks_right(visit, width, language, dark):
    visitor = visit(MANAGER, width=width, language=language, dark=dark)
    page = visitor.page
    for section in SECTIONS:
        visitor.go("/directory/")
        page.locator(f".px-sections a[href='/directory/{section}']").click()
        page.wait_for_url(re.compile(rf"/directory/{section}$"))
        opened = page.locator(".px-sections [aria-current=page]")
        expect(opened).to_have_count(1)
        expect(opened).to_be_in_viewport(ratio=1)
        look(visitor, f"directory-{section.strip('/') or 'list'}-{language}")


def test_on_a_phone_the_first_of_the_list_stands_on_the_first_screen(visit):
    visitor = visit(MANAGER, width=390)
    visitor.go("/directory/listings/")
    expect(visitor.page.locator("main article").first).to_be_in_viewport()
    visitor.go("/directory/")
    row = visitor.page.locator("main tbody tr").first
    expect(row).to_be_in_viewport()
    # An entry is its name, its cluster and one line of facts.
    box = row.bounding_box()
    assert box is not None
    assert box["height"] < 140


def test_countries_are_typed_and_taken_out(visit):
    visitor = visit(MANAGER)
    page = visitor.page
    visitor.go("/directory/1/profile/")
    field = page.get_by_label("Countries of interest")
    chosen = page.locator(".px-chips li")
    before = chosen.count()
    field.press_sequentially("icel")
    field.press("Enter")
    # The beginning of two names waits for the rest.
    field.press_sequentially("niger")
    expect(field).to_have_value("niger")
    field.press("Enter")
    expect(chosen).to_have_count(before + 2)
    field.press_sequentially("zzz")
    expect(page.get_by_text("Nothing starts with “zzz”.")).to_be_visible()
    field.fill("")
    # Once is enough.
    field.press_sequentially("Niger")
    field.press("Enter")
    expect(field).to_have_value("")
    expect(chosen).to_have_count(before + 2)
    page.get_by_role("button", name="Remove: Niger", exact=True).click()
    expect(field).to_be_focused()
    look(visitor, "cluster-profile")
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_text("Iceland")).to_be_visible()
    visitor.go("/directory/1/profile/")
    page.get_by_role("button", name="Remove: Iceland").click()
    page.get_by_role("button", name="Save profile").click()
    expect(page.get_by_text("Iceland")).to_have_count(0)
