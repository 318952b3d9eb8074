"""A letter as a document, in the applicant's language."""

from typing import Any

from django.http import HttpResponse

from proxeny.kernel.downloads import file_name
from proxeny.kernel.pdf import answer_pdf, write_pdf
from proxeny.labels.content import SchemeText, read_outcome
from proxeny.labels.models import Application, Result
from proxeny.labels.result_explanations import percent_of, tell_rows


def answer_letter_pdf(result: Result, application: Application, text: SchemeText) -> HttpResponse:
    """Give a letter as PDF.

    Raises
    ------
    Conflict
        This server cannot make a PDF.
    """

    def told() -> dict[str, Any]:
        return {
            "label": text.name,
            "criteria": list(tell_rows(text, read_outcome(result.content))),
            "total": percent_of(result.total),
            "least": percent_of(text.total_least),
            "issuers": [one.name for one in text.issuers],
        }

    context = {"told": told, "result": result, "application": application}
    content = write_pdf(
        "labels/selection/letter_pdf.html",
        context,
        title=application.title,
        languages=[application.language],
    )
    return answer_pdf(file_name("letter", application.title), content)
