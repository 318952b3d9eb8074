"""The report of the desks, as each team reads it: a page, a document, and a table."""

from datetime import date, tzinfo
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proxeny.ambassadors.forms.report import ReportForm
from proxeny.ambassadors.queries.report import Report, read_report
from proxeny.ambassadors.queries.report_presenters import (
    table_of,
    tell_done,
    tell_now,
    tell_outcome,
)
from proxeny.ambassadors.views.frame import DeskFrame, enter_desk_frame, show_page
from proxeny.kernel.downloads import file_name
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.lists import join_items
from proxeny.kernel.pdf import answer_pdf, write_pdf
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import PAGE_SIZE, address_with, for_people, page_links
from proxeny.kernel.zones import load_zone
from proxeny.meetings.outcome_days import Days
from proxeny.partnerships.sides import languages_of

#: Asks for the languages of all parties, one after the other in one file.
ALL = "all"
#: Most own members in the document; the table has all of them.
MOST_ROWS = 200


def _zone(request: Request) -> tzinfo:
    try:
        return load_zone(request.reader.time_zone)
    except InvalidInput:
        return timezone.get_default_timezone()


def _read(request: Request, frame: DeskFrame, form: ReportForm) -> Report:
    days = Days(_zone(request), form.cleaned_data["since"], form.cleaned_data["until"])
    return read_report(
        request.reader,
        frame.room.partnership,
        frame.room.parties,
        frame.mine,
        days,
        today=timezone.localdate(),
    )


def _body(report: Report) -> dict[str, Any]:
    """Return the content shared by the page and the document."""
    return {
        "report": report,
        "done": tell_done(report),
        "came": tell_outcome(report),
        "now": tell_now(report),
    }


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the desks' activity and its outcomes: the own one by member, the other one in total."""
    frame = enter_desk_frame(request, pk)
    form = ReportForm(request.GET)
    context: dict[str, Any] = {"form": form, "spans": _spans(request, timezone.localdate())}
    if not form.is_valid():
        context["reason"] = " ".join(str(one) for found in form.errors.values() for one in found)
        return show_page(request, frame, "report", "report", context, status=422)
    report = _read(request, frame, form)
    if request.GET.get("export"):
        header, rows = table_of(report)
        return answer_table("desk-report", form=request.GET["export"], header=header, rows=rows)
    page = Paginator(report.rows, PAGE_SIZE).get_page(request.GET.get("page"))
    spoken = languages_of(frame.room.parties)
    context |= _body(report) | {
        "rows": page,
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        "choices": _choices(spoken),
        "language": ALL if len(spoken) > 1 else get_language(),
        **page_links(request, page.number, has_next=page.has_next()),
    }
    return show_page(request, frame, "report", "report", context)


def _spans(request: Request, today: date) -> list[dict[str, Any]]:
    """Return the spans that are asked for most, each with its address."""
    last = today.year - 1
    spans = (
        (_("All"), None, None),
        (_("This year"), date(today.year, 1, 1), None),
        (_("Last year"), date(last, 1, 1), date(last, 12, 31)),
    )
    now = (request.GET.get("since", ""), request.GET.get("until", ""))
    return [
        {
            "url": address_with(request, since=since, until=until, page=None),
            "label": label,
            "active": now == (str(since or ""), str(until or "")),
        }
        for label, since, until in spans
    ]


def _choices(spoken: list[str]) -> list[tuple[str, str]]:
    names = dict(settings.LANGUAGES)
    both = [(ALL, join_items(str(names[one]) for one in spoken))] if len(spoken) > 1 else []
    return [*both, *((code, str(name)) for code, name in names.items())]


@require_GET
@for_people
def take(request: Request, pk: int) -> HttpResponse:
    """Give the report as PDF, in one language or in those of all parties."""
    frame = enter_desk_frame(request, pk)
    form = ReportForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('ambassadors:report', args=[pk])}{address_with(request)}")
    asked = request.GET.get("language", "")
    spoken = languages_of(frame.room.parties) if asked == ALL else []
    if asked in dict(settings.LANGUAGES):
        spoken = [asked]
    report = _read(request, frame, form)
    context = {
        "told": lambda: _body(report),
        "rows": report.rows[:MOST_ROWS],
        "rest": max(0, len(report.rows) - MOST_ROWS),
        "today": timezone.localdate(),
    }
    title = f"{frame.room.partnership.title} – {_('Desk report')}"
    try:
        content = write_pdf("ambassadors/report_pdf.html", context, title=title, languages=spoken)
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("ambassadors:report", pk)
    return answer_pdf(file_name("desk-report", frame.room.partnership.title), content)
