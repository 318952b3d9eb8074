"""The chapter in which two clusters plan together, until they sign that they work together."""

from collections.abc import Sequence

from tests.e2e.conftest import look
from tests.e2e.room_deeds import (
    TODAY,
    count_by,
    day,
    enter_stage,
    gate_of,
    keep,
    list_missing,
    told_names,
)
from tests.e2e.two_sides import Cluster, Side

GOAL, COUNTED = "Games in museums", "Museums that show a game of the other city"
CHOOSE, REACHED = "Choose ten studios", "First mission done"
RISK, FUND = "The museums have no time", "Games fund of the region"
LAST_WORD = "7. What stands in a museum stays there for a year."


def plan_together(athens: Side, paris: Side) -> None:
    """All that working together asks for is put there by both, until they sign that they do."""
    both = (athens.cluster, paris.cluster)
    for side in (athens, paris):
        names = told_names(side, *(one.name for one in both))
        assert list_missing(side, "Working together") == [
            side.said("No objectives yet."),
            side.said("The plan is empty."),
            side.said("No one is in charge of anything at %(names)s.", names=names),
            side.said("No risks recorded yet. Every plan has some."),
            side.said("The exit plan isn’t signed by all sides."),
            side.said("No catch-up frequency is agreed."),
        ]
    look(paris.visitor, "story-gate")
    paris.open("Goals")
    keep(paris, "New objective", title=GOAL, due_on=day(365))
    count_by(paris, GOAL, title=COUNTED, unit="museums", target="10")
    _draw_plan(athens, both)
    _weigh_risk(athens, paris, both)
    for side in (athens, paris):
        side.open("Stages and texts")
        side.write(person=side.person)
        side.press("Save", side.part("Contact for each side"))
    athens.open("Give and take")
    heading = athens.page.get_by_role("heading", name=athens.said("Face to face"), exact=True)
    card = athens.page.locator(".px-card", has=heading)
    card.get_by_label(athens.said("How often")).select_option(label=athens.said("every six months"))
    athens.press("Save", card)
    _plan_exit(paris, athens)
    _find_money(athens, paris.cluster)
    for side in (paris, athens):
        assert list_missing(side, "Working together") == []
    enter_stage("Working together", athens, paris, gate_of(athens, "Working together"))


def _draw_plan(side: Side, both: Sequence[Cluster]) -> None:
    side.open("Plan")
    keep(
        side,
        "New activity",
        charged=both,
        title=CHOOSE,
        starts_on=day(1),
        ends_on=day(14),
        cost="9000",
        core=True,
    )
    keep(
        side,
        "New activity",
        charged=both,
        title=REACHED,
        starts_on=day(22),
        ends_on=day(22),
        is_milestone=True,
        needs=CHOOSE,
    )
    row = side.page.get_by_role("row", name=REACHED)
    side.sees(CHOOSE, *(one.people[1][0] for one in both), within=row)


def _weigh_risk(first: Side, second: Side, both: Sequence[Cluster]) -> None:
    first.open("Risks")
    keep(
        first,
        "New risk",
        charged=both,
        title=RISK,
        response=first.said("Reduce it"),
        treatment="Two people know every museum.",
        review_on=day(180),
        inherent_likelihood=first.said("4 · likely"),
        inherent_impact=first.said("4 · serious"),
    )
    first.leave_by(first.page.locator("h3[id^='risk-'] a"))
    first.write(
        current_likelihood=first.said("3 · possible"),
        current_impact=first.said("4 · serious"),
        residual_likelihood=first.said("2 · unlikely"),
        residual_impact=first.said("3 · noticeable"),
    )
    first.press("Save")
    first.tap("Accept for our side: %(name)s", name=RISK)
    first.reads("still to sign")
    second.open("Risks")
    second.press("Read and sign")
    second.sees(RISK)
    second.press("Sign for your side")
    second.hears("You have signed.")


def _plan_exit(writer: Side, reader: Side) -> None:
    writer.open("Stages and texts")
    writer.press("Add")
    draft = writer.page.locator("main textarea").input_value()
    writer.write(text=f"{draft}\n\n{LAST_WORD}")
    writer.press("Sign and propose")
    reader.open("Stages and texts")
    reader.press("Read and sign")
    reader.sees(LAST_WORD)
    reader.press("Sign for your side")


def _find_money(side: Side, comes_to: Cluster) -> None:
    """The one thing that is missing still; the gate leads to where it is put right."""
    left = side.said("Not fully funded: %(names)s.", names=CHOOSE)
    assert list_missing(side, "Working together") == [left]
    condition = gate_of(side, "Working together").get_by_role("listitem")
    side.leave_by(condition.filter(has_text=side.said("Known funding")).get_by_role("link"))
    keep(side, "New source", name=FUND, kind=side.said("Regional grant"), party=comes_to.name)
    side.press("Add an amount from “%(name)s”", name=FUND)
    side.write(activity=CHOOSE, year=TODAY.year, amount="9000")
    side.press("Save")
