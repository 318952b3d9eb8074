"""What was typed is not lost when the session ends or the page is left; and nobody else reads it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PASSWORD, look

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

MANAGER, OTHER = "manager@athens.example", "manager@paris.example"
FORM = "/calls/new/"
TEXT = "Harbours that share their quays.\nΛιμάνια που μοιράζονται."


def _type(page: Page) -> None:
    page.fill("textarea[name=text]", TEXT)
    page.fill("input[name=title]", "Shared quays")
    for _ in range(100):
        if _kept(page):
            return
        page.wait_for_timeout(100)
    raise AssertionError("nothing was kept")


def _kept(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('px-draft:'))")


def test_what_was_typed_is_there_again_and_can_be_thrown_away(visit):
    visitor = visit(MANAGER)
    page = visitor.page
    visitor.go(FORM)
    _type(page)
    visitor.go("/")
    visitor.go(FORM)
    notice = page.locator(".px-draft")
    expect(notice).to_contain_text(re.compile(r"Here’s what you typed at \d\d:\d\d"))
    expect(page.locator("textarea[name=text]")).to_have_value(TEXT)
    expect(page.locator("input[name=title]")).to_have_value("Shared quays")
    look(visitor, "draft")
    notice.get_by_role("button", name="Discard").click()
    expect(notice).to_have_count(0)
    expect(page.locator("textarea[name=text]")).to_have_value("")
    visitor.go(FORM)
    expect(page.locator("textarea[name=text]")).to_have_value("")
    expect(page.locator(".px-draft")).to_have_count(0)


def test_a_session_that_ends_while_one_writes_takes_nothing_along(visit):
    visitor = visit(MANAGER)
    page = visitor.page
    visitor.go(FORM)
    _type(page)
    page.fill("input[name=reference]", "DRAFT-2030")
    cookies = [one for one in page.context.cookies() if "session" not in one["name"]]
    page.context.clear_cookies()
    page.context.add_cookies(cookies)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile("/accounts/login/"))
    page.fill("input[name=login]", MANAGER)
    page.fill("input[name=password]", PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_load_state()
    visitor.go(FORM)
    expect(page.locator("textarea[name=text]")).to_have_value(TEXT)
    page.get_by_role("button", name="Keep it").click()
    expect(page.locator(".px-draft")).to_have_count(0)
    expect(page.locator("input[name=reference]")).to_have_value("DRAFT-2030")
    # What does not hold is not saved yet: it stays.
    page.fill("input[name=currency]", "")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    assert _kept(page)
    page.fill("input[name=currency]", "EUR")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_contain_text("Shared quays")
    assert not _kept(page)


def test_who_signs_out_leaves_nothing_and_who_comes_next_reads_nothing(visit):
    visitor = visit(MANAGER)
    page = visitor.page
    visitor.go(FORM)
    _type(page)
    page.locator(".px-tools details.px-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_load_state()
    assert not _kept(page)
    # Somebody whose session merely ended leaves the text for themselves alone.
    visitor.sign_in(MANAGER)
    visitor.go(FORM)
    _type(page)
    page.context.clear_cookies()
    visitor.sign_in(OTHER)
    visitor.go(FORM)
    expect(page.locator("textarea[name=text]")).to_have_value("")
    expect(page.locator(".px-draft")).to_have_count(0)
    assert not _kept(page)


def test_passwords_are_never_kept(visit):
    visitor = visit(MANAGER)
    page = visitor.page
    visitor.go("/accounts/password/change/")
    page.locator("input[type=password]").first.fill("not-to-be-kept")
    page.wait_for_timeout(600)
    assert not _kept(page)
