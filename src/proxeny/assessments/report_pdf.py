"""A version of a report as a document."""

from django.http import HttpResponse

from proxeny.assessments.models import Engagement, Report
from proxeny.assessments.report_presenters import tell_report
from proxeny.kernel.downloads import file_name
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
    name = file_name("report", engagement.title)
    return answer_pdf(f"{name}-{report.number}", content)
