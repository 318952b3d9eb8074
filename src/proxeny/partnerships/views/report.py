"""The yearly report of a partnership, as a page and as PDF in the languages of both sides."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proxeny.kernel.downloads import file_name
from proxeny.kernel.errors import Conflict, NotFound
from proxeny.kernel.lists import join_items
from proxeny.kernel.pdf import answer_pdf, write_pdf
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people
from proxeny.partnerships.report import read_report, years_of
from proxeny.partnerships.sides import languages_of
from proxeny.partnerships.views.frame import Frame, enter_frame, show_page

#: Asks for the languages of all parties, one after the other in one file.
ALL = "all"


def _enter(request: Request, pk: int) -> tuple[Frame, list[int], int]:
    frame = enter_frame(request, pk)
    years = years_of(frame.partnership, today=timezone.localdate())
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else years[0]
    if year not in years:
        raise NotFound(_("We couldn’t find a report for that year."))
    return frame, years, year


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show what a year was, in the reader's language."""
    frame, years, year = _enter(request, pk)
    today = timezone.localdate()
    spoken = languages_of(frame.parties)
    context = {
        "report": read_report(frame.partnership, frame.parties, year=year, today=today),
        "years": years,
        "choices": _choices(spoken),
        "language": ALL if len(spoken) > 1 else get_language(),
    }
    return show_page(request, frame, "report", context)


def _choices(spoken: list[str]) -> list[tuple[str, str]]:
    names = dict(settings.LANGUAGES)
    both = [(ALL, join_items(str(names[one]) for one in spoken))] if len(spoken) > 1 else []
    return [*both, *((code, str(name)) for code, name in names.items())]


@require_GET
@for_people
def take(request: Request, pk: int) -> HttpResponse:
    """Give a year as PDF, in one language or in those of all parties."""
    frame, _years, year = _enter(request, pk)
    asked = request.GET.get("language", "")
    spoken = languages_of(frame.parties) if asked == ALL else []
    if asked in dict(settings.LANGUAGES):
        spoken = [asked]
    today = timezone.localdate()

    def tell() -> Any:
        return read_report(frame.partnership, frame.parties, year=year, today=today)

    title = f"{frame.partnership.title} – {year}"
    try:
        content = write_pdf(
            "partnerships/room/report_pdf.html",
            {"report": tell, "today": today},
            title=title,
            languages=spoken,
        )
    except Conflict as error:
        messages.error(request, str(error))
        return redirect(f"{reverse('partnerships:report', args=[pk])}?year={year}")
    return answer_pdf(file_name("report", year, frame.partnership.title), content)
