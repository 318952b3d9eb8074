"""The first-run tour: from the offer to the end by keyboard, and on a phone in Arabic."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import look

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def _covers(page: Page, what: str) -> bool:
    """Whether the panel stands over something once the page has come to rest."""
    for _try in range(20):
        if not _covers_now(page, what):
            return False
        page.wait_for_timeout(250)
    return True


def _covers_now(page: Page, what: str) -> bool:
    return bool(
        page.evaluate(
            """what => {
                const [one, other] = [document.querySelector(what), document.querySelector(".px-tour")]
                    .map((element) => element.getBoundingClientRect());
                return one.top < other.bottom && one.bottom > other.top
                    && one.left < other.right && one.right > other.left;
            }""",
            what,
        )
    )


def test_a_manager_is_led_round_from_the_keyboard(visit):
    visitor = visit("manager@athens.example")
    page = visitor.page
    page.get_by_role("button", name="Show me round").focus()
    look(visitor, "tour-offer")
    page.keyboard.press("Enter")
    panel = page.locator(".px-tour")
    title = panel.get_by_role("heading")
    for number in range(1, 7):
        expect(panel).to_contain_text(f"Step {number} of 6")
        # Who cannot see the panel hears it first; it leaves in sight what it speaks of.
        expect(title).to_be_focused()
        assert not _covers(page, "h1" if number > 1 else "#waits")
        if number in (1, 3):
            look(visitor, f"tour-{number}")
        if number < 6:
            page.keyboard.press("Tab")
            expect(panel.get_by_role("button", name="Next")).to_be_focused()
            page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/board/$"))
    # One may look elsewhere, come back, and is done.
    visitor.go("/events/")
    expect(title).to_have_text("You’ve left the tour")
    panel.get_by_role("button", name="Back to the tour").click()
    panel.get_by_role("button", name="Finish the tour").click()
    expect(panel).to_have_count(0)
    expect(page.locator("#toasts")).to_contain_text(
        "You’ll find the tour again in your menu, at the top of every page."
    )
    visitor.go("/")
    expect(page.get_by_role("button", name="Show me round")).to_have_count(0)
    page.get_by_label("Your account").click()
    page.get_by_role("link", name="Take the tour").click()
    page.get_by_role("button", name="Show me round").click()
    expect(panel).to_contain_text("Step 1 of 6")
    panel.get_by_role("button", name="Leave the tour").click()
    expect(panel).to_have_count(0)


def test_a_small_company_is_led_round_on_a_phone_in_arabic(visit):
    visitor = visit("member@athens.example", width=390, language="ar")
    page = visitor.page
    page.locator("form[action='/tour/begin/'] button").first.click()
    panel = page.locator(".px-tour")
    for number in range(1, 7):
        expect(panel).to_be_visible()
        # The marks of the stations passed, whatever the language.
        expect(panel.locator("i.is-done")).to_have_count(number - 1)
        assert not _covers(page, "h1" if number > 1 else "#waits")
        look(visitor, f"tour-{number}-ar")
        page.evaluate("scrollTo({top: document.body.scrollHeight, behavior: 'instant'})")
        # Whatever stands last can be scrolled out from beneath it.
        assert not _covers(page, "footer")
        if number < 6:
            panel.locator("button[formaction]").first.click()
    panel.locator("button.btn-primary").click()
    expect(panel).to_have_count(0)


def test_it_needs_no_script(browser, product):
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "django_language", "value": "en", "url": product.url}])
    page = context.new_page()
    page.goto(f"{product.url}/accounts/login/")
    page.fill("input[name=login]", "juror@athens.example")
    page.fill("input[name=password]", "proxeny-demo-2026")
    page.press("input[name=password]", "Enter")
    page.get_by_role("button", name="Show me round").click()
    expect(page.locator(".px-tour")).to_contain_text("Step 1 of 6")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your juries")
    expect(page.locator(".px-tour")).to_contain_text("Step 2 of 6")
    context.close()
