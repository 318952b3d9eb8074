"""The board of a partnership: its figures on one page, as files, and by mail."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from proxeny.insight.operations.digests import choose_digest
from proxeny.insight.queries.boards import (
    Board,
    Section,
    read_board,
    schema_of,
    table_of,
    wants_mail,
)
from proxeny.insight.small_charts import draw_course
from proxeny.insight.views.standing import standing_context
from proxeny.kernel.downloads import file_name
from proxeny.kernel.errors import Conflict, NotFound
from proxeny.kernel.pdf import answer_pdf, write_pdf
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import MEDIA_TYPES, answer_table
from proxeny.kernel.view_helpers import for_people
from proxeny.partnerships.models import Party
from proxeny.partnerships.views.frame import Frame, enter_frame


def enter_board(request: Request, pk: int) -> tuple[Frame, Party]:
    """Return a room and the side whose board the reader sees."""
    frame = enter_frame(request, pk)
    if frame.mine is None:
        raise NotFound(_("We couldn’t find this partnership."))
    return frame, frame.mine


@require_GET
@for_people
def show(request: Request, pk: int) -> HttpResponse:
    """Show the board of a quarter."""
    frame, mine = enter_board(request, pk)
    board = read_board(frame.partnership, mine, quarter=request.GET.get("quarter", ""))
    context = {
        **frame.context("board"),
        **standing_context(
            request.reader,
            board.snapshot if board else None,
            mine.organisation_id,
            frame.partnership.pk,
            timezone.now(),
        ),
        "board": board,
        "sections": _with_pictures(board.sections) if board else [],
        "wants_mail": wants_mail(request.reader, frame.partnership, mine),
        "languages": settings.LANGUAGES,
        "language": get_language(),
    }
    return render(request, "insight/board.html", context)


def _with_pictures(sections: tuple[Section, ...]) -> list[dict[str, Any]]:
    mirrored = get_language_bidi()
    return [
        {
            "section": section,
            "rows": [
                (one, draw_course(one.course, is_mirrored=mirrored)) for one in section.figures
            ],
        }
        for section in sections
    ]


def _asked(request: Request, pk: int) -> Board:
    """Return the board that a file is made of; `NotFound` before there is one."""
    frame, mine = enter_board(request, pk)
    board = read_board(frame.partnership, mine, quarter=request.GET.get("quarter", ""))
    if board is None:
        raise NotFound(_("No figures yet. Calculate them first."))
    return board


@require_GET
@for_people
def export(request: Request, pk: int, form: str) -> HttpResponse:
    """Give the figures as CSV or XLSX."""
    board = _asked(request, pk)
    header, rows = table_of(board)
    if form not in MEDIA_TYPES:
        raise NotFound(_("Figures are available as CSV, XLSX and PDF."))
    return answer_table(_name(board), form=form, header=header, rows=rows)


@require_GET
@for_people
def describe(request: Request, pk: int) -> HttpResponse:
    """Return the meaning of the figures' columns, as a data package beside the CSV file."""
    board = _asked(request, pk)
    name = _name(board)
    package = {
        "$schema": "https://datapackage.org/profiles/1.0/datapackage.json",
        "name": name,
        "title": f"{board.partnership.title}, {board.quarter}",
        "created": board.snapshot.computed_at.isoformat(timespec="seconds"),
        "version": board.snapshot.method,
        "resources": [
            {
                "name": "board",
                "path": f"{name}.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": schema_of(),
            }
        ],
    }
    answer = JsonResponse(package, json_dumps_params={"indent": 1, "ensure_ascii": False})
    answer["Content-Disposition"] = 'attachment; filename="datapackage.json"'
    return answer


@require_GET
@for_people
def take(request: Request, pk: int) -> HttpResponse:
    """Give the board as PDF."""
    board = _asked(request, pk)
    asked = request.GET.get("language", "")
    languages = [asked] if asked in dict(settings.LANGUAGES) else []
    try:
        content = write_pdf(
            "insight/board_pdf.html",
            pdf_context(board, timezone.localdate()),
            title=f"{board.partnership.title} – {board.quarter}",
            languages=languages,
            styles=PDF_STYLES,
        )
    except Conflict as error:
        messages.error(request, str(error))
        return redirect(reverse("insight:board", args=[pk]))
    return answer_pdf(_name(board), content)


#: Stylesheets of the PDF alone: those of the page are made of tokens and for a screen.
PDF_STYLES = ("insight/board-pdf.css",)


def pdf_context(board: Board, today: date) -> Mapping[str, Any]:
    """Return the context of the PDF; pictures follow the direction of its language."""
    return {
        "board": board,
        "today": today,
        "sections": lambda: _with_pictures(board.sections),
    }


def _name(board: Board) -> str:
    return file_name("board", board.quarter, board.partnership.title)


@require_POST
@for_people
def choose_mail(request: Request, pk: int) -> HttpResponse:
    """Note whether the reader wants the quarterly mail."""
    frame, _mine = enter_board(request, pk)
    wanted = request.POST.get("wanted") == "yes"
    choose_digest(actor=request.reader, partnership_id=frame.partnership.pk, wanted=wanted)
    text = (
        _("You get these figures by email at the end of each quarter.")
        if wanted
        else _("You no longer get these figures by email.")
    )
    messages.success(request, text)
    return redirect(reverse("insight:board", args=[pk]))
