"""One introduction from the mandate to the report: a French desk and member, an Arabic stakeholder.

The stakeholder has no account and a phone: yes, another time, and two answers by links in mails. The
calendar's answer comes back by mail; time passes; both clusters read what came of it.
"""

import json
import re
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import Browser, expect

from tests.e2e.conftest import (
    PASSWORD,
    Product,
    Visitor,
    environment_of,
    look,
    start_product,
    stop_product,
)
from tests.e2e.two_sides import Cluster, Side, found, let_pass, letter_to, sit_down, text_of
from tests.smtp import Inbox, receiving

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.long]

LYON = Cluster(
    "Réseau Brumaire, numérique",
    "FR",
    "fr",
    (
        ("Maud Exemple", "manager@brumaire.example"),
        ("Anatole Fictif", "ambassador@brumaire.example"),
    ),
)
RABAT = Cluster("عنقود الرمال الرقمي", "MA", "ar", (("سلمى مثال", "manager@rimal.example"),))
MEMBER, STAKEHOLDER = "Atelier Sansouci", "مصنع النخيل"
MAUD, NADIA = "rep@sansouci.example", "nadia@nakhil.example"
SEEKS = "Des acheteurs de pièces imprimées en pierre, au Maroc."
#: Run by the product's own shell: the two clusters have signed, and each has a member.
_SET_UP = """
import json, os
from datetime import date
from django.utils import timezone
from proxeny.accounts.operations import create_holder
from proxeny.directory.models import Organisation, Membership
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.models import Partnership, Party
told = json.loads(os.environ["TOLD"])
since = date.today().replace(day=1, year=date.today().year - 4)
with acting_as(SERVICE):
    clusters = [Organisation.objects.get(name=name) for name in told["clusters"]]
    made = Partnership.objects.create(title="Lyon – Rabat", lead=clusters[0], state="active",
                                      starts_on=since, currency="EUR")
    for side, cluster, name in zip("AB", clusters, told["members"]):
        Party.objects.create(partnership=made, organisation=cluster, side=side)
        member = Organisation(name=name, kind="company", country=cluster.country, steward=cluster,
                              visibility="public", city="Rabat" if side == "B" else "Lyon")
        member.save()
        Membership.objects.create(cluster=cluster, organisation=member, starts_on=since)
        if side == "A":
            create_holder(email=told["person"], name="Rose Fictive", role="representative",
                          organisation_id=member.pk, today=since, language="fr",
                          password=os.environ["PASSWORD"])
    print("ROOM", made.pk)
"""
_MIND = """
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as
import uuid
with acting_as(SERVICE):
    enqueue("ambassadors.mind", actor=STRANGER, key=f"ambassadors.mind:{uuid.uuid4()}", arguments={})
"""
_READ = """
from django.utils import timezone
from proxeny.kernel.inbox.reading import read_inbox
from proxeny.meetings.tasks import HANDS
read_inbox(HANDS, clock=timezone.now)
"""
_ANSWERS = """
from proxeny.kernel.models import ReceivedMail
from proxeny.kernel.tenancy import SERVICE, acting_as
with acting_as(SERVICE):
    print("OUTCOMES", *ReceivedMail.objects.values_list("outcome", flat=True))
"""


@dataclass
class Stage:
    """The product, the mails it sends, and the folder in which it looks for answers."""

    product: Product
    inbox: Inbox
    maildir: Path

    def shell(self, code: str, **variables: str) -> str:
        """Run code in the product's own shell; return what it printed."""
        port = self.product.url.rpartition(":")[2]
        done = subprocess.run(
            [sys.executable, "-m", "proxeny", "manage", "shell", "--no-imports", "-c", code],
            env=environment_of(
                self.product.home,
                PORT=port,
                PASSWORD=PASSWORD,
                **variables,
                PROXENY_INBOX_URL=f"maildir://{self.maildir}",
                PROXENY_REPLY_ADDRESS="calendar@proxeny.example",
            ),
            check=True,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return done.stdout


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """A product of its own with the two clusters, a real mail server, and a mail folder."""
    with receiving() as inbox, tempfile.TemporaryDirectory(prefix="proxeny-desk-") as folder:
        home, maildir = Path(folder, "home"), Path(folder, "mail")
        home.mkdir()
        for name in ("cur", "new", "tmp"):
            (maildir / name).mkdir(parents=True)
        port = settings.MAILERS["default"]["OPTIONS"]["port"]
        product = start_product(
            home,
            demo=False,
            PROXENY_EMAIL_URL=f"smtp://127.0.0.1:{port}",
            PROXENY_INBOX_URL=f"maildir://{maildir}",
            PROXENY_REPLY_ADDRESS="calendar@proxeny.example",
        )
        try:
            found(product, LYON, RABAT)
            yield Stage(product, inbox, maildir)
        finally:
            stop_product(product)


def test_from_a_mandate_to_the_report(stage: Stage, browser: Browser):
    told = {"clusters": [LYON.name, RABAT.name], "members": [MEMBER, STAKEHOLDER], "person": MAUD}
    room = stage.shell(_SET_UP, TOLD=json.dumps(told)).split("ROOM ")[1].split()[0]
    desk = sit_down(browser, stage.product, Cluster(LYON.name, "FR", "fr", LYON.people[1:]))
    member = sit_down(
        browser, stage.product, Cluster(MEMBER, "FR", "fr", (("Rose", MAUD),)), width=390
    )
    nadia = _phone(browser, stage.product)
    board = f"/partnerships/{room}/desk/"
    _ask_the_ambassador(member, desk, board)
    case = _bring_together(desk, board)
    _say_yes(nadia, stage.inbox)
    _propose_another_time(desk, nadia, case, stage.inbox)
    invitation = _book(desk, member, case, stage.inbox)
    _answer_by_calendar(stage, invitation)
    let_pass(stage.product, f"/partnerships/{room}/", days=12)
    _say_how_it_went(stage, member, nadia)
    let_pass(stage.product, f"/partnerships/{room}/", days=183)
    _say_what_came_of_it(stage, nadia)
    _read_the_report(stage, browser, desk, room)
    for one in (desk.visitor, member.visitor, nadia):
        # A page that says why it was not kept answers 4xx, which browsers note; ours are whole.
        assert one.complaints == []


def _phone(browser: Browser, product: Product) -> Visitor:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ar-MA")
    visitor = Visitor(context.new_page(), product.url, [])
    visitor.page.on(
        "console", lambda m: visitor.complaints.append(m.text) if m.type == "error" else None
    )
    return visitor


def _open_link(visitor: Visitor, letter: EmailMessage) -> None:
    address = re.search(r"http\S+?(/answer/[\w-]+/)", text_of(letter))
    assert address is not None, text_of(letter)
    visitor.go(address[1])
    expect(visitor.page.locator("html")).to_have_attribute("dir", "rtl")


def _newest_link(inbox: Inbox, email: str, seen: set[str]) -> EmailMessage:
    """Return the first mail with a link that was not opened yet."""
    import time

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for letter in list(inbox.messages):
            found_link = re.search(r"/answer/([\w-]+)/", text_of(letter))
            if letter["To"] == email and found_link and found_link[1] not in seen:
                seen.add(found_link[1])
                return letter
        time.sleep(0.2)
    raise AssertionError(f"no new link for {email}")


SEEN: set[str] = set()


def _ask_the_ambassador(member: Side, desk: Side, board: str) -> None:
    member.visitor.go("/introductions/mandates/new/")
    member.write(
        seeks=SEEKS,
        material="Nos fiches",
        no_go="Carrières du Nord",
        until=(timezone.localdate() + timedelta(days=200)).isoformat(),
    )
    look(member.visitor, "desk-mandate")
    member.leave_by(member.page.locator("main form.px-form button[type=submit]"))
    member.sees(SEEKS)
    desk.visitor.go(f"{board}mandates/")
    desk.follow(MEMBER)
    desk.sees(SEEKS, "Carrières du Nord")
    desk.leave_by(desk.page.locator("button[name=state][value=accepted]").first)
    desk.reads("Introduce to someone")


def _bring_together(desk: Side, board: str) -> str:
    desk.press("Introduce to someone")
    desk.page.fill("#choose-q", STAKEHOLDER)
    desk.leave_by(desk.page.locator("form[role=search] button.btn-primary"))
    desk.leave_by(desk.page.locator(".dk-choices a.btn").first)
    expect(desk.page.locator("[name=reason]")).to_have_value(SEEKS)
    desk.write(
        stakeholder_name="نادية مثال", stakeholder_email=NADIA, place="شارع النخيل 7، الرباط"
    )
    desk.page.locator("[name=stakeholder_language]").select_option("ar")
    desk.page.locator("[name=stakeholder_time_zone]").select_option("Africa/Casablanca")
    desk.leave_by(desk.page.locator("main form.px-form button.btn-primary"))
    desk.hears("Introduction saved. No one has been asked yet.")
    case = desk.page.url.removeprefix(desk.visitor.base)
    desk.press("Ask both")
    look(desk.visitor, "desk-case-asked")
    return case


def _say_yes(nadia: Visitor, inbox: Inbox) -> None:
    _open_link(nadia, _newest_link(inbox, NADIA, SEEN))
    expect(nadia.page.locator("main")).to_contain_text(MEMBER)
    assert MAUD not in nadia.page.content()
    look(nadia, "desk-link-wish")
    with nadia.page.expect_navigation():
        nadia.page.locator("button[name=wants][value=yes]").click()


def _propose_another_time(desk: Side, nadia: Visitor, case: str, inbox: Inbox) -> None:
    desk.visitor.go(case)
    first = desk.page.locator("[name=times]").first
    first.check()
    look(desk.visitor, "desk-case-times")
    desk.leave_by(desk.page.locator(f"form[action='{case}times/'] button.btn-primary"))
    _open_link(nadia, _newest_link(inbox, NADIA, SEEN))
    look(nadia, "desk-link-times")
    nadia.page.locator("details:has([name=on]) > summary").last.click()
    nadia.page.fill("[name=on]", (timezone.localdate() + timedelta(days=10)).isoformat())
    nadia.page.fill("[name=at]", "15:30")
    nadia.page.fill("[name=note]", "بعد المعرض")
    with nadia.page.expect_navigation():
        nadia.page.locator("form.ln-answer button.btn-primary").click()
    desk.visitor.go(case)
    desk.sees("بعد المعرض")
    desk.press("Suits me")


def _book(desk: Side, member: Side, case: str, inbox: Inbox) -> EmailMessage:
    member.visitor.go("/")
    member.visitor.go("/introductions/")
    member.follow(STAKEHOLDER)
    look(member.visitor, "desk-own-times")
    boxes = member.page.locator("[name=suits]")
    boxes.nth(boxes.count() - 1).check()
    member.leave_by(member.page.locator("#times form button.btn-primary"))
    desk.visitor.go(case)
    desk.reads("It’s in all three calendars.")
    look(desk.visitor, "desk-case-booked")
    letters = [_invitation_to(inbox, email) for email in (NADIA, MAUD, LYON.people[1][1])]
    calendars = [_calendar_of(letter) for letter in letters]
    assert len({str(one.events[0]["UID"]) for one in calendars}) == 1
    for calendar in calendars:
        assert (calendar["METHOD"], int(calendar.events[0]["SEQUENCE"])) == ("REQUEST", 0)
    return letters[0]


def _invitation_to(inbox: Inbox, email: str) -> EmailMessage:
    import time

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for letter in list(inbox.messages):
            kinds = {part.get_content_type() for part in letter.walk()}
            if letter["To"] == email and "text/calendar" in kinds:
                return letter
        time.sleep(0.2)
    raise AssertionError(f"no invitation to {email}")


def _calendar_of(letter: EmailMessage) -> Calendar:
    part = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    return Calendar.from_ical(part.get_payload(decode=True))


def _answer_by_calendar(stage: Stage, invitation: EmailMessage) -> None:
    calendar = _calendar_of(invitation)
    calendar["METHOD"] = "REPLY"
    event = calendar.events[0]
    event["ATTENDEE"].params["PARTSTAT"] = "ACCEPTED"
    letter = EmailMessage()
    letter["From"], letter["To"] = NADIA, "calendar@proxeny.example"
    letter["Subject"], letter["Message-ID"] = "Accepted", f"<{uuid.uuid4()}@nakhil.example>"
    letter["Date"] = invitation["Date"]
    letter.set_content("Accepted")
    letter.add_alternative(
        calendar.to_ical().decode(), subtype="calendar", params={"method": "REPLY"}
    )
    (stage.maildir / "new" / f"{uuid.uuid4()}.nakhil").write_bytes(letter.as_bytes())
    stage.shell(_READ)
    outcomes = stage.shell(_ANSWERS).split("OUTCOMES ")[1].split()
    assert outcomes == ["applied"]


def _say_how_it_went(stage: Stage, member: Side, nadia: Visitor) -> None:
    stage.shell(_MIND)
    _open_link(nadia, _newest_link(stage.inbox, NADIA, SEEN))
    look(nadia, "desk-link-rating")
    with nadia.page.expect_navigation():
        nadia.page.locator("button[name=value][value=possible]").click()
    member.visitor.go("/calendar/how-did-it-go/")
    look(member.visitor, "desk-own-rating")
    member.page.locator("[name=value][value=possible]").first.click()
    expect(member.page.locator("main")).to_contain_text(STAKEHOLDER)


def _say_what_came_of_it(stage: Stage, nadia: Visitor) -> None:
    stage.shell(_MIND)
    _open_link(nadia, _newest_link(stage.inbox, NADIA, SEEN))
    nadia.page.locator("details.ln-tap > summary").click()
    nadia.page.locator("[name=agreed]").select_option("sale")
    nadia.page.fill("[name=worth]", "12000")
    look(nadia, "desk-link-agreement")
    with nadia.page.expect_navigation():
        nadia.page.locator("details.ln-tap button.btn-primary").click()


def _read_the_report(stage: Stage, browser: Browser, desk: Side, room: str) -> None:
    desk.visitor.go(f"/partnerships/{room}/desk/report/")
    desk.sees(MEMBER, STAKEHOLDER)
    expect(desk.page.locator(".tile b")).to_have_text(["1", "1", "1", "1"])
    look(desk.visitor, "desk-report")
    rabat = sit_down(browser, stage.product, RABAT, width=390)
    rabat.visitor.go(f"/partnerships/{room}/desk/report/")
    # The other cluster reads the totals, and none of the names.
    assert MEMBER not in rabat.page.locator("#desk-report").inner_text()
    expect(rabat.page.locator("#desk-report")).to_contain_text(LYON.name)
    look(rabat.visitor, "desk-report-other")
    rabat.visitor.page.goto(f"{rabat.visitor.base}/partnerships/{room}/desk/")
    assert MEMBER not in rabat.page.locator("main").inner_text()
    letter_to(stage.inbox, LYON.people[1][1], STAKEHOLDER)
