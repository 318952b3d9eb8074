"""One bid from a call to its answer: an Arabic and a French cluster, and a company without account.

A manager of Lyon notes a call and begins; both say what they would do without the grant; the
product finds the third country; all sign, twice, as something changes in between; it is sent, and
lost. The next bid begins with the same consortium, and the world reads of the two clusters.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from proxeny.bids.models import Bid, Stance
from proxeny.bids.operations.checklist import LABELS
from tests.e2e import bid_deeds as bids
from tests.e2e import room_deeds as deeds
from tests.e2e.assessment_stage import ELSEWHERE, LYON, Stage
from tests.e2e.bid_deeds import CAIRO, TURIN
from tests.e2e.conftest import look
from tests.e2e.two_sides import Cluster, Side, let_pass, sit_down

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(900)]

CALL, NEXT_CALL = "Museums that hands can read", "Museums for every sense"
TITLE, ACRONYM = "Des musées que les mains lisent", "MAINS"
IDEA = "Six musées ont une salle que l’on lit avec les mains, et savent l’entretenir."
BRINGS = "They build what hands can read, and repair it."
WITHOUT = {CAIRO: "نبني غرفة واحدة بأموالنا.", LYON: "Une salle à Lyon, avec nos propres moyens."}
LEARNED = "Personne n’a compris qui entretient les salles. La prochaine fois, cela vient d’abord."
NUMBER = "SEP-211000042"
HEADLINE = "Lyon et Le Caire, pour les musées"
ABOUT = "Deux clusters font des jeux que les musées montrent et que les mains lisent."
NOBODY = Cluster("", "", "en", (("Ada Sample", "ada@university.example"),))


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The product on which the story is played."""
    with bids.set_the_stage() as made:
        yield made


def test_from_a_call_to_the_next_bid(stage: Stage, browser: Browser):
    odile, houda = (sit_down(browser, stage.product, one) for one in (LYON, CAIRO))
    guest = bids.arrive(browser, stage, TURIN)
    for side in (odile, houda):
        side.enter(stage.room)
    bid = _begin(odile)
    _decide(odile, houda)
    _find_who_is_missing(odile, houda, bid)
    _ask_all(odile, houda, guest, stage)
    _plan_and_reckon(odile, houda, bid)
    _bring_documents(odile)
    _sign_twice(odile, houda, guest, stage, bid)
    _submit(odile, houda, bid)
    let_pass(stage.product, stage.room, days=200)
    _lose(houda)
    _begin_anew(odile, bid)
    _publish(odile, houda, browser, stage)
    _shut_out(browser, stage, odile, houda)
    for side in (odile, houda, guest):
        assert side.visitor.complaints == []


def _named(side: Side, *codes: str) -> list[str]:
    """Return items of the checklist as a side reads them."""
    return [bids.told(side, LABELS[one]) for one in codes]


def _begin(odile: Side) -> str:
    """Note a call by hand, and begin a bid on its page; return the bid's address."""
    bids.note_call(
        odile,
        CALL,
        "CULTURE-01",
        grant_most="250000",
        topics="Games for museums\nRooms that hands can read",
    )
    odile.press("Start a bid")
    odile.write(title=TITLE, acronym=ACRONYM, idea=IDEA, starts_on=deeds.day(300), months="24")
    odile.press("Save")
    odile.hears("Saved. The other side can see it too.")
    odile.sees(IDEA, CALL)
    odile.reads("No answer yet.")
    look(odile.visitor, "bid-new")
    return odile.page.url.removeprefix(odile.visitor.base).partition("#")[0]


def _answer(side: Side) -> None:
    side.write(
        goes_on=bids.told(side, Stance.GoesOn.PART.label),
        without_grant=WITHOUT[side.cluster],
        says=bids.told(side, Stance.Says.GO.label),
    )
    side.press("Answer for your side")
    side.hears("Saved. The other side can see it too.")


def _decide(odile: Side, houda: Side) -> None:
    """Both say what they would do without the grant; then it is in preparation."""
    odile.write(says=bids.told(odile, Stance.Says.GO.label))
    odile.press("Answer for your side")
    odile.reads("Choose how much would continue without the grant.")
    odile.visitor.complaints.clear()  # the browser notes the refusal as one
    _answer(odile)
    odile.sees(bids.told(odile, Bid.State.EXPLORING.label))
    houda.visitor.go(houda.room)
    houda.press("Answer", houda.part("Waiting for you"))
    houda.sees(WITHOUT[LYON])
    look(houda.visitor, "bid-decide")
    _answer(houda)
    for side in (odile, houda):
        side.page.reload()
        side.sees(bids.told(side, Bid.State.PREPARING.label), *WITHOUT.values())
    everything = ("partners", "coordinator", "conditions", "work", "budget", "signed")
    assert bids.list_missing(odile) == _named(odile, *everything)


def _find_who_is_missing(odile: Side, houda: Side, bid: str) -> None:
    """Each notes its cluster; a third country is missing, and the product finds it."""
    bids.go_to(odile, "Consortium")
    look(odile.visitor, "bid-consortium-none")
    bids.add_partner(odile, LYON, leads=True, party=LYON.name, nonprofit=odile.said("Yes"))
    houda.visitor.go(bid)
    bids.go_to(houda, "Consortium")
    bids.add_partner(houda, CAIRO, party=CAIRO.name, nonprofit=houda.said("Yes"))
    for side in (odile, houda):
        side.page.reload()
        missing = side.page.locator(".pt-missing li")
        expect(missing).to_have_count(1)
        expect(missing).to_contain_text(
            side.said(
                "%(count)d more participant is needed.",
                "%(count)d more participants are needed.",
                1,
                count=1,
            )
        )
        bids.look_both(side, f"bid-consortium-missing-{side.cluster.language}")
    odile.press("Search for partners", odile.page.locator("section[aria-labelledby=says-h]"))
    look(odile.visitor, "bid-search")
    odile.write(least="3", most="3")
    odile.press("Find the best consortia")
    best = odile.page.locator("#proposal-1")
    expect(best).to_contain_text(TURIN.name, timeout=90_000)  # the page looks itself how far it is
    odile.reads("Add these to the bid", within=best)
    bids.look_both(odile, "bid-proposals")
    odile.press("Add these to the bid", best)
    odile.sees(TURIN.name)
    expect(odile.page.locator(".pt-missing")).to_have_count(0)


def _ask_all(odile: Side, houda: Side, guest: Side, stage: Stage) -> None:
    """Two sign their letters in their accounts, the third by the link in a mail."""
    row = bids.row_of(odile, TURIN.name)
    odile.leave_by(row.locator("a[href*='#id_contact_email']"))
    odile.write(
        contact_name=guest.person,
        contact_email=TURIN.people[0][1],
        language="English",
        brings=BRINGS,
    )
    odile.press("Save")
    for one in (TURIN, LYON, CAIRO):
        bids.ask(odile, one.name)
    bids.look_both(odile, "bid-consortium-asked")
    subject = guest.said(
        "Would %(name)s like to take part in “%(bid)s”?", name=TURIN.name, bid=ACRONYM
    )
    stage.open_mail(guest, subject)
    guest.sees(TITLE, IDEA, BRINGS, LYON.name, CAIRO.name)
    bids.look_both(guest, "bid-link")
    bids.sign_by_link(guest, without=True)
    guest.reads("You’re taking part")
    look(guest.visitor, "bid-link-signed")
    odile.visitor.go("/bids/")
    look(odile.visitor, "bid-own-list")
    odile.follow(TITLE)
    look(odile.visitor, "bid-own")
    bids.sign_letter(odile, LYON.name)
    houda.visitor.go(houda.room)
    houda.press("Read and sign", houda.part("Waiting for you"))
    look(houda.visitor, "bid-own-ar")
    bids.sign_letter(houda, CAIRO.name)


def _plan_and_reckon(odile: Side, houda: Side, bid: str) -> None:
    """Plan the work, and write the money: at first it is too much."""
    houda.visitor.go(bid)
    bids.go_to(houda, "Work plan")
    look(houda.visitor, "bid-plan-none")
    houda.press("Start with four usual work packages")
    bids.lead(houda, ("", CAIRO.name, TURIN.name, LYON.name))
    bids.look_both(houda, "bid-plan-ar")
    bids.go_to(houda, "Budget")
    bids.write_figures(houda, CAIRO.name, rate="4000", months=("1", "8", "4", "2"))
    bids.save_figures(houda)
    odile.visitor.go(bid)
    bids.go_to(odile, "Budget")
    bids.write_figures(odile, TURIN.name, rate="6000", months=("", "2", "8", ""))
    bids.save_figures(odile)
    bids.write_figures(odile, LYON.name, rate="6000", months=("8", "4", "4", "4"))
    # Sums follow what is typed, before anything is saved.
    expect(odile.page.locator("[data-sum=request]")).to_have_text(re.compile(r"150\s000"))
    look(odile.visitor, "bid-budget-typed")
    bids.save_figures(odile)
    for side in (odile, houda):
        side.visitor.go(f"{bid}budget/")
        side.reads(
            "The consortium requests %(amount)s more than the largest grant.",
            amount=bids.told_sum(side, 27_500),
        )
        bids.look_both(side, f"bid-budget-above-{side.cluster.language}")
    assert bids.list_missing(houda) == _named(houda, "budget", "signed")
    bids.go_to(odile, "Budget")
    bids.write_figures(odile, LYON.name, rate="6000", months=("3", "4", "4", "4"))
    bids.save_figures(odile)
    odile.reads("It fits what the call says about amounts.")
    bids.look_both(odile, "bid-budget")


def _bring_documents(odile: Side) -> None:
    """A document has to be there; its second version keeps the first."""
    bids.go_to(odile, "Documents")
    look(odile.visitor, "bid-papers-none")
    odile.write(title="Proposition", is_required=True)
    bids.bring(odile, odile.page.locator("#bring"), "proposition-1.txt", "Six salles.\n")
    paper = odile.page.locator(".bp-paper")
    odile.unfold("New version", paper)
    odile.write(news="Qui entretient les salles")
    bids.bring(
        odile, paper.locator("details[open]"), "proposition-2.txt", "Six salles, et après.\n"
    )
    odile.reads("version %(number)s", number=2)
    odile.unfold("%(counter)s earlier version", paper, counter=1)
    odile.sees("proposition-1.txt", "Qui entretient les salles")
    look(odile.visitor, "bid-papers")


def _sign_twice(odile: Side, houda: Side, guest: Side, stage: Stage, bid: str) -> None:
    """All sign what was put before them; a change of it voids that, and all sign again."""
    assert bids.list_missing(odile) == _named(odile, "signed")
    bids.look_both(odile, "bid-submission")
    odile.press("Send to all partners for signature")
    odile.hears("It has been sent to all partners for signature.")
    subject = guest.said("Please sign the bid “%(bid)s”", bid=ACRONYM)
    _sign_the_bid(houda, guest, stage, bid, subject)
    assert bids.list_missing(odile) == []
    odile.reads("signed by all")
    houda.visitor.go(f"{bid}budget/")
    bids.write_figures(houda, CAIRO.name, rate="4000", months=("1", "7", "4", "2"))
    bids.save_figures(houda)
    assert bids.list_missing(odile) == _named(odile, "signed")
    odile.reads("The signatures are no longer valid")
    odile.sees(houda.said("The budget of %(name)s changed.", name=CAIRO.name))
    look(odile.visitor, "bid-submission-void")
    odile.press("Send to all partners for signature again")
    again = guest.said(
        "Something has changed since we last wrote to you. Here is the current "
        "version; your previous link no longer works."
    )
    _sign_the_bid(houda, guest, stage, bid, subject, again)
    assert bids.list_missing(odile) == []
    bids.look_both(odile, "bid-submission-signed")


def _sign_the_bid(houda: Side, guest: Side, stage: Stage, bid: str, *mail: str) -> None:
    """One side signs on the page of the submission, the third partner by its link."""
    houda.visitor.go(f"{bid}submission/")
    look(houda.visitor, "bid-sign-ar")
    houda.press("Sign for %(name)s", name=CAIRO.name)
    houda.hears("You have signed.")
    stage.open_mail(guest, *mail)
    guest.reads("The bid is waiting for your signature")
    look(guest.visitor, "bid-link-sign")
    bids.sign_by_link(guest)
    guest.reads("You’re taking part and have signed the bid")


def _submit(odile: Side, houda: Side, bid: str) -> None:
    """It is noted as sent; from then on nobody writes in it."""
    odile.write(number=NUMBER)
    odile.press("Mark as submitted")
    odile.hears("Recorded as submitted. It can no longer be edited.")
    odile.sees(NUMBER)
    look(odile.visitor, "bid-submitted")
    for side in (odile, houda):
        side.visitor.go(bid)
        side.sees(bids.told(side, Bid.State.SUBMITTED.label))
        for tab in ("Bid", "Consortium", "Work plan", "Budget", "Documents"):
            bids.go_to(side, tab)
            assert bids.fields_of(side.page) == 0, tab
        bids.go_to(side, "Budget")
        side.follow(LYON.name)
        assert bids.fields_of(side.page) == 0


def _lose(houda: Side) -> None:
    """Half a year later the room asks for the answer; it was no, and something was learned."""
    houda.visitor.go(houda.room)
    houda.press("Record the result", houda.part("Waiting for you"))
    houda.write(answer=bids.told(houda, Bid.State.LOST.label), decided_on=deeds.day(-3))
    houda.write(learned=LEARNED)
    houda.press("Save the decision")
    houda.hears("Saved. The other side can see it too.")
    houda.sees(bids.told(houda, Bid.State.LOST.label), LEARNED)
    bids.look_both(houda, "bid-lost-ar")


def _begin_anew(odile: Side, bid: str) -> None:
    """The consortium is kept for the next call."""
    bids.note_call(odile, NEXT_CALL, "CULTURE-02")
    odile.visitor.go(f"{bid}submission/")
    odile.sees(LEARNED)
    odile.press("Start another bid with this consortium")
    odile.page.locator("main label", has_text=NEXT_CALL).click()
    odile.write(title="Des musées pour tous les sens")
    look(odile.visitor, "bid-copy")
    odile.press("Start the bid")
    odile.hears("Another bid has been started. All its partners need to be invited again.")
    odile.sees(ACRONYM, NEXT_CALL)
    bids.go_to(odile, "Consortium")
    odile.sees(LYON.name, CAIRO.name, TURIN.name)
    odile.reads("Not invited yet")
    bids.go_to(odile, "Budget")
    odile.sees(LYON.name)


def _publish(odile: Side, houda: Side, browser: Browser, stage: Stage) -> None:
    """Both sign what the world reads of them; a stranger reads it on a phone."""
    odile.visitor.go(odile.room)
    odile.open("Alliance")
    look(odile.visitor, "alliance-none")
    odile.press("Write the public page")
    odile.write(
        headline=HEADLINE, language="Français", about=ABOUT, contact="pole@rocaille.example"
    )
    odile.press("Save")  # what it would be like is open now
    odile.sees(HEADLINE, ABOUT)
    bids.look_both(odile, "alliance-preview")
    odile.press("Send for signature")
    odile.hears("Signed for your side. The other side has been asked to sign.")
    stranger = bids.arrive(browser, stage, NOBODY)
    stranger.visitor.go("/alliances/")
    expect(stranger.page.get_by_text(HEADLINE)).to_have_count(0)
    deeds.sign_what_waits(houda)
    stranger.page.reload()
    stranger.follow(HEADLINE)
    stranger.sees(ABOUT, LYON.name, CAIRO.name, "pole@rocaille.example")
    assert LEARNED not in stranger.page.content()
    bids.look_both(stranger, "alliance-public")
    assert stranger.visitor.complaints == []


def _shut_out(browser: Browser, stage: Stage, *sides: Side) -> None:
    """A manager of a third cluster finds no page of the bid; who is not signed in, the door."""
    seen = {path.partition("?")[0] for side in sides for path in side.seen}
    # Where an answer was refused; only sending one leads there.
    seen = {path for path in seen if not path.endswith("/stance/")}
    assert len(seen) > 20, seen
    stranger = sit_down(browser, stage.product, ELSEWHERE)
    assert {path: deeds.status_of(stranger, path) for path in seen} == dict.fromkeys(seen, 404)
    stranger.visitor.go("/bids/")
    assert TITLE not in stranger.page.content()
    nobody = browser.new_context().request
    for path in seen:
        answer = nobody.get(stage.product.url + path, max_redirects=0)
        assert (answer.status, "/accounts/login/" in answer.headers["location"]) == (302, True)
