"""Whole journeys without a mouse: each stop is seen, follows the one before, and nothing is lost.

What is pressed is Tab, Enter, Space, arrows and Escape alone; the search has journeys of its own in
`test_search`.
"""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PASSWORD, Visitor

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

GREEK, MEMBER, JUROR = "manager@athens.example", "member@athens.example", "juror@athens.example"
Visit = Callable[..., Visitor]
#: What is wrong with the element that has the focus: its ring is drawn, tells itself from what is
#: around it (WCAG 1.4.11), and it is not hidden under what stays (2.4.11).
_RING = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) { return ["nothing has the focus"]; }
  // A radio that is drawn as a button has its ring on what is drawn.
  const drawn = parseFloat(getComputedStyle(one).opacity) ? one
    : [one.closest("label"), one.nextElementSibling].find((other) => other && getComputedStyle(other).outlineStyle !== "none") || one;
  const style = getComputedStyle(drawn), found = [];
  const shade = (text) => {
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
    const part = (value) => { const x = value / 255; return x <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4; };
    return { light: .2126 * part(r) + .7152 * part(g) + .0722 * part(b), solid: a > 250 };
  };
  let around = drawn.parentElement;
  while (around && !shade(getComputedStyle(around).backgroundColor).solid) { around = around.parentElement; }
  const ring = shade(style.outlineColor).light, back = around ? shade(getComputedStyle(around).backgroundColor).light : 1;
  const contrast = (Math.max(ring, back) + .05) / (Math.min(ring, back) + .05);
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) { found.push("no ring"); }
  else if (contrast < 3) { found.push(`a ring of contrast ${contrast.toFixed(2)}`); }
  const box = drawn.getBoundingClientRect();
  const spots = [.1, .5, .9].flatMap((x) => [.1, .5, .9].map((y) => [box.left + x * box.width, box.top + y * box.height]));
  const seen = spots.some(([x, y]) => { const top = document.elementFromPoint(x, y); return top && (top === one || drawn.contains(top) || top.contains(drawn) && top !== document.body && top !== document.documentElement); });
  if (!seen) { found.push("hidden"); }
  return found.map((text) => `${text}: <${one.localName}> “${(one.ariaLabel || one.textContent || one.name || "").trim().slice(0, 40)}”`);
}"""
_STOP = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  return {name: (one.ariaLabel || one.textContent || one.name || "").trim().replace(/\\s+/g, " ").slice(0, 40), tag: one.localName,
          top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left, right: box.right,
          stays: !!one.closest(".px-tabbar, .px-skip, .px-toasts")};
}"""


def ring_of(page: Page) -> list[str]:
    """Return what is wrong with how the focus is shown, once the page has scrolled to it."""
    found: list[str] = []
    for _ in range(20):
        found = page.evaluate(_RING)
        if not found:
            break
        page.wait_for_timeout(50)
    return found


@pytest.fixture
def sit(visit: Visit) -> Visit:
    """Sit down at a browser that scrolls at once, so that where the focus is can be seen."""

    def sit_down(email: str = "", **values: object) -> Visitor:
        visitor = visit(email, **values)
        visitor.page.emulate_media(reduced_motion="reduce")
        return visitor

    return sit_down


def tab_to(page: Page, goal: Locator, *, most: int = 90, key: str = "Tab") -> None:
    """Press Tab until something has the focus; the focus is seen at each stop."""
    for _ in range(most):
        page.keyboard.press(key)
        assert ring_of(page) == []
        if goal.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"Tab does not lead to {goal} in {most} stops.")


def test_the_skip_link_and_the_form_to_sign_in(sit: Visit):
    nobody = sit()
    page = nobody.page
    nobody.go("/accounts/login/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    assert ring_of(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, page.locator("input[name=login]"), most=3)
    page.keyboard.type(GREEK)
    page.keyboard.press("Tab")
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    # It came back: what is wrong is told, and one is where it can be put right.
    said = page.locator("main form .px-alert[role=alert], main form .px-error").first
    expect(said).to_be_visible()
    assert page.evaluate("document.activeElement.closest('main form') !== null")
    page.locator("input[name=login]").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(GREEK)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(nobody.base + "/")


def test_menus_open_and_close_and_give_the_focus_back(sit: Visit):
    page = sit(GREEK).page
    account = page.locator("summary[aria-label='Your account']")
    tab_to(page, account, most=30)
    page.keyboard.press("Enter")
    item = page.get_by_role("link", name="People", exact=True)
    expect(item).to_be_visible()
    page.keyboard.press("Tab")
    expect(item).to_be_focused()
    assert ring_of(page) == []
    page.keyboard.press("Escape")
    expect(item).to_be_hidden()
    expect(account).to_be_focused()
    page.set_viewport_size({"width": 390, "height": 844})
    more = page.locator(".px-tabbar summary")
    more.focus()
    page.keyboard.press("Space")
    expect(page.locator(".px-tabbar .px-menu-panel")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.px-tabbar .px-menu-panel') !== null")
    page.keyboard.press("Escape")
    expect(more).to_be_focused()


def test_a_form_with_an_error_leads_to_the_field(sit: Visit):
    visitor = sit(GREEK)
    page = visitor.page
    visitor.go("/directory/new/")
    name = page.locator("main form [name=name]")
    tab_to(page, name, most=40)
    page.keyboard.press("Enter")
    expect(page.locator("main form .px-alert[role=alert]")).to_be_visible()
    expect(name).to_be_focused()
    assert ring_of(page) == []
    expect(name).to_have_attribute("aria-invalid", "true")
    told = (name.get_attribute("aria-describedby") or "").split()
    texts = [page.locator(f"#{one}").inner_text() for one in told]
    assert any("required" in text for text in texts), (told, texts)


def test_tabs_and_the_heads_of_a_table(sit: Visit):
    visitor = sit(GREEK)
    page = visitor.page
    visitor.go("/directory/")
    head = page.locator("main th a").first
    tab_to(page, head, most=60)
    label = head.inner_text()
    page.keyboard.press("Enter")
    sorted_head = page.locator("main th[aria-sort]", has_text=label)
    expect(sorted_head).to_be_visible()
    tab = page.locator("main .px-tabs a:not([aria-current])").first
    tab_to(page, tab, most=40)
    path = tab.get_attribute("href") or "-"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{path}")
    expect(page.locator("main .px-tabs a[aria-current]").first).to_be_visible()


def test_a_list_that_is_narrowed_keeps_the_focus_and_tells_the_count(sit: Visit):
    visitor = sit(GREEK)
    page = visitor.page
    visitor.go("/directory/")
    field = page.locator("main input[type=search]").first
    tab_to(page, field, most=40)
    count = page.locator("main [role=status]").first
    before = count.inner_text()
    page.keyboard.type("studio")
    expect(count).not_to_have_text(before)
    expect(field).to_be_focused()
    expect(field).to_have_value("studio")


def _event(visitor: Visitor, title: str) -> str:
    visitor.go("/events/")
    href = visitor.page.get_by_role("link", name=re.compile(title)).first.get_attribute("href")
    assert href is not None
    return href


def test_a_meeting_is_moved_to_another_place(sit: Visit):
    visitor = sit(GREEK)
    page = visitor.page
    visitor.go(f"{_event(visitor, 'Museums Meet Machines')}agenda/timetable/")
    tab_to(page, page.locator("main a.px-meeting").first, most=90)
    page.keyboard.press("Enter")
    place = page.locator("main [name=place]").first
    expect(place).to_be_visible()
    tab_to(page, place, most=40)
    page.keyboard.press("ArrowDown")
    move = page.get_by_role("button", name="Move the meeting")
    tab_to(page, move, most=10)
    page.keyboard.press("Enter")
    expect(page.locator("#toasts .px-toast").first).to_be_visible()


def test_a_wish_is_marked_with_the_arrows(sit: Visit):
    visitor = sit(MEMBER)
    page = visitor.page
    visitor.go(_event(visitor, "Games, Sound"))
    page.get_by_role("link", name="Who to meet").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/requests/"))
    chosen = page.locator("main form .px-segmented input:checked").last
    address = chosen.evaluate("one => one.form.getAttribute('action')")
    before = chosen.get_attribute("value")
    chosen.focus()
    with page.expect_response(lambda answer: answer.url.endswith(address)):
        page.keyboard.press("ArrowRight")
    now = page.locator(f"form[action='{address}'] input:checked").first
    expect(now).not_to_have_value(before or "-")
    # The part of the page came anew; the focus is where it was.
    expect(now).to_be_focused()
    assert ring_of(page) == []


def test_a_juror_gives_points(sit: Visit):
    visitor = sit(JUROR)
    page = visitor.page
    visitor.go("/jury/")
    page.locator("main a[href^='/jury/']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/jury/\d+/"))
    page.locator("main a[href^='/jury/score/']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/jury/score/\d+/"))
    again = page.get_by_role("button", name="Reopen it")
    if was_finished := again.count() > 0:
        tab_to(page, again)
        page.keyboard.press("Enter")
        expect(again).to_be_hidden()
    choices = page.locator("main .lb-choices").first
    tab_to(page, choices.locator("input:checked").or_(choices.locator("input").first).last)
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-state]")).to_have_text("Saved")
    assert ring_of(page) == []
    if was_finished:
        tab_to(page, page.get_by_role("button", name="Finish"))
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"/jury/\d+/"))


#: Where one goes on is below, or beside in the direction of reading.
_PAGES = ("/", "/directory/", "/partnerships/1/", "/events/")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_focus_goes_as_one_reads(sit: Visit, language: str):
    visitor = sit(GREEK, language=language)
    page, wrong = visitor.page, []
    for path in _PAGES:
        visitor.go(path)
        before = None
        for _ in range(45):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement === document.body"):
                break
            wrong += [f"{path}: {one}" for one in ring_of(page)]
            stop = page.evaluate(_STOP)
            if (
                before
                and not stop["stays"]
                and not before["stays"]
                and not _goes_on(before, stop, language)
            ):
                wrong.append(f"{path}: from {before} back to {stop}")
            before = stop
    assert not wrong, "\n".join(wrong)


def _goes_on(before: dict, stop: dict, language: str) -> bool:
    if stop["top"] >= before["top"] + 4:
        return True
    if language == "ar":
        return stop["right"] <= before["right"] + 1
    return stop["left"] >= before["left"] - 1
