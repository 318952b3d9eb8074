"""A juror scores on a phone: with a network, without one, and sends it all once it is back."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from proxeny.accounts.models import Person
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.labels.models import Assignment, Score
from tests.e2e.conftest import Visitor, look
from tests.factories.labels import RemarkFactory
from tests.factories.world import make_world
from tests.labels.judging import assign, make_judged, submit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module", autouse=True)
def _own_thread() -> Iterator[None]:
    """The browser's loop runs in the thread that asks the database."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def phone(live_server: Any, browser: Browser) -> Iterator[SimpleNamespace]:
    """A juror at the page of an application, on a phone."""
    with acting_as(SERVICE):
        world = make_world()
        judged = make_judged(world)
        given = assign(judged.greek, submit(judged, world.a.members[0]))
        client = Client()
        client.force_login(given.person.account)
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    cookies = [{"name": "django_language", "value": "en", "url": live_server.url}]
    cookies += [
        {"name": name, "value": one.value, "url": live_server.url}
        for name, one in client.cookies.items()
    ]
    context.add_cookies(cookies)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(live_server.url + reverse("labels:score", args=[given.pk]))
    yield SimpleNamespace(
        page=page,
        context=context,
        given=given,
        judged=judged,
        url=page.url,
        visitor=Visitor(page, live_server.url, complaints),
    )
    context.close()
    assert complaints == []


def kept(given: Assignment) -> dict[str, Any]:
    with acting_as(SERVICE):
        found = Score.objects.filter(assignment=given).order_by("indicator")
        return {one.indicator: (one.points, one.comment) for one in found}


def give(page: Page, key: str, points: str) -> None:
    page.locator(f"#{key} input[value='{points}']").tap()


def state(page: Page) -> Any:
    return page.locator("[data-state]")


def test_scores_are_kept_without_a_network_and_sent_when_it_is_back(phone):
    page, (first, second, third) = phone.page, phone.judged.keys
    expect(page.locator("[data-progress]")).to_have_text("0 of 3")
    give(page, first, "3.5")
    expect(state(page)).to_have_text("Saved")
    expect(page.locator("[data-progress]")).to_have_text("1 of 3")
    assert kept(phone.given) == {first: (Decimal("3.50"), "")}
    phone.context.set_offline(True)
    give(page, first, "2")
    page.fill(f"textarea[name=comment-{first}]", "On second thoughts.")
    give(page, second, "none")
    give(page, third, "5")
    page.fill("textarea[name=overall]", "Good.")
    expect(state(page)).to_have_text("Saved on this device, to be sent")
    expect(page.locator("[data-progress]")).to_have_text("3 of 3")
    page.get_by_role("button", name="Finish").tap()
    expect(state(page)).to_contain_text(
        "You’re offline. Everything is kept on this device; finish once you’re back online."
    )
    assert kept(phone.given) == {first: (Decimal("3.50"), "")}
    phone.context.set_offline(False)
    expect(state(page)).to_have_text("Saved")
    assert kept(phone.given) == {
        first: (2, "On second thoughts."),
        second: (None, ""),
        third: (5, ""),
    }
    assert page.evaluate("localStorage.length") == 0
    page.get_by_role("button", name="Finish").tap()
    page.wait_for_url(f"**{reverse('labels:own-jury', args=[phone.given.juror_id])}")
    with acting_as(SERVICE):
        phone.given.refresh_from_db()
    assert (phone.given.state, phone.given.comment) == ("done", "Good.")


def test_what_was_typed_offline_survives_the_page_and_the_later_state_holds(phone):
    page, (first, second, _third) = phone.page, phone.judged.keys
    phone.context.set_offline(True)
    # Once it was tried in vain, it is not tried while the page is left.
    with page.expect_event("requestfailed"):
        give(page, first, "1")
        give(page, second, "4")
    expect(state(page)).to_have_text("Saved on this device, to be sent")
    # The phone is put away; meanwhile the juror scores one of the two on another device.
    page.goto("about:blank")
    with acting_as(SERVICE):
        Score.objects.create(
            partnership_id=phone.given.partnership_id,
            assignment=phone.given,
            points=5,
            application_id=phone.given.application_id,
            person_id=phone.given.person_id,
            indicator=first,
            saved_at=timezone.now() + timedelta(seconds=5),
        )
    phone.context.set_offline(False)
    page.goto(phone.url)
    expect(page.locator(f"#{first} [data-error]")).to_contain_text("newer on another device")
    expect(page.locator(f"#{first} input[value='5']")).to_be_checked()
    expect(page.locator(f"#{second} input[value='4']")).to_be_checked()
    expect(state(page)).to_have_text("Saved")
    assert kept(phone.given) == {first: (5, ""), second: (4, "")}


def test_a_comment_waits_for_its_points_and_what_is_refused_says_why(phone):
    page, (first, *_others) = phone.page, phone.judged.keys
    page.fill(f"textarea[name=comment-{first}]", "Convincing.")
    expect(state(page)).to_have_text("Saved on this device until you give points")
    assert kept(phone.given) == {}
    give(page, first, "4")
    expect(state(page)).to_have_text("Saved")
    assert kept(phone.given) == {first: (4, "Convincing.")}
    with acting_as(SERVICE):
        Assignment.objects.filter(pk=phone.given.pk).update(frozen_at=timezone.now())
    give(page, first, "5")
    expect(state(page)).to_contain_text("A decision has been made")
    assert kept(phone.given) == {first: (4, "Convincing.")}
    page.goto(phone.url)
    expect(
        page.get_by_text(
            "Some of what you typed on this device wasn’t sent. It’s kept here until scores "
            "are accepted again."
        )
    ).to_be_visible()


def test_the_page_holds_on_a_phone_and_on_a_screen_in_both_directions(phone):
    page = phone.page
    for language, width in (("en", 390), ("ar", 390), ("en", 1440)):
        page.set_viewport_size({"width": width, "height": 844})
        with acting_as(SERVICE):
            Person.objects.filter(pk=phone.given.person_id).update(language=language)
        cookie = {"name": "django_language", "value": language, "url": phone.visitor.base}
        phone.context.add_cookies([cookie])
        page.goto(phone.url)
        look(phone.visitor, f"scoring-{language}")


def test_the_pages_of_all_scores_hold_too(live_server, browser):
    with acting_as(SERVICE):
        world = make_world()
        judged = make_judged(world, state="discussing")
        for place, organisation in enumerate([*world.a.members, *world.b.members]):
            one = submit(judged, organisation)
            given = assign(judged.greek, one, 2, 2 + place % 2, None if place == 3 else 2.5)
            assign(judged.french, one, 4, 4, 4.5)
            RemarkFactory(application=one, person=given.person)
        room = [world.partnership.pk, judged.round.pk]
        ways = {
            "scores": (world.a.manager, reverse("labels:scores", args=room)),
            "scores-one": (world.a.manager, reverse("labels:scores-one", args=[*room, one.pk])),
            "discuss": (given.person, reverse("labels:discuss", args=[given.pk])),
        }
    for name, (person, path) in ways.items():
        for language, width in (("en", 390), ("ar", 390), ("en", 1440)):
            with acting_as(SERVICE):
                Person.objects.filter(pk=person.pk).update(language=language)
                client = Client()
                client.force_login(person.account)
            context = browser.new_context(viewport={"width": width, "height": 844})
            context.add_cookies(
                [
                    {"name": key, "value": one.value, "url": live_server.url}
                    for key, one in client.cookies.items()
                ]
            )
            cookie = {"name": "django_language", "value": language, "url": live_server.url}
            context.add_cookies([cookie])
            page = context.new_page()
            page.goto(live_server.url + path)
            look(Visitor(page, live_server.url, []), f"{name}-{language}")
            context.close()
