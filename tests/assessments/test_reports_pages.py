"""The report's pages: by whom they are read, what they show, and the document."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from pypdf import PdfReader

from proxeny.assessments.models import Engagement, Finding, FindingSource, Report
from proxeny.assessments.queries.reports import MOST_SUMMARY
from tests.assessments.reporting import NOW, give, put_together, wall
from tests.factories.assessments import FindingFactory, RemarkFactory, ReportFactory
from tests.forms import form_of
from tests.papers import glued_words

pytestmark = pytest.mark.django_db


def team_page(one, name="report"):
    return reverse(f"assessments:{name}", args=[one.partnership_id, one.pk])


def own_page(one, name="own-report"):
    return reverse(f"assessments:{name}", args=[one.pk])


def text_of(answer):
    return answer.content.decode()


def test_the_team_reads_the_draft_as_the_company_will(world, sign_in):
    one = put_together(world)
    for person in (world.a.ambassador, world.b.manager):
        text = text_of(sign_in(person).get(team_page(one)))
        for told in (
            "Yes: studios buy by the year.",
            "Studios buy by subscription",
            "Well founded",
            "Head of sound, a studio in Lyon",
            "million euros",
            "13.25",
            "Sell by subscription",
            "Nothing is missing",
            "Send the report",
            "<svg",
        ):
            assert told in text, told
    assert sign_in(world.a.representatives[0]).get(team_page(one)).status_code == 404
    assert sign_in(world.c.manager).get(team_page(one)).status_code == 404
    # Nothing is out: the company reads that it has to wait.
    text = text_of(sign_in(world.a.representatives[0]).get(own_page(one)))
    assert "The report isn’t ready yet" in text
    assert "Studios buy by subscription" not in text


def test_the_report_comes_later_where_the_brief_is_not_signed(world, sign_in):
    one = put_together(world, state="brief", signed_at=None)
    assert "The report isn’t ready yet" in text_of(sign_in(world.a.manager).get(team_page(one)))


def test_it_is_given_on_the_page_and_read_by_the_company(world, sign_in):
    one = put_together(world)
    team, client = sign_in(world.a.ambassador), sign_in(world.a.representatives[0])
    page = team.get(team_page(one))
    answer = team.post(team_page(one, "report-give"), form_of(page, "seen"), follow=True)
    assert "Version 1 sent." in text_of(answer)
    assert "Send the report" not in text_of(answer)
    text = text_of(client.get(own_page(one)))
    for told in (
        "Yes: studios buy by the year.",
        "Add a remark",
        "Download PDF",
        "People who worked on it",
        "French ambassador",
    ):
        assert told in text, told
    assert f'id="finding-{Finding.objects.earliest("pk").pk}"' in text


def test_a_draft_that_changed_is_read_again_before_it_is_given(world, sign_in):
    one = put_together(world)
    team = sign_in(world.a.ambassador)
    form = form_of(team.get(team_page(one)), "seen")
    Finding.objects.filter(order=1).update(title="Studios hesitate")
    answer = team.post(team_page(one, "report-give"), form)
    assert answer.status_code == 422
    assert "The draft has changed since you opened this page" in text_of(answer)
    # The page shows the draft as it is now, and what it sends again holds.
    answer = team.post(team_page(one, "report-give"), form_of(answer, "seen"))
    assert answer.status_code == 302
    assert Report.objects.get().content["chapters"][0]["findings"][0]["title"] == "Studios hesitate"


def test_who_reads_a_given_report(world, sign_in):
    one = put_together(world)
    give(world, one)
    wall(world.b.manager, one)
    for person, team, own in (
        (world.a.manager, 200, 403),
        (world.b.ambassador, 200, 403),
        (world.a.representatives[0], 404, 200),
        (world.a.representatives[1], 404, 404),
        (world.b.representatives[0], 404, 404),
        (world.b.manager, 404, 404),
        (world.c.manager, 404, 404),
        (world.nobody_special, 404, 404),
    ):
        client = sign_in(person)
        assert client.get(team_page(one)).status_code == team, person
        assert client.get(team_page(one, "report-pdf")).status_code == team, person
        assert client.get(own_page(one)).status_code == own, person
        assert client.get(own_page(one, "own-report-pdf")).status_code == own, person


def test_versions_are_read_and_compared(world, sign_in):
    one = put_together(world)
    give(world, one)
    Finding.objects.filter(order=2).update(title="The market stands still")
    give(world, one, news="The figures are newer.")
    client = sign_in(world.a.representatives[0])
    text = text_of(client.get(own_page(one)))
    assert "The figures are newer." in text
    assert "What’s different from version 1" in text
    assert "The market stands still" in text
    text = text_of(client.get(own_page(one), {"version": "1"}))
    assert "The market grows" in text
    assert "The market stands still" not in text
    for version in ("3", "0", "99999", "x"):
        status = client.get(own_page(one), {"version": version}).status_code
        assert status == (404 if version in ("3", "0") else 200), version
    text = text_of(sign_in(world.b.ambassador).get(team_page(one), {"show": "draft"}))
    assert "Nothing has changed since the version the company has." in text


@pytest.mark.parametrize(
    "language",
    ["fr", "ar", "en"],
)
def test_the_document_is_in_the_companys_language(world, sign_in, language):
    one = put_together(world, language=language, title="سوق الصوت" if language == "ar" else "Son")
    report = give(world, one)
    answer = sign_in(world.a.representatives[0]).get(own_page(one, "own-report-pdf"))
    assert answer["Content-Type"] == "application/pdf"
    document = PdfReader(io.BytesIO(answer.content))
    assert document.trailer["/Root"]["/Lang"] == language
    pages = [page.extract_text() for page in document.pages]
    # The summary has the first page for itself.
    assert "Yes: studios buy by the year" in pages[0]
    assert "Studios buy by subscription" not in pages[0]
    whole = "\n".join(pages)
    for text in (
        "Studios buy by subscription",
        "million euros",
        "National statistics",
        "CC BY 4.0",
        "Head of sound, a studio in Lyon",
        "Sell by subscription",
    ):
        assert text in whole, text
    links = [
        note.get_object().get("/A", {}).get("/URI")
        for page in document.pages
        for note in page.get("/Annots", ())
    ]
    assert "https://studios.example/buy" in links
    assert report.language == language
    page = sign_in(world.a.representatives[0]).get(own_page(one))
    if language != "ar":  # where both directions meet, the reader's program leaves out spaces
        assert glued_words(answer.content, page.text) == set()


def test_a_page_is_told_in_the_reports_language_whatever_the_readers(world, sign_in):
    one = put_together(world, language="ar")
    give(world, one)
    text = text_of(sign_in(world.a.representatives[0]).get(own_page(one)))
    assert '<div class="rr-text rp" lang="ar" dir="rtl">' in text
    assert "Add a remark" in text


def test_what_somebody_wrote_is_text_and_no_link_runs_anything(world, sign_in):
    one = put_together(world, summary="<script>alert(1)</script>")
    Finding.objects.update(text="<b onclick=x>", title="<i>")
    FindingSource.objects.exclude(note=None).get().note.__class__.objects.update(
        url="javascript:alert(1)"
    )
    give(world, one)
    text = text_of(sign_in(world.a.representatives[0]).get(own_page(one)))
    assert escape("<script>alert(1)</script>") in text
    assert "<script>alert" not in text
    assert "<b onclick" not in text
    assert "javascript:" not in text


def test_pages_ask_the_database_as_often_for_one_as_for_many(world, sign_in):
    one = put_together(world)
    report = give(world, one)
    RemarkFactory(report=report, organisation=one.client, written_by=world.a.representatives[0])
    before = _count(world, one, sign_in)
    source = FindingSource.objects.exclude(note=None).earliest("pk")
    for number in range(3):
        more = FindingFactory(engagement=one, title=f"More {number}", order=5 + number)
        FindingSource.objects.create(
            engagement=one, partnership=one.partnership, finding=more, note=source.note
        )
        RemarkFactory(report=report, organisation=world.b.cluster, written_by=world.b.ambassador)
        ReportFactory(engagement=one, number=number + 2, content=report.content, given_at=NOW)
    # A version after the first is compared with the one before it.
    assert [b - a for a, b in zip(before, _count(world, one, sign_in), strict=True)] == [1, 1, 0]


def _count(world, one, sign_in):
    counts = []
    for person, url in (
        (world.a.representatives[0], own_page(one)),
        (world.b.ambassador, team_page(one)),
        (world.b.ambassador, f"{team_page(one)}?show=draft"),
    ):
        client = sign_in(person)
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        counts.append(len(found))
    return counts


def test_the_summary_is_written_with_its_length_in_view(world, sign_in):
    one = put_together(world)
    team = sign_in(world.a.ambassador)
    url = team_page(one, "report-summary")
    page = team.get(url)
    assert "29 of 2400 characters on the page" in text_of(page)
    form = form_of(page, "summary")
    answer = team.post(url, {**form, "summary": "y" * 2401})
    assert answer.status_code == 422
    assert "one page fits 2400" in text_of(answer)
    answer = team.post(url, {**form, "summary": "Yes, and soon."}, follow=True)
    assert "Saved. The company will read it once you send the report." in text_of(answer)
    assert Engagement.objects.get().summary == "Yes, and soon."
    # A colleague who had the page open loses nothing.
    answer = sign_in(world.b.manager).post(url, {**form, "summary": "Mine."})
    assert answer.status_code == 409
    assert "Yes, and soon." in text_of(answer)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_longest_summary_fills_no_more_than_the_first_page(world, sign_in, language):
    word = "الطلب على الأصوات " if language == "ar" else "Studios buy sound by the year. "
    paragraphs = [(word * 12)[:298] for _number in range(8)]
    one = put_together(
        world,
        language=language,
        summary="\n\n".join(paragraphs)[:MOST_SUMMARY],
        title="Would studios of Lyon and Marseille that work for games buy our library?" * 2,
    )
    give(world, one)
    Report.objects.update(number=2, news="What is new in this version is told here. " * 11)
    answer = sign_in(world.a.representatives[0]).get(own_page(one, "own-report-pdf"))
    document = PdfReader(io.BytesIO(answer.content))
    assert "Studios buy by subscription" in document.pages[1].extract_text()
