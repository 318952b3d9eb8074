"""The tutorials of each role, walked step by step in the running demo; their pictures are taken.

What a tutorial sets in bold is pressed or seen in its order, so that a renamed button fails here.
With PROXENY_UPDATE_PICTURES=1, on a demo that nobody touched yet, pictures in docs/images are
replaced:

    PROXENY_UPDATE_PICTURES=1 .venv/bin/python -m pytest tests/e2e/test_tutorial_pictures.py

Beside PROXENY_E2E_URL (see `product`), PROXENY_E2E_HOME names the folder of the demo that runs.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PASSWORD, Product, Visitor
from tests.e2e.pictures import FENCE, TUTORIALS, Walk

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

ROOM = re.compile("Lumiaire")
GUEST = "barnaby@lanternfield.example"


@pytest.fixture
def arrive(visit: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """`arrive(walk, email)` opens a window and signs in there as the tutorial says."""

    def open_window(walk: Walk, email: str = "", *, width: int = 1200) -> Visitor:
        visitor = visit(width=width, language="")
        visitor.page.set_viewport_size({"width": width, "height": 844 if width < 800 else 800})
        if email:
            sign_in(walk, visitor, email)
        return visitor

    return open_window


def sign_in(walk: Walk, visitor: Visitor, email: str, *, in_english: bool = False) -> None:
    """Choose English at the foot of the sign-in page, sign in, and decline the tour."""
    visitor.go("/accounts/login/")
    if not in_english:
        walk.press(visitor, "English")
    visitor.page.fill("input[name=login]", email)
    visitor.page.fill("input[name=password]", PASSWORD)
    visitor.page.locator("input[name=password]").press("Enter")
    visitor.page.wait_for_url(visitor.base + "/")
    if (later := visitor.page.get_by_role("button", name="Not now")).count():
        later.click()
        expect(later).to_have_count(0)
        visitor.go("/")


def open_link(visitor: Visitor, name: str | re.Pattern[str]) -> None:
    """Open what the tutorial sets in italics: a name of the demo's world."""
    before = visitor.page.url
    visitor.page.locator("main").get_by_role("link", name=name).first.click()
    visitor.page.wait_for_url(lambda url: url != before)


def open_room(walk: Walk, visitor: Visitor) -> None:
    walk.press(visitor, "Partnerships")
    open_link(visitor, ROOM)


def test_a_cluster_manager(arrive):
    walk = Walk.of("cluster-manager")
    manager = arrive(walk, "manager@athens.example")
    page: Page = manager.page
    walk.sees(manager, "Today")
    walk.take(manager, "manager-day")

    walk.press(page.locator("main"), "Read")
    walk.sees(manager, "2 things to check")
    walk.take(manager, "manager-review")
    walk.press(page.locator("main"), "Send back")
    page.fill("textarea[name=note]", "Say which books, and what a partner would do with you.")
    walk.press(page.locator("main form"), "Send back")
    walk.press(manager, "Today")
    expect(page.get_by_text("Δικαιώματα παιδικών βιβλίων")).to_have_count(0)

    open_room(walk, manager)
    walk.press(manager, "Plan")
    walk.press(manager, "Goals")
    result = page.locator("li, article, section").filter(has_text="Agreements between members").last
    walk.press(result, "Record a figure")
    result.locator("[name=value]").fill("4")
    result.locator("[name=note]").fill("Signed at the fair")
    walk.press(result, "Save")
    expect(page.get_by_text("40%")).to_be_visible()
    walk.take(manager, "manager-goals")

    walk.press(manager, "Results")
    walk.press(manager, "Health")
    gap = page.locator("main li, main article").filter(has_text="Independence from grants").last
    walk.take(manager, "manager-health", from_top_of=gap)

    walk.press(manager, "Results")
    walk.press(manager, "Board")
    quarters = page.get_by_role("navigation", name="Quarters")
    walk.take(manager, "manager-board", from_top_of=quarters)
    open_link(manager, "Outcomes")
    expect(page.get_by_text("Meetings held").first).to_be_visible()
    page.go_back()
    with page.expect_download():
        walk.press(manager, "Download PDF")

    page.get_by_label("Your account").click()
    walk.press(manager, "People")
    walk.press(manager, "Invite someone")
    page.fill("[name=name]", "Somebody Invented")
    page.fill("[name=email]", "trainee@athens.example")
    page.select_option("[name=role]", label="Adviser")
    walk.press(manager, "Send invitation")
    invited = page.locator("tr").filter(has_text="trainee@athens.example")
    walk.press(invited, "Withdraw")
    expect(invited).to_have_count(0)
    walk.end()


def test_an_ambassador(arrive):
    walk = Walk.of("ambassador")
    ambassador = arrive(walk, "ambassador@athens.example")
    page: Page = ambassador.page
    walk.press(ambassador, "Desk")
    page.keyboard.press("j")
    walk.take(ambassador, "desk-board", from_top_of=page.locator(".dk-tools"))

    walk.press(ambassador, "Mandates")
    open_link(ambassador, "Σκιουροφωλιά Βιβλία")
    walk.press(ambassador, "Accept")
    expect(page.get_by_role("link", name="Introduce to someone")).to_be_visible()

    walk.press(ambassador, "Board")
    open_link(ambassador, re.compile("Hublotine Savoirs"))
    walk.take(ambassador, "desk-case")
    walk.press(ambassador, "Ask both")
    expect(page.get_by_role("heading", name="Waiting for their answers")).to_be_visible()

    walk.press(ambassador, "Board")
    open_link(ambassador, re.compile("Tisselame"))
    walk.sees(ambassador, "Times that suit all three")
    for box in page.locator("[name=times]").all()[:3]:
        box.check()
    proposing = page.get_by_role("heading", name="Propose times")
    walk.take(ambassador, "desk-times", from_top_of=proposing)
    walk.press(page.locator("main"), "Propose")
    expect(page.get_by_role("button", name="Undo")).to_have_count(3)

    walk.press(ambassador, "Board")
    day = _day_of_visits(page)
    walk.press(ambassador, "Day of visits")
    walk.press(ambassador, "Plan a day")
    page.fill("[name=on]", day)
    walk.press(ambassador, "Plan it")
    day_goes = page.get_by_role("heading", name="Best plan for the day")
    walk.take(ambassador, "desk-day", from_top_of=day_goes)

    walk.press(ambassador, "Report")
    with page.expect_download():
        walk.press(ambassador, "Download PDF")
    walk.end()


def _day_of_visits(page: Page) -> str:
    """Return the day on which the library is seen, as the board's card tells it: Wed 2 Dec, 11:15."""
    booked = page.locator("#column-booked + ul .dk-card").filter(has_text="Quai-Imaginaire")
    told = booked.locator(".px-num").first.inner_text().partition(",")[0]
    today = timezone.localdate()
    day = datetime.strptime(f"{told} {today.year}", "%a %d %b %Y").replace(tzinfo=UTC).date()
    return (day if day >= today else day.replace(year=today.year + 1)).isoformat()


def test_a_small_company(arrive):
    walk = Walk.of("small-company")
    member = arrive(walk, "member@athens.example", width=390)
    page: Page = member.page
    walk.take(member, "company-day")

    walk.press(member, "Introductions")
    open_link(member, re.compile("Valfumée"))
    walk.take(member, "company-wish")
    walk.press(member, "Yes, I’d like to meet")

    walk.press(member, "Introductions")
    open_link(member, re.compile("Pavélune"))
    page.locator("label").filter(has_text="Paris 13:00").click()
    times = page.get_by_role("heading", name="When can you meet?")
    walk.take(member, "company-times", from_top_of=times)
    walk.press(member, "Send my answer")
    walk.sees(member, "Add to your calendar")

    walk.press(member, "Today")
    walk.press(member, "Answer with one tap")
    walk.take(member, "company-tap")
    page.get_by_role("button", name="Informative, no cooperation planned").first.click()

    walk.press(member, "Directory")
    walk.press(member, "Interest")
    open_link(member, "Filigrelle IA")
    page.fill("[name=contact]", "Danae, member@athens.example")
    walk.press(member, "Accept")
    expect(
        page.get_by_role("heading", name="How to reach each other").or_(
            page.get_by_text("How to reach each other")
        )
    ).to_be_visible()
    walk.end()


def test_somebody_without_an_account(arrive, product, tmp_path):
    walk = Walk.of("without-an-account")
    ambassador = arrive(walk, "ambassador@athens.example")
    guest = arrive(walk, width=390)
    page: Page = ambassador.page
    clocks = guest.page.context.new_cdp_session(guest.page)
    clocks.send("Emulation.setTimezoneOverride", {"timezoneId": "Europe/Paris"})
    walk.press(ambassador, "Desk")
    walk.press(ambassador, "Mandates")
    accepted = page.locator("main li").filter(has_text="Accepted")
    accepted.filter(has_text="Νυχτολούλουδο").get_by_role("link").first.click()
    walk.press(ambassador, "Introduce to someone")
    page.fill("#choose-q", "Lanternfield")
    walk.press(ambassador, "Search")
    walk.press(ambassador, "Choose")
    page.fill(
        "[name=reason]",
        "Lanternfield tells stories in games. Nychtolouloudo tells them by ear, without a network.",
    )
    page.fill("[name=stakeholder_name]", "Barnaby Makebelieve")
    page.fill("[name=stakeholder_email]", GUEST)
    walk.press(ambassador, "Save")
    walk.press(ambassador, "Ask both")

    guest.go(_link_in_letter(product, tmp_path, seen=""))
    walk.sees(guest, "Would you like to meet Νυχτολούλουδο?")
    first = guest.page.url
    walk.take(guest, "guest-wish")
    walk.sees(guest, "Ask someone else to answer")
    walk.press(guest, "Yes, I’d like to meet")
    expect(guest.page.get_by_text("would both like to meet").first).to_be_visible()

    page.reload()
    walk.sees(ambassador, "Times that suit all three")
    for box in page.locator("[name=times]").all()[:2]:
        box.check()
    walk.press(page.locator("main"), "Propose")
    guest.go(_link_in_letter(product, tmp_path, seen=first))
    walk.sees(guest, "When can you meet Νυχτολούλουδο?")
    walk.sees(guest, "Another time zone")
    guest.page.locator("[name=suits]").first.check()
    walk.take(guest, "guest-times")
    walk.press(guest, "Save my answer")

    guest.page.goto(f"{guest.base}/answer/{first[-12:-1]}/")
    walk.sees(guest, "This link isn’t valid or has expired")
    walk.take(guest, "guest-closed")
    guest.go("/partnerships/")
    expect(guest.page.locator("input[name=login]")).to_be_visible()
    walk.end()


def _link_in_letter(product: Product, folder: Path, *, seen: str) -> str:
    """Return the link of the newest letter to the guest, read as the tutorial reads it."""
    text = (TUTORIALS / "without-an-account.md").read_text(encoding="utf-8")
    code = next(code for mark, code in FENCE.findall(text) if mark.split() == ["python", "letter"])
    home = Path(os.environ.get("PROXENY_E2E_HOME", product.home))
    if not (folder / ".proxeny").exists():
        (folder / ".proxeny").symlink_to(home)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=60
        )
        found = re.search(r"/answer/[\w-]+/", done.stdout)
        if found and found[0] not in seen:
            return found[0]
        time.sleep(0.5)
    raise AssertionError(f"no new letter with a link: {done.stdout}{done.stderr}")


def test_a_juror(arrive):
    walk = Walk.of("juror")
    juror = arrive(walk, "juror@athens.example", width=390)
    page: Page = juror.page
    walk.press(juror, "Juries")
    walk.sees(juror, "1 to score")
    open_link(juror, "Atlas")

    walk.press(juror, "Your declaration")
    one = page.locator("fieldset").filter(has_text="Νυχτολούλουδο")
    walk.press(one, "I have a conflict of interest")
    one.locator("input[type=text], textarea").fill("I worked there until last year.")
    page.locator("[name=looked]").check()
    walk.take(juror, "juror-conflict", from_top_of=one)
    walk.press(juror, "Change my declaration")
    expect(page.get_by_text("1 application for you to read")).to_be_visible()

    open_link(juror, re.compile("A school on a ferry"))
    walk.sees(juror, "2 of 5")
    fields = page.locator("section[data-indicator]")
    _tap(fields.nth(0), "3")
    walk.press(juror, "Next to score")
    fields.nth(2).locator("textarea").fill(
        "Four hundred children are named. Who else could use it?"
    )
    page.context.set_offline(True)
    for place in (2, 3):
        _tap(fields.nth(place), "3½")
    walk.sees(juror, "Saved on this device, to be sent")
    walk.take(juror, "juror-score", from_top_of=fields.nth(2).locator("fieldset"))
    page.context.set_offline(False)
    expect(page.locator("[data-state]")).to_have_text("Saved")
    _tap(fields.nth(4), "4")
    expect(page.locator("[data-progress]")).to_have_text("5 of 5")
    walk.press(juror, "Finish")
    expect(page.get_by_role("heading", name="1 application for you to read")).to_be_visible()
    walk.take(juror, "juror-done")
    open_link(juror, re.compile("A school on a ferry"))
    walk.press(juror, "Reopen it")
    walk.press(juror, "Juries")
    page.locator("main li").filter(has_text="The first round").get_by_role("link").click()
    expect(page.get_by_text("Scored").first).to_be_visible()
    walk.end()


def _tap(field: Locator, points: str) -> None:
    field.locator("label").filter(has_text=re.compile(rf"^\s*{points}\s*$")).click()


def test_a_funder(arrive, tmp_path):
    walk = Walk.of("funder")
    funder = arrive(walk)
    page: Page = funder.page
    funder.go("/")
    walk.press(funder, "English")
    walk.press(funder, "Labels")
    open_link(funder, "Atlas")
    label = page.url
    open_link(funder, "A reader of old hands")
    walk.sees(funder, "What it has achieved since")
    walk.take(funder, "funder-award")
    walk.press(funder, "Check this award")
    walk.take(funder, "funder-verify", from_top_of=page.locator(".vf-verdict").first)
    page.go_back()
    file = _altered(page, walk, tmp_path)
    funder.go("/verify/")
    page.set_input_files("input[type=file]", file)
    expect(page.locator("#result .vf-verdict.is-bad")).to_be_visible()
    page.goto(label)
    open_link(funder, "The museum in a box")
    expect(page.get_by_text("The studio has closed")).to_be_visible()

    funder.go("/studies/")
    open_link(funder, re.compile("Do three weeks"))
    walk.sees(funder, "What was found")
    walk.sees(funder, "Who benefits")
    walk.press(funder, "See the rows it’s based on")
    walk.take(funder, "funder-rows")
    page.go_back()
    with page.expect_download():
        walk.press(funder, "Download RO-Crate")
    walk.sees(funder, "Request this data")

    sign_in(walk, funder, "manager@athens.example", in_english=True)
    open_room(walk, funder)
    walk.press(funder, "Results")
    walk.press(funder, "Outcomes")
    way = page.get_by_role("heading", name="From request to agreement")
    walk.take(funder, "funder-outcomes", from_top_of=way)
    walk.press(funder, "Results")
    walk.press(funder, "Yearly report")
    with page.expect_download():
        walk.press(funder, "Download PDF")
    walk.end()


def _altered(page: Page, walk: Walk, folder: Path) -> Path:
    with page.expect_download() as coming:
        walk.press(page, "Award as JSON")
    path = folder / "award.json"
    shutil.copy(coming.value.path(), path)
    told = path.read_text(encoding="utf-8")
    json.loads(told)
    path.write_text(told.replace("Filigrelle", "Filigrella"), encoding="utf-8")
    return path
