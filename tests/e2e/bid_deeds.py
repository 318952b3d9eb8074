"""What people do in a bid: its pages, partners, figures and signatures, in the browser of either side."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

from django.utils import translation
from playwright.sync_api import Browser, Locator, Page, expect

from proxeny.calls.rules import RULE_SETS
from proxeny.partnerships.amounts import tell_amount
from tests.e2e import room_deeds as deeds
from tests.e2e.assessment_stage import ELSEWHERE, LYON, Stage, raise_stage
from tests.e2e.conftest import Visitor, look
from tests.e2e.two_sides import Cluster, Side

CAIRO = Cluster("عنقود الفانوس الرقمي", "EG", "ar", (("هدى مثال", "manager@fanous.example"),))
#: Nobody of it has an account: its answer comes by the link in a mail.
TURIN = Cluster("Officina Prova", "IT", "en", (("Piera Esempio", "piera@officina-prova.example"),))
#: Of a third country too, but it says nothing of what the call is about.
GHENT = Cluster("Werkplaats Proef", "BE", "en", ())
_OFFERS = (
    (TURIN, "Games for museums that hands can read: sound, touch and light."),
    (GHENT, "Vacuum pumps and their repair."),
)
#: Run by the product's own shell: the two have agreed, and everybody sees two companies.
_SET_UP = """
import json, os
from datetime import date
from proxeny.directory.models import Organisation
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.models import Partnership, Party
told = json.loads(os.environ["TOLD"])
since = date.today().replace(day=1, year=date.today().year - 4)
with acting_as(SERVICE):
    clusters = [Organisation.objects.get(name=name) for name in told["clusters"]]
    made = Partnership.objects.create(title="Lyon – Cairo", lead=clusters[0], state="active",
                                      starts_on=since, currency="EUR")
    for side, cluster in zip("AB", clusters):
        Party.objects.create(partnership=made, organisation=cluster, side=side)
    for name, country, summary in told["companies"]:
        Organisation.objects.create(name=name, country=country, kind="company", size="small",
                                    visibility="public", language="en", summary=summary)
    print("ROOM", made.pk)
"""


def set_the_stage() -> AbstractContextManager[Stage]:
    """Start a product of its own with three clusters, two of which have agreed."""
    told = {
        "clusters": [LYON.name, CAIRO.name],
        "companies": [(one.name, one.country, text) for one, text in _OFFERS],
    }
    return raise_stage((LYON, CAIRO, ELSEWHERE), _SET_UP, told)


def told(side: Side, label: Any) -> str:
    """Return a label of the product in the language of a side."""
    with translation.override(side.cluster.language):
        return str(label)


def told_sum(side: Side, amount: int) -> str:
    """Return a sum in euros as a side reads it."""
    with translation.override(side.cluster.language):
        return tell_amount(Decimal(amount), "EUR")


def arrive(browser: Browser, stage: Stage, person: Cluster, *, width: int = 390) -> Side:
    """Open a browser for somebody who signs in nowhere."""
    context = browser.new_context(
        viewport={"width": width, "height": 900 if width > 800 else 844}, locale="en-GB"
    )
    visitor = Visitor(context.new_page(), stage.product.url, [])
    visitor.page.on(
        "console", lambda m: visitor.complaints.append(m.text) if m.type == "error" else None
    )
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    return Side(visitor, person)


def look_both(side: Side, name: str) -> None:
    """Look at a page as it is at a desk and on a phone."""
    page, before = side.page, side.page.viewport_size
    for size in ({"width": 1440, "height": 900}, {"width": 390, "height": 844}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        look(side.visitor, name)
    page.set_viewport_size(before)  # type: ignore[arg-type]


def note_call(side: Side, title: str, reference: str, **more: object) -> None:
    """Note a call for innovation actions by hand; its page is open afterwards."""
    side.visitor.go("/calls/")
    side.press("Add a call")
    side.write(
        title=title,
        reference=reference,
        programme="Horizon Europe",
        rule_set=told(side, RULE_SETS["horizon-europe-ia"]),
        closes_at=deeds.day(60),
        closes_at_time="17:00",
        **more,
    )
    side.press("Save")
    side.hears("Saved. Your members and partners can see it too.")
    side.sees(title, reference)


def go_to(side: Side, tab: str) -> None:
    """Open another page of the bid that is open."""
    side.press(tab, side.page.get_by_role("navigation", name=side.said("Pages of this bid")))


def list_missing(side: Side) -> list[str]:
    """Return what the checklist says is missing, on the page of the submission."""
    go_to(side, "Submission")
    return side.page.locator(".sb-checks li.is-missing strong").all_inner_texts()


def row_of(side: Side, name: str) -> Locator:
    """Return the row of a partner, in the consortium or in the budget."""
    return side.page.locator("main tbody tr", has=side.page.get_by_role("link", name=name)).first


def add_partner(side: Side, cluster: Cluster, **fields: object) -> None:
    """Find an organisation, and note it as a partner."""
    side.write(find=cluster.name)
    side.press("Find")
    side.press("Add %(name)s", name=cluster.name)
    side.write(**fields)
    side.press("Save")
    side.hears("Saved. The other side can see it too.")
    expect(row_of(side, cluster.name)).to_be_visible()


def ask(side: Side, name: str) -> None:
    """Ask a partner by one click."""
    side.leave_by(row_of(side, name).locator("form[action$='/ask/'] button"))
    expect(row_of(side, name).locator("form[action$='/ask/']")).to_have_count(0)


def sign_letter(side: Side, name: str) -> None:
    """Sign the letter of intent on one's own page, signed in."""
    side.reads("The letter of intent")
    side.press("Sign for %(name)s", name=name)
    side.hears("You have signed.")
    side.reads("You’re taking part")


def sign_by_link(guest: Side, *, without: bool = False) -> None:
    """Sign what waits on the page of the link, by name; `without` it first: it is asked for."""
    name = guest.cluster.name
    if without:
        guest.press("Sign for %(name)s", name=name)
        guest.reads("Enter your name. It appears under the text.")
        guest.visitor.complaints.clear()  # the browser notes the refusal as one
    guest.write(name=guest.person)
    guest.press("Sign for %(name)s", name=name)


def write_figures(side: Side, name: str, *, rate: str, months: Sequence[str]) -> None:
    """Write what a partner costs, and its months by work package, on the page of its budget."""
    side.follow(name)
    side.write(rate=rate)
    cells = side.page.locator("main [name^='months_']")
    expect(cells).to_have_count(len(months))
    for at, value in enumerate(months):
        cells.nth(at).fill(value)


def save_figures(side: Side) -> None:
    """Save the figures of a partner; the whole budget is open afterwards."""
    side.press("Save")
    side.hears("Saved. The other side can see it too.")


def lead(side: Side, names: Sequence[str]) -> None:
    """Say who leads each work package of the plan, from the first on; empty: it is said already."""
    for at, name in enumerate(names):
        if name:
            row = side.page.locator("tr[id^='work-package-']").nth(at)
            side.leave_by(row.locator("th a"))
            side.write(lead=name)
            side.press("Save")
            expect(side.page.locator("tr[id^='work-package-']").nth(at)).to_contain_text(name)


def bring(side: Side, place: Locator, name: str, text: str) -> None:
    """Bring a file by a form in some place of the page of documents."""
    file = {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    place.locator("input[type=file]").set_input_files(file)
    side.press("Upload", place)
    side.sees(name)


def fields_of(page: Page) -> int:
    """Return how many fields one can write in stand on a page."""
    return page.locator("main form[method=post] :is(input:not([type=hidden]), textarea)").count()
