"""Clusters with people at browsers of their own, and the time that passes between two chapters."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage

import psycopg
from django.utils import translation
from playwright.sync_api import Browser, Locator, Page, expect
from psycopg import sql

from proxeny.config.postgres import connection_settings, find_place
from tests.e2e.conftest import PASSWORD, Product, Visitor, environment_of
from tests.smtp import Inbox

#: Under which tab of the room each page stands, and what it is called there.
PARTS = {
    "Goals": ("Plan", "Goals"),
    "Plan": ("Plan", "Activities and tasks"),
    "Risks": ("Plan", "Risks"),
    "Finances": ("Plan", "Finances"),
    "Catch-ups": ("Work", "Catch-ups"),
    "Desk": ("Work", "Desk"),
    "Assessments": ("Work", "Assessments"),
    "Studies": ("Work", "Studies"),
    "Bids": ("Work", "Bids"),
    "Outcomes": ("Results", "Outcomes"),
    "Give and take": ("Results", "Give and take"),
    "Health": ("Results", "Health"),
    "Recommendations": ("Results", "Recommendations"),
    "Yearly report": ("Results", "Yearly report"),
    "Alliance": ("Papers", "Alliance"),
    "Stages and texts": ("Papers", "Stages and texts"),
}
#: Run by the product's own shell: no page founds a cluster.
_FOUND = """
import json, os
from datetime import date
from proxeny.accounts.operations import create_holder
from proxeny.directory.models import Visibility
from proxeny.directory.operations import create_cluster
from proxeny.directory.operations.facts import Facts
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as
since = date.today().replace(day=1, year=date.today().year - 4)
with acting_as(SERVICE):
    for one in json.loads(os.environ["CLUSTERS"]):
        facts = Facts(name=one["name"], country=one["country"], visibility=Visibility.PUBLIC)
        cluster = create_cluster(actor=STRANGER, facts=facts)
        for name, email, role in one["people"]:
            create_holder(
                email=email, name=name, role=role, organisation_id=cluster.pk, today=since,
                language=one["language"], password=os.environ["PASSWORD"],
            )
"""


@dataclass(frozen=True)
class Cluster:
    """A cluster, with the language of its people; the first of them is its manager."""

    name: str
    country: str
    language: str
    people: Sequence[tuple[str, str]]

    def told(self) -> dict[str, object]:
        """Return it as the product's shell takes it."""
        roles = ("manager", "ambassador")
        people = [[*one, role] for one, role in zip(self.people, roles, strict=False)]
        return {
            "name": self.name,
            "country": self.country,
            "language": self.language,
            "people": people,
        }


def found(product: Product, *clusters: Cluster) -> None:
    """Found clusters that everybody sees; their people have a password and have sat there long."""
    told = json.dumps([one.told() for one in clusters])
    port = product.url.rpartition(":")[2]
    subprocess.run(
        [sys.executable, "-m", "proxeny", "manage", "shell", "--no-imports", "-c", _FOUND],
        env=environment_of(product.home, PORT=port, CLUSTERS=told, PASSWORD=PASSWORD),
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    )


def let_pass(product: Product, room: str, *, days: int) -> None:
    """Make all that a room keeps so many days older: the clock stays, the past moves away.

    Moved are the days and moments (and the years of sums) of the room's records: texts and
    signatures, parties, goals, plan, risks, money, favours, reviews, catch-ups with their
    meetings, assessments with their reports, studies with their data, bids, public pages. The
    audit trail is not: the database lets nobody change it, so that the timeline goes on telling
    when somebody really pressed the button.
    """
    pk = int(re.findall(r"\d+", room)[0])
    at = connection_settings(find_place(product.home))
    with psycopg.connect(
        dbname=at["NAME"],
        user=at["USER"],
        password=at["PASSWORD"],
        host=at["HOST"],
        port=at["PORT"],
    ) as database:
        database.execute("SET ROLE proxeny_definer")
        tables: dict[str, list[str]] = {}
        for table, column in database.execute(_DATED):
            tables.setdefault(table, []).append(column)
        for table, columns in tables.items():
            database.execute(_shift(database, table, columns), {"days": days, "room": pk})
        database.execute(
            "UPDATE partnerships_fundingline SET year = year - %s WHERE partnership_id = %s",
            (round(days / 365), pk),
        )


_DATED = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public' AND data_type IN ('date', 'timestamp with time zone')
AND (table_name LIKE 'partnerships\\_%' OR table_name LIKE 'meetings\\_%'
     OR table_name LIKE 'ambassadors\\_%' OR table_name LIKE 'assessments\\_%'
     OR table_name LIKE 'research\\_%' OR table_name LIKE 'bids\\_%'
     OR table_name LIKE 'alliances\\_%')
AND table_name NOT IN ('ambassadors_busytime', 'ambassadors_workinghours')
"""
#: How the rows of a room are found, by the column that leads there; the first that a table has.
_WAYS = {
    "partnership_id": "partnership_id = %(room)s",
    "agreement_id": "agreement_id IN"
    " (SELECT id FROM partnerships_agreement WHERE partnership_id = %(room)s)",
    "meeting_id": "meeting_id IN (SELECT id FROM meetings_meeting WHERE partnership_id = %(room)s)",
    "party_id": "party_id IN (SELECT id FROM partnerships_party WHERE partnership_id = %(room)s)",
    "side_id": "side_id IN (SELECT id FROM ambassadors_side WHERE partnership_id = %(room)s)",
    "partner_id": "partner_id IN (SELECT id FROM bids_partner WHERE partnership_id = %(room)s)",
    "id": "id = %(room)s",  # the partnership itself
}


def _shift(database: psycopg.Connection, table: str, columns: list[str]) -> sql.Composed:
    known = {
        row[0]
        for row in database.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s", (table,)
        )
    }
    way = next(condition for name, condition in _WAYS.items() if name in known)
    moved = sql.SQL(", ").join(
        sql.SQL("{0} = {0} - make_interval(days => %(days)s)").format(sql.Identifier(one))
        for one in columns
    )
    return sql.SQL("UPDATE {} SET {} WHERE ").format(sql.Identifier(table), moved) + sql.SQL(way)


def text_of(letter: EmailMessage) -> str:
    """Return the subject and the plain text of a mail."""
    body = letter.get_body(("plain",))
    assert body is not None
    return f"{letter['Subject']}\n{body.get_content()}"


def letter_to(inbox: Inbox, email: str, *words: str, wait_s: float = 30) -> EmailMessage:
    """Return the first mail to an address that has all the words, once it has come."""
    deadline = time.monotonic() + wait_s
    while True:
        for one in list(inbox.messages):
            told = _plain(text_of(one))
            if one["To"] == email and all(_plain(word) in told for word in words):
                return one
        come = [(one["To"], one["Subject"]) for one in inbox.messages]
        assert time.monotonic() < deadline, f"no mail to {email} with {words}: {come}"
        time.sleep(0.1)


def _plain(text: str) -> str:
    # The spaces of a subject are plain ones once it was folded and read.
    return " ".join(text.split())


@dataclass
class Side:
    """The manager of a cluster at a browser: reads and presses words of their own language."""

    visitor: Visitor
    cluster: Cluster
    room: str = ""
    #: Every page of the room that was open.
    seen: set[str] = field(default_factory=set)

    @property
    def page(self) -> Page:
        """What the browser shows."""
        return self.visitor.page

    @property
    def person(self) -> str:
        """Whose browser it is."""
        return self.cluster.people[0][0]

    def said(self, text: str, plural: str = "", many: int = 0, /, **values: object) -> str:
        """Return a text of the product in the language of this side."""
        with translation.override(self.cluster.language):
            told = translation.ngettext(text, plural, many) if plural else _say(text)
            return told % values if values else told

    def enter(self, room: str) -> None:
        """Open the room by its address, and note from now on which pages of it are open."""
        self.room = room
        self.page.on("framenavigated", lambda frame: self._note(frame.url))
        self.visitor.go(room)

    def _note(self, url: str) -> None:
        path = url.removeprefix(self.visitor.base).partition("#")[0]
        if path.startswith(self.room):
            self.seen.add(path)

    def open(self, tab: str) -> None:
        """Open another page of the room by its tab and card; an object has tabs of its own."""
        part, label = PARTS[tab]
        with translation.override(self.cluster.language):
            part = translation.pgettext("room", part)
        parts = self.page.get_by_role("navigation", name=self.said("Parts of this partnership"))
        if not parts.count():
            self.visitor.go(self.room)
        self.leave_by(parts.get_by_role("link", name=part, exact=True))
        cards = self.page.get_by_role("main")
        self.leave_by(cards.get_by_role("link", name=self.said(label), exact=True).first)

    def find(self, text: str, within: Locator | None = None, **values: object) -> Locator:
        """Find a button, or a link, by what it says."""
        self._open_folds()
        told, place = self.said(text, **values), within or self.page.get_by_role("main")
        button = place.get_by_role("button", name=told, exact=True)
        return button.or_(place.get_by_role("link", name=told, exact=True)).first

    def _open_folds(self) -> None:
        """Open what is folded on a phone."""
        self.page.locator("main details.px-fold").evaluate_all(
            "all => all.forEach(one => { one.open = true; })"
        )

    def press(self, text: str, within: Locator | None = None, **values: object) -> None:
        """Press what says so, and wait for the page that it leads to."""
        self.leave_by(self.find(text, within, **values))

    def follow(self, name: str) -> None:
        """Follow a link by its name as it is."""
        self._open_folds()
        self.leave_by(
            self.page.get_by_role("main").get_by_role("link", name=name, exact=True).first
        )

    def leave_by(self, way: Locator) -> None:
        """Press something, and wait for the page that it leads to."""
        with self.page.expect_navigation():
            way.click()

    def tap(self, text: str, within: Locator | None = None, **values: object) -> None:
        """Press what says so and changes only a part of the page."""
        self.find(text, within, **values).click()

    def unfold(self, text: str, within: Locator | None = None, **values: object) -> None:
        """Open what is folded away under a text."""
        place = within or self.page.get_by_role("main")
        place.locator("summary", has_text=self.said(text, **values)).first.click()

    def part(self, text: str, **values: object) -> Locator:
        """Return the part of the page under a heading."""
        return self.page.get_by_role("region", name=self.said(text, **values)).first

    def write(self, **fields: object) -> None:
        """Fill fields of the form, as each asks for: type, choose by what is offered, or tick.

        Of several boxes of one name, those whose values are given, and no others.
        """
        for name, value in fields.items():
            found = self.page.locator(f"main [name='{name}']").first
            if isinstance(value, tuple):
                for one in self.page.locator(f"main [name='{name}']").all():
                    one.set_checked(one.get_attribute("value") in value)
            elif found.evaluate("one => one.tagName") == "SELECT":
                found.select_option(label=str(value))
            elif value is True:
                found.check()
            elif found.get_attribute("type") in ("radio", "checkbox"):
                label = self.page.locator(f"main label:has([name='{name}'])")
                label.filter(has_text=re.compile(rf"^\s*{re.escape(str(value))}\s*$")).click()
            else:
                found.fill(str(value))

    def reads(self, *texts: str, within: Locator | None = None, **values: object) -> None:
        """Expect texts of the product on the page, in the language of this side."""
        self.sees(*(self.said(text, **values) for text in texts), within=within)

    def sees(self, *texts: str, within: Locator | None = None) -> None:
        """Expect texts on the page as they are: names, and what people wrote."""
        for text in texts:
            expect(within or self.page.locator("main")).to_contain_text(text)

    def hears(self, text: str, **values: object) -> None:
        """Expect the message that answers a deed."""
        expect(self.page.locator("#toasts")).to_contain_text(self.said(text, **values))


def _say(text: str) -> str:
    return translation.gettext(text)


def sit_down(browser: Browser, product: Product, cluster: Cluster, *, width: int = 1440) -> Side:
    """Open a browser for the manager of a cluster, and sign in."""
    context = browser.new_context(
        viewport={"width": width, "height": 900 if width > 800 else 844}, locale="en-GB"
    )
    visitor = Visitor(context.new_page(), product.url, [])
    visitor.page.on(
        "console", lambda m: visitor.complaints.append(m.text) if m.type == "error" else None
    )
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    visitor.sign_in(cluster.people[0][1])
    expect(visitor.page.locator("html")).to_have_attribute("lang", cluster.language)
    return Side(visitor, cluster)
