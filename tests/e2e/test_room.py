"""The story of one partnership in two browsers: from the first contact to a friendly end."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visitor, look

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

ATHENS, LONDON, PARIS = "manager@athens.example", "manager@london.example", "manager@paris.example"
TABS = (
    "",
    "goals/",
    "plan/",
    "risks/",
    "catch-ups/",
    "exchange/",
    "money/",
    "money/stress/",
    "health/",
    "advice/",
    "stages/",
)


def _submit(page: Page) -> None:
    page.locator("main form.px-form button[type=submit]").first.click()
    page.wait_for_load_state("load")


def _keep(visitor: Visitor, room: str, kind: str, **values: str) -> None:
    """Add a record of a room; `charge` puts the first person of each side in charge."""
    visitor.go(f"{room}keep/{kind}/add/")
    page = visitor.page
    for name, value in values.items():
        field = page.locator(f"[name={name}]").first
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        elif field.get_attribute("type") == "checkbox":
            field.check()
        else:
            field.fill(value)
    for charge in page.locator("select[name^=charge_]").all():
        charge.select_option(index=1)
    _submit(page)
    expect(page.locator("#toasts")).to_contain_text("The other side can see it too")


def _sign_what_waits(visitor: Visitor, room: str) -> None:
    """Read and sign the first text that waits for the reader's side."""
    visitor.go(f"{room}stages/")
    page = visitor.page
    page.get_by_role("link", name="Read and sign").first.click()
    page.locator("form[action$='/sign/'] button").click()
    expect(page.locator("#toasts")).to_contain_text("You have signed")


def _weigh(visitor: Visitor, room: str) -> None:
    visitor.go(f"{room}assessment/")
    for name in ("brings", "needs", "limits"):
        visitor.page.fill(f"[name={name}]", f"What {name} means to us")
    visitor.page.check("[name=is_done]")
    _submit(visitor.page)


def _sign_agreement(visitor: Visitor, room: str) -> None:
    visitor.go(room)
    visitor.page.locator("form[action$='/sign/'] button").click()
    expect(visitor.page.locator("#toasts")).to_contain_text("You have signed")


def _enter(stage: str, asks: Visitor, signs: Visitor, room: str, note: str = "") -> None:
    asks.go(f"{room}stages/")
    gate = asks.page.locator("form[action$='/stages/ask/']").filter(
        has=asks.page.locator(f"input[name=stage][value={stage}]")
    )
    if not gate.is_visible():
        asks.page.locator("details", has=gate).locator("summary").click()
    gate.locator("textarea").fill(note)
    gate.locator("button").click()
    expect(asks.page.locator("#toasts")).to_contain_text("The other side has been asked to sign")
    _sign_what_waits(signs, room)


@pytest.mark.long
def test_a_partnership_from_the_first_contact_to_its_end(visit):
    athens, london = visit(ATHENS), visit(LONDON)
    page = athens.page
    # First contact: a proposal, what each thinks for itself, one text with two signatures.
    athens.go("/partnerships/new/")
    option = page.locator("[name=partner_id] option", has_text="Quillwater").first
    page.select_option("[name=partner_id]", option.get_attribute("value"))
    page.fill("[name=title]", "Athens – London")
    page.fill("[name=text]", "We help each other's members for two years.")
    page.locator("button[name=send]").click()
    page.wait_for_url(re.compile(r"/partnerships/\d+/$"))
    room = page.url.removeprefix(athens.base)
    for visitor in (athens, london):
        _weigh(visitor, room)
    for visitor in (athens, london):
        _sign_agreement(visitor, room)
    # The plan: what working together asks for is told (six things, and one for the exit), put
    # there by both, and signed.
    athens.go(f"{room}stages/")
    expect(page.locator(".rm-conditions .is-missing")).to_have_count(7)
    _keep(london, room, "objective", title="Games for schools")
    london.go(f"{room}keep/key-result/add/")
    london.page.select_option("[name=objective]", index=0)
    london.page.fill("[name=title]", "Schools that try one")
    london.page.fill("[name=target]", "20")
    _submit(london.page)
    _keep(
        athens,
        room,
        "activity",
        title="First mission",
        starts_on="2027-02-01",
        ends_on="2027-02-01",
        is_milestone="on",
    )
    grades = {
        f"{step}_{grade}": "2"
        for step in ("inherent", "current", "residual")
        for grade in ("likelihood", "impact")
    }
    _keep(
        athens,
        room,
        "risk",
        title="Schools have no time",
        response="accept",
        review_on="2027-03-01",
        **grades,
    )
    athens.go(f"{room}risks/")
    page.locator("form[action$='/accept/'] button").first.click()
    expect(page.locator("form[action$='/accept/']")).to_have_count(0)
    _sign_what_waits(london, room)
    for visitor in (athens, london):
        visitor.go(f"{room}stages/")
        visitor.page.select_option("[name=person]", index=1)
        visitor.page.locator("form[action$='/contact/'] button").click()
        visitor.page.wait_for_load_state("load")
    athens.go(f"{room}exchange/")
    page.locator("select[name=every_days]").first.select_option("30")
    page.locator("form[action$='/rhythm/'] button").first.click()
    page.wait_for_load_state("load")
    london.go(f"{room}exit-plan/")
    _submit(london.page)
    _sign_what_waits(athens, room)
    _enter("working", athens, london, room)
    london.go(room)
    expect(london.page.locator(".px-step.is-current")).to_contain_text("Working together")
    # The review: each answers alone; both see it, and what follows.
    athens.go(f"{room}health/")
    page.locator("form[action$='/open/'] button").first.click()
    page.wait_for_load_state("load")
    for visitor in (athens, london):
        visitor.go(room)
        visitor.page.get_by_role("link", name="Answer", exact=True).click()
        for radio in visitor.page.locator("main input[type=radio][value='2']").all():
            radio.check(force=True)
        visitor.page.get_by_role("button", name="Done", exact=True).click()
        visitor.page.wait_for_load_state("load")
    athens.go(f"{room}health/")
    show = page.locator("form[action$='/show/']")
    page.locator("details", has=show).locator("summary").click()
    show.locator("button").click()
    page.wait_for_load_state("load")
    london.go(f"{room}advice/")
    expect(london.page.locator("main")).to_contain_text("Work on this together")
    # Renewal: another text, signed by both.
    london.go(f"{room}amend/")
    london.page.fill("[name=text]", "We go on for two more years, with museums.")
    _submit(london.page)
    for visitor in (athens, london):
        _sign_agreement(visitor, room)
    # Somebody else never sees any of it.
    paris = visit(PARIS)
    assert paris.page.goto(f"{paris.base}{room}goals/").status == 404
    # The end, as it was agreed.
    _enter("exit", athens, london, room, note="The new company goes on by itself.")
    london.go(room)
    expect(london.page.locator("main")).to_contain_text("The new company goes on by itself.")
    look(london, "room-ended")


@pytest.mark.long
@pytest.mark.parametrize(
    ("email", "width", "language"),
    [(ATHENS, 1440, "en"), ("ambassador@athens.example", 390, "ar"), (PARIS, 390, "fr")],
)
def test_every_page_of_a_room_can_be_read(visit, email, width, language):
    visitor = visit(email, width=width, language=language)
    visitor.go("/partnerships/")
    visitor.page.context.add_cookies(
        [{"name": "django_language", "value": language, "url": visitor.base}]
    )
    link = visitor.page.locator("main a[href^='/partnerships/']", has_text="Lumiaire").first
    room = link.get_attribute("href")
    assert room is not None
    for tab in TABS:
        visitor.go(f"{room}{tab}")
        expect(visitor.page.locator("html")).to_have_attribute("lang", language)
        look(visitor, f"room-{tab.replace('/', '-')}{language}")
