"""One partnership, played by both sides: a Greek cluster at a desk, a French one on a phone.

First contact, agreement, first mission, two-year review, renewal with new goals, and what grows out
of it: an alliance. (A second agreement between the same two is refused by the product; a third
cluster that joins is its way, and the first partnership keeps its room and its history.)
"""

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect

from proxeny.partnerships.factors import BY_CODE
from tests.e2e import room_deeds as deeds
from tests.e2e.conftest import Product, look, start_product, stop_product
from tests.e2e.story_planning import GOAL, REACHED, plan_together
from tests.e2e.two_sides import Cluster, Side, found, let_pass, letter_to, sit_down, text_of
from tests.smtp import Inbox, receiving

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

ATHENS = Cluster(
    "Ανεμοφάρος, Δημιουργικό Δίκτυο",
    "GR",
    "el",
    (
        ("Ιόλη Δοκιμαστίδου", "manager@anemofaros.example"),
        ("Φοίβος Υποθέτης", "ambassador@anemofaros.example"),
    ),
)
PARIS = Cluster(
    "Pôle Rivelume, numérique",
    "FR",
    "fr",
    (
        ("Maël Lessai", "manager@rivelume.example"),
        ("Lou Brouillon", "ambassador@rivelume.example"),
    ),
)
LISBON = Cluster("Farol Novo, games", "PT", "en", (("Inês Prova", "manager@farol.example"),))
ELSEWHERE = Cluster("Northmoor Health", "GB", "en", (("Wilf Sample", "wilf@northmoor.example"),))
TITLE = "Athens – Paris: games in museums"
FIRST = "Our members meet once a year. Each side names one person who answers within a week."
SECOND = FIRST.replace("once a year", "twice a year")
ADDED = "From now on our museums take part."
THIRD = f"{SECOND} {ADDED}"
MISSION, FAVOUR = "Mission to Paris", "A desk for our ambassador for two weeks"
DECISIONS = ("Five museums begin.", "The next mission goes to Athens.")
ACTION, TALK = "Send the contract to five museums", "An evening on what went wrong"
REMARK = "We hear of problems only when it is late."
OUTCOME = "Seven museums show games of the other city; four will go on."
NEW_GOAL = "Museums lend each other games"


@dataclass
class Stage:
    """The product that the story is played on, and the mails it sends."""

    product: Product
    inbox: Inbox


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """A product of its own with four clusters that have nothing to do with each other yet."""
    with receiving() as inbox, tempfile.TemporaryDirectory(prefix="proxeny-story-") as home:
        port = settings.MAILERS["default"]["OPTIONS"]["port"]
        mails = f"smtp://127.0.0.1:{port}"
        product = start_product(Path(home), demo=False, PROXENY_EMAIL_URL=mails)
        try:
            found(product, ATHENS, PARIS, LISBON, ELSEWHERE)
            yield Stage(product, inbox)
        finally:
            stop_product(product)


def test_two_clusters_from_the_first_contact_to_an_alliance(stage: Stage, browser: Browser):
    athens = sit_down(browser, stage.product, ATHENS)
    paris = sit_down(browser, stage.product, PARIS, width=390)
    _make_first_contact(athens, paris, stage.inbox)
    _weigh_alone(athens, paris)
    _agree(athens, paris)
    plan_together(athens, paris)
    _go_on_a_mission(athens, paris, stage)
    _create_value(athens, paris)
    let_pass(stage.product, athens.room, days=730)
    _review(athens, paris)
    _follow_advice(athens, paris)
    _renew(athens, paris)
    lisbon = sit_down(browser, stage.product, LISBON)
    _become_an_alliance(athens, paris, lisbon, stage.inbox)
    _read_what_happened(athens, paris)
    _shut_out(sit_down(browser, stage.product, ELSEWHERE), athens, paris, lisbon)
    assert athens.visitor.complaints + paris.visitor.complaints == []


# First contact, and the agreement.


def _make_first_contact(athens: Side, paris: Side, inbox: Inbox) -> None:
    athens.visitor.go("/partnerships/")
    athens.press("New partnership")
    athens.write(
        partner_id=f"{PARIS.name} (FR)",
        title=TITLE,
        text=FIRST,
        purpose="Games that museums of both cities show.",
    )
    athens.press("Save and send the proposal")
    athens.hears("Proposal sent. You can sign it now.")
    letter = text_of(letter_to(inbox, PARIS.people[0][1], TITLE))
    address = re.search(r"http\S+?(/partnerships/\d+/)\s", letter)
    assert address is not None, letter
    athens.enter(address[1])
    paris.enter(address[1])
    paris.sees(TITLE, FIRST)
    paris.press("Propose another text")
    expect(paris.page.locator("main textarea")).to_have_value(FIRST)
    paris.write(text=SECOND)
    paris.press("Propose this text")
    paris.hears("New text proposed. Both sides need to sign it again.")
    look(paris.visitor, "story-proposal")
    athens.visitor.go(athens.room)
    athens.reads("What it changes")
    expect(athens.page.locator(".px-version-side mark")).to_have_text(["once", "twice"])


def _weigh_alone(athens: Side, paris: Side) -> None:
    athens.press("Our assessment")
    athens.write(
        brings="Forty studios",
        needs="Museums",
        limits="Nothing for money alone",
        doubts="Do they answer in August?",
    )
    athens.press("Save")
    athens.hears("Saved. Only your side can read it.")
    # A draft: the other side reads neither a word of it nor a day.
    paris.visitor.go(paris.room)
    expect(paris.page.locator("#own-view dd")).to_have_text([paris.said("not yet")] * 2)
    assert "August" not in paris.page.content()
    paris.press("Our assessment")
    assert "August" not in paris.page.content()
    expect(paris.page.locator("[name=doubts]")).to_have_value("")
    paris.write(brings="Twelve museums", needs="Games", limits="No exclusive rights", is_done=True)
    paris.press("Save")
    athens.visitor.go(athens.room)
    athens.press("Our assessment")
    expect(athens.page.locator("[name=doubts]")).to_have_value("Do they answer in August?")
    athens.write(is_done=True)
    athens.press("Save")
    # Done: each reads the days of both, and nothing else.
    for side, words in ((athens, "Twelve museums"), (paris, "August")):
        side.visitor.go(side.room)
        expect(side.page.locator("#own-view dd")).to_have_text([deeds.told_day(side)] * 2)
        assert words not in side.page.content()


def _agree(athens: Side, paris: Side) -> None:
    for side in (athens, paris):
        deeds.sign_agreement(side, SECOND)
    for side in (athens, paris):
        side.visitor.go(side.room)
        side.reads("signed by both")
        side.sees(athens.person, paris.person)
        now = side.page.locator(".px-step.is-current")
        expect(now).to_contain_text(side.said("Planning together"))


# The first mission.


def _go_on_a_mission(athens: Side, paris: Side, stage: Stage) -> None:
    athens.open("Catch-ups")
    athens.press("Plan a catch-up")
    athens.write(
        in_person=athens.said("Face to face"),
        title=MISSION,
        starts_on=deeds.day(21),
        starts_time="10:00",
        duration_min=athens.said("two days"),
        place="12 rue des Essais, Paris",
        host=PARIS.name,
    )
    athens.press("Plan and send invitations")
    athens.hears("Catch-up planned. All invitees get an invitation.")
    letter = letter_to(stage.inbox, PARIS.people[0][1], MISSION)
    assert "text/calendar" in {part.get_content_type() for part in letter.walk()}
    paris.open("Catch-ups")
    paris.sees(MISSION, "12 rue des Essais, Paris")
    look(paris.visitor, "story-mission")
    paris.press("I’ll attend")
    paris.hears("Thank you. You’re attending.")
    let_pass(stage.product, athens.room, days=30)
    athens.open("Catch-ups")
    waiting = athens.part("Minutes pending")
    athens.press("Write the minutes of %(day)s", waiting, day=deeds.told_day(athens, -9))
    athens.write(
        decisions="\n".join(DECISIONS),
        action_0_title=ACTION,
        action_0_who=paris.person,
        action_0_due_on=deeds.day(7),
        minutes="All ten studios came.",
    )
    athens.press("Save, close and send to all")
    athens.hears("Minutes closed. All invitees get them.")
    letter_to(stage.inbox, PARIS.people[0][1], MISSION, *DECISIONS)
    paris.open("Catch-ups")
    paris.follow(MISSION)
    paris.sees(*DECISIONS, ACTION)
    paris.open("Plan")
    paris.tap("Done: %(name)s", name=ACTION)
    paris.reads("All actions are done.")


def _create_value(athens: Side, paris: Side) -> None:
    athens.open("Give and take")
    deeds.keep(
        athens,
        "Add a contribution",
        kind=athens.said("Hosting"),
        giver=PARIS.name,
        receiver=ATHENS.name,
        happened_on=deeds.day(-9),
        what=FAVOUR,
    )
    athens.reads("to be confirmed")
    paris.visitor.go(paris.room)
    paris.press("Confirm", paris.part("Waiting for you"))
    paris.press("Confirm: %(what)s", what=FAVOUR)
    paris.reads("confirmed")
    # One that was counted, the mission, and one that was noted and confirmed.
    expect(paris.page.get_by_role("row", name=paris.said("Hosting"))).to_contain_text("(1 + 1)")
    look(paris.visitor, "story-scales")
    paris.open("Goals")
    paris.unfold("Record a figure")
    paris.write(value="4", note="Counted at the mission")
    paris.tap("Save")
    paris.sees("40\u00a0%")
    athens.open("Goals")
    athens.sees("40%", "4 museums")
    athens.open("Plan")
    athens.tap("Done: %(name)s", name=REACHED)
    athens.reads("Reopen")
    athens.open("Stages and texts")
    deeds.enter_stage("Creating value", athens, paris, deeds.gate_of(athens, "Creating value"))


# The review after two years.


def _review(athens: Side, paris: Side) -> None:
    """Both worry about money; of trust, Athens thinks little and Paris much."""
    paris.open("Stages and texts")
    paris.reads(
        "There has been no health review in the last year.",
        within=deeds.gate_of(paris, "Staying together"),
    )
    athens.open("Health")
    athens.press("Ask the teams")
    athens.hears("Both teams have been asked. Answer it yourself, too.")
    deeds.answer_review(athens, {"trust": 2, "money": 2}, {"trust": REMARK})
    athens.reads(
        "The answers can be shown as soon as someone from each side has answered. Waiting for:"
    )
    # Paris reads that somebody has answered, and nothing of what.
    paris.open("Health")
    paris.reads("no one has answered yet")
    paris.reads("%(counter)s person has answered", counter=1)
    assert REMARK not in paris.page.content()
    deeds.answer_review(paris, {"trust": 5, "money": 2}, {})
    assert REMARK not in paris.page.content()
    athens.open("Health")
    athens.unfold("Show the answers to both sides")
    athens.press("Show answers now")
    athens.hears("Both sides can now see all answers. Recommendations have been drafted from them.")
    paris.open("Health")
    paris.press("See all answers")
    for side in (athens, paris):
        _read_verdicts(side)
        look(side.visitor, "story-review")


def _read_verdicts(side: Side) -> None:
    """What lies apart comes first, then what worries both, then what is strong."""
    verdicts = {"Seen differently": 1, "Concerns": 1, "Strengths": 18}
    told = [f"{side.said(name)} {count}" for name, count in verdicts.items()]
    assert side.page.locator("main h2").all_inner_texts() == told
    apart = side.page.locator("#factor-trust")
    side.reads(BY_CODE["trust"].name, within=apart)
    means = re.compile(rf"{ATHENS.name}\s+2,0.+{PARIS.name}\s+5,0", re.DOTALL)
    expect(apart.locator(".hr-figures")).to_contain_text(means)
    side.sees(REMARK, within=apart)
    side.reads("at the same point", within=side.page.locator("#factor-money"))


def _follow_advice(athens: Side, paris: Side) -> None:
    two = ("%(counter)s recommendation follows", "%(counter)s recommendations follow", 2)
    athens.follow(athens.said(*two, counter=2))
    title = athens.said(
        "Discuss why the sides see this differently: %(factor)s",
        factor=athens.said(BY_CODE["trust"].name),
    )
    athens.follow(title)
    for name, mean in ((ATHENS.name, "2,0"), (PARIS.name, "5,0")):
        athens.reads(
            "%(name)s %(mean)s out of 5 (%(answers)d)",
            name=name,
            mean=mean,
            answers=1,
            within=athens.page.locator("#evidence"),
        )
    athens.press("Propose it")
    athens.hears("State: %(state)s. All sides can see it.", state=athens.said("Proposed"))
    paris.visitor.go(paris.room)
    # What waits leads to the recommendation itself.
    paris.press("Decide", paris.part("Waiting for you"))
    paris.sees(title)
    paris.write(state=paris.said("Accept"))
    paris.press("Decide")
    paris.hears("Accepted for your side. The others still have to answer.")
    athens.open("Recommendations")
    athens.press("Decide on “%(name)s”", name=title)
    athens.write(state=athens.said("Accept"))
    athens.press("Decide")
    paris.open("Recommendations")
    paris.follow(title)
    deeds.keep(paris, "New action", title=TALK, due_on=deeds.day(30), person=paris.person)
    athens.open("Recommendations")
    athens.follow(title)
    athens.reads("Accepted", within=athens.page.locator("main aside"))
    athens.sees(TALK, paris.person)


# Renewal with new goals, and what grows out of it.


def _renew(athens: Side, paris: Side) -> None:
    athens.visitor.go(f"{athens.room}papers/")
    athens.press("Propose another text")
    athens.write(text=THIRD)
    athens.press("Propose this text")
    paris.visitor.go(paris.room)
    paris.reads("A new text is proposed")
    paris.reads(
        "Version %(number)s stays in force until both sides have signed this one.", number=2
    )
    changed = paris.page.locator(".px-version-side mark").all_inner_texts()
    assert "".join(changed).strip() == ADDED
    look(paris.visitor, "story-amended")
    for side in (paris, athens):
        deeds.sign_agreement(side, THIRD)
    paris.open("Goals")
    deeds.keep(paris, "New objective", title=NEW_GOAL, due_on=deeds.day(700))
    deeds.count_by(paris, NEW_GOAL, title="Games lent for a year", unit="games", target="30")
    athens.open("Goals")
    athens.follow(GOAL)
    athens.write(closed_on=deeds.day(0), outcome=OUTCOME)
    athens.press("Save")
    paris.open("Goals")
    paris.unfold("%(counter)s closed objective", counter=1)
    paris.sees(NEW_GOAL, GOAL, OUTCOME)
    athens.open("Stages and texts")
    anew = athens.part("Start again: working together with new goals")
    athens.unfold("Requirements", anew)
    deeds.enter_stage("Working together", athens, paris, anew)
    athens.open("Stages and texts")
    entered = athens.part("Stages entered").get_by_role("link").all_inner_texts()
    stages = ("Working together", "Creating value", "Working together")
    assert entered == [athens.said(one) for one in stages]


def _become_an_alliance(athens: Side, paris: Side, lisbon: Side, inbox: Inbox) -> None:
    # A second agreement between the same two is not what the product offers ...
    athens.visitor.go("/partnerships/new/")
    athens.write(partner_id=f"{PARIS.name} (FR)", title="A label of both cities", text=FIRST)
    athens.press("Save as a draft")
    athens.reads("You already have a partnership or a proposal with this cluster.")
    athens.visitor.complaints.clear()  # the browser notes the refusal as one
    # ... but a further cluster joins, and all three sign.
    athens.visitor.go(athens.room)
    athens.open("Stages and texts")
    athens.press("Invite another cluster")
    athens.write(organisation=f"{LISBON.name} (PT)", note="Your museums wait for these games.")
    athens.press("Sign and invite")
    athens.hears("Signed for your side. The others have been asked to sign.")
    letter_to(inbox, LISBON.people[0][1], TITLE)
    lisbon.enter(athens.room)
    lisbon.sees(THIRD)
    for tab in ("goals/", "plan/", "catch-ups/", "money/", "health/", "advice/", "stages/"):
        assert deeds.status_of(lisbon, f"{lisbon.room}{tab}") == 404, tab
    deeds.sign_what_waits(paris)
    deeds.sign_what_waits(lisbon)
    # What the two have done stays, and is open to the third.
    lisbon.open("Goals")
    lisbon.unfold("%(counter)s closed objective", counter=1)
    lisbon.sees(NEW_GOAL, OUTCOME)
    for side in (athens, paris, lisbon):
        side.visitor.go(side.room)
        side.open("Stages and texts")
        parties = side.part("Parties").get_by_role("listitem")
        expect(parties).to_contain_text([ATHENS.name, PARIS.name, LISBON.name])
        side.reads("since %(day)s", day=deeds.told_day(side), within=parties.last)


# The end of the tale: what both read, and what nobody else does.

TOLD = {
    "A": {
        "Sent the proposal",
        "Saved its internal assessment",
        "Signed the agreement",
        "Planned an activity",
        "Added a risk",
        "Sent the acceptance of a risk for signature",
        "Named a contact for its side",
        "Set how often the sides meet",
        "Added an amount",
        "Signed the exit plan",
        "Asked all sides to enter a stage",
        "Planned a catch-up",
        "Closed the minutes of a catch-up",
        "Recorded a contribution",
        "Changed an objective",
        "Started a health review",
        "Showed the answers of all sides",
        "Proposed a recommendation",
        "Proposed a new text for the agreement",
        "Invited another cluster",
    },
    "B": {
        "Proposed a new text for the agreement",
        "Saved its internal assessment",
        "Signed the agreement",
        "Added an objective",
        "Added a key result",
        "Signed the acceptance of a risk",
        "Proposed an exit plan",
        "Signed a stage",
        "All sides have signed: a stage begins",
        "Confirmed what the other side recorded",
        "Recorded a figure",
        "Accepted a recommendation for its side",
        "Added an action",
        "Signed for a cluster to join",
    },
    "C": {"Signed for a cluster to join", "All sides have signed: a cluster has joined"},
}


def _read_what_happened(athens: Side, paris: Side) -> None:
    for side in (athens, paris):
        side.visitor.go(side.room)
        side.press("Full history")
        look(side.visitor, "story-history")
        for letter, sentences in TOLD.items():
            told = deeds.read_timeline(side, letter)
            assert {side.said(one) for one in sentences} <= set(told), (letter, told)
            # What was signed in the first contact is told beside what renewed it.
            assert told.count(side.said("Signed the agreement")) == (0 if letter == "C" else 2)


def _shut_out(stranger: Side, *sides: Side) -> None:
    """Somebody of a fourth cluster finds none of the pages that were open."""
    seen = set().union(*(one.seen for one in sides))
    assert len(seen) > 40, seen
    assert {path: deeds.status_of(stranger, path) for path in seen} == dict.fromkeys(seen, 404)
    stranger.visitor.go("/partnerships/")
    assert TITLE not in stranger.page.content()
