"""An applicant writes in a browser: saved as it is typed, without a network too, beside a colleague."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, expect

from proxeny.kernel.tenancy import SERVICE, acting_as
from tests.e2e.conftest import Visitor, look
from tests.factories.world import make_world
from tests.labels.applying import draft, full_values, hand_in, keys_of, save, values

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module", autouse=True)
def _own_thread() -> Iterator[None]:
    """The browser's loop runs in the thread that asks the database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def desk(live_server: Any, browser: Browser) -> Iterator[SimpleNamespace]:
    """An applicant at its draft."""
    with acting_as(SERVICE):
        world = make_world()
        one, person = draft(world)
        client, manager = Client(), Client()
        client.force_login(person.account)
        manager.force_login(world.b.manager.account)
    opened = []

    def visit(who: Client, width: int, language: str = "en") -> Visitor:
        context = browser.new_context(viewport={"width": width, "height": 844})
        cookies = {"django_language": language, **{n: c.value for n, c in who.cookies.items()}}
        context.add_cookies(
            [{"name": n, "value": value, "url": live_server.url} for n, value in cookies.items()]
        )
        page, complaints = context.new_page(), []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        opened.append((context, complaints))
        return Visitor(page, live_server.url, complaints)

    yield SimpleNamespace(
        one=one,
        person=person,
        client=client,
        manager=manager,
        visit=visit,
        world=world,
        path=reverse("labels:application", args=[one.pk]),
    )
    for context, complaints in opened:
        context.close()
        assert complaints == []


def stands(desk: SimpleNamespace, name: str) -> str:
    with acting_as(SERVICE):
        return values(desk.one)[name]


def test_what_is_typed_is_saved_and_kept_without_a_network(desk):
    visitor = desk.visit(desk.client, 390)
    page = visitor.page
    visitor.go(desk.path)
    state = page.locator("#save-state")
    page.fill("textarea[name=summary]", "Nets.")
    expect(state).to_contain_text("Saved at")
    assert stands(desk, "summary") == "Nets."
    with acting_as(SERVICE):
        key = keys_of(desk.one)[0]
    page.locator(f"input[name=points_{key}][value='1']").check(force=True)
    expect(page.locator("#standing")).to_contain_text("1 short")
    page.context.set_offline(True)
    page.fill("textarea[name=summary]", "Nets that mend themselves.")
    expect(state).to_contain_text(
        "Not saved: you’re offline. What you typed is kept on this device, and we’ll keep trying."
    )
    assert stands(desk, "summary") == "Nets."
    page.context.set_offline(False)
    expect(state).to_contain_text("Saved at")
    assert stands(desk, "summary") == "Nets that mend themselves."
    assert page.evaluate("localStorage.length") == 0
    # What was typed without a network is back after the page was left; a colleague's is not lost.
    page.context.set_offline(True)
    page.fill("textarea[name=summary]", "Mine.")
    expect(state).to_contain_text(
        "Not saved: you’re offline. What you typed is kept on this device, and we’ll keep trying."
    )
    save(desk.person, desk.one, summary="Theirs.")
    page.context.set_offline(False)
    visitor.go(desk.path)
    expect(page.locator("[data-theirs]")).to_have_text("Theirs.")
    expect(page.locator("textarea[name=summary]")).to_have_value("Mine.")
    assert stands(desk, "summary") == "Theirs."
    page.get_by_role("button", name="Keep mine").click()
    expect(state).to_contain_text("Saved at")
    assert stands(desk, "summary") == "Mine."


def test_pages_of_applications_fit_a_phone_and_read_from_the_right(desk):
    with acting_as(SERVICE):
        filled = full_values(desk.one)
    save(desk.person, desk.one, **{name: filled[name] for name in filled if name != "summary"})
    room = reverse("labels:round-applications", args=[desk.one.partnership_id, desk.one.round_id])
    for width, language in ((390, "en"), (1440, "en"), (390, "ar")):
        visitor = desk.visit(desk.client, width, language)
        visitor.go(reverse("labels:applications"))
        look(visitor, f"label-applications-{language}")
        visitor.go(desk.path)
        look(visitor, f"label-application-{language}")
    save(desk.person, desk.one, summary="Nets.")
    with acting_as(SERVICE):
        receipt = hand_in(desk.person, desk.one)
    for width, language in ((390, "en"), (1440, "en")):
        visitor = desk.visit(desk.client, width, language)
        visitor.go(reverse("labels:application-receipt", args=[desk.one.pk, receipt.number]))
        look(visitor, "label-receipt")
        visitor.go(desk.path)
        look(visitor, "label-application-read")
        visitor = desk.visit(desk.manager, width, language)
        visitor.go(room)
        look(visitor, "label-round-applications")
        visitor.go(f"{room}{desk.one.pk}/")
        look(visitor, "label-round-application")
