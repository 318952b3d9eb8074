"""Reports: the draft, the versions that were given, and what differs between them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.assessments.models import Engagement, Remark, Report
from proxeny.assessments.queries import report_content
from proxeny.assessments.queries.report_content import Content
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.meetings.models import Meeting

#: So long the summary may be: with the report's title it fills one page.
MOST_SUMMARY = 2400
#: What is compared of each.
_OF_FINDING = ("title", "text", "confidence", "sources", "figures")
_OF_ADVICE = ("title", "details", "addressee", "to", "evidence")


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that a report lacks: what, where it is mended, and whether it can go without."""

    text: str
    page: str
    blocks: bool = True


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as it would be given now. `seen` is its fingerprint."""

    content: Content
    seen: str
    missing: tuple[Missing, ...]

    @property
    def can_go(self) -> bool:
        """Whether it can be given."""
        return not any(one.blocks for one in self.missing)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The additions, changes and removals in a version against a previous one."""

    before: Report
    findings: dict[str, list[Content]]
    advice: dict[str, list[Content]]
    is_summary_new: bool

    @property
    def is_empty(self) -> bool:
        """Whether they say the same."""
        told = (*self.findings.values(), *self.advice.values())
        return not self.is_summary_new and not any(told)


def read_draft(engagement: Engagement) -> Draft:
    """Return a report as it would be given now, and what it lacks. Six queries."""
    content = report_content.gather_content(engagement)
    return Draft(content, report_content.fingerprint_of(content), tuple(find_missing(content)))


def find_missing(content: Content) -> list[Missing]:
    """Return the missing parts of a report, each with the page on which to add it."""
    found = []
    if not content["summary"].strip():
        found.append(Missing(_("The summary hasn’t been written yet."), "report"))
    if not content["chapters"]:
        found.append(Missing(_("There are no findings yet."), "findings"))
    without = len(report_content.unsourced(content))
    if without:
        text = ngettext(
            "%(count)d finding has no source.", "%(count)d findings have no source.", without
        )
        found.append(Missing(text % {"count": without}, "findings"))
    weak = len(report_content.unfounded(content))
    if weak:
        text = ngettext(
            "%(count)d recommendation has no evidence, or no one to act on it.",
            "%(count)d recommendations have no evidence, or no one to act on them.",
            weak,
        )
        found.append(Missing(text % {"count": weak}, "findings"))
    if not content["advice"]:
        text = _(
            "There are no recommendations yet. You can send the report without any, but it will "
            "say less."
        )
        found.append(Missing(text, "findings", blocks=False))
    return found


def find_reports(engagement: Engagement) -> QuerySet[Report]:
    """Return the versions that were given, the newest first; without what they say."""
    found = Report.objects.filter(engagement=engagement).select_related("given_by")
    return found.defer("content").order_by("-number")


def get_report(engagement: Engagement, number: int | None = None) -> Report:
    """Return a version that was given, the newest if none is named; `NotFound` if there is none."""
    found = Report.objects.filter(engagement=engagement).select_related("given_by")
    if number is not None:
        found = found.filter(number=number)
    report = found.order_by("-number").first()
    if report is None:
        raise NotFound(_("We couldn’t find this report."))
    return report


def compare_reports(before: Report, after: Content) -> Comparison:
    """Return the differences between a version and its successor, finding by finding."""
    first = before.content
    said, says = ({one["id"]: one for one in told.get("advice", ())} for told in (first, after))
    return Comparison(
        before,
        report_content.compare_rows(
            _comparable(first), _comparable(after), (*_OF_FINDING, "rests_on")
        ),
        report_content.compare_rows(said, says, _OF_ADVICE),
        first.get("summary", "") != after.get("summary", ""),
    )


def _comparable(content: Content) -> dict[int, Content]:
    """Return findings with what their sources are, not what number they have in this version."""
    keys = {one["number"]: one["key"] for one in content.get("sources", ())}
    return {
        pk: one
        | {
            "sources": None,
            "rests_on": sorted(
                [keys.get(row["number"], ""), row["place"]] for row in one["sources"]
            ),
        }
        for pk, one in report_content.find_findings(content).items()
    }


def count_open_remarks(engagement: Engagement) -> int:
    """Return the number of unsettled remarks on an engagement's reports. One query."""
    return Remark.objects.filter(engagement=engagement, answers=None, settled_at=None).count()


def count_remarks_by_report(engagement: Engagement) -> dict[int, int]:
    """Return the numbers of remarks on versions, by id. One query."""
    counted = (
        Report.objects.filter(engagement=engagement)
        .values_list("pk")
        .annotate(count=Count("remarks", filter=Q(remarks__answers=None)))
    )
    return dict(counted)


def find_hand_overs(reader: Reader, meetings: Iterable[Meeting]) -> dict[int, str]:
    """Return the pages on which the reader finds the reports that meetings hand over, by meeting.

    One query, or none where none of them does.
    """
    numbers = [one.pk for one in meetings if one.kind == Meeting.Kind.HAND_OVER]
    found = Engagement.objects.filter(meeting__in=numbers) if numbers else ()
    return {
        one.meeting_id: reverse("assessments:report", args=[one.partnership_id, one.pk])
        if one.partnership_id in reader.rooms
        else reverse("assessments:own-report", args=[one.pk])
        for one in found
        if one.meeting_id
    }
