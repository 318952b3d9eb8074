"""What people do with figures and trends, and the room of two clusters that they tell of."""

from contextlib import AbstractContextManager

from playwright.sync_api import expect

from tests.e2e.assessment_stage import Stage, raise_stage
from tests.e2e.conftest import look
from tests.e2e.label_deeds import look_around
from tests.e2e.two_sides import Cluster, Side

ATHENS = Cluster(
    "Πλησίστιο, Δίκτυο Σχεδίου",
    "GR",
    "el",
    (
        ("Ηρώ Δοκιμή", "manager@plisistio.example"),
        ("Τίμος Υποθέτης", "ambassador@plisistio.example"),
    ),
)
PARIS = Cluster(
    "Pôle Charpie, textile et données",
    "FR",
    "fr",
    (
        ("Solal Essai", "manager@charpie.example"),
        ("Rosine Fictive", "ambassador@charpie.example"),
    ),
)
#: The ambassador of Paris at a browser of her own.
DESK = Cluster(PARIS.name, "FR", "fr", PARIS.people[1:])
ELSEWHERE = Cluster("Wenmoor Ceramics", "GB", "en", (("Ada Sample", "ada@wenmoor.example"),))
#: What comes up in more projects each year; who needs it, and who offers it.
TOPIC = "digital product passport"
NEEDS, OFFERS = "Ατελιέ Καρίνα", "Registre Fictif"
NEED = "Somebody who keeps a digital product passport of our chairs"
#: Whom Athens does not know, and the lab that could introduce it.
PORT, LAB = "Port of Nowhere", "Finzione Lab"
#: So many meetings were held, of which one led to an agreement.
HELD = 6
#: Run by the product's own shell: the two have agreed, met, and been in projects.
_SET_UP = """
import json, os
from datetime import date, datetime, timedelta, UTC
from proxeny.directory.models import Listing, Membership, Organisation, Project, ProjectPart
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.meetings.models import Meeting, MeetingParty, Rating
from proxeny.partnerships.models import Partnership, Party, SharingGrant
told = json.loads(os.environ["TOLD"])
today = date.today()
since = today.replace(day=1, year=today.year - 4)
THINGS = ("wool", "honey", "salt", "glass", "tiles", "boats", "shoes", "soap", "cheese", "bricks")
PLACES = ("in Athens", "for olive oil", "of small ports", "by rail", "for schools", "in the Alps",
          "at night", "on islands", "for weavers", "with bees", "near Lyon", "of tanneries")
def known(name, cluster, country, joins=True):
    made = Organisation.objects.create(name=name, kind="company", country=country, steward=cluster,
                                       visibility="public", language="en")
    if joins:
        Membership.objects.create(cluster=cluster, organisation=made, starts_on=since)
    return made
def project(year, number, about, parts, steward):
    place = PLACES[(number + year) % len(PLACES)]
    made = Project.objects.create(
        steward=steward, source="cordis", reference=f"{year}-{number}-{steward.pk}",
        title=f"{about.capitalize()} {place} {year}", starts_on=date(year, 1, 1),
        ends_on=date(year + 2, 12, 31),
        objective=f"Somebody tries a {about} {place}, as number {year * 100 + number}.",
    )
    for one in parts:
        ProjectPart.objects.create(project=made, organisation=one)
with acting_as(SERVICE):
    athens, paris = (Organisation.objects.get(name=name) for name in told["clusters"])
    room = Partnership.objects.create(title="Athens – Paris", lead=athens, state="active",
                                      starts_on=since, currency="EUR")
    for side, cluster in (("A", athens), ("B", paris)):
        Party.objects.create(partnership=room, organisation=cluster, side=side)
        SharingGrant.objects.create(partnership=room, organisation=cluster, purpose="Partners")
    atelier, studio = known(told["needs"], athens, "GR"), known("Στούντιο Δοκιμή", athens, "GR")
    register, mill = known(told["offers"], paris, "FR"), known("Filature Brouillon", paris, "FR")
    lab = known(told["lab"], athens, "IT", joins=False)
    port = known(told["port"], athens, "MA", joins=False)
    Listing.objects.create(organisation=atelier, direction="need", title=told["need"], language="en",
                           status="published")
    Listing.objects.create(organisation=register, direction="offer", language="en",
                           title="Keeping a digital product passport for twenty years",
                           status="published")
    for place, year in enumerate(range(today.year - 8, today.year)):
        about = [told["topic"]] * (place + 1)
        about += [THINGS[(place + number) % len(THINGS)] for number in range(16)]
        for number, one in enumerate(about):
            project(year, number, one, [studio, lab] if number == 0 else [lab, port], athens)
    for number in range(told["held"]):
        at = datetime.now(UTC).replace(hour=10, minute=0) - timedelta(days=30 + 9 * number)
        left, right = (atelier, studio)[number % 2], (register, mill)[number // 2 % 2]
        made = Meeting.objects.create(
            partnership=room, organisations=sorted([left.pk, right.pk]), starts_at=at,
            ends_at=at + timedelta(minutes=20), time_zone="Europe/Athens", state="held",
            uid=f"meeting-{number}@meetings.example",
        )
        for one in (left, right):
            party = MeetingParty.objects.create(meeting=made, organisation=one, name="Somebody")
            Rating.objects.create(party=party, phase="day", value="possible")
        if number == 0:
            Rating.objects.create(party=party, phase="later", value="agreement", agreed="sale",
                                  worth=1000, currency="EUR")
    print("ROOM", room.pk)
"""
#: What the product starts by itself in the first days of the next quarter.
_WRITE = """
import os, uuid
from datetime import date
from proxeny.insight.quarters import quarter_of
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as
room = int(os.environ["ROOM"])
with acting_as(SERVICE):
    enqueue("insight.digest", actor=STRANGER, partnership_id=room,
            arguments={"partnership_id": room, "quarter": quarter_of(date.today())},
            key=f"insight.digest:{uuid.uuid4()}")
"""


def set_the_stage() -> AbstractContextManager[Stage]:
    """Start a product of its own with three clusters, two of which have worked together."""
    told = {
        "clusters": [ATHENS.name, PARIS.name],
        "needs": NEEDS,
        "offers": OFFERS,
        "need": NEED,
        "topic": TOPIC,
        "lab": LAB,
        "port": PORT,
        "held": HELD,
    }
    return raise_stage((ATHENS, PARIS, ELSEWHERE), _SET_UP, told)


def write_mails(stage: Stage) -> None:
    """Let the quarter be over: its mails are written."""
    stage.shell(_WRITE, ROOM=stage.room.split("/")[2])


def look_well(side: Side, name: str) -> None:
    """Look at a page as it is, and in Arabic on a phone."""
    look(side.visitor, name)
    look_around(side, name)


def work_out(side: Side) -> None:
    """Have the figures of a page worked out; see it at work, and the figures when they are there."""
    side.press("Calculate the figures")
    expect(side.page.locator(".px-job progress")).to_be_visible()
    side.reads("Calculating the figures")
    expect(side.page.locator(".px-job")).to_have_count(0, timeout=90_000)
    side.reads("Recalculate")


def weigh(side: Side, relevance: str, why: str) -> None:
    """Say how much the trend that is open matters to one's own members."""
    side.unfold("Rate how much it matters to our members")
    side.write(relevance=side.said(relevance), why=why)
    side.press("Save")
    side.hears("Saved. The other side can see it too.")
