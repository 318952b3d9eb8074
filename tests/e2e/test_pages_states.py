"""Pages in states that a link does not lead to: refused, broken, empty, full, with errors, unfolded.

States of the components themselves (loading, error, none allowed) stand on /components/, which
`test_pages` looks at.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e import pages, pages_sheet
from tests.e2e.conftest import Product, environment_of
from tests.e2e.pages_look import (
    DESK,
    PHONE,
    Looker,
    begin,
    look_all_over,
    look_in_arabic,
    look_once,
    told,
)

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

#: Run by the product's own shell: what it says when it cannot say anything else.
_ERRORS = """
import json
from django.template.loader import render_to_string
from django.utils import translation
told = {}
for code in ("400", "403", "429", "500"):
    for language in ("en", "ar"):
        with translation.override(language):
            told[f"{code}-{language}"] = render_to_string(f"{code}.html")
print("TOLD" + json.dumps(told))
"""


@pytest.fixture(scope="module")
def errors(product: Product) -> dict[str, str]:
    """Pages of errors that cannot be provoked, or not without a part of the product, by code and language."""
    port = product.url.rpartition(":")[2]
    done = subprocess.run(
        [sys.executable, "-m", "proxeny", "manage", "shell", "--no-imports", "-c", _ERRORS],
        env=environment_of(product.home, PORT=port),
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return json.loads(done.stdout.partition("TOLD")[2])


@dataclass(frozen=True)
class State:
    """A state of a page.

    Attributes
    ----------
    who : str
        Whose browser it is, by the names of `pages.PEOPLE`.
    path : str
        The page.
    act : callable
        What is done there until it is in the state.
    """

    who: str
    path: str
    act: Callable[[Page], None] = lambda page: None


def _send_empty(page: Page) -> None:
    form = page.locator("main form.px-form[method=post]").first
    for field in form.locator(
        "input[type=text], input[type=email], input:not([type]), textarea"
    ).all():
        if field.is_visible():
            field.fill("")
    form.locator("button[type=submit]").last.click()
    expect(page.locator("main [aria-invalid=true]").first).to_be_attached()


def _sign_in_wrongly(page: Page) -> None:
    page.fill("input[name=login]", "nobody@athens.example")
    page.fill("input[name=password]", "not the password")
    page.locator("input[name=password]").press("Enter")
    expect(page.locator("main .px-alert.is-bad, main .px-error").first).to_be_visible()


def _unfold_account(page: Page) -> None:
    page.locator("header .px-tools .px-menu > summary").click()


def _unfold_more(page: Page) -> None:
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.locator(".px-tabbar .px-menu > summary").click()


def _search(page: Page) -> None:
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    page.locator("[data-search]").first.fill("heritage")
    expect(page.locator("#px-found a").first).to_be_visible()


def _stay_too_long(page: Page) -> None:
    page.evaluate("document.querySelector('main form [name=csrfmiddlewaretoken]').value = 'x'")
    page.locator("main form input[name=login]").fill("a@b.example")
    page.locator("main form input[name=password]").fill("x")
    page.locator("input[name=password]").press("Enter")
    expect(page.locator(".px-bare-code")).to_be_visible()


def _unfold_all(page: Page) -> None:
    page.evaluate(
        "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"
    )


STATES = {
    "sign-in-wrong": State("nobody", "/accounts/login/", _sign_in_wrongly),
    "form-too-old": State("nobody", "/accounts/login/", _stay_too_long),
    "not-found-nobody": State("nobody", "/nothing/here/"),
    "not-found": State("manager", "/nothing/here/"),
    "member-errors": State("manager", "/directory/new/", _send_empty),
    "event-errors": State("manager", "/events/new", _send_empty),
    "partnership-errors": State("manager", "/partnerships/new/", _send_empty),
    "webhook-errors": State("manager", "/webhooks/new/", _send_empty),
    "invite-errors": State("manager", "/people/invite/", _send_empty),
    "directory-none": State("manager", "/directory/?q=zzzzzz"),
    "search-none": State("manager", "/search/?q=zzzzzz"),
    "search-many": State("manager", "/search/?q=a"),
    "calls-none": State("manager", "/calls/?q=zzzzzz"),
    "events-none": State("stranger", "/events/"),
    "partnerships-none": State("stranger", "/partnerships/"),
    "home-none": State("stranger", "/"),
    "network-none": State("stranger", "/network/"),
    "menu-account": State("manager", "/", _unfold_account),
    "menu-more": State("manager", "/", _unfold_more),
    "search-below": State("manager", "/", _search),
    "room-unfolded": State("manager", "/partnerships/1/", _unfold_all),
    "directory-unfolded": State("manager", "/directory/", _unfold_all),
}


def _bring(looker: Looker, state: State) -> None:
    """Open a page and bring it into a state."""
    looker.complaints.clear()
    looker.wear(DESK, "light")
    looker.page.goto(looker.base + state.path)
    state.act(looker.page)
    looker.wear(DESK, "light")
    looker.page.evaluate("pagesCheck.settled()")
    # That a page was refused is what one came for.
    looker.complaints.clear()


def _look(looker: Looker, name: str, state: State, *, long: bool) -> list[str]:
    _bring(looker, state)
    if not long:
        return told(name, state.path, "en", look_once(looker))
    wrong = told(name, state.path, "en", look_all_over(looker, f"state-{name}", printed=False))
    looker.speak("ar")
    _bring(looker, state)
    wrong += told(name, state.path, "ar", look_in_arabic(looker, f"state-{name}"))
    looker.speak("en")
    return wrong


def _look_at_all(browser: Browser, product: Product, *, long: bool) -> list[str]:
    wrong = []
    for who in dict.fromkeys(one.who for one in STATES.values()):
        looker = begin(browser, product.url, pages.PEOPLE[who])
        for name, state in STATES.items():
            if state.who == who:
                wrong += _look(looker, name, state, long=long)
        looker.context.close()
    return wrong


def test_states_hold(product, browser):
    wrong = _look_at_all(browser, product, long=False)
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)


@pytest.mark.long
def test_states_hold_in_all_variants(product, browser):
    wrong = _look_at_all(browser, product, long=True)
    pages_sheet.write()
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)


def test_pages_of_errors_hold(product, browser, errors):
    looker, wrong = begin(browser, product.url, ""), []

    def answer(route: Route) -> None:
        code, _, language = route.request.url.rpartition("/")[2].partition("-")
        route.fulfill(status=int(code), content_type="text/html", body=errors[f"{code}-{language}"])

    looker.page.route("**/told/*", answer)
    for one in errors:
        code, _, language = one.partition("-")
        state = State("nobody", f"/told/{one}")
        _bring(looker, state)
        look = look_in_arabic if language == "ar" else look_all_over
        more = {} if language == "ar" else {"printed": False}
        wrong += told(code, state.path, language, look(looker, f"state-{code}", **more))
    looker.context.close()
    pages_sheet.write()
    assert not wrong, f"{len(wrong)}:\n" + "\n".join(wrong)
