"""The pictures of the first tour, taken from the running demo.

They go to test-artefacts; with PROXENY_UPDATE_PICTURES=1, on a demo that nobody touched yet, they
also replace those in docs/images:

    PROXENY_UPDATE_PICTURES=1 .venv/bin/python -m pytest tests/e2e/test_pictures.py
"""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor
from tests.e2e.pictures import TUTORIALS, take

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

LIST = TUTORIALS / "members.csv"
GREEK_MANAGER, FRENCH_MANAGER = "manager@athens.example", "manager@paris.example"
GREEK_MEMBER = "member@athens.example"
OPEN_EVENT, PUBLISHED_EVENT = "Games, Sound and Screens", "Museums Meet Machines"
FINISHED_EVENT = "Stories and Signals"


@pytest.fixture
def desk(visit):
    """Open a browser window of 1200 by 800 for somebody."""

    def open_desk(email: str) -> Visitor:
        visitor = visit(email, width=1200)
        visitor.page.set_viewport_size({"width": 1200, "height": 800})
        return visitor

    return open_desk


def _event(visitor: Visitor, title: str) -> str:
    visitor.go("/events/")
    href = visitor.page.get_by_role("link", name=re.compile(title)).first.get_attribute("href")
    assert href is not None
    return href


def test_the_room_and_the_import(desk):
    manager = desk(GREEK_MANAGER)
    page = manager.page
    manager.go("/partnerships/")
    page.get_by_role("link", name=re.compile("Lumiaire")).first.click()
    expect(page.get_by_role("heading", name="Where we stand")).to_be_visible()
    take(manager, "partnership")

    manager.go("/directory/import/")
    page.set_input_files("input[type=file]", str(LIST))
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_url(re.compile(r"/directory/import/\d+"))
    page.get_by_role("button", name="Check all rows").click()
    checked = page.get_by_role("heading", name=re.compile("can be imported|changes nothing", re.I))
    expect(checked.first).to_be_visible(timeout=20_000)
    take(manager, "import-check")


def test_a_participant_on_a_phone(visit):
    member = visit(GREEK_MEMBER, width=390)
    page = member.page
    member.go(_event(member, OPEN_EVENT))
    page.get_by_role("link", name="Who to meet").or_(
        page.get_by_role("tab", name="Who to meet")
    ).first.click()
    page.wait_for_url(re.compile("/requests/"))
    take(member, "marks-phone", from_top_of=page.get_by_text(re.compile(r"\d must")).first)
    member.go(f"{_event(member, PUBLISHED_EVENT)}my-agenda/")
    expect(page.get_by_text(re.compile(r"\d\d:\d\d – \d\d:\d\d")).first).to_be_visible()
    take(member, "my-agenda-phone", from_top_of=page.get_by_role("heading", name="Next"))


def test_the_agenda_and_what_came_of_it(desk):
    manager = desk(GREEK_MANAGER)
    page = manager.page
    event = _event(manager, OPEN_EVENT)
    partner = desk(FRENCH_MANAGER)
    manager.go(f"{event}setup/opening")
    propose = page.get_by_role("button", name="Propose closing requests")
    if propose.count():
        propose.click()
        partner.go(f"{event}setup/opening")
        partner.page.get_by_role("button", name="Confirm for your side").click()
    manager.go(f"{event}agenda/")
    start = page.get_by_role("button", name="Start", exact=True)
    if start.count():
        start.click()
    expect(page.get_by_text("checked: all rules met").first).to_be_visible(timeout=120_000)
    take(manager, "agenda")
    manager.go(f"{event}agenda/timetable/")
    take(manager, "timetable", from_top_of=page.get_by_role("link", name="By table").first)

    manager.go(f"{_event(manager, PUBLISHED_EVENT)}agenda/repair/")
    page.select_option("select[name=table]", label="Table 4")
    page.get_by_role("button", name="Propose a repair").click()
    expect(page.get_by_role("button", name="Apply and notify them").first).to_be_visible()
    take(manager, "repair", from_top_of=page.get_by_role("heading", name="The proposal"))

    partner.go(f"{_event(partner, FINISHED_EVENT)}agenda/outcome/")
    take(partner, "outcome")
