"""What people do with a label: the pages of its room, its applicants, its jurors, and a stranger."""

import re
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, expect

from tests.e2e.assessment_stage import Stage, raise_stage
from tests.e2e.conftest import Visitor, look
from tests.e2e.two_sides import Cluster, Side

ATHENS = Cluster(
    "Μελτέμι, Θαλάσσιο Δίκτυο",
    "GR",
    "el",
    (
        ("Δανάη Δοκιμή", "manager@meltemi.example"),
        ("Φοίβος Υποθέτης", "ambassador@meltemi.example"),
    ),
)
PARIS = Cluster(
    "Pôle Estran, mer et ports", "FR", "fr", (("Maud Essai", "manager@estran.example"),)
)
ELSEWHERE = Cluster("Fenmoor Marine", "GB", "en", (("Wilf Sample", "wilf@fenmoor.example"),))
#: Companies that apply, each a member of the cluster of its country.
NETS = Cluster("شباك الملح", "GR", "ar", (("سلمى مثال", "rep@shibak.example"),))
WINCHES = Cluster("Fictive Winches", "GR", "en", (("Theo Sample", "rep@winches.example"),))
BUOYS = Cluster("Bouées Brouillon", "FR", "fr", (("Lou Brouillon", "rep@bouees.example"),))
#: Jurors from outside: their seat opens their own page alone.
THALIA = Cluster(ATHENS.name, "GR", "el", (("Θάλεια Υποθέτη", "thalia@jury.example"),))
BRUNO = Cluster(PARIS.name, "FR", "fr", (("Bruno Fictif", "bruno@jury.example"),))
PHOEBUS = Cluster(ATHENS.name, "GR", "el", ATHENS.people[1:])
NOBODY = Cluster("", "", "en", (("Ada Sample", "ada@bank.example"),))
_SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: Run by the product's own shell: the two have agreed, and have members and jurors.
_SET_UP = """
import json, os
from datetime import date
from proxeny.accounts.operations import create_holder
from proxeny.directory.models import Membership, Organisation
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.models import Partnership, Party
told = json.loads(os.environ["TOLD"])
since = date.today().replace(day=1, year=date.today().year - 4)
def hold(one, organisation, role):
    (name, email, _manager), = one["people"]
    create_holder(email=email, name=name, role=role, language=one["language"], today=since,
                  organisation_id=organisation.pk, password=os.environ["PASSWORD"])
with acting_as(SERVICE):
    clusters = [Organisation.objects.get(name=name) for name in told["clusters"]]
    made = Partnership.objects.create(title="Athens – Paris", lead=clusters[0], state="active",
                                      starts_on=since, currency="EUR")
    for side, cluster in zip("AB", clusters):
        Party.objects.create(partnership=made, organisation=cluster, side=side)
    for one in told["companies"]:
        steward = next(each for each in clusters if each.country == one["country"])
        company = Organisation.objects.create(name=one["name"], kind="company", steward=steward,
                                              country=one["country"], visibility="public")
        Membership.objects.create(cluster=steward, organisation=company, starts_on=since)
        hold(one, company, "representative")
    for one in told["jurors"]:
        hold(one, Organisation.objects.get(name=one["name"]), "juror")
    print("ROOM", made.pk)
"""
#: So that nobody waits until tomorrow: the rounds of the product close now.
_CLOSE = """
from django.utils import timezone
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.labels.models import Round
with acting_as(SERVICE):
    Round.objects.update(closes_at=timezone.now())
"""


def set_the_stage() -> AbstractContextManager[Stage]:
    """Start a product of its own with three clusters, two of which have agreed."""
    told = {
        "clusters": [ATHENS.name, PARIS.name],
        "companies": [one.told() for one in (NETS, WINCHES, BUOYS)],
        "jurors": [one.told() for one in (THALIA, BRUNO)],
    }
    return raise_stage((ATHENS, PARIS, ELSEWHERE), _SET_UP, told)


def close_rounds(stage: Stage) -> None:
    """Let the time in which one can apply be over."""
    stage.shell(_CLOSE)


def look_around(side: Side, name: str) -> None:
    """Look at a page in Arabic on a phone, and whether it scrolls sideways as it is."""
    page, base = side.page, side.visitor.base
    assert page.evaluate(_SIDEWAYS) <= 0, name
    page.context.add_cookies([{"name": "django_language", "value": "ar", "url": base}])
    other = page.context.new_page()
    other.set_viewport_size({"width": 390, "height": 844})
    seen = Visitor(other, base, side.visitor.complaints)
    other.on("console", lambda m: seen.complaints.append(m.text) if m.type == "error" else None)
    other.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.go(page.url.removeprefix(base))
    expect(other.locator("html")).to_have_attribute("dir", "rtl")
    look(seen, f"{name}-ar")
    other.close()
    page.context.clear_cookies(name="django_language")


def address_of(side: Side) -> str:
    """Return the address of the page that is open."""
    return side.page.url.removeprefix(side.visitor.base).partition("#")[0].partition("?")[0]


def clock(days: int) -> str:
    """So many days from now, as a field for a day and a time takes it in Brussels."""
    moment = datetime.now(ZoneInfo("Europe/Brussels")) + timedelta(days=days)
    return moment.strftime("%Y-%m-%dT%H:%M")


# The room.


def turn_to(side: Side, tab: str, of: str = "Pages of this label") -> None:
    """Open another page of the label or the round that is open."""
    side.press(tab, side.page.get_by_role("navigation", name=side.said(of)))


def turn(side: Side, tab: str) -> None:
    """Open another page of the round that is open."""
    turn_to(side, tab, "Pages of this round")


def translate_all(side: Side, texts: Mapping[str, str]) -> None:
    """Write what is missing in the first other language: known texts as given, others marked."""
    for one in side.page.locator(".lb-text").all():
        field = one.locator("textarea, input[type=text]").first
        if not field.input_value():
            source = one.locator(".lb-text-own > div").inner_text().strip()
            field.fill(texts.get(source, f"{source} (fr)"))
    side.press("Save the texts")


def make_key(side: Side, label: str) -> None:
    """Make the key of one's own cluster, on the way from the awards of the label."""
    side.visitor.go(label)
    turn_to(side, "Awards")
    side.press("Your cluster’s key")
    side.press("Create the key")
    side.hears("Your cluster can now sign awards.")
    side.reads("Key %(number)s", number=1)


def ask_jurors(side: Side, *people: Cluster) -> None:
    """Ask people of one's own cluster to judge, on the page of the jury."""
    for one in people:
        (name, _email), *_others = one.people
        # Who is there already has a form of the same fields, folded away.
        place = side.page.locator("#ask")
        place.locator("select").select_option(label=name)
        place.locator("[name=topics]").fill("ports")
        side.press("Invite by email", place)
        side.hears("%(name)s has been invited by email.", name=name)


def sign_here(side: Side) -> None:
    """Go from a page that says that a text waits to this text, and sign it."""
    side.press("Read and sign")
    side.press("Sign for your side")
    side.hears("You have signed.")


# Who applies.


def begin_application(side: Side, label: str, title: str) -> None:
    """Go from the public page of a label to a draft."""
    side.visitor.go(label)
    side.leave_by(side.page.locator("main a[href*='/applications/new/']"))
    side.write(title=title)
    side.press("Begin")
    side.sees(title)


def indicators_of(side: Side) -> list[Locator]:
    """Return the indicators of the draft that is open."""
    return side.page.locator("main .ap-indicator").all()


def give_own(indicator: Locator, points: int, text: str) -> None:
    """Say what one thinks of oneself, and why."""
    indicator.locator(f"label:has(input[name^=points_][value='{points}'])").click()
    indicator.locator("textarea[name^=text_]").fill(text)


def write_application(side: Side, *, summary: str, points: int) -> None:
    """Write all that is asked for; what is typed is saved by itself."""
    side.write(
        summary=summary,
        topics="ports",
        contact_name=side.person,
        contact_email=side.cluster.people[0][1],
    )
    side.page.locator("main select[name=language]").select_option(side.cluster.language)
    for one in side.page.locator("main input[name^=confirmed_]").all():
        one.check()
    for one in indicators_of(side):
        give_own(one, points, summary)


def wait_until_saved(side: Side) -> None:
    """Wait until all that was typed is with the product."""
    told = side.said("Saved at %(time)s", time="|").split("|")
    pattern = re.compile(".+".join(map(re.escape, told)))
    expect(side.page.locator("#save-state")).to_contain_text(pattern)
    side.page.wait_for_function("() => localStorage.length === 0")


def hand_in(side: Side) -> None:
    """Hand in what was written: it waits by itself for what is still being saved."""
    expect(side.page.locator("#standing .ap-missing")).to_have_count(0)
    side.press("Submit application")
    side.reads("Submitted")


# The jury.


def declare(side: Side, conflict: Mapping[str, str]) -> None:
    """Say with whom one has a conflict of interest, and why: with nobody else."""
    for name, why in conflict.items():
        one = side.page.locator(".jy-applicant", has_text=name)
        one.locator("input[name^=conflict_]").check()
        one.locator("input[name^=reason_]").fill(why)
    side.page.locator("main input[name=looked]").check()
    side.press("Declare")


def score(side: Side, points: str) -> None:
    """Give the same points to all indicators of the application that is open."""
    for one in side.page.locator("[data-indicator]").all():
        one.locator(f"label:has(input[value='{points}'])").click()


def finish(side: Side) -> None:
    """Finish the application that is open."""
    expect(side.page.locator("[data-state]")).to_have_text(side.said("Saved"))
    side.press("Finish")


def bring(side: Side, name: str, text: str) -> None:
    """Bring a document about the whole project."""
    place = side.page.locator("#documents-all")
    place.locator("summary").click()
    file = {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    place.locator("input[type=file]").set_input_files(file)
    side.press("Upload", place)
    side.hears("“%(name)s” added.", name=name)


def open_reading(side: Side, title: str) -> None:
    """Open an application that one reads, from one's own page of the jury."""
    side.leave_by(side.page.locator("main .jy-list h3 a", has_text=title))
    side.sees(title)


def score_all(side: Side, label: str, points: Mapping[str, str]) -> None:
    """Score all that one has not finished, each as its title says."""
    for title, given in points.items():
        side.visitor.go("/jury/")
        side.follow(label)
        card = side.page.locator("main .jy-list li", has_text=title)
        if card.count() and card.locator(".is-info").count():
            open_reading(side, title)
            score(side, given)
            finish(side)


# Who checks.


def take_along(side: Side, text: str, folder: Path) -> Path:
    """Download a file from the page of an award."""
    with side.page.expect_download() as started:
        side.tap(text)
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def verify(side: Side, file: Path) -> None:
    """Bring a file to the page that checks awards: it is checked as soon as it is there."""
    side.visitor.go("/verify/")
    with side.page.expect_navigation():
        side.page.set_input_files("main input[type=file]", file)
