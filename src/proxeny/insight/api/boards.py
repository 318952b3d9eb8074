"""Boards for programs."""

from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status

from proxeny.insight.api._router import router
from proxeny.insight.api._sides import enter_side
from proxeny.insight.board_figures import FIGURES, SECTIONS
from proxeny.insight.operations.digests import choose_digest
from proxeny.insight.queries.boards import Board, read_board, table_of, wants_mail
from proxeny.kernel.api import Id, In, Out
from proxeny.kernel.api.files import TABLE_FILE, FileFormat
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table

_BOARD = "/partnerships/{partnership_id}/board"


class BoardFigureOut(Out):
    """A figure of a board. `missing` says why there is no value: `none`, `unknown`, `few`, `half`
    or `wait`.

    A share is between 0 and 1. `low` and `high` are the ends of its 95% range, `of` is the number
    it was counted from, and `before` is its value in the previous quarter.
    """

    code: Literal[*[one.code for one in FIGURES]]
    section: Literal[*SECTIONS]
    label: str
    about: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    of: int | None
    currency: str
    missing: str
    before: float | None


class PartnershipBoardOut(Out):
    """A board for one quarter, as your side sees it."""

    quarter: str
    quarters: list[str]
    organisation_id: int
    computed_at: datetime
    looked_at: datetime
    method: str
    figures: list[BoardFigureOut]


class BoardMail(Out):
    """Whether you get the figures by email at the end of each quarter."""

    wanted: bool


class BoardMailIn(In):
    """Whether to send you the figures by email."""

    wanted: bool


class BoardFileWanted(In):
    """The quarter and the file format. The default is the newest quarter as CSV."""

    quarter: str = ""
    format: FileFormat = "csv"


def _asked(request: Request, partnership_id: int, quarter: str) -> Board:
    partnership, _parties, mine = enter_side(request, partnership_id)
    board = read_board(partnership, mine, quarter=quarter)
    if board is None:
        raise NotFound(_("No figures yet. Calculate them first."))
    return board


@router.get(_BOARD, response=PartnershipBoardOut, summary="Get the board of a partnership")
def show_board(request: Request, partnership_id: Id, quarter: str = "") -> dict[str, Any]:
    """Returns the newest quarter, or the one you name, such as `2026-Q3`."""
    board = _asked(request, partnership_id, quarter)
    figures = [
        {
            "code": one.figure.code,
            "section": one.figure.section,
            "label": str(one.figure.label),
            "about": str(one.figure.about),
            "unit": one.figure.unit,
            "value": one.value,
            "low": one.low,
            "high": one.high,
            "of": one.of,
            "currency": one.currency,
            "missing": one.why,
            "before": one.before,
        }
        for one in board.figures
    ]
    return {
        "quarter": board.quarter,
        "quarters": list(board.quarters),
        "organisation_id": board.mine.organisation_id,
        "computed_at": board.snapshot.computed_at,
        "looked_at": board.snapshot.looked_at,
        "method": board.snapshot.method,
        "figures": figures,
    }


@router.get(f"{_BOARD}/file", summary="Export the figures of a board", openapi_extra=TABLE_FILE)
def export_board(
    request: Request, partnership_id: Id, wanted: Query[BoardFileWanted]
) -> HttpResponse:
    """Returns a row for each figure. The columns are described on the page as a data package."""
    board = _asked(request, partnership_id, wanted.quarter)
    header, rows = table_of(board)
    return answer_table(
        f"board-{board.quarter.lower()}", form=wanted.format, header=header, rows=rows
    )


@router.get(f"{_BOARD}/mail", response=BoardMail, summary="Get the email setting for a board")
def show_board_mail(request: Request, partnership_id: Id) -> dict[str, Any]:
    """Managers get the figures by email unless they opt out."""
    partnership, _parties, mine = enter_side(request, partnership_id)
    return {"wanted": wants_mail(request.reader, partnership, mine)}


@router.put(f"{_BOARD}/mail", response={204: None}, summary="Update the email setting for a board")
def choose_board_mail(request: Request, partnership_id: Id, said: BoardMailIn) -> Status[None]:
    """Applies only to you."""
    enter_side(request, partnership_id)
    choose_digest(actor=request.reader, partnership_id=partnership_id, wanted=said.wanted)
    return Status(204, None)
