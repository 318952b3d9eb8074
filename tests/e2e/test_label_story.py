"""One label from its first draft to an award that is revoked: a Greek and a French cluster.

Both sides write and sign what it asks for; companies of both countries apply; jurors of both score,
one of them on a phone without a network; the round is decided, and the awards are signed by both.
Somebody without an account checks one of them: while it holds, altered, and once it is revoked.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import label_deeds as labels
from tests.e2e import room_deeds as deeds
from tests.e2e.assessment_stage import Stage
from tests.e2e.bid_deeds import arrive
from tests.e2e.conftest import look
from tests.e2e.label_deeds import ATHENS, BRUNO, BUOYS, NETS, PARIS, PHOEBUS, THALIA, WINCHES
from tests.e2e.two_sides import Side, letter_to, sit_down, text_of

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(900)]

TITLE, IN_FRENCH = "Two Shores", "Deux Rivages"
ABOUT, ABOUT_FR = "Ports of both shores use it.", "Des ports des deux rives s’en servent."
ROUND = "Spring"
MENDS, LIFTS, WARNS = "شباك ترمّم نفسها", "Winches that listen", "Des bouées qui préviennent"
SUMMARY = "شباك تُظهر أين تتمزق."
REMARK = "Douze ports, c’est bien plus que l’an dernier."
REAL, ALTERED = (
    "This award is genuine and valid until",
    "This file was changed after it was signed.",
)
REVOKED = "This award is no longer valid: the clusters that issued it revoked it on"
WHY = "The nets were bought, not made."
BETTER = "Show two ports where it listens for a year."


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The product on which the story is played."""
    with labels.set_the_stage() as made:
        yield made


def test_from_a_draft_to_an_award_that_is_revoked(stage: Stage, browser: Browser, tmp_path: Path):
    danae, maud = (sit_down(browser, stage.product, one) for one in (ATHENS, PARIS))
    for side in (danae, maud):
        side.enter(stage.room)
    stranger = arrive(browser, stage, labels.NOBODY)
    label = _begin(danae)
    _sign_the_label(danae, maud, label)
    for side in (danae, maud):
        labels.make_key(side, label)
    address = _open_a_round(danae, maud, label)
    companies = _apply(stage, browser, stranger)
    jury = _judge(stage, browser, danae, maud, address)
    _score(jury)
    _talk(danae, maud, jury, address)
    _decide(stage, danae, maud, companies, address)
    award = _award(stage, danae, maud, companies, address)
    badge = _check(stranger, award, tmp_path)
    _revoke(danae, maud, stranger, badge, label)
    for side in (danae, maud, stranger, *companies, *jury):
        assert side.visitor.complaints == []


def _begin(danae: Side) -> str:
    """Begin a label with the example, change a quota, and translate all; return its address."""
    danae.visitor.go(f"{danae.room}labels/")
    labels.look_around(danae, "label-none")
    danae.press("New label")
    danae.write(
        title=TITLE,
        slug="two-shores",
        languages=("en", "fr"),
        about=ABOUT,
        recognition="Both clusters vouch for it.",
        audience="Whoever works in a port.",
        per="2",
        is_anonymous=True,
        conflicts="Family, work or money in common.",
        appeals="Write to us on your own page.",
        contact="label@meltemi.example",
    )
    danae.press("Save")
    danae.sees(TITLE)
    address = labels.address_of(danae)
    danae.press("Start with an example")
    danae.hears("An example to start with: replace it with what suits your label.")
    # So that one of two places is kept for France.
    danae.follow("France")
    danae.write(least="50")
    danae.press("Save")
    look(danae.visitor, "label-scheme")
    labels.look_around(danae, "label-scheme")
    labels.turn_to(danae, "Texts")
    labels.look_around(danae, "label-texts")
    labels.translate_all(danae, {TITLE: IN_FRENCH, ABOUT: ABOUT_FR})
    return address


def _sign_the_label(danae: Side, maud: Side, label: str) -> None:
    """One side puts the label before the other, which reads it in French, and signs."""
    labels.turn_to(danae, "Publication")
    danae.sees(ABOUT)
    labels.look_around(danae, "label-publication")
    danae.press("Send for signature")
    danae.hears("Signed for your side. The other side has been asked to sign.")
    maud.visitor.go(label)
    labels.turn_to(maud, "Publication")
    maud.sees(IN_FRENCH, ABOUT_FR)
    labels.look_around(maud, "label-publication-waits")
    labels.sign_here(maud)
    danae.visitor.go("/labels/")
    danae.sees(TITLE)


def _open_a_round(danae: Side, maud: Side, label: str) -> str:
    """Plan a round and publish it; both ask their jurors. Return its address."""
    danae.visitor.go(label)
    labels.turn_to(danae, "Rounds")
    danae.press("Plan the first round")
    danae.write(
        title=ROUND,
        opens_at=labels.clock(-1),
        closes_at=labels.clock(1),
        places="2",
        decides_on=deeds.day(20),
    )
    danae.press("Save")
    address = labels.address_of(danae)
    danae.press("Publish the round")
    danae.hears("Round published. Everyone can see when and how to apply.")
    labels.look_around(danae, "label-round")
    danae.press("Invite jurors")
    labels.ask_jurors(danae, THALIA, PHOEBUS)
    maud.visitor.go(address)
    labels.turn(maud, "Jury")
    labels.ask_jurors(maud, BRUNO)
    labels.look_around(maud, "label-jury")
    return address


def _apply(stage: Stage, browser: Browser, stranger: Side) -> list[Side]:
    """A stranger reads of it; three companies apply, one of them on a phone."""
    stranger.visitor.go("/labels/")
    stranger.follow(TITLE)
    stranger.sees(ABOUT, ATHENS.name, PARIS.name, ROUND)
    look(stranger.visitor, "label-public")
    salma = sit_down(browser, stage.product, NETS, width=390)
    page = stranger.page.url.removeprefix(stranger.visitor.base)
    labels.begin_application(salma, page, MENDS)
    salma.write(summary=SUMMARY)
    labels.wait_until_saved(salma)
    salma.page.reload()
    expect(salma.page.locator("main [name=summary]")).to_have_value(SUMMARY)
    labels.give_own(labels.indicators_of(salma)[0], 1, SUMMARY)
    standing = salma.page.locator("#standing")
    expect(standing).to_contain_text(salma.said("%(gap)s short", gap=1))
    look(salma.visitor, "label-application-gap")
    labels.write_application(salma, summary=SUMMARY, points=5)
    labels.wait_until_saved(salma)
    labels.bring(salma, "nets.txt", "Twelve ports mend their nets with it.\n")
    labels.hand_in(salma)
    look(salma.visitor, "label-receipt")
    receipt = salma.page.locator("main code.ap-digest").first.inner_text()
    letter = text_of(letter_to(stage.inbox, NETS.people[0][1], MENDS))
    assert receipt in letter
    others = [(WINCHES, LIFTS, 4), (BUOYS, WARNS, 3)]
    sides = [salma]
    for company, title, points in others:
        side = sit_down(browser, stage.product, company)
        labels.begin_application(side, page, title)
        labels.write_application(side, summary=title, points=points)
        labels.hand_in(side)
        sides.append(side)
    return sides


def _judge(stage: Stage, browser: Browser, danae: Side, maud: Side, address: str) -> list[Side]:
    """The round closes; the jurors declare, and the best assignment is taken."""
    labels.close_rounds(stage)
    maud.visitor.go(f"{address}applications/")
    maud.sees(MENDS, LIFTS, WARNS)
    labels.look_around(maud, "label-applications")
    labels.turn(maud, "Round")
    maud.press("Start judging")
    maud.hears(
        "Judging has started. Jurors are asked to declare their conflicts of interest first."
    )
    thalia = sit_down(browser, stage.product, THALIA, width=390)
    bruno, phoebus = (sit_down(browser, stage.product, one) for one in (BRUNO, PHOEBUS))
    jury = [thalia, bruno, phoebus]
    for side in jury:
        subject = side.said("Before you start: the applicants for “%(label)s”", label=TITLE)
        stage.open_mail(side, subject)
        side.sees(NETS.name, WINCHES.name, BUOYS.name)
    look(thalia.visitor, "label-declare")
    labels.look_around(thalia, "label-declare")
    for side, conflict in zip(jury, ({}, {}, {NETS.name: "I own a part of it."}), strict=True):
        labels.declare(side, conflict)
    danae.visitor.go(address)
    danae.press("Propose assignments")
    row = danae.page.locator("main tbody tr", has_text=MENDS)
    danae.sees(THALIA.people[0][0], BRUNO.people[0][0], within=row)
    assert PHOEBUS.people[0][0] not in row.inner_text()
    look(danae.visitor, "label-assignment")
    labels.look_around(danae, "label-assignment")
    danae.press("Assign this way")
    expect(danae.page.locator("#toasts")).to_contain_text(
        danae.said(
            "%(count)d assignment made. The jurors will be notified by email.",
            "%(count)d assignments made. The jurors will be notified by email.",
            6,
            count=6,
        )
    )
    return jury


def _score(jury: list[Side]) -> None:
    """All are scored; one juror reads on a phone, and is for a while without a network."""
    thalia, bruno, _phoebus = jury
    given = {MENDS: ("5", "4.5"), LIFTS: ("4", "3.5"), WARNS: ("3.5", "3")}
    thalia.visitor.go("/jury/")
    thalia.follow(TITLE)
    labels.look_around(thalia, "label-own-jury")
    labels.open_reading(thalia, MENDS)
    assert NETS.name not in thalia.page.locator("main").inner_text()
    look(thalia.visitor, "label-score")
    labels.look_around(thalia, "label-score")
    thalia.page.context.set_offline(True)
    labels.score(thalia, "5")
    thalia.write(overall="Twelve ports are no chance.")
    thalia.reads("Saved on this device, to be sent")
    thalia.page.context.set_offline(False)
    thalia.reads("Saved", within=thalia.page.locator("[data-state]"))
    thalia.visitor.complaints.clear()  # the browser notes what it could not send as one
    labels.finish(thalia)
    for side in jury:
        labels.score_all(side, TITLE, {title: each[side is bruno] for title, each in given.items()})


def _talk(danae: Side, maud: Side, jury: list[Side], address: str) -> None:
    """Both look at how strict each juror is; then the jury talks it over."""
    thalia, bruno, _phoebus = jury
    danae.visitor.go(f"{address}scores/")
    danae.reads("How strict each juror is", "Where jurors disagree most")
    danae.sees(THALIA.people[0][0], BRUNO.people[0][0])
    look(danae.visitor, "label-scores")
    labels.look_around(danae, "label-scores")
    labels.turn(danae, "Round")
    danae.press("Start the discussion")
    for side in (bruno, thalia):
        side.visitor.go("/jury/")
        side.follow(TITLE)
        labels.open_reading(side, MENDS)
        side.press("See the others’ scores and discuss")
    bruno.write(text=REMARK)
    bruno.press("Add remark")
    thalia.page.reload()
    thalia.sees(REMARK)
    assert BRUNO.people[0][0] not in thalia.page.locator("main").inner_text()
    labels.look_around(thalia, "label-discussion")
    maud.visitor.go(f"{address}scores/")
    maud.leave_by(maud.page.locator("main a", has_text=MENDS))
    maud.sees(REMARK)
    labels.look_around(maud, "label-scores-one")


def _decide(stage: Stage, danae: Side, maud: Side, companies: list[Side], address: str) -> None:
    """One of two places is for France, and costs ten points; both decide, write and read."""
    danae.visitor.go(f"{address}selection/")
    quotas = danae.page.locator("#quotas")
    danae.sees(LIFTS, WARNS, within=quotas)
    look(danae.visitor, "label-selection")
    labels.look_around(danae, "label-selection")
    danae.write(present="Danaé, Maud, Thalia, Bruno.")
    danae.press("Propose the decision")
    danae.hears(
        "Confirmed for your side. It takes effect once the other side has confirmed it too."
    )
    labels.look_around(danae, "label-proposed")
    stage.open_mail(maud, maud.said("Confirm a decision: “%(round)s”", round=ROUND))
    maud.sees(LIFTS)
    labels.look_around(maud, "label-confirm")
    maud.press("Confirm for your side")
    maud.reads("Minutes")
    danae.visitor.go(f"{address}results/")
    labels.look_around(danae, "label-results")
    labels.look_around(maud, "label-decision")
    labels.turn(maud, "Results and awards")
    maud.leave_by(maud.page.locator("main th a", has_text=LIFTS))
    maud.write(improvements=BETTER)
    labels.look_around(maud, "label-letter")
    maud.press("Save the letter")
    labels.turn(maud, "Results and awards")
    maud.press("Send them all")
    theo = companies[1]
    theo = companies[1]
    stage.open_mail(theo, theo.said("The decision on “%(title)s”", title=LIFTS))
    theo.reads("Your points", "If you disagree")
    theo.sees(BETTER)
    labels.look_around(theo, "label-own-result")


def _award(stage: Stage, danae: Side, maud: Side, companies: list[Side], address: str) -> str:
    """Both sign the awards, each with its own key; return the address of the first one's page."""
    danae.visitor.go(f"{address}awards/")
    danae.sees(MENDS, WARNS)
    danae.press("Send the awards for signature")
    danae.hears("Signed for your side. The other side has been asked to sign.")
    maud.visitor.go(f"{address}awards/")
    labels.look_around(maud, "label-awards-wait")
    labels.sign_here(maud)
    maud.visitor.go(f"{address}awards/")
    maud.follow(MENDS)
    proofs = maud.page.locator("section[aria-labelledby=proofs-h] li")
    expect(proofs).to_have_count(2)
    maud.sees(ATHENS.name, PARIS.name)
    look(maud.visitor, "label-award-room")
    labels.look_around(maud, "label-award-room")
    salma = companies[0]
    subject = salma.said(
        "“%(title)s” has been awarded the label %(label)s", title=MENDS, label=TITLE
    )
    stage.open_mail(salma, subject)
    salma.sees(NETS.name)
    return labels.address_of(salma)


def _check(stranger: Side, award: str, tmp_path: Path) -> Path:
    """Somebody without an account takes the badge along, and checks it: it is real, altered not."""
    stranger.visitor.go(award)
    stranger.sees(MENDS, NETS.name, ATHENS.name, PARIS.name)
    look(stranger.visitor, "label-award")
    labels.look_around(stranger, "label-award")
    badge, file = (
        labels.take_along(stranger, text, tmp_path) for text in ("Badge as PNG", "Award as JSON")
    )
    labels.verify(stranger, badge)
    stranger.sees(REAL)
    labels.look_around(stranger, "label-verified")
    told = file.read_text()
    assert "Gold" in told
    file.write_text(told.replace("Gold", "Bold"))
    labels.verify(stranger, file)
    stranger.sees(ALTERED)
    look(stranger.visitor, "label-altered")
    return badge


def _revoke(danae: Side, maud: Side, stranger: Side, badge: Path, label: str) -> None:
    """Both sign that an award holds no more; who checks it reads so, and why."""
    danae.visitor.go(label)
    labels.turn_to(danae, "Awards")
    danae.follow(MENDS)
    danae.unfold("Revoke the award")
    danae.write(reason=WHY)
    danae.press("Send for signature", danae.page.locator("details[open]"))
    danae.hears("Signed for your side. The other side has been asked to sign.")
    labels.verify(stranger, badge)
    stranger.sees(REAL)
    deeds.sign_what_waits(maud)
    labels.verify(stranger, badge)
    stranger.sees(REVOKED)
    stranger.sees(WHY)
    labels.look_around(stranger, "label-revoked")
