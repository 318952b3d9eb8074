"""A version of a report as a document."""

from django.http import HttpResponse
from django.utils.text import slugify

from proxeny.assessments.models import Engagement, Report
from proxeny.assessments.report_told import tell_report
from proxeny.kernel.pdf import answer_pdf, write_pdf


def answer_report_pdf(engagement: Engagement, report: Report) -> HttpResponse:
    """Give a version as PDF in its own language.

    Raises
    ------
    Conflict
        This server cannot make a PDF.
    """
    context = {"told": lambda: tell_report(report.content), "report": report}
    content = write_pdf(
        "assessments/pdf/report.html", context, title=engagement.title, languages=[report.language]
    )
    name = f"report-{slugify(engagement.title)}".rstrip("-")
    return answer_pdf(f"{name}-{report.number}", content)
