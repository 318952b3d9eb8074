"""Whom to meet in the browser: a member, the managers of both sides, and a stranger."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor, look

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

ATHENS, PARIS = "manager@athens.example", "manager@paris.example"
GREEK, FRENCH = "member@athens.example", "member@paris.example"
STRANGER = "manager@london.example"
LONG = 60_000


def _speak(visitor: Visitor, language: str) -> None:
    # Whatever the person's own language is, the page is asked for in this one.
    visitor.page.context.add_cookies(
        [{"name": "django_language", "value": language, "url": visitor.base}]
    )


def _find_partners(visitor: Visitor) -> str:
    """Open the own list from Today, have it made, and return its address."""
    visitor.go("/")
    link = visitor.page.locator("main a[href*='/matches/']").first
    address = link.get_attribute("href")
    assert address is not None
    visitor.go(address)
    if not visitor.page.locator(".px-match").count():
        visitor.page.locator("main form[action$='/matches/find/'] button").first.click()
    expect(visitor.page.locator(".px-match").first).to_be_visible(timeout=LONG)
    return address


def test_a_member_sees_why_refuses_one_and_takes_it_back(visit):
    member = visit(GREEK)
    address = _find_partners(member)
    page = member.page
    card = page.locator(".px-match").first
    name = card.locator(".px-entity-name").inner_text()
    key = card.get_attribute("id")
    assert key is not None
    quoted = re.compile("[\u2068].+[\u2069]")
    expect(card.locator(".px-match-sides p").first).to_have_text(quoted)
    look(member, "matches")
    for language in ("fr", "ar"):
        _speak(member, language)
        member.go(address)
        html = page.locator("html")
        expect(html).to_have_attribute("lang", language)
        expect(html).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
        expect(page.locator(f"#{key} .px-match-sides p").first).to_have_text(quoted)
        look(member, f"matches-{language}")
    _speak(member, "en")
    member.go(address)
    card = page.locator(f"#{key}")
    card.locator("summary").click()
    card.locator("select").select_option("size")
    card.locator("details button").click()
    expect(page.locator(f"#{key}")).to_contain_text(name)
    expect(page.locator(f"#{key} .px-match-sides")).to_have_count(0)
    page.reload()
    expect(page.locator(f"#{key}")).to_have_count(0)
    page.locator("aside details summary").click()
    row = page.locator("aside details li", has_text=name)
    row.get_by_role("button").click()
    expect(page.locator(f"#{key} .px-match-sides")).to_be_visible()


def test_the_list_fits_a_phone_in_arabic(visit):
    member = visit(FRENCH, width=390, language="ar")
    _find_partners(member)
    look(member, "matches-phone-ar")
    expect(member.page.locator("html")).to_have_attribute("dir", "rtl")


def test_managers_of_both_sides_see_the_same_introductions_and_a_stranger_none(visit):
    manager = visit(ATHENS)
    page = manager.page
    manager.go("/partnerships/")
    room = page.locator("main a[href^='/partnerships/']", has_text="Lumiaire").first
    address = room.get_attribute("href")
    assert address is not None
    manager.go(f"{address}introductions/")
    page.fill("input[name=per_left]", "1")
    page.fill("input[name=per_right]", "1")
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator("main table tbody tr").first).to_be_visible(timeout=LONG)
    page.wait_for_url(re.compile(r"/introductions/\d+/"))
    look(manager, "introductions")
    plan = page.url.removeprefix(manager.base).partition("?")[0]
    row = page.locator("main table tbody tr").first
    key = row.get_attribute("id")
    row.locator("button[value=kept]").click()
    expect(page.locator(f"#{key} button[value=proposed]")).to_be_visible()

    partner = visit(PARIS)
    partner.go(f"{plan}?view=cards&state=kept")
    expect(partner.page.locator(f"#{key}")).to_be_visible()
    look(partner, "introductions-cards")

    stranger = visit(STRANGER)
    for path in (plan, f"{address}introductions/"):
        answer = stranger.page.goto(stranger.base + path)
        assert answer is not None
        assert answer.status == 404
