"""The table of trends, needs and open calls, and the records behind each of its rows."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proxeny.ambassadors.rules import party_of_team
from proxeny.calls.models import Call
from proxeny.calls.rules import format_deadline
from proxeny.directory.models import Listing
from proxeny.insight.foresight_presenters import GAPS, MET, QUIET, STATES
from proxeny.insight.forms.foresight import FindNeedsForm
from proxeny.insight.queries import foresight_needs as queries
from proxeny.insight.queries.foresight import get_trend, list_radar
from proxeny.insight.views.foresight import find_figures, joined, standing
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.view_helpers import address_with, for_people, sort_links
from proxeny.partnerships.rules import can_work_at_desk
from proxeny.partnerships.views.frame import Frame, enter_frame

#: So many that could answer are offered beside each need; the list below has all.
_ANSWERS = 3


@require_GET
@for_people
def show_table(request: Request, pk: int) -> HttpResponse:
    """Show each trend with the organisations that need it and the open calls, gaps first."""
    frame = enter_frame(request, pk)
    snapshot = find_figures(frame)
    content = snapshot.content if snapshot else {}
    trends = [one.trend for one in list_radar(pk, joined(frame))]
    cells = queries.list_cells(content, trends, now=timezone.now())
    form = FindNeedsForm(request.GET)
    wanted = form.wanted()
    found = queries.narrow_cells(cells, wanted)
    if request.GET.get("export"):
        header, lines = needs_table(found, frame)
        return answer_table("needs", form=request.GET["export"], header=header, rows=lines)
    counts = queries.count_gaps(cells)
    context = {
        **frame.context("needs"),
        **standing(request, frame, snapshot),
        **name_sides(frame),
        "form": form,
        "rows": [show_cell_of(one) for one in found],
        "count": len(found),
        "has_trends": bool(trends),
        "is_narrowed": form.is_narrowed,
        "gaps": [
            {
                "label": label,
                "tone": tone,
                "count": counts[code],
                "url": address_with(request, gap=code),
            }
            for code, (label, tone, _text) in GAPS.items()
            if counts[code]
        ],
        "sorts": sort_links(request, queries.NEED_SORTS, now=wanted.sort),
        "csv_url": address_with(request, export="csv"),
        "xlsx_url": address_with(request, export="xlsx"),
    }
    return render(request, "insight/foresight_needs.html", context)


def name_sides(frame: Frame) -> dict[str, Any]:
    """Return the headings of the two columns of sides, with the letter of each."""
    others = [one for one in joined(frame) if one != frame.mine]
    mine = frame.mine
    return {
        "own_name": mine.organisation.name if mine else "",
        "own_side": str(mine.side).lower() if mine else "",
        "partner_name": others[0].organisation.name if len(others) == 1 else _("Other clusters"),
        "partner_side": str(others[0].side).lower() if len(others) == 1 else "",
    }


def show_cell_of(one: queries.Cell) -> dict[str, Any]:
    """Return a row with what it lacks, in words."""
    gap, tone, text = GAPS[one.gap] if one.gap else _without_gap(one)
    state, state_tone = STATES[one.state]
    return {
        "one": one,
        "gap": gap,
        "tone": tone,
        "text": text,
        "state": state,
        "state_tone": state_tone,
    }


def _without_gap(one: queries.Cell) -> Any:
    return MET if one.calls and (one.needs_own or one.needs_partner) else QUIET


def needs_table(cells: Sequence[queries.Cell], frame: Frame) -> tuple[list[Any], list[list[Any]]]:
    """Return the table with numbers of companies and calls, for a file."""
    names = name_sides(frame)
    header = [
        _("Trend"),
        _("Time to impact"),
        _("What’s missing"),
        _("Companies of %(name)s that need it") % {"name": names["own_name"]},
        _("Companies of %(name)s that need it") % {"name": names["partner_name"]},
        _("Companies on both sides that need it"),
        _("Offers of %(name)s") % {"name": names["own_name"]},
        _("Offers of %(name)s") % {"name": names["partner_name"]},
        _("Open calls"),
    ]
    return header, [
        [
            one.trend.title,
            one.trend.get_horizon_display(),
            str(show_cell_of(one)["gap"]) if one.is_counted else _("not counted yet"),
            one.companies_own,
            one.companies_partner,
            one.companies,
            len(one.offers_own),
            len(one.offers_partner),
            len(one.calls),
        ]
        for one in cells
    ]


@require_GET
@for_people
def show_cell(request: Request, pk: int, trend_id: int) -> HttpResponse:
    """Show the companies, offers and calls behind a trend, each with the next step."""
    frame = enter_frame(request, pk)
    trend = get_trend(pk, trend_id)
    if trend.dropped_at is not None:
        raise NotFound(_("This trend was removed from the radar."))
    snapshot = find_figures(frame)
    cell = queries.get_cell(snapshot.content if snapshot else {}, trend, now=timezone.now())
    may_introduce = can_work_at_desk(request.reader, frame.partnership, frame.parties)
    context = {
        **frame.context("needs"),
        **standing(request, frame, snapshot),
        **name_sides(frame),
        "trend": trend,
        "row": show_cell_of(cell),
        "needs_own": _needs(cell.needs_own, cell.offers_partner, may_introduce),
        "needs_partner": _needs(cell.needs_partner, cell.offers_own, may_introduce),
        "calls": [_call(one, request) for one in cell.calls],
        "may_introduce": may_introduce,
        "may_assess": party_of_team(request.reader, frame.parties) is not None and frame.may_keep,
    }
    return render(request, "insight/foresight_cell.html", context)


def _needs(
    needs: Sequence[Listing], offers: Sequence[Listing], may_introduce: bool
) -> list[dict[str, Any]]:
    """Return needs with those of the other side that could answer each, a company once."""
    answers: dict[int, Listing] = {}
    for one in offers:
        # Who is behind an anonymous one is asked by the way of interest, at the listing itself.
        if not one.is_anonymous:
            answers.setdefault(one.organisation_id, one)
    return [
        {
            "one": one,
            "answers": [offer for owner, offer in answers.items() if owner != one.organisation_id][
                :_ANSWERS
            ]
            if may_introduce and not one.is_anonymous
            else [],
        }
        for one in needs
    ]


def _call(one: Call, request: Request) -> dict[str, Any]:
    moment = one.closes_at if one.closes_at and one.closes_at > timezone.now() else None
    last = moment or one.second_closes_at
    return {"one": one, "closes": format_deadline(last, request.reader.time_zone) if last else ""}
