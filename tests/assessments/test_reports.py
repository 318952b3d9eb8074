"""Reports: the draft, what it lacks, and the versions that are given and never change."""

import hashlib
import json

import pytest

from proxeny.assessments.models import Engagement, Finding, FindingSource, Report
from proxeny.assessments.operations.reports import give_report, write_summary
from proxeny.assessments.queries.report_content import passages_of
from proxeny.assessments.queries.reports import MOST_SUMMARY, compare_reports
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.partnerships.models import Recommendation
from tests.assessments.reporting import NOW, do, draft_of, give, put_together, wall
from tests.factories.assessments import FindingFactory

pytestmark = pytest.mark.django_db


def test_a_draft_holds_findings_sources_figures_and_advice_by_passage(world):
    one = put_together(world)
    draft = draft_of(world.b.ambassador, one)
    assert draft.missing == ()
    assert draft.can_go
    content = draft.content
    assert [chapter["title"] for chapter in content["chapters"]] == ["Demand"]
    first, second = content["chapters"][0]["findings"]
    assert (first["title"], first["confidence"]) == ("Studios buy by subscription", "high")
    assert first["sources"] == [{"number": 1, "place": "minute 12"}]
    assert second["sources"] == [{"number": 2, "place": "2025"}]
    assert [one["origin"] for one in content["sources"]] == [
        "Head of sound, a studio in Lyon",
        "National statistics",
    ]
    (figure,) = content["figures"]
    assert (figure["unit"], figure["licence"]) == ("million euros", "CC BY 4.0")
    assert figure["series"] == [{"name": "France", "points": [["2024", 12.5], ["2025", 13.25]]}]
    (advice,) = content["advice"]
    assert (advice["to"], advice["evidence"][0]["passage"]) == (
        "Greek member 1",
        f"finding-{first['id']}",
    )
    assert [(one["name"], one["role"]) for one in content["people"]] == [
        ("Greek ambassador", "lead"),
        ("French ambassador", "lead"),
    ]
    assert list(passages_of(content)) == [
        "summary",
        f"finding-{first['id']}",
        f"finding-{second['id']}",
        f"figure-{figure['id']}",
        f"advice-{advice['id']}",
    ]


def test_what_is_missing_is_said_and_keeps_a_report_back(world):
    one = put_together(world, summary="")
    FindingFactory(engagement=one, title="Nobody knows why")
    Recommendation.objects.update(addressee="")
    draft = draft_of(world.a.ambassador, one)
    assert [missing.text for missing in draft.missing] == [
        "The summary hasn’t been written yet.",
        "1 finding has no source.",
        "1 recommendation has no evidence, or no one to act on it.",
    ]
    with pytest.raises(InvalidInput, match="The summary hasn’t been written yet"):
        give(world, one)
    Finding.objects.all().delete()
    Recommendation.objects.all().delete()
    Engagement.objects.update(summary="All is said.")
    draft = draft_of(world.a.ambassador, one)
    assert [(missing.text, missing.blocks) for missing in draft.missing] == [
        ("There are no findings yet.", True),
        (
            (
                "There are no recommendations yet. You can send the report without any, but it "
                "will say less."
            ),
            False,
        ),
    ]
    assert Report.objects.count() == 0


def test_a_report_is_given_whole_and_its_advice_proposed(world):
    one = put_together(world)
    report = give(world, one)
    report.refresh_from_db()
    text = json.dumps(report.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == report.sha256
    assert (report.number, report.language, report.given_at) == (1, "en", NOW)
    one.refresh_from_db()
    assert (one.state, one.reported_at) == ("reported", NOW)
    assert Recommendation.objects.get().state == "proposed"
    mails = Mail.objects.filter(key__contains=":report:1:")
    assert [mail.recipient for mail in mails] == [world.a.representatives[0].email]
    assert mails[0].subject == f"Your report is ready: {one.title}"
    assert f"/assessments/{one.pk}/report/" in mails[0].text
    entry = AuditEntry.objects.get(verb="give_report")
    assert entry.changes == {"number": 1, "state": ["working", "reported"]}


def test_a_version_stays_as_it_was_given_whatever_is_noted_later(world):
    one = put_together(world)
    report = give(world, one)
    report.refresh_from_db()
    before = json.dumps(report.content, sort_keys=True)
    Finding.objects.filter(order=1).update(title="Studios hesitate", confidence="low")
    FindingSource.objects.filter(finding__order=2).delete()
    Finding.objects.filter(order=2).delete()
    Engagement.objects.update(title="Something else", summary="No.")
    Recommendation.objects.update(title="Wait")
    report.refresh_from_db()
    assert json.dumps(report.content, sort_keys=True) == before


def test_a_further_version_says_what_is_new_and_can_be_compared(world):
    one = put_together(world)
    first = give(world, one)
    with pytest.raises(Conflict, match="Nothing has changed"):
        give(world, one, news="Nothing at all")
    Finding.objects.filter(order=1).update(confidence="medium")
    new = FindingFactory(engagement=one, title="Prices rise", chapter="Price", order=3)
    FindingSource.objects.create(
        engagement=one,
        partnership=one.partnership,
        finding=new,
        note=FindingSource.objects.exclude(note=None).get().note,
    )
    FindingSource.objects.filter(finding__order=2).delete()
    Finding.objects.filter(order=2).delete()
    with pytest.raises(InvalidInput, match="Describe in one sentence what’s new"):
        give(world, one)
    second = give(world, one, news="Prices are in it now.")
    assert (second.number, second.news) == (2, "Prices are in it now.")
    told = compare_reports(first, second.content)
    titles = {what: [row["title"] for row in rows] for what, rows in told.findings.items()}
    assert titles == {
        "new": ["Prices rise"],
        "changed": ["Studios buy by subscription"],
        "gone": ["The market grows"],
    }
    assert not told.is_summary_new
    assert Mail.objects.filter(key__contains=":report:2:").get().subject == (
        f"Version 2 of your report: {one.title}"
    )


def test_who_has_not_seen_the_newest_draft_gives_nothing(world):
    one = put_together(world)
    seen = draft_of(world.a.ambassador, one).seen
    Finding.objects.filter(order=1).update(title="Studios hesitate")
    with pytest.raises(Conflict, match="The draft has changed since you opened this page"):
        do(world.a.ambassador, give_report, engagement_id=one.pk, seen=seen, now=NOW)


def test_a_summary_fills_one_page_and_is_the_teams(world):
    one = put_together(world)
    write = {"engagement_id": one.pk, "version": one.version, "now": NOW}
    with pytest.raises(InvalidInput, match=f"one page fits {MOST_SUMMARY}"):
        do(world.b.ambassador, write_summary, summary="x" * (MOST_SUMMARY + 1), **write)
    do(world.b.ambassador, write_summary, summary="  New.\r\n", **write)
    one.refresh_from_db()
    assert (one.summary, one.version) == ("New.", 2)
    with pytest.raises(Conflict):
        do(world.b.ambassador, write_summary, summary="Old.", **write)


def test_who_may_give_a_report(world):
    one = put_together(world)
    wall(world.b.manager, one)
    for person, refusal in (
        (world.a.representatives[0], NotAllowed),
        (world.a.representatives[1], NotFound),
        (world.b.manager, NotFound),
        (world.c.manager, NotFound),
        (world.nobody_special, NotFound),
    ):
        with pytest.raises(refusal):
            do(person, give_report, engagement_id=one.pk, seen="", now=NOW)
    one = put_together(world, state="brief")
    with pytest.raises(Conflict, match="is now “Brief”"):
        give(world, one)
