"""The main job in the browser: member lists in, requests, agenda, publication, repair; both sides,
participants on phones, and a stranger."""

import re
import urllib.request
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from tests.e2e.conftest import Visitor, look

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

ATHENS, PARIS = "manager@athens.example", "manager@paris.example"
GREEK, FRENCH = "member@athens.example", "member@paris.example"
STRANGER = "manager@london.example"
MEMBERS = (
    "reference,name,country,city,e-mail,summary\n"
    "X1,Πρώτο Δοκίμιο,GR,Αθήνα,one@proto.example,Φτιάχνουμε ήχο για μουσεία.\n"
    "X2,Second Invented Studio,GR,Piraeus,two@second.example,We animate maps.\n"
)


def _event_path(visitor: Visitor, title: str) -> str:
    visitor.go("/events/")
    href = visitor.page.get_by_role("link", name=re.compile(title)).first.get_attribute("href")
    assert href is not None
    return href


def test_a_member_list_is_brought_checked_and_imported(visit, tmp_path):
    manager = visit(ATHENS)
    page = manager.page
    good, bad = tmp_path / "members.csv", tmp_path / "bad.csv"
    good.write_text(MEMBERS, encoding="utf-8")
    bad.write_text(MEMBERS + "X3,,GR,Athens,not an address,\n", encoding="utf-8")

    _bring(manager, bad)
    expect(page.get_by_role("heading", name="1 problem to correct")).to_be_visible(timeout=20_000)
    look(manager, "import-refused")
    manager.go("/directory/?q=Second+Invented")
    expect(page.locator("main table tbody tr")).to_have_count(0)

    _bring(manager, good)
    page.get_by_role("button", name=re.compile("Import", re.I)).first.click(timeout=20_000)
    expect(page.get_by_role("heading", name=re.compile("imported", re.I))).to_be_visible(
        timeout=20_000
    )
    look(manager, "import-done")
    manager.go("/directory/?q=Second+Invented")
    expect(page.get_by_role("link", name="Second Invented Studio")).to_be_visible()
    look(manager, "directory")

    partner = visit(PARIS)
    partner.go("/directory/?q=Second+Invented")
    expect(partner.page.get_by_role("link", name="Second Invented Studio")).to_be_visible()
    stranger = visit(STRANGER)
    stranger.go("/directory/?q=Second+Invented")
    assert stranger.page.get_by_role("link", name="Second Invented Studio").count() == 0


def _bring(manager: Visitor, path: Path) -> None:
    manager.go("/directory/import/")
    page = manager.page
    page.set_input_files("input[type=file]", str(path))
    page.get_by_role("button", name="Read the file").click()
    page.wait_for_url(re.compile(r"/directory/import/\d+"))
    page.get_by_role("button", name=re.compile("check", re.I)).first.click()


def test_a_participant_marks_on_a_phone_and_the_other_side_never_learns(visit):
    greek = visit(GREEK, width=390)
    page = greek.page
    greek.go(_event_path(greek, "Games, Sound"))
    look(greek, "event")
    page.get_by_role("tab", name="Who to meet").or_(
        page.get_by_role("link", name="Who to meet")
    ).first.click()
    page.wait_for_url(re.compile(r"/participations/\d+/requests/"))
    look(greek, "requests")
    unmarked = page.locator("form:has(input[value=none]:checked)").first
    address = unmarked.get_attribute("action")
    with page.expect_response(lambda answer: answer.url.endswith(address or "-")):
        unmarked.locator("label:has(input[value='no-thanks'])").click()
    expect(page.locator(f"form[action='{address}'] input[value='no-thanks']").first).to_be_checked()
    page.reload()
    expect(page.locator(f"form[action='{address}'] input[value='no-thanks']").first).to_be_checked()

    french = visit(FRENCH, width=390)
    answer = french.page.goto(french.base + re.sub(r"\d+$", "", address or ""))
    assert answer is not None
    assert answer.status in (403, 404)
    arabic = visit(GREEK, width=390, language="ar")
    arabic.go(_event_path(arabic, "Games, Sound"))
    assert arabic.page.locator("html").get_attribute("dir") == "rtl"
    look(arabic, "event-ar")


def test_the_agenda_is_made_shown_locked_published_and_repaired(visit, product):
    manager, partner = visit(ATHENS), visit(PARIS)
    page = manager.page
    event = _event_path(manager, "Games, Sound")
    manager.go(f"{event}setup/opening")
    page.get_by_role("button", name="Propose closing requests").click()
    look(manager, "close-proposed")
    _confirm(partner, f"{event}setup/opening")
    manager.go(f"{event}agenda/")
    page.select_option("select[name=time_limit_s]", index=0)
    page.get_by_role("button", name=re.compile("start|solve", re.I)).first.click()
    stop = page.get_by_role("button", name=re.compile("stop|keep", re.I))
    certificate = page.get_by_text(re.compile("checked: all rules met", re.I))
    expect(stop.or_(certificate).first).to_be_visible(timeout=30_000)
    look(manager, "agenda-running")
    expect(certificate).to_be_visible(timeout=90_000)
    look(manager, "agenda-draft")

    greek = visit(GREEK, width=390)
    greek.go(f"{event}my-agenda/")
    assert greek.page.get_by_text(re.compile(r"\d\d:\d\d – \d\d:\d\d")).count() == 0

    manager.go(f"{event}agenda/timetable/")
    page.locator("a.px-meeting").first.click()
    page.get_by_role("button", name=re.compile("lock", re.I)).first.click()
    look(manager, "meeting-locked")
    manager.go(f"{event}agenda/")
    page.get_by_role("button", name=re.compile("show", re.I)).first.click()
    greek.go(f"{event}my-agenda/")
    expect(greek.page.get_by_text(re.compile("provisional", re.I)).first).to_be_visible()
    manager.go(f"{event}agenda/")
    page.get_by_role("button", name="Propose publishing").click()
    expect(page.get_by_role("heading", name="Proposed: Publish the agenda")).to_be_visible()
    look(manager, "publish-proposed")
    _confirm(partner, f"{event}agenda/")
    manager.go(f"{event}agenda/")
    expect(page.get_by_text("Agenda published").first).to_be_visible(timeout=20_000)

    greek.go(f"{event}my-agenda/")
    assert greek.page.get_by_text(re.compile(r"\d\d:\d\d – \d\d:\d\d")).count() >= 1
    look(greek, "my-agenda")
    look_at_timetable(visit, event)
    calendar_feed_holds_the_meetings(greek, product.url)
    repair_tells_only_those_concerned(manager, event)


def _confirm(partner: Visitor, path: str) -> None:
    """Let the other side confirm what it is asked, with one click on the page it was led to."""
    partner.go(path)
    look(partner, "asked-to-confirm")
    partner.page.get_by_role("button", name="Confirm for your side").click()
    expect(partner.page.get_by_role("button", name="Confirm for your side")).to_have_count(0)


def look_at_timetable(visit, event: str) -> None:
    partner = visit(PARIS)
    partner.go(f"{event}agenda/timetable/")
    look(partner, "timetable")
    partner.go(f"{event}agenda/timetable/?by=participant")
    look(partner, "timetable-by-participant")


def calendar_feed_holds_the_meetings(greek: Visitor, base: str) -> None:
    greek.go("/people/me/")
    greek.page.get_by_role("button", name="Create an address").click()
    shown = greek.page.content()
    token = re.search(r"/calendar/([\w-]+)\.ics", shown)
    assert token is not None
    with urllib.request.urlopen(f"{base}/calendar/{token.group(1)}.ics") as answer:
        calendar = Calendar.from_ical(answer.read())
    assert len(calendar.walk("VEVENT")) >= 2
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{base}/calendar/{token.group(1)[:-1]}.ics")


def repair_tells_only_those_concerned(manager: Visitor, event: str) -> None:
    page = manager.page
    manager.go(f"{event}agenda/repair/")
    page.select_option("select[name=participant]", index=1)
    page.get_by_role("button", name="Propose a repair").click()
    look(manager, "repair-proposed")
    page.get_by_role("button", name="Apply and notify them").first.click()
    expect(page.locator("body")).to_contain_text("Only those affected are notified")
    look(manager, "repaired")


def test_a_stranger_finds_nothing_of_it(visit):
    manager = visit(ATHENS)
    event = _event_path(manager, "Games, Sound")
    stranger = visit(STRANGER)
    for path in (
        event,
        f"{event}agenda/",
        f"{event}agenda/timetable/",
        f"{event}my-agenda/",
        f"{event}participants/",
        "/partnerships/1/",
    ):
        answer = stranger.page.goto(stranger.base + path)
        assert answer is not None
        assert answer.status in (403, 404), path
    stranger.complaints.clear()
    stranger.go("/events/")
    assert "Games, Sound" not in stranger.page.content()
    nobody = visit()
    nobody.go(event)
    assert "/accounts/login/" in nobody.page.url
    look(nobody, "sign-in")
