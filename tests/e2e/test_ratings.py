"""The page that asks how meetings went, in a browser: one tap, and nothing that the policy refuses."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.conftest import Visitor

PAGE = "/calendar/how-did-it-go/"


def test_one_tap_answers_and_the_console_stays_silent(visit: Callable[..., Visitor]) -> None:
    member = visit("member@paris.example")
    member.go(PAGE)
    card = member.page.locator("article[id^=rate-]").first
    name = card.get_attribute("id")
    # As if somebody had pulled a field to another size: the browser writes that as an inline style,
    # which the page that comes back must not take over.
    member.page.evaluate(
        "name => { document.getElementById(name).style.minHeight = '9rem'; }", name
    )
    card.locator("button[name=value][aria-pressed=false]").first.click()
    expect(member.page.locator(f"#{name} .px-status")).to_be_visible()
    member.page.wait_for_timeout(200)
    assert member.complaints == []
