"""Members whom nobody signs in for come to an event by the link in their mail, on a phone.

From an installation without a demo, with the worker as a process of its own and a real SMTP server.
"""

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.assessment_stage import ELSEWHERE, Stage, raise_stage
from tests.e2e.pages_look import PHONE, begin
from tests.e2e.two_sides import Cluster, sit_down, text_of

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]

BRIGHTON = Cluster("Brighton Playworks", "IE", "en", (("Ada Sample", "manager@playworks.example"),))
TURIN = Cluster("Officina Suono", "IT", "en", (("Piero Prova", "manager@suono.example"),))
#: Languages of the members that are invited, one each.
LANGUAGES = ("en", "fr", "el", "ar")
_SET_UP = """
import json, os
from datetime import date, datetime, time, timedelta, UTC
from proxeny.accounts.models import Person
from proxeny.directory.models import Membership, Organisation
from proxeny.directory.operations.details import write_details
from proxeny.events.models import Event, Group, Participation
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.models import Partnership, Party
told = json.loads(os.environ["TOLD"])
today = date.today()
since = today.replace(day=1, year=today.year - 1)
with acting_as(SERVICE):
    one, other = (Organisation.objects.get(name=name) for name in told["clusters"])
    room = Partnership.objects.create(title="Brighton – Turin", lead=one, state="active",
                                      starts_on=since, currency="EUR")
    for side, cluster in (("A", one), ("B", other)):
        Party.objects.create(partnership=room, organisation=cluster, side=side,
                             contact=Person.objects.filter(seats__organisation=cluster).first())
    event = Event.objects.create(partnership=room, title="Play day", state="open", place="Turin",
                                 time_zone="Europe/Rome", starts_on=today + timedelta(days=60),
                                 ends_on=today + timedelta(days=60),
                                 deadline_at=datetime.combine(today + timedelta(days=30), time(17), UTC))
    groups = {side: Group.objects.create(event=event, organisation=cluster, side=side,
                                         name=cluster.name)
              for side, cluster in (("A", one), ("B", other))}
    for language in told["languages"]:
        member = Organisation.objects.create(name=f"Studio {language}", kind="company", size="small",
                                             country=one.country, language=language, steward=one)
        write_details([(member.pk, {"email": f"hello@studio-{language}.example"})])
        Membership.objects.create(cluster=one, organisation=member, starts_on=since)
    partner = Organisation.objects.create(name="Fonderia Finta", kind="company", country="IT",
                                          language="it", steward=other, visibility="public")
    Participation.objects.create(event=event, organisation=partner, group=groups["B"],
                                 state="registered", contact="Gina Finta", languages=["it"])
    print("ROOM", room.pk)
"""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """A product with two clusters that have agreed, and an event that takes requests."""
    told = {"clusters": [BRIGHTON.name, TURIN.name], "languages": LANGUAGES}
    with raise_stage((BRIGHTON, TURIN, ELSEWHERE), _SET_UP, told) as made:
        yield made


def _address(mail: EmailMessage) -> str:
    return re.search(r"/events/by-link/\w+/", text_of(mail))[0]


def test_each_invited_member_gets_in_by_the_link_of_their_mail(stage: Stage, browser: Browser):
    ada = sit_down(browser, stage.product, BRIGHTON)
    ada.visitor.go("/events/")
    ada.follow("Play day")
    ada.press("Invite members")
    before = len(stage.inbox.messages)
    ada.press(f"Invite all {len(LANGUAGES) + 1} members")
    wanted = {f"hello@studio-{one}.example" for one in LANGUAGES}
    for _try in range(120):
        sent = {mail["To"]: mail for mail in stage.inbox.messages[before:] if mail["To"] in wanted}
        if set(sent) == wanted:
            break
        ada.page.wait_for_timeout(250)
    assert set(sent) == wanted
    # One mail each, from the cluster, with somebody to answer.
    assert len([mail for mail in stage.inbox.messages[before:] if mail["To"] in wanted]) == 4
    assert len({_address(mail) for mail in sent.values()}) == len(LANGUAGES)
    for mail in sent.values():
        assert BRIGHTON.name in mail["From"]
        assert mail["Reply-To"] == BRIGHTON.people[0][1]
    for language in LANGUAGES:
        phone = browser.new_context(viewport={"width": 390, "height": 844})
        page = phone.new_page()
        page.goto(stage.product.url + _address(sent[f"hello@studio-{language}.example"]))
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page.locator("main")).to_contain_text("Play day")
        page.locator("main [name=contact]").fill("Someone Invented")
        page.locator("main form button.btn-primary").first.click()
        page.wait_for_url(re.compile(r"/requests/"))
        expect(page.locator("main")).to_contain_text("Fonderia Finta")
        # Nothing else opens.
        for address in ("/events/", stage.room, "/people/me/"):
            assert page.goto(stage.product.url + address).url.startswith(
                f"{stage.product.url}/accounts/login/"
            )
        phone.close()
    stranger = browser.new_context()
    assert stranger.request.get(f"{stage.product.url}/events/by-link/{'f' * 64}/").status == 404
    stranger.close()


def test_a_guests_pages_hold_on_a_phone_and_from_right_to_left(stage: Stage, browser: Browser):
    mail = next(one for one in stage.inbox.messages if one["To"] == "hello@studio-en.example")
    looker = begin(browser, stage.product.url, "")
    wrong = []
    for language, direction in (("en", "ltr"), ("ar", "rtl")):
        looker.speak(language)
        looker.page.goto(stage.product.url + _address(mail))
        paths = [looker.page.url.removeprefix(stage.product.url)]
        event = looker.page.locator("a[href^='/events/']").evaluate_all(
            "all => [...new Set(all.map((one) => one.getAttribute('href')))]"
        )
        for path in dict.fromkeys([*paths, *event]):
            if path.endswith(("/withdraw", "/withdraw/")) or "by-link" in path:
                continue
            wrong += [f"{language} {path}: {one}" for one in looker.open(path)]
            wrong += [
                f"{language} {path}: {one}"
                for one in looker.check("tabs", "sideways", "cut", lang=language, dir=direction)
            ]
            wrong += [f"{language} {path}: {one}" for one in looker.axe()]
            looker.wear(PHONE, "dark")
            wrong += [f"{language} {path}: {one}" for one in looker.check("sideways", "cut")]
            looker.keep(f"guest-{language}-{path.strip('/').replace('/', '-')}")
    looker.context.close()
    assert not wrong, "\n".join(wrong)
