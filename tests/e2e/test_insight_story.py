"""What two clusters see coming, and what a board reads of them: figures, a radar, a network, a mail.

Athens has its figures worked out, and opens one down to its rows; both sides weigh what is coming,
each for its own members; from a need that nobody answered Paris brings two companies together.
Athens tries whom it should know, and takes the board along; somebody else sees none of it.
"""

import csv
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from proxeny.insight.outcome_presenters import FUNNEL
from tests.e2e import insight_deeds as insight
from tests.e2e import room_deeds as deeds
from tests.e2e.assessment_stage import Stage
from tests.e2e.bid_deeds import told
from tests.e2e.insight_deeds import ATHENS, DESK, ELSEWHERE, LAB, NEEDS, OFFERS, PARIS, PORT, TOPIC
from tests.e2e.label_deeds import take_along
from tests.e2e.two_sides import Side, letter_to, sit_down, text_of

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(900)]

WHY, OTHERWISE = "Κάθε καρέκλα θα έχει ένα.", "Le textile d’abord, les meubles plus tard."


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The product on which the story is played."""
    with insight.set_the_stage() as made:
        yield made


def test_from_the_first_figures_to_the_quarterly_mail(
    stage: Stage, browser: Browser, tmp_path: Path
):
    iro, rosine = (sit_down(browser, stage.product, one) for one in (ATHENS, DESK))
    for side in (iro, rosine):
        side.enter(stage.room)
    _work_out(iro)
    _open_a_figure(iro)
    trend = _notice(iro)
    _weigh_otherwise(rosine, trend)
    _bring_together(rosine)
    _try_a_link(iro)
    _take_the_board(iro, tmp_path)
    _read_the_mail(stage, iro)
    stranger = sit_down(browser, stage.product, ELSEWHERE)
    pages = sorted(iro.seen | rosine.seen)
    assert len(pages) > 8
    assert {deeds.status_of(stranger, path) for path in pages} == {404}
    for side in (iro, rosine, stranger):
        assert side.visitor.complaints == []


def _work_out(iro: Side) -> None:
    """Open the board before there is anything on it, and have it made."""
    iro.visitor.go(f"{iro.room}board/")
    iro.reads("No figures yet")
    insight.look_well(iro, "insight-board-none")
    insight.work_out(iro)
    lead = iro.page.locator(".bd-lead .px-stat", has_text=iro.said("Meetings held"))
    expect(lead.locator(".px-stat-value")).to_have_text(str(insight.HELD))
    insight.look_well(iro, "insight-board")


def _open_a_figure(iro: Side) -> None:
    """From the board to a figure, and down to the meetings that it counts."""
    iro.press("Outcomes")
    insight.look_well(iro, "insight-outcomes")
    iro.follow(told(iro, FUNNEL["held"].label))
    rows = iro.page.locator("main table tbody tr")
    expect(rows).to_have_count(insight.HELD)
    iro.sees(NEEDS, OFFERS)
    insight.look_well(iro, "insight-figure")


def _notice(iro: Side) -> str:
    """Put what rises in texts on the radar, and weigh it; return its address."""
    iro.visitor.go(f"{iro.room}radar/")
    iro.reads("Nothing on the radar yet")
    row = iro.page.locator("#found tbody tr", has_text=re.compile(TOPIC, re.IGNORECASE)).first
    expect(row).to_contain_text(iro.said("rises"))
    insight.look_well(iro, "insight-topics")
    iro.leave_by(row.locator("form button"))
    iro.sees("igital product passport")
    trend = iro.page.url.removeprefix(iro.visitor.base).partition("#")[0]
    insight.weigh(iro, "5 · to nearly all", WHY)
    iro.sees(WHY)
    insight.look_well(iro, "insight-trend")
    return trend


def _weigh_otherwise(rosine: Side, trend: str) -> None:
    """The other side reads it in French, sees it less near, and says so."""
    rosine.visitor.go(f"{rosine.room}radar/")
    insight.look_well(rosine, "insight-radar")
    rosine.leave_by(rosine.page.locator("main table a[href*='/radar/']").first)
    assert rosine.page.url.endswith(trend)
    rosine.sees(WHY)
    insight.weigh(rosine, "2 · a little", OTHERWISE)
    rosine.sees(WHY, OTHERWISE)


def _bring_together(rosine: Side) -> None:
    """From the table to a gap, and from the need to an introduction by its own desk."""
    rosine.visitor.go(f"{rosine.room}needs/")
    rosine.reads("Not counted yet: recalculate the figures.")
    insight.work_out(rosine)
    rosine.reads("no open call", within=rosine.page.locator("#table"))
    insight.look_well(rosine, "insight-needs")
    rosine.leave_by(rosine.page.locator("main tbody th a").first)
    rosine.sees(NEEDS, insight.NEED, OFFERS)
    insight.look_well(rosine, "insight-gap")
    rosine.press("Introduce to %(name)s", name=OFFERS)
    rosine.sees(NEEDS, OFFERS)
    reason = rosine.page.locator("main [name=reason]")
    expect(reason).to_have_value(re.compile(re.escape(insight.NEED)))
    rosine.leave_by(rosine.page.locator("main form.px-form button.btn-primary"))
    rosine.hears("Introduction saved. No one has been asked yet.")
    rosine.sees(NEEDS, OFFERS)


def _try_a_link(iro: Side) -> None:
    """Whom to win, who could introduce us, and where we would stand then."""
    iro.visitor.go("/network/position/")
    iro.reads("Suggested partners")
    best = iro.page.locator(".nw-best li", has_text=PORT)
    iro.reads("Could introduce you:")
    expect(best).to_contain_text(LAB)
    insight.look_well(iro, "insight-network")
    for tab in ("Diagram", "Map", "Organisations"):
        _turn(iro, tab)
        iro.page.wait_for_load_state("networkidle")
        insight.look_well(iro, f"insight-network-{tab.lower()}")
    _turn(iro, "What if")
    iro.write(find=PORT)
    iro.press("Find")
    iro.press("With this partner")
    tried = iro.page.locator("main .nw-tried")
    iro.reads("Where you would stand", within=tried)
    now, then = tried.locator("tbody tr").first.locator("td").all_inner_texts()
    assert int(then) == int(now) + 1
    insight.look_well(iro, "insight-what-if")


def _turn(iro: Side, tab: str) -> None:
    """Open another page of the network."""
    iro.press(tab, iro.page.get_by_role("navigation", name=iro.said("Pages of the network")))


def _take_the_board(iro: Side, tmp_path: Path) -> None:
    """Take the board along as a table that programs read, and as a PDF."""
    iro.visitor.go(f"{iro.room}board/")
    table = take_along(iro, "CSV", tmp_path)
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["figure"]: row for row in csv.DictReader(file)}
    assert float(rows["meetings_held"]["value"]) == insight.HELD
    assert {row["side"] for row in rows.values()} == {ATHENS.name}
    pdf = PdfReader(BytesIO(take_along(iro, "Download PDF", tmp_path).read_bytes()))
    text = "\n".join(page.extract_text() for page in pdf.pages)
    assert iro.said("Meetings held") in " ".join(text.split())


def _read_the_mail(stage: Stage, iro: Side) -> None:
    """A quarter is over: the managers of both sides get its figures, each in their language."""
    insight.write_mails(stage)
    letter_to(stage.inbox, PARIS.people[0][1], "Athens – Paris")
    letter = text_of(letter_to(stage.inbox, ATHENS.people[0][1], "Athens – Paris"))
    assert f"{iro.said('Meetings held')}: {insight.HELD}" in letter
    stage.open_mail(iro, "Athens – Paris")
    iro.reads("The board")
    # The ambassador has not asked for it.
    assert not [one for one in stage.inbox.messages if one["To"] == DESK.people[0][1]]
