"""What the main jobs cost in clicks, for everybody who does one of them together.

Each begins in the room, or on the first page, which is opened by its address; from there on all is
clicked. Only signing in and typing are not counted, and choosing one of several options.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import room_deeds as deeds
from tests.e2e.assessment_stage import ELSEWHERE, Stage, raise_stage
from tests.e2e.counting import Counter
from tests.e2e.two_sides import Cluster, Side

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(900)]

BRIGHTON = Cluster("Brighton Playworks", "IE", "en", (("Ada Sample", "manager@playworks.example"),))
TURIN = Cluster("Officina Suono", "IT", "en", (("Piero Prova", "manager@suono.example"),))
#: Members of Brighton, the cluster itself aside.
MEMBERS = 62
LOOM, BID = "Taller Ficticio", "Games for three generations"
CALL, TITLE = "Museums that hands can read", "Rooms that hands can read"
CALLS = f"reference,title,programme,closes_at,topics\nCULTURE-9,{CALL},Horizon Europe,{deeds.day(90)},Games\n"
_SET_UP = """
import json, os
from datetime import date, datetime, time, timedelta, UTC
from proxeny.accounts.models import Person
from proxeny.accounts.operations import create_holder
from proxeny.bids.models import Bid, Partner
from proxeny.calls.models import Call
from proxeny.directory.models import Membership, Organisation
from proxeny.directory.operations.details import write_details
from proxeny.events.models import Event, Group
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.models import Agreement, Partnership, Party, SignOff
told = json.loads(os.environ["TOLD"])
today = date.today()
since = today.replace(day=1, year=today.year - 4)
soon = datetime.combine(today + timedelta(days=30), time(17), UTC)
def known(name, country, **facts):
    return Organisation.objects.create(name=name, kind="company", size="small", country=country,
                                       language="en", **facts)
with acting_as(SERVICE):
    one, other = (Organisation.objects.get(name=name) for name in told["clusters"])
    room = Partnership.objects.create(title="Brighton – Turin", lead=one, state="active",
                                      starts_on=since, currency="EUR",
                                      stage="selection", stage_since=today)
    # Whoever has signed the agreement for a side is its contact.
    sides = [Party.objects.create(partnership=room, organisation=cluster, side=side,
                                  contact=Person.objects.filter(seats__organisation=cluster).first())
             for side, cluster in (("A", one), ("B", other))]
    text = Agreement.objects.create(partnership=room, kind="text", number=1, text="We work together.",
                                    text_hash="0" * 64, completed_at=datetime.now(UTC))
    for side in sides:
        SignOff.objects.create(agreement=text, party=side, person=side.contact, text_hash="0" * 64,
                               person_name=side.contact.name)
    for number in range(told["members"]):
        member = known(f"Studio {number:02}", one.country, steward=one)
        write_details([(member.pk, {"email": f"hello@studio{number:02}.example"})])
        Membership.objects.create(cluster=one, organisation=member, starts_on=since)
    event = Event.objects.create(partnership=room, title="Play day", state="open", place="Turin",
                                 time_zone="Europe/Rome", starts_on=today + timedelta(days=60),
                                 ends_on=today + timedelta(days=60), deadline_at=soon)
    for side, cluster in (("A", one), ("B", other)):
        Group.objects.create(event=event, organisation=cluster, side=side, name=cluster.name)
    loom = known(told["loom"], "ES", visibility="public", summary="Games for museums.")
    create_holder(email="rep@taller.example", name="Rosa Ensayo", role="representative",
                  language="en", organisation_id=loom.pk, today=since,
                  password=os.environ["PASSWORD"])
    call = Call.objects.create(steward=one, reference="GAP-1", title="Games of all ages",
                               rule_set="horizon-europe-ia", closes_at=soon, topics=["Games"])
    bid = Bid.objects.create(partnership=room, call=call, title=told["bid"], months=24)
    for side, cluster in zip(sides, (one, other)):
        Partner.objects.create(partnership=room, bid=bid, organisation=cluster, name=cluster.name,
                               country=cluster.country, kind="cluster", party=side, state="in",
                               sme=False, nonprofit=True, leads=side is sides[0])
    print("ROOM", room.pk)
"""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """A product with two clusters that have agreed, an event of theirs, and a third cluster."""
    told = {
        "clusters": [BRIGHTON.name, TURIN.name],
        "members": MEMBERS,
        "loom": LOOM,
        "bid": BID,
    }
    with raise_stage((BRIGHTON, TURIN, ELSEWHERE), _SET_UP, told) as made:
        yield made


@pytest.fixture
def counter() -> Counter:
    """Count from nothing."""
    return Counter([])


def _sit_down(counter: Counter, browser: Browser, stage: Stage, cluster: Cluster) -> Side:
    side = counter.sit_down(browser, stage.product, cluster)
    side.enter(stage.room)
    return side


def test_all_members_of_a_side_are_invited(stage: Stage, browser: Browser, counter: Counter):
    ada = _sit_down(counter, browser, stage, BRIGHTON)
    ada.page.goto(ada.visitor.base + "/")
    ada.leave_by(ada.page.get_by_role("link", name="Events", exact=True).first)
    ada.follow("Play day")
    ada.press("Invite members")
    ada.press(f"Invite all {MEMBERS + 1} members")
    ada.sees(f"{MEMBERS + 1}")
    expect(ada.page.locator("main tbody tr").first).to_be_visible()
    counter.hold("Invite all members of one side", 4)


def test_calls_are_imported_and_a_bid_begun(stage: Stage, browser: Browser, counter: Counter):
    ada = _sit_down(counter, browser, stage, BRIGHTON)
    ada.page.goto(ada.visitor.base + "/")
    ada.leave_by(ada.page.get_by_role("link", name="Calls", exact=True).first)
    with ada.page.expect_navigation(), ada.page.expect_file_chooser() as chosen:
        ada.page.get_by_text("Upload a file", exact=True).first.click()
        file = {"name": "calls.csv", "mimeType": "text/csv", "buffer": CALLS.encode()}
        chosen.value.set_files(file)
    ada.press("Import and start a bid: %(name)s", name=CALL)
    ada.sees(CALL)
    ada.write(title=TITLE)
    ada.press("Save")
    ada.sees(TITLE, CALL)
    counter.hold("Import calls and start a bid", 4)


def test_a_gap_of_a_consortium_is_filled(stage: Stage, browser: Browser, counter: Counter):
    ada = _sit_down(counter, browser, stage, BRIGHTON)
    _turn_to(ada, "Work")
    ada.follow(BID)
    _go_to(ada, "Consortium", "Pages of this bid")
    ada.press("Find the best candidates")
    best = ada.page.locator("#proposal-1")
    expect(best).to_contain_text(LOOM, timeout=90_000)  # the page looks itself how far it is
    ada.press("Add and invite", best)
    ada.hears("Invited: %(names)s.", names=LOOM)
    expect(ada.page.locator(".pt-missing")).to_have_count(0)
    counter.hold("Fill a gap of a consortium", 5)


def _turn_to(side: Side, part: str) -> None:
    """Open another part of the room."""
    _go_to(side, part, "Parts of this partnership")


def _go_to(side: Side, tab: str, of: str) -> None:
    tabs = side.page.get_by_role("navigation", name=side.said(of))
    side.leave_by(tabs.get_by_role("link", name=tab, exact=True))


def test_a_new_room_works_together(stage: Stage, browser: Browser, counter: Counter):
    ada, piero = (counter.sit_down(browser, stage.product, one) for one in (BRIGHTON, TURIN))
    for side in (ada, piero):
        side.enter(stage.room)
    _fix(ada, "Objectives with figures", title="Games in museums", due_on=deeds.day(365))
    ada.write(title="Museums that show one", unit="museums", target="10")
    ada.press("Save")
    _fix(
        ada,
        "A plan with milestones",
        title="First mission done",
        starts_on=deeds.day(30),
        ends_on=deeds.day(30),
        **_in_charge(ada, BRIGHTON, TURIN),
    )
    _fix(
        ada,
        "Risks assessed and accepted",
        "Save and accept for our side",
        title="The museums have no time",
        response="Reduce it",
        treatment="Two people know every museum.",
        review_on=deeds.day(180),
        inherent_likelihood="4 · likely",
        inherent_impact="4 · serious",
        **_in_charge(ada, BRIGHTON),
    )
    _fix(ada, "An agreed exit", "Sign and propose")
    ada.write(every_days="every month")
    ada.press("Save")
    piero.page.reload()
    piero.press("Read and sign", piero.part("Waiting for you"))
    for _text in ("the risk", "the exit plan"):
        piero.press("Sign for your side")
    piero.press("Sign and ask the other side")
    ada.visitor.go(ada.room)
    ada.press("Sign for your side")
    expect(ada.page.locator(".px-step.is-current")).to_contain_text("Working together")
    counter.hold("From a new room to working together", 15)


def _in_charge(side: Side, *clusters: Cluster) -> dict[str, str]:
    """Return the fields in which somebody is put in charge for each of these clusters."""
    return {f"charge:{one.name}": one.people[0][0] for one in clusters}


def _fix(side: Side, missing: str, save: str = "Save", **fields: object) -> None:
    """Go from the checklist to the form of what is missing, and write it."""
    place = side.page.locator(".rm-conditions li", has_text=missing)
    side.leave_by(place.get_by_role("link"))
    for name, value in fields.items():
        if name.startswith("charge:"):
            label = f"Person in charge at {name.removeprefix('charge:')}"
            side.page.get_by_label(label).select_option(label=str(value))
        else:
            side.write(**{name: value})
    side.press(save)
