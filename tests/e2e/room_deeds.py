"""What people do in the room of a partnership again and again, whichever chapter they are in."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import formats, translation
from playwright.sync_api import Locator, expect

from proxeny.kernel.lists import join_items
from proxeny.partnerships.factors import FACTORS
from tests.e2e.two_sides import Cluster, Side

#: Today where the people of these clusters say that they are.
TODAY = datetime.now(ZoneInfo("Europe/Paris")).date()


def day(days: int) -> str:
    """So many days from today, as a field for a day takes it."""
    return (TODAY + timedelta(days=days)).isoformat()


def told_day(side: Side, days: int = 0) -> str:
    """So many days from today, as a side reads it."""
    with translation.override(side.cluster.language):
        return formats.date_format(TODAY + timedelta(days=days))


def told_names(side: Side, *names: str) -> str:
    """Names in a row, as a side reads them."""
    with translation.override(side.cluster.language):
        return join_items(names)


def keep(side: Side, button: str, *, charged: Sequence[Cluster] = (), **fields: object) -> None:
    """Press the button of a new record, write it, save it.

    With `charged`, somebody who is not the manager is put in charge for each of these clusters.
    """
    side.press(button)
    side.write(**fields)
    for cluster in charged:
        label = side.said("Person in charge at %(name)s", name=cluster.name)
        side.page.get_by_label(label).select_option(label=cluster.people[1][0])
    side.press("Save")
    side.hears("Saved. The other side can see it too.")


def count_by(side: Side, objective: str, **fields: object) -> None:
    """Say by which figure one would know that an objective is reached."""
    side.press("Add a key result to “%(name)s”", name=objective)
    side.write(**fields)
    side.press("Save")
    side.sees(str(fields["title"]))


def gate_of(side: Side, stage: str) -> Locator:
    """The part of the page of stages that says what the next one asks for."""
    return side.part("Next: %(stage)s", stage=side.said(stage))


def list_missing(side: Side, stage: str) -> list[str]:
    """What a stage asks for and is not there, as it is read."""
    side.open("Stages and texts")
    return gate_of(side, stage).locator("li.is-missing div > span.px-soft").all_inner_texts()


def sign_what_waits(side: Side) -> None:
    """From the first page of the room to the text that waits, and sign it."""
    side.visitor.go(side.room)
    side.press("Read and sign", side.part("Waiting for you"))
    side.press("Sign for your side")
    side.hears("You have signed.")


def sign_agreement(side: Side, text: str) -> None:
    """Read the newest text of the agreement on the first page of the room, and sign it."""
    side.visitor.go(side.room)
    side.sees(text)
    side.press("Sign for %(name)s", name=side.cluster.name)
    side.hears("You have signed.")


def enter_stage(stage: str, asks: Side, signs: Side, gate: Locator) -> None:
    """One side asks from the open gate, the other signs; both read where they stand."""
    asks.reads("everything in place", within=gate)
    asks.press("Sign and ask the other side", gate)
    asks.hears("Signed for your side. The other side has been asked to sign.")
    sign_what_waits(signs)
    for side in (asks, signs):
        side.visitor.go(side.room)
        expect(side.page.locator(".px-step.is-current")).to_contain_text(side.said(stage))


def answer_review(side: Side, given: Mapping[str, int], remarks: Mapping[str, str]) -> None:
    """Answer each question of a review alone: 4, unless something else is given for its factor."""
    side.press("Answer now")
    # Nothing of what anybody else answered stands there.
    expect(side.page.locator("main input:checked")).to_have_count(0)
    for factor in FACTORS:
        value = given.get(factor.code, 4)
        side.page.locator(f"label[for='{factor.code}-{value}']").click()
        if factor.code in remarks:
            statement = side.said(factor.statement)
            side.unfold("A remark", side.page.locator("fieldset", has_text=statement))
            side.write(**{f"{factor.code}-remark": remarks[factor.code]})
    # What is chosen is kept at once.
    count = len(FACTORS)
    bar = side.page.locator("#answer-progress")
    side.reads("%(count)s of %(all)s", within=bar, count=count, all=count)
    side.press("Done")
    side.hears("Your answers are saved. You can change them until all are shown.")


def read_timeline(side: Side, letter: str) -> list[str]:
    """What a side reads that the cluster of a letter did, over all pages of the history."""
    side.visitor.go(f"{side.room}history/?side={letter}")
    told: list[str] = []
    while True:
        told += side.page.locator("ol.px-timeline li strong").all_inner_texts()
        if not side.page.locator("main a[rel=next]").count():
            return told
        side.press("Next")


def status_of(side: Side, path: str) -> int:
    """What the product answers when this person's browser asks for a page."""
    return side.page.request.get(side.visitor.base + path, max_redirects=0).status
