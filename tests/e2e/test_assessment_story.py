"""One market assessment from the catalogue to what came of it: a French and an Arabic cluster.

A company of Rabat asks on a phone, in Arabic. Somebody with an interest of their own steps aside;
both sides and the company sign a brief; the report rests on sources, and is asked about later.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.e2e import room_deeds as deeds
from tests.e2e.assessment_stage import (
    ASK_LATER,
    COMPANY,
    ELSEWHERE,
    HOUDA,
    LYON,
    ODILE,
    RABAT,
    SAMI,
    Stage,
    set_the_stage,
)
from tests.e2e.conftest import look
from tests.e2e.two_sides import Cluster, Side, let_pass, letter_to, sit_down

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.long, pytest.mark.timeout(900)]

SERVICE, SERVICE_AR = "Y a-t-il une demande ?", "هل هناك طلب؟"
TITLE = "هل تشتري استوديوهات ليون مكتبة أصواتنا؟"
TALK, PAPER = "Elles achètent à l’année", "دراسة عن استوديوهات الصوت"
FIGURE, OFFICE = "Chiffre d’affaires des studios", "Bureau des chiffres"
TABLE = "Année;Studios\n2023;12,5\n2024;13,25\n2025;14,5\n"
FINDING, GROWTH = "الاستوديوهات تشتري بالاشتراك السنوي", "السوق ينمو كل سنة"
ADVICE, PROOF = "ابدؤوا باشتراك سنوي", "الاشتراك معروض منذ اليوم: https://sada.example/subscribe"
SUMMARY, REMARK, REPLY = "نعم، هناك طلب على الاشتراك.", "كم استوديو سألتم؟", "Sept, tous à Lyon."


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """The product on which the story is played."""
    with set_the_stage() as made:
        yield made


def test_from_a_request_to_what_came_of_it(stage: Stage, browser: Browser):
    odile, houda = (sit_down(browser, stage.product, one) for one in (LYON, RABAT))
    sami = sit_down(browser, stage.product, COMPANY, width=390)
    for side in (odile, houda):
        side.enter(stage.room)
    sami.enter("/assessments/")
    _offer_a_service(odile, houda, stage)
    own = _ask(sami, stage)
    basile = sit_down(browser, stage.product, Cluster(LYON.name, "FR", "fr", LYON.people[1:]))
    case = _check_conflicts(odile, houda, basile, stage)
    _sign_the_brief(odile, houda, sami, stage)
    _find_out(odile, houda, case)
    _conclude(houda, case)
    _give_the_report(odile, houda, case)
    _read_and_remark(sami, odile, own, stage)
    _take_it_along(sami, own)
    _follow_advice(sami, odile, stage)
    _hand_over(odile, sami, own, case)
    let_pass(stage.product, stage.room, days=190)
    _say_what_came_of_it(sami, stage)
    for side in (odile, houda):
        _read_outcomes(side)
    _stay_outside(basile, case)
    _shut_out(browser, stage, odile, houda, sami)
    for side in (odile, houda, basile, sami):
        assert side.visitor.complaints == []


def _go_to(side: Side, page: str, nav: str = "Pages of this assessment") -> None:
    """Open a page by its name in one of the two navigations of assessments."""
    side.press(page, side.page.get_by_role("navigation", name=side.said(nav)))


def _offer_a_service(odile: Side, houda: Side, stage: Stage) -> None:
    odile.open("Assessments")
    _go_to(odile, "Services", "Pages of the assessments")
    look(odile.visitor, "assess-services-none")
    odile.press("New service")
    odile.write(question=odile.said("Is there demand?"), price="1800", promised_days="60")
    for code, name in (("fr", SERVICE), ("ar", SERVICE_AR)):
        fold = odile.page.locator(f"details:has([name=name_{code}])")
        if fold.get_attribute("open") is None:
            fold.locator("summary").click()
        odile.write(**{f"name_{code}": name, f"summary_{code}": f"{name} {LYON.name}"})
    odile.press("Create service")
    odile.hears("Saved as a draft. Name who delivers it, then sign its terms.")
    service = odile.page.url.removeprefix(odile.visitor.base)
    for side in (odile, houda):
        side.visitor.go(service)
        side.write(person=side.person)
        side.press("Save")
        side.hears("Saved. The other side can see it too.")
    odile.visitor.go(service)
    odile.press("Sign and send to the other side")
    odile.hears("Signed for your side. The other side has been asked to sign.")
    look(odile.visitor, "assess-service")
    letter_to(stage.inbox, HOUDA, SERVICE_AR)
    houda.open("Stages and texts")
    houda.press("Read and sign", houda.part("Waiting for signatures"))
    houda.press("Sign for your side")
    houda.hears("You have signed.")
    houda.visitor.go(service)
    houda.reads("Offered")


def _ask(sami: Side, stage: Stage) -> str:
    """Ask on the phone; return the address of the company's own page."""
    sami.reads("You haven’t requested an assessment yet")
    sami.press("See available services")
    look(sami.visitor, "assess-offers")
    sami.follow(SERVICE_AR)
    sami.press("Request it")
    for name, value in (("language", "ar"), ("market", "FR")):
        expect(sami.page.locator(f"main [name={name}]")).to_have_value(value)
    sami.reads("Who buys from you today, and what for?")
    sami.write(
        title=TITLE,
        product="مكتبة أصوات للأفلام",
        answer_1="استوديوهات صغيرة",
        answer_5="نقرر قبل الصيف",
    )
    look(sami.visitor, "assess-ask")
    sami.press("Send request")
    sami.hears("We’ve received your request. You’ll get a confirmation by email.")
    look(sami.visitor, "assess-asked")
    letter_to(stage.inbox, SAMI, sami.said("We’ve received your request: %(title)s", title=TITLE))
    for email in (ODILE, HOUDA):
        letter_to(stage.inbox, email, COMPANY.name, TITLE)
    return sami.page.url.removeprefix(sami.visitor.base)


def _check_conflicts(odile: Side, houda: Side, basile: Side, stage: Stage) -> str:
    """One steps aside, the others lead; return the address of the teams' page."""
    odile.open("Assessments")
    odile.follow(TITLE)
    odile.sees("استوديوهات صغيرة")
    case = odile.page.url.removeprefix(odile.visitor.base)
    _name(odile, basile.person)
    stage.open_mail(basile, COMPANY.name)
    basile.write(
        conflicts=basile.said("I have a conflict of interest, because:"),
        reason="Ma sœur y travaille.",
    )
    look(basile.visitor, "assess-declare")
    basile.press("Declare")
    basile.hears(
        "Thank you. You no longer have access to this assessment, and the managers of "
        "your side have been asked to name someone else."
    )
    _stay_outside(basile, case)
    stage.open_mail(odile, basile.person, TITLE)
    for side in (odile, houda):
        side.visitor.go(case)
        _name(side, side.person)
        side.write(conflicts=side.said("I have no conflict of interest"))
        side.press("Declare")
        side.hears("Thank you. You can now work on it.")
    return case


def _name(side: Side, person: str) -> None:
    side.write(person=person, effort_days="6", leads=True)
    side.press("Name adviser")
    side.hears(
        "Adviser named. We’ve asked them to declare whether they have a conflict of interest."
    )


def _stay_outside(basile: Side, case: str) -> None:
    """Who has a conflict finds nothing of it, however they look."""
    pages = ("", "brief/", "work/", "findings/", "report/", "report/pdf/")
    told = {page: deeds.status_of(basile, f"{case}{page}") for page in pages}
    assert told == dict.fromkeys(pages, 404)
    for way in ("", "?state=all", "board/", f"?q={COMPANY.name}&export=csv"):
        address = f"{case.partition('assessments/')[0]}assessments/{way}"
        answer = basile.page.request.get(basile.visitor.base + address)
        assert answer.status == 200, address
        assert TITLE not in answer.text(), address


def _sign_the_brief(odile: Side, houda: Side, sami: Side, stage: Stage) -> None:
    odile.page.reload()
    odile.press("Write the brief")
    odile.write(
        goal="نعرف إن كان البيع في ليون ممكنا",
        scope="استوديوهات ليون",
        price="1800",
        delivers="تقرير من عشر صفحات ولقاء",
    )
    odile.press("Save")
    odile.press("Sign and send to everyone")
    odile.hears("Signed for your side. The others are notified by email.")
    waits = "A brief is waiting for your signature: %(title)s"
    stage.open_mail(houda, houda.said(waits, title=TITLE))
    houda.sees("استوديوهات ليون")
    houda.press("Sign for your side")
    houda.hears("Signed. The others are notified by email.")
    stage.open_mail(sami, sami.said(waits, title=TITLE))
    sami.reads("It’s waiting for your signature")
    # The company reads who works for it, and nothing of who does not.
    sami.sees(odile.person, houda.person)
    assert LYON.people[1][0] not in sami.page.content()
    look(sami.visitor, "assess-brief")
    sami.press("Sign for %(company)s", company=COMPANY.name)
    sami.hears("Signed. The others are notified by email.")
    letter_to(stage.inbox, ODILE, odile.said("Work has begun: %(title)s", title=TITLE))


def _find_out(odile: Side, houda: Side, case: str) -> None:
    odile.visitor.go(case)
    expect(odile.page.locator(".as-steps > li")).to_have_count(8)
    odile.press("Done", odile.page.locator(".as-steps"))
    expect(odile.page.locator(".as-steps > li.is-done")).to_have_count(1)
    look(odile.visitor, "assess-plan")
    _note(
        odile,
        "Interview",
        title=TALK,
        origin="Directrice du son, studio de Lyon",
        seen_on=deeds.day(-1),
        text="Deux bibliothèques, payées en janvier.",
    )
    houda.visitor.go(case)
    _note(houda, "Source", title=PAPER, url="https://sound.example/lyon", seen_on=deeds.day(-2))
    houda.sees(TALK)
    look(houda.visitor, "assess-work")
    _go_to(odile, "Figures", "Pages of the assessments")
    odile.press("Upload a table")
    odile.write(
        title=FIGURE,
        source=OFFICE,
        url="https://figures.example/studios",
        licence="CC BY 4.0",
        unit="M€",
    )
    file = {"name": "studios.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    odile.page.locator("main [name=file]").set_input_files(file)
    odile.press("View")
    odile.sees("13,25", within=odile.page.locator("#preview"))
    odile.press("Save figure")
    odile.hears("The figure is in the library. The other side can see it too.")
    look(odile.visitor, "assess-figure")


def _note(side: Side, kind: str, **fields: object) -> None:
    side.leave_by(side.page.locator(".as-tabs a[href$='/work/']"))
    side.tap(kind, side.page.locator("#add"))
    side.write(**fields)
    side.press("Save")
    side.hears("Note added.")


def _conclude(houda: Side, case: str) -> None:
    _go_to(houda, "Findings")
    for title in (FINDING, GROWTH):
        houda.press("New finding")
        chapter = houda.page.locator("#chapters option").first.get_attribute("value")
        houda.write(title=title, chapter=chapter, confidence=houda.said("Well founded"))
        houda.press("Add")
        if title == FINDING:
            _rest_on(houda, TALK)
        houda.visitor.go(f"{case}findings/")
    houda.press("New recommendation")
    expect(houda.page.locator("main [name=addressee]")).to_have_value("org")
    houda.write(title=ADVICE, details="السعر السنوي أسهل على الاستوديوهات.")
    houda.press("Add")
    _rest_on(houda, FINDING)
    look(houda.visitor, "assess-advice")


def _rest_on(side: Side, title: str) -> None:
    """Name a note, a figure or a finding as what something rests on."""
    option = side.page.locator("main [name=source] option", has_text=title)
    side.page.locator("main [name=source]").select_option(option.get_attribute("value") or "")
    side.press("Add")
    side.hears("Added as a source.")


def _give_the_report(odile: Side, houda: Side, case: str) -> None:
    odile.visitor.go(f"{case}report/")
    odile.press("Write the summary")
    odile.write(summary=SUMMARY)
    odile.press("Save summary")
    lacks = ("%(count)d finding has no source.", "%(count)d findings have no source.", 1)
    odile.sees(odile.said(*lacks, count=1))
    expect(odile.find("Send the report")).to_have_count(0)
    houda.visitor.go(f"{case}findings/")
    houda.press("Sources of “%(name)s”", name=GROWTH)
    _rest_on(houda, FIGURE)
    odile.page.reload()
    look(odile.visitor, "assess-draft")
    odile.press("Send the report")
    odile.hears("Version %(number)d sent. The company is notified by email.", number=1)


def _read_and_remark(sami: Side, odile: Side, own: str, stage: Stage) -> None:
    stage.open_mail(sami, sami.said("Your report is ready: %(title)s", title=TITLE))
    sami.sees(SUMMARY, FINDING, GROWTH, FIGURE, ADVICE, OFFICE, "CC BY 4.0", TALK)
    look(sami.visitor, "assess-report")
    beside = sami.page.locator("#summary")
    sami.unfold("Add a remark", beside)
    beside.locator("textarea").fill(REMARK)
    sami.press("Send", beside)
    sami.hears("Remark saved. The other side is notified by email.")
    stage.open_mail(odile, REMARK)
    thread = odile.page.locator(".rr-thread")
    thread.locator(".rr-acts summary").click()
    thread.locator("textarea").fill(REPLY)
    odile.press("Send", thread)
    look(odile.visitor, "assess-remarks")
    letter_to(stage.inbox, SAMI, REPLY)
    sami.visitor.go(f"{own}report/")
    sami.sees(REPLY, within=sami.page.locator("#summary"))


def _take_it_along(sami: Side, own: str) -> None:
    with sami.page.expect_download() as download:
        sami.tap("Download PDF")
    document = PdfReader(download.value.path())
    assert document.root_object["/Lang"] == "ar"
    told = "\n".join(page.extract_text() for page in document.pages)
    for text in ("https://figures.example/studios", "CC BY 4.0", "13,25"):
        assert text in told, told


def _follow_advice(sami: Side, odile: Side, stage: Stage) -> None:
    sami.press("Recommendations")
    sami.press("Decide on “%(name)s”", name=ADVICE)
    sami.sees(FINDING)
    sami.write(state=sami.said("Accept"))
    look(sami.visitor, "assess-decide")
    sami.press("Decide", sami.page.locator("#decide"))
    _hear_step(sami, "Accepted")
    stage.open_mail(odile, odile.said("Recommendation accepted: %(title)s", title=TITLE))
    odile.sees(ADVICE)
    odile.reads("Accepted")
    sami.unfold("Mark as adopted")
    sami.page.locator("#next details[open] textarea").fill(PROOF)
    sami.press("Mark as adopted")
    _hear_step(sami, "Adopted")
    sami.sees(PROOF)
    look(sami.visitor, "assess-adopted")
    letter_to(stage.inbox, ODILE, "https://sada.example/subscribe")


def _hear_step(side: Side, state: str) -> None:
    side.hears("New state: %(state)s. The teams are notified.", state=side.said(state))


def _hand_over(odile: Side, sami: Side, own: str, case: str) -> None:
    odile.visitor.go(f"{case}report/")
    odile.unfold("We’ve met")
    odile.press("Confirm the handover")
    odile.hears(
        "Report handed over. The company will be asked what came of it in six and twelve months."
    )
    sami.visitor.go(f"{own}later/")
    sami.reads("Nothing to answer yet")


def _say_what_came_of_it(sami: Side, stage: Stage) -> None:
    stage.shell(ASK_LATER)
    stage.open_mail(sami, sami.said("What came of your report? %(title)s", title=TITLE))
    sami.write(value=sami.said("We are preparing to enter"), worth="9000", currency="EUR")
    look(sami.visitor, "assess-later")
    sami.press("Send answer")
    sami.hears("Thank you. The teams can read your answer, and you can change it here at any time.")


def _read_outcomes(side: Side) -> None:
    side.open("Assessments")
    _go_to(side, "Outcomes", "Pages of the assessments")
    expect(side.page.locator(".oc-count strong")).to_have_text(["1", "1", "1", "1", "1", "1", "0"])
    side.reads("Used after six months", "Market entered after twelve months")
    look(side.visitor, f"assess-outcomes-{side.cluster.language}")


def _shut_out(browser: Browser, stage: Stage, *sides: Side) -> None:
    """A manager of a third cluster finds no page that was open; who is not signed in, the door."""
    seen = {path.partition("?")[0] for side in sides for path in side.seen} - {"/assessments/"}
    assert len(seen) > 20, seen
    stranger = sit_down(browser, stage.product, ELSEWHERE)
    assert {path: deeds.status_of(stranger, path) for path in seen} == dict.fromkeys(seen, 404)
    for path in ("/services/", "/assessments/", "/partnerships/"):
        stranger.visitor.go(path)
        assert TITLE not in stranger.page.content()
        assert SERVICE not in stranger.page.content()
    nobody = browser.new_context().request
    for path in seen:
        answer = nobody.get(stage.product.url + path, max_redirects=0)
        assert (answer.status, "/accounts/login/" in answer.headers["location"]) == (302, True)
