"""The search over everything, from the keyboard: found, walked through, opened; on a phone too."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import look

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def test_it_is_found_and_opened_from_the_keyboard(visit):
    visitor = visit("manager@athens.example", width=1440)
    page = visitor.page
    page.keyboard.press("/")
    page.keyboard.type("immersive")
    found = page.get_by_role("region", name="What was found")
    link = found.get_by_role("link", name="Immersive heritage")
    expect(link).to_be_visible()
    look(visitor, "search-found")
    page.keyboard.press("ArrowDown")
    expect(found.get_by_role("link").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Search everything you can see")).to_be_focused()
    # Escape leaves it; Ctrl+K comes back, from wherever one writes.
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.get_by_label("Search everything you can see")).to_be_focused()
    expect(link).to_be_visible()
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Immersive heritage")


def test_pages_are_commands(visit):
    visitor = visit("manager@athens.example", width=1440)
    page = visitor.page
    page.keyboard.press("/")
    page.keyboard.type("risks")
    page.get_by_role("region", name="What was found").get_by_role(
        "link", name="Risks"
    ).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Risks")


def test_on_a_phone_it_is_a_page_of_its_own(visit):
    visitor = visit("ambassador@paris.example", width=390, language="ar")
    visitor.go("/search/?q=lumiaire")
    expect(visitor.page.get_by_role("link", name="Pôle Lumiaire").first).to_be_visible()
    look(visitor, "search-phone-ar")
