"""One study from its preparation to what became of it: an Arabic and a French cluster.

A manager of Rabat prepares it in Arabic; an ambassador of Lyon brings its data in French; both sides
sign what the world reads; a stranger on a phone follows a recommendation to the rows it rests on, and
asks for what is not open. A year later the room asks what became of it.
"""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.e2e import room_deeds as deeds
from tests.e2e.assessment_stage import ELSEWHERE, HOUDA, LYON, RABAT, Stage, set_the_stage
from tests.e2e.conftest import Visitor, look
from tests.e2e.two_sides import Cluster, Side, let_pass, letter_to, sit_down

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(900)]

STUDY = "Ce que gagnent les petits studios"
QUESTION = "Que gagnent les petits studios à l’étranger, et qu’est-ce qui les freine ?"
ELEMENTS = {
    "why": "Personne ne le sait.",
    "expected": "Les studios demandent un juste prix.",
    "methods": "Douze studios répondent aux mêmes questions.",
    "ethics": "Aucun nom ne sort.",
    "data_plan": "Un tableau ouvert, les entretiens sur demande.",
    "resources": "Deux personnes.",
}
RISK, OPEN, ASKED_FOR = "Trop peu de réponses", "Réponses de douze studios", "Entretiens"
TERMS = "Citez-nous, et n’essayez pas de reconnaître qui parle."
HEAD = "studio,gain,ville\n"
ROWS = [f"S{n},{900 + 50 * n},{'Lyon' if n % 2 else 'Rabat'}" for n in range(1, 13)]
#: In row 7 of the file nobody wrote what is earned.
WRONG = HEAD + "\n".join([*ROWS[:5], "S6,,Rabat", *ROWS[6:]]) + "\n"
RIGHT = HEAD + "\n".join(ROWS) + "\n"
TALKS = "On nous paie à l’heure, jamais au résultat.\n"
ADVICE, SHOWS = (
    "Publier une grille de prix",
    "Les studios de Rabat gagnent moins de 1 250 € par mois.",
)
ACTION, PROOF = "Écrire la grille", "La grille est en ligne : https://rocaille.example/grille"
OUTCOME, SUMMARY = "Neuf studios ont changé leurs prix", "Qui affiche ses prix gagne plus."
LATER = "Quinze studios s’en servent."
ADA = Cluster("", "", "en", (("Ada Sample", "ada@university.example"),))


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The product on which the story is played."""
    with set_the_stage() as made:
        yield made


def test_from_a_question_to_what_became_of_the_answer(stage: Stage, browser: Browser):
    basile = Cluster(LYON.name, "FR", "fr", LYON.people[1:])
    houda, odile, ambassador = (
        sit_down(browser, stage.product, one) for one in (RABAT, LYON, basile)
    )
    sides = (houda, odile, ambassador)
    for side in sides:
        side.enter(stage.room)
    study = _prepare(houda)
    _bring_data(ambassador, study)
    _recommend(houda, study)
    _decide_and_adopt(odile, houda)
    _conclude(houda, study)
    _publish(houda, odile, study)
    stranger = _arrive(browser, stage)
    _follow_to_the_rows(stranger)
    _ask_for_data(stranger, odile, stage)
    _shut_out(browser, stage, *sides)
    let_pass(stage.product, stage.room, days=400)
    _look_again(houda)
    for side in (*sides, stranger):
        assert side.visitor.complaints == []


def _go_to(side: Side, page: str) -> None:
    side.press(page, side.page.get_by_role("navigation", name=side.said("Pages of this study")))


def _prepare(houda: Side) -> str:
    """Think of everything, and begin; return the address of the study."""
    houda.open("Risks")
    deeds.keep(
        houda,
        "New risk",
        title=RISK,
        response=houda.said("Reduce it"),
        inherent_likelihood=houda.said("4 · likely"),
        inherent_impact=houda.said("3 · noticeable"),
        review_on=deeds.day(90),
    )
    houda.leave_by(houda.page.locator("h3[id^='risk-'] a"))
    houda.write(
        current_likelihood=houda.said("3 · possible"),
        current_impact=houda.said("3 · noticeable"),
        residual_likelihood=houda.said("2 · unlikely"),
        residual_impact=houda.said("3 · noticeable"),
    )
    houda.press("Save")
    houda.open("Studies")
    look(houda.visitor, "research-none")
    deeds.keep(
        houda,
        "New study",
        title=STUDY,
        question=QUESTION,
        language="Français",
        starts_on=deeds.day(0),
        ends_on=deeds.day(120),
        **ELEMENTS,
    )
    address = houda.page.url.removeprefix(houda.visitor.base).partition("#")[0]
    expect(houda.find("Start the study")).to_have_count(0)
    for cluster, person in ((RABAT, RABAT.people[0][0]), (LYON, LYON.people[1][0])):
        deeds.keep(
            houda,
            "Add a contributor",
            name=person,
            role=houda.said("Study lead"),
            party=cluster.name,
            cited=True,
        )
    deeds.keep(houda, "Assess a risk", risk=RISK, note="On demande à tous deux fois.")
    houda.visitor.go(address)
    look(houda.visitor, "research-ready")
    houda.press("Start the study")
    houda.hears("“%(name)s” is under way.", name=STUDY)
    return address


def _bring_data(basile: Side, study: str) -> None:
    """One wrong row is found, put right, and the version released; the talks are not for all."""
    basile.visitor.go(study)
    _open_package(basile, OPEN, "Open: anyone can download it")
    _upload(basile, "reponses.csv", WRONG)
    basile.follow("reponses.csv")
    basile.press("Describe columns")
    basile.page.locator("main [name$='1-required']").check()
    basile.press("Save and check")
    fault = basile.page.locator("#check .pk-faults tbody tr")
    expect(fault).to_have_count(1, timeout=90_000)  # the page itself looks how far the check is
    basile.sees("7", "gain", within=fault)
    look(basile.visitor, "research-report")
    basile.press("Back to the data package")
    _upload(basile, "reponses.csv", RIGHT, again=True)
    # A file of that name is there already: the browser itself notes the answer that says so.
    assert ["409" in one for one in basile.visitor.complaints] == [True]
    basile.visitor.complaints.clear()
    _wait_for(basile, basile.page.get_by_text(basile.said("all rows valid")))
    look(basile.visitor, "research-package")
    _release(basile)
    basile.visitor.go(f"{study}packages/")
    _open_package(
        basile,
        ASKED_FOR,
        "On request: for those who agree to the terms and are given access",
        terms=TERMS,
    )
    _upload(basile, "entretiens.txt", TALKS)
    _release(basile)


def _open_package(side: Side, title: str, access: str, **more: str) -> None:
    if not side.page.url.endswith("/packages/"):
        _go_to(side, "Data")
    deeds.keep(
        side,
        "New data package",
        title=title,
        details="Une ligne est un studio.",
        access=side.said(access),
        **more,
    )


def _upload(side: Side, name: str, text: str, *, again: bool = False) -> None:
    """Bring a file in pieces; the page is loaded anew once all is here."""
    file = {"name": name, "mimeType": "", "buffer": text.encode()}
    with side.page.expect_navigation():
        side.page.locator("#bring-file").set_input_files(file)
        if again:
            side.tap("Replace", side.page.locator("#bring"))
    expect(side.page.get_by_role("link", name=name, exact=True)).to_be_visible()


def _wait_for(side: Side, there: Locator) -> None:
    """Load the page anew until something is there: tables are checked by jobs of their own."""
    for _ in range(90):
        if there.count():
            return
        side.page.wait_for_timeout(1000)
        side.page.reload()
    raise AssertionError(f"It did not come: {there}")


def _release(side: Side) -> None:
    _wait_for(side, side.find("Release"))
    side.press("Release")
    side.hears("Version %(number)d released. It can no longer be changed.", number=1)


def _recommend(houda: Side, study: str) -> None:
    """Say what to do, and point at the rows that show why."""
    houda.visitor.go(study)
    _go_to(houda, "Recommendations")
    look(houda.visitor, "research-advice-none")
    houda.press("New recommendation")
    houda.write(
        title=ADVICE,
        details="Une page, pour les deux villes.",
        addressee=houda.said("One party"),
        party=LYON.name,
    )
    houda.press("Add")
    houda.hears("Saved. Now add what it’s based on.")
    option = houda.page.locator("main [name=file] option", has_text="reponses.csv")
    houda.page.locator("main [name=file]").select_option(option.get_attribute("value") or "")
    expect(houda.page.locator("#row-2")).to_contain_text("S1")
    houda.write(rows="3-5", columns="gain")
    houda.tap("View these rows")
    expect(houda.page.locator("#rows td.is-cited")).to_have_text(["1000", "1050", "1100"])
    look(houda.visitor, "research-point")
    houda.write(text=SHOWS)
    houda.press("Cite these rows")
    houda.hears("Evidence added. The other side can see it too.")
    houda.sees(STUDY, SHOWS, "reponses.csv")
    houda.press("Propose it")
    houda.hears("State: %(state)s. All sides can see it.", state=houda.said("Proposed"))


def _decide_and_adopt(odile: Side, houda: Side) -> None:
    odile.visitor.go(odile.room)
    odile.press("Decide", odile.part("Waiting for you"))
    odile.sees(ADVICE)
    odile.unfold("View the rows here")
    expect(odile.page.locator("#evidence td.is-cited")).to_have_text(["1000", "1050", "1100"])
    look(odile.visitor, "research-decide")
    odile.write(state=odile.said("Accept"))
    odile.press("Decide")
    odile.hears("State: %(state)s. All sides can see it.", state=odile.said("Accepted"))
    advice = odile.page.url.removeprefix(odile.visitor.base)
    deeds.keep(odile, "New action", title=ACTION, due_on=deeds.day(30), person=odile.person)
    odile.visitor.go(advice)
    odile.sees(ACTION, within=odile.page.locator("#actions"))
    odile.unfold("Mark as adopted")
    odile.page.locator("#next details[open] textarea").fill(PROOF)
    odile.press("Mark as adopted")
    odile.hears("State: %(state)s. All sides can see it.", state=odile.said("Adopted"))
    look(odile.visitor, "research-adopted")
    houda.visitor.go(advice)
    houda.sees(PROOF)
    houda.leave_by(houda.page.locator("#evidence .px-address").first)
    houda.sees(ADVICE, within=houda.page.locator("#cited"))
    look(houda.visitor, "research-rows")


def _conclude(houda: Side, study: str) -> None:
    houda.visitor.go(study)
    deeds.keep(
        houda,
        "New result",
        kind=houda.said("Outcome: something that changed"),
        title=OUTCOME,
        happened_on=deeds.day(0),
        benefits=houda.said("Industry"),
        reached="9",
        proof="Relevé des prix de juin",
    )
    houda.visitor.go(study)
    houda.unfold("Conclude the study")
    houda.write(summary=SUMMARY)
    houda.press("Conclude")
    houda.hears("Study concluded. You can still add what comes of it later.")
    look(houda.visitor, "research-concluded")


def _publish(houda: Side, odile: Side, study: str) -> None:
    houda.visitor.go(study)
    _go_to(houda, "Publication")
    houda.sees(SUMMARY, ADVICE, OPEN, ASKED_FOR, OUTCOME)
    look(houda.visitor, "research-publication")
    houda.press("Send for signature")
    houda.hears("Signed for your side. The other side has been asked to sign.")
    assert houda.page.request.get(f"{houda.visitor.base}/studies/").text().count(STUDY) == 0
    deeds.sign_what_waits(odile)
    houda.page.reload()
    houda.press("View public page")
    houda.sees(QUESTION, SUMMARY)


def _arrive(browser: Browser, stage: Stage) -> Side:
    """Somebody whom nobody knows comes by, on a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    visitor = Visitor(context.new_page(), stage.product.url, [])
    visitor.page.on(
        "console", lambda m: visitor.complaints.append(m.text) if m.type == "error" else None
    )
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    visitor.go("/studies/")
    return Side(visitor, ADA)


def _follow_to_the_rows(ada: Side) -> None:
    look(ada.visitor, "research-public-list")
    ada.follow(STUDY)
    ada.sees(QUESTION, SUMMARY, OUTCOME, ADVICE, "CC BY 4.0")
    look(ada.visitor, "research-public")
    ada.press("See the rows it’s based on")
    ada.sees(SHOWS, PROOF.partition(" :")[0], ACTION)
    expect(ada.page.locator("tr.is-cited mark")).to_have_text(["1000", "1050", "1100"])
    look(ada.visitor, "research-public-rows")
    with ada.page.expect_download() as download:
        ada.page.get_by_role("link", name="reponses.csv").first.click()
    assert download.value.path().read_text() == RIGHT


def _ask_for_data(ada: Side, odile: Side, stage: Stage) -> None:
    """Agree to the terms; who is let in gets a link by mail, for that package alone."""
    ada.visitor.go("/studies/")
    ada.follow(STUDY)
    assert ada.page.get_by_role("link", name="entretiens.txt").count() == 0
    ada.press("Request this data")
    ada.sees(TERMS)
    ada.write(
        name=ADA.people[0][0],
        organisation="Example University",
        email=ADA.people[0][1],
        purpose="To compare with ours.",
        agrees=True,
    )
    look(ada.visitor, "research-ask")
    ada.press("Send request")
    ada.reads("We’ve received your request")
    letter_to(stage.inbox, HOUDA, ADA.people[0][0])
    stage.open_mail(odile, ADA.people[0][0])
    if odile.page.get_by_role("link", name=ADA.people[0][0]).count():
        odile.follow(ADA.people[0][0])
    odile.sees("To compare with ours.")
    odile.write(until=deeds.day(30))
    look(odile.visitor, "research-request")
    odile.press("Send link")
    stage.open_mail(
        ada, ada.said("You now have access to the data “%(package)s”", package=ASKED_FOR)
    )
    look(ada.visitor, "research-link")
    with ada.page.expect_download() as download:
        ada.page.get_by_role("link", name="entretiens.txt").click()
    assert download.value.path().read_text() == TALKS
    assert ada.page.get_by_role("link", name="reponses.csv").count() == 0


def _look_again(houda: Side) -> None:
    """A year later the room asks, and both read the answer."""
    houda.visitor.go(houda.room)
    houda.press("View", houda.part("Waiting for you"))
    look(houda.visitor, "research-due")
    houda.press("Add follow-up for “%(name)s”", name=ADVICE)
    houda.sees(PROOF)
    houda.write(note=LATER)
    look(houda.visitor, "research-look")
    houda.press("Save")
    houda.hears("Follow-up saved. The next one is due in a year.")
    houda.sees(LATER, STUDY)
    expect(houda.page.locator("#due")).to_have_count(0)
    look(houda.visitor, "research-fates")


def _shut_out(browser: Browser, stage: Stage, *sides: Side) -> None:
    """A manager of a third cluster finds no page of the room; who is not signed in, the door."""
    seen = {path.partition("?")[0] for side in sides for path in side.seen}
    assert len(seen) > 20, seen
    stranger = sit_down(browser, stage.product, ELSEWHERE)
    assert {path: deeds.status_of(stranger, path) for path in seen} == dict.fromkeys(seen, 404)
    nobody = browser.new_context().request
    for path in seen:
        answer = nobody.get(stage.product.url + path, max_redirects=0)
        assert (answer.status, "/accounts/login/" in answer.headers["location"]) == (302, True)
        assert not re.search(re.escape(STUDY), answer.text())
