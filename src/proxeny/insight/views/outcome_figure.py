"""The details of a figure: its meaning, its calculation, and the rows the reader may read."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proxeny.insight.outcome_figures import BALANCE, CHAIN, SECTIONS, Figure, explain, find_figure
from proxeny.insight.outcome_messages import draw_line
from proxeny.insight.outcome_places import count_hidden, place_of, tell_hidden
from proxeny.insight.presenters import tell_count
from proxeny.insight.queries.outcome_row_labels import Row, tell_rows
from proxeny.insight.queries.outcome_rows import SORTED, Found, Place, find_rows
from proxeny.insight.views.outcomes import Asked, ask
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import (
    PAGE_SIZE,
    address_with,
    for_people,
    page_links,
    read_number,
    sort_links,
)

#: Rows in a file at most; the page mentions the limit.
MOST_EXPORTED = 20_000


def figure_in(asked: Asked, code: str) -> tuple[Figure, Place, Found]:
    """Return a figure with its rows.

    Raises
    ------
    NotFound
        There is no such figure.
    """
    figure = find_figure(asked.figures, code)
    period = asked.period
    place = place_of(asked.mine, asked.frame.parties, figure, period) if figure and period else None
    found = find_rows(place, code) if place else None
    if figure is None or place is None or found is None:
        raise NotFound(_("We couldn’t find this figure."))
    return figure, place, found


@require_GET
@for_people
def show(request: Request, pk: int, figure: str) -> HttpResponse:
    """Show the details of a figure, or return its rows as a file."""
    asked = ask(request, pk)
    if asked.period is None:
        # Before the first figures, or with days that are none: the page of all says what to do.
        status = 422 if asked.reason else 200
        return render(request, "insight/outcomes.html", asked.context(request), status=status)
    one, place, found = figure_in(asked, figure)
    sort = request.GET.get("sort", "-day")
    sort = sort if sort.removeprefix("-") in SORTED else "-day"
    currency = asked.frame.partnership.currency
    if request.GET.get("export"):
        rows = tell_rows(
            place, found.part(sort=sort, first=0, count=MOST_EXPORTED), currency=currency
        )
        return answer_table(
            f"outcome-{one.code}", form=request.GET["export"], header=_head(), rows=_cells(rows)
        )
    number = max(1, min(read_number(request.GET.get("page")) or 1, 1_000_000))
    part = found.part(sort=sort, first=PAGE_SIZE * (number - 1), count=PAGE_SIZE + 1)
    context = {
        **asked.context(request),
        "figure": one,
        "title": _title(one),
        "line": draw_line(one, ""),
        "explained": explain(one),
        "rows": tell_rows(place, part[:PAGE_SIZE], currency=currency),
        "has_amounts": found.has_amounts,
        "is_money": one.section != BALANCE,
        "hidden": tell_hidden(one, count_hidden(one, found)),
        "sorts": sort_links(request, SORTED, now=sort),
        "most_exported": tell_count(MOST_EXPORTED),
        "csv_url": address_with(request, export="csv", page=None),
        "xlsx_url": address_with(request, export="xlsx", page=None),
        "back_url": reverse("insight:outcomes", args=[pk]) + _days(request),
        **page_links(request, number, has_next=len(part) > PAGE_SIZE),
    }
    return render(request, "insight/outcome_figure.html", context)


def _title(one: Figure) -> str:
    """Return the label of a figure for places where its section is not the heading."""
    if one.section == CHAIN:
        return one.label
    return _("%(section)s: %(label)s") % {"section": SECTIONS[one.section], "label": one.label}


def _days(request: HttpRequest) -> str:
    query = address_with(request, export=None, page=None, sort=None)
    return query if query != "?" else ""


def _head() -> list[object]:
    return [
        _("Day"),
        _("What"),
        _("State"),
        _("Amount"),
        _("Currency"),
        _("Kind of row"),
        _("Number"),
    ]


def _cells(rows: list[Row]) -> Iterator[list[Any]]:
    for one in rows:
        amount = "" if one.amount is None else float(one.amount)
        yield [
            one.day.isoformat(),
            one.label,
            one.note,
            amount,
            one.currency,
            one.source,
            one.number,
        ]
